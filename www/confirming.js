// One payment: reading it before the question, writing once, telling what came back. Also undoing.
// A part of the session; the only file beside many.js that asks b24pay to write.

import { checked } from "./details.js";
import { differences, tellReturned } from "./rows.js";
import { wasNotCarriedOut } from "./sentences_common.js";
import { asError, outdated } from "./thrown.js";
import { comment, failedAs, textFor } from "./timeline.js";

/** So old may a reading be that is acted on, in milliseconds, as b24pay's own. */
const freshMs = 10_000;

export function confirming({ session, turn, show, pay, speaker, remember, doubt, settleMs, over, now, wall }) {
  // Answers of a read whose dialog was closed meanwhile belong to nobody.
  let visit = 0;
  /** How long ago the payment was read, by whichever clock went on: in most browsers the page's own stands still while the machine sleeps. */
  let readAgo;
  let details;
  let reason;
  /** What was typed where the question was left without an answer, by payment. */
  const drafts = new Map();

  async function readPayment(decide) {
    const mine = visit;
    const [began, wallBegan] = [now(), wall()];
    try {
      const { payment } = session;
      // What an order's list said of returns is old by now, and this reading is CRM's, which does not tell: so it is asked for beside it.
      const [fresh, returned] = await Promise.all([pay.getPayment(payment.id), pay.returnedOf(payment.returned ? [] : [payment.id])]);
      if (mine !== visit) return;
      tellReturned([fresh], returned);
      keep(fresh, began);
      readAgo = () => Math.max(now() - began, wall() - wallBegan);
      turn("confirmation", decide(fresh), { error: null });
    } catch (error) {
      if (mine === visit) turn("confirmation", "unread", { error: asError(error) });
    }
  }

  function keep(payment, began) {
    session.payment = payment;
    session.since.set(payment, began);
    remember([payment], began);
  }

  function read() {
    return readPayment((fresh) => {
      if (fresh.paid) return "foundPaid";
      if (differences(session.shown, fresh).length) return "changed";
      return fresh.paySystemId ? "same" : "markOnly";
    });
  }

  const check = () => readPayment(({ id, paid }) => `is${paid ? "Paid" : "Unpaid"}${session.doubtful.has(id) ? "SoFar" : ""}`);

  /** One write: whatever comes back, an outcome or a rejection, becomes an event. */
  async function write(way, more) {
    const { payment } = session;
    const abort = new AbortController();
    // For the portal's limits b24pay would wait longer than was told.
    const callOff = over(session.longestWait, () => abort.abort());
    let outcome;
    try {
      outcome = await ways[lastWay = way](payment, { known: payment, expect: asShown(payment), settleMs, signal: abort.signal, ...more });
    } catch (error) {
      return rejected(payment, asError(error));
    } finally {
      callOff();
    }
    session.isSent ||= outcome.status !== "alreadyPaid" || outcome.sent;
    if (outcome.payment) keep(outcome.payment);
    doubt(payment.id, outcome.status, way === "undo" ? "openUndoUnknown" : "openUnknown");
    const event = outcome.status === "notApplied" && outcome.cause ? "notSettledInTime" : outcome.status;
    turn("confirmation", event, { outcome, error: outcome.cause, afterword: outcome.status === "unpaid" ? null : lost() });
    if (outcome.status === "paid" || outcome.status === "unpaid") writeTimeline(way, payment);
  }

  /** This call did nothing. That nothing was done is not said while an earlier one may still have an effect. */
  function rejected({ id }, error) {
    const event = rejection(error);
    const isEnd = event === "retryable" || event === "refused";
    session.isSent ||= isEnd && !wasNotCarriedOut(error);
    turn("confirmation", isEnd && session.doubtful.has(id) ? "unknown" : event, { error, afterword: lost() });
  }

  /** A reason is written with what it was given for, and with nothing else. */
  const lost = () => (reason ? "reasonLost" : null);

  /** Written after the outcome is told, and whatever becomes of it, the outcome stays as it is. */
  async function writeTimeline(way, payment) {
    if (!session.hasTimeline()) return;
    const mine = visit;
    const said = reason;
    let afterword = said ? "reasonKept" : null;
    try {
      await pay.call("crm.timeline.comment.add", comment(session.subject, textFor(way, payment, said, speaker)));
    } catch (error) {
      afterword = failedAs(error, said ? "reasonLost" : "failed");
    }
    if (mine !== visit) return;
    session.afterword = afterword;
    show();
  }

  const ways = {
    pay: async (payment, options) => pay.payPayment({ paymentId: payment.id, paySystemId: payment.paySystemId, ...(details && { details }) }, await returnedToo(payment, options)),
    mark: async (payment, options) => pay.markPaid(payment.id, await returnedToo(payment, options)),
    undo: (payment, options) => pay.markUnpaid(payment.id, options),
  };
  let lastWay;

  /** Where the question said that it was returned, the operator knows. A question that stood open for long may not have known it: then
   *  it is asked for once more, since no reading by CRM tells. */
  async function returnedToo(payment, options) {
    if (payment.returned) return { payReturned: true, ...options };
    if (options.payReturned || readAgo() <= freshMs || !(await pay.returnedOf([payment.id])).has(payment.id)) return options;
    const error = outdated("RETURNED");
    pay.notSent(payment.id, error, lastWay === "mark" ? "markPaid" : "pay");
    throw error;
  }

  function start(event, id) {
    const payment = session.payments.find((each) => each.id === id);
    if (!payment) return;
    // Something was sent about the payment, or may still have an effect.
    const isSent = session.doubtful.has(id);
    const change = { payment, shown: payment, isSent, outcome: null, error: null, faults: {}, draft: drafts.get(id) ?? {}, afterword: null };
    if (turn("confirmation", event, change)) reason = "";
  }

  return {
    effects: {
      read, check,
      pay: () => write("pay"),
      payReturned: () => write(lastWay, { payReturned: true }),
      mark: () => write("mark"),
      undo: () => write("undo"),
    },
    occasions: {
      open: (id) => start("open", id),
      openUnknown: (id) => start("openUnknown", id),
      openUnverified: (id) => start("openUnverified", id),
      openUndoUnknown: (id) => start("openUndoUnknown", id),
      openUndo: (id) => start("openUndo", id),
      review() {
        if (session.bulk !== "closed") return turn("bulk", "review");
        turn("confirmation", session.payment.paySystemId ? "review" : "reviewMark", { shown: session.payment });
      },
      confirmReturned: () => turn("confirmation", lastWay === "mark" ? "markReturned" : "confirmReturned"),
      confirm(typed) {
        if (session.confirmation !== "asking") return;
        const { details: wanted, faults } = checked(typed);
        session.faults = faults;
        details = wanted;
        if (Object.keys(faults).length) return show();
        drafts.delete(session.payment.id);
        turn("confirmation", "confirm", { error: null });
      },
      undo(typed) {
        if (session.confirmation !== "undoAsking") return;
        reason = typed.reason.trim();
        drafts.delete(session.payment.id);
        turn("confirmation", "undo");
      },
      /** The dialog may be shown anew, in another view. */
      leave(typed) {
        session.draft = typed;
      },
      cancel(typed) {
        if (session.confirmation === "asking" || session.confirmation === "undoAsking") drafts.set(session.payment.id, typed);
        if (turn("confirmation", "cancel", { payment: null })) visit += 1;
        else turn("bulk", "cancel");
      },
    },
  };
}

/** What the operator believes is paid; an amount that could not be read cannot be expected either. */
function asShown({ sum, currency }) {
  return sum || currency ? { ...(sum && { sum }), ...(currency && { currency }) } : undefined;
}

function rejection(error) {
  if (error.code === "AMOUNT_CHANGED" || error.code === "OTHER_PAY_SYSTEM") return "differs";
  if (error.code === "RETURNED") return "returned";
  if (error.code === "INVALID_DETAILS") return "invalid";
  return error.retry === "safe" ? "retryable" : "refused";
}
