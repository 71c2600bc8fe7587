// Reading the list, looking for another one, filtering and selecting in it.
// A part of the session; it never writes to the portal.

import { idOf, numberOf } from "./placement.js";
import { inOrder } from "./rows.js";
import { inSelection, told } from "./sentences.js";
import { asError } from "./thrown.js";

/** So many rows are shown at first, and so many more with each press. */
const page = 100;

export function listing({ session, turn, show, pay, view, speaker, remember, waiting, now }) {
  async function list() {
    const before = new Set(session.payments);
    const began = now();
    view.announce(speaker.say("list.loading"));
    try {
      const [payments, left] = await Promise.all([read(session.subject), leftFromBefore()]);
      // What was learnt of a payment while the list was being read is newer than the list.
      const newer = session.payments.filter((payment) => !before.has(payment));
      session.payments = payments;
      remember(newer, began);
      remember(session.payments, began);
      const notices = await report(left);
      const known = new Set(payments.map(({ id }) => id));
      session.selected = new Set([...session.selected].filter((id) => known.has(id)));
      // Ordered once: a payment that is confirmed stays where it is, so that no row moves under the pointer.
      turn("page", payments.length ? "listed" : "empty", { payments: inOrder(session.payments), failure: null, notices: [...session.notices, ...notices] });
      const { notices: standing, summary } = told(session, speaker);
      // What stood there before has been said.
      view.announce([...standing.slice(standing.length - notices.length), summary].join(" "));
    } catch (error) {
      turn("page", "failed", { failure: asError(error) });
    }
  }

  async function read({ kind, id, number }) {
    if (kind !== "payment") return pay.listPayments({ [kind]: id });
    if (id) return [await pay.getPayment(id)];
    const found = await pay.call("sale.payment.list", { select: ["id"], filter: { "=accountNumber": number } });
    const ids = (found?.payments ?? []).map((payment) => idOf(payment.id)).filter(Boolean);
    if (ids.length === 0) throw Object.assign(new Error(`no payment has the number ${number}`), { code: "NOT_FOUND" });
    return Promise.all(ids.map((each) => pay.getPayment(each)));
  }

  let isFirst = true;

  /** What was under way when a page of this app was closed; asked once, since later it is this page's own. */
  async function leftFromBefore() {
    if (!isFirst) return [];
    isFirst = false;
    try {
      return await pay.unsettled();
    } catch {
      // Without a journal there is nothing to report; the list itself says what is paid.
      return [];
    }
  }

  /** Says what became of them. The list just read knows most of them. */
  function report(left) {
    return Promise.all(left.map(async ({ paymentId, paySystemId, sentAt }) => {
      const payment = session.payments.find(({ id }) => id === paymentId) ?? await pay.getPayment(paymentId).catch(() => null);
      if (payment) remember([payment]);
      // Without a pay system it was marked in CRM or undone: as paid or unpaid as it is, it may still become the other.
      const isChange = paySystemId === null;
      if (isChange || !payment?.paid) {
        // By then b24pay gives it up, too; it is checked once all the same.
        const over = Math.max(now(), Date.parse(sentAt) + waiting.settleMs);
        session.doubtful.set(paymentId, { event: payment?.paid ? "openUndoUnknown" : "openUnknown", over });
      }
      const state = isChange ? "change" : payment ? (payment.paid ? "paid" : "unpaid") : "unread";
      return { state, number: payment?.accountNumber ?? String(paymentId), sentAt };
    }));
  }

  function find({ kind, text }) {
    const typed = String(text).trim();
    const id = idOf(typed);
    const number = kind === "payment" && !id ? numberOf(typed) : null;
    const search = { kind, text: typed, isWrong: !id && !number };
    if (search.isWrong) {
      session.search = search;
      return show();
    }
    turn("page", "find", { search, subject: id ? { kind, id } : { kind, number }, payments: [], query: "", limit: page, selected: new Set() });
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
      find,
      filter(query) {
        Object.assign(session, { query, limit: page });
        show();
      },
      more() {
        session.limit += page;
        show();
      },
      everyRow() {
        session.limit = Infinity;
        show();
      },
      select,
      /** All that the filter shows and that can be confirmed, rows further down included. */
      selectAll(isOn) {
        for (const { id } of inSelection(session, speaker)) mark(id, isOn);
        show();
      },
      clearSelection() {
        session.selected = new Set();
        show();
      },
      dismiss() {
        session.notices = [];
        show();
      },
    },
  };
}
