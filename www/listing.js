// Reading the list, looking for another one, filtering and selecting in it.
// A part of the session; it never writes to the portal.

import { idOf, numberOf } from "./placement.js";
import { inOrder, keepReturned, plain } from "./rows.js";
import { filtered, filterFrom, rowsAtATime, told } from "./sentences.js";
import { shownNumber } from "./sentences_common.js";
import { asError } from "./thrown.js";

/** A notice of what was left, by what is known now; null where nothing is left to say. */
export function asKnownNow(notice, { payments, doubtful }) {
  const payment = payments.find(({ id }) => id === notice.id);
  if (!payment) return notice;
  const isDoubtful = doubtful.has(notice.id);
  if (notice.state === "change") return isDoubtful ? notice : null;
  // What was read as paid is over; of what was not, nothing is known yet. Anything else came of another call.
  return isDoubtful === payment.paid ? null : { ...notice, state: payment.paid ? "paid" : "unpaid", number: shownNumber(payment) };
}

export function listing({ session, turn, show, pay, view, speaker, remember, settleMs, now, wall }) {
  async function list() {
    const { known } = session;
    const before = new Set(session.payments);
    const began = now();
    view.announce(speaker.say("list.loading"));
    try {
      // Asked once, since later it is this page's own. Without a journal there is nothing to report; the list itself says what is paid.
      const [payments, left] = await Promise.all([read(session.subject), known.left ??= pay.unsettled().then((all) => [...all], () => [])]);
      // What was learnt of a payment while the list was being read is newer than the list, unless it was asked for before.
      const newer = session.payments.filter((payment) => !before.has(payment) && !(session.since.get(payment) < began));
      const were = new Map(session.payments.map((payment) => [payment.id, payment]));
      session.payments = payments.map((payment) => keepReturned(payment, were.get(payment.id)));
      remember(newer, began);
      remember(session.payments, began);
      // Taken out, so that it is told once.
      const notices = await report(left.splice(0));
      known.notices = [...known.notices, ...notices];
      const listed = new Set(payments.map(({ id }) => id));
      session.selected = new Set([...session.selected].filter((id) => listed.has(id)));
      // A filter that is not shown leaves nothing out.
      const query = payments.length < filterFrom ? "" : session.query;
      // Ordered once: a payment that is confirmed stays where it is, so that no row moves under the pointer.
      turn("page", payments.length ? "listed" : "empty", { payments: inOrder(session.payments), listed: session.subject, query });
      const { notices: standing, summary } = told(session, speaker);
      // What stood there before has been said.
      view.announce([...standing.slice(standing.length - notices.length), summary].join(" "));
    } catch (error) {
      turn("page", "failed", { failure: asError(error) });
      view.announce("");
    }
  }

  async function read({ kind, id, number }) {
    if (kind !== "payment") return pay.listPayments({ [kind]: id });
    if (!number) return [await pay.getPayment(id)];
    const found = await pay.call("sale.payment.list", { select: ["id"], filter: { "=accountNumber": number } });
    const ids = (found?.payments ?? []).map((payment) => idOf(payment.id)).filter(Boolean);
    if (ids.length === 0) throw Object.assign(new Error(`no payment has the number ${number}`), { code: "NOT_FOUND" });
    return Promise.all(ids.map((each) => pay.getPayment(each)));
  }

  /** Says what became of them. The list just read knows most of them. */
  function report(left) {
    return Promise.all(left.map(async ({ paymentId, paySystemId, sentAt }) => {
      const payment = session.payments.find(({ id }) => id === paymentId) ?? await pay.getPayment(paymentId).catch(() => null);
      // Without a pay system it was marked in CRM or undone: as paid or unpaid as it is, it may still become the other.
      const isChange = paySystemId === null;
      if (isChange || !payment?.paid) {
        // By then b24pay gives it up, too; it is checked once all the same.
        const over = now() + (Date.parse(sentAt) + settleMs - wall() || 0);
        session.doubtful.set(paymentId, { event: payment?.paid ? "openUndoUnknown" : "openUnknown", over });
      }
      const state = isChange ? "change" : payment ? (payment.paid ? "paid" : "unpaid") : "unread";
      return { id: paymentId, state, number: shownNumber(payment ?? { id: paymentId }), sentAt };
    }));
  }

  function find({ kind, text }) {
    const typed = plain(text).trim();
    const id = idOf(typed);
    const number = kind === "payment" ? numberOf(typed) : null;
    if (!id && !number) {
      session.mistyped = kind;
      show();
      // The field may have the focus already: what describes it is spoken only when that comes.
      return view.announce(told(session, speaker).search.fault);
    }
    turn("page", "find", { mistyped: null, subject: id ? { kind, id } : { kind, number }, payments: [], query: "", limit: rowsAtATime, selected: new Set() });
  }

  /** To what was listed last, also where the search after it found nothing. */
  function back() {
    if (session.listed) turn("page", "back", { subject: session.listed });
  }

  function mark(id, isOn) {
    if (isOn) session.selected.add(id);
    else session.selected.delete(id);
  }

  function select({ id, isOn }) {
    mark(id, isOn);
    show();
  }

  return {
    effects: { list },
    occasions: {
      find, back,
      filter(query) {
        Object.assign(session, { query, limit: rowsAtATime });
        show();
      },
      more() {
        session.limit += rowsAtATime;
        show();
      },
      everyRow() {
        session.limit = Infinity;
        show();
      },
      select,
      /** All that the filter shows, rows further down included; what cannot be confirmed does not stay selected. */
      selectAll(isOn) {
        for (const { id } of filtered(session, speaker)) mark(id, isOn);
        show();
      },
      clearSelection() {
        session.selected = new Set();
        show();
      },
      dismiss() {
        session.known.notices = [];
        show();
      },
    },
  };
}
