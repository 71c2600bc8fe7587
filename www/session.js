// What happens when the operator or the portal does something: looks the event up in the flow, runs what it asks for, has it shown.
// Everything it needs is handed in, so that it runs without a document: b24pay's functions, view, speaker, waiting times.

import * as flow from "./flow.js";
import { told } from "./sentences.js";
import { differences, inOrder } from "./rows.js";

/**
 * @param {{ pay: object, view: object, speaker: object, settleMs: number, deadlineMs: number,
 *   subject: import("./placement.js").Subject, diagnosticOf: (error: unknown) => string, reload: () => void }} given
 */
export function createSession({ pay, view, speaker, settleMs, deadlineMs, subject, diagnosticOf, reload }) {
  const session = {
    page: "opening", subject, payments: [], failure: null,
    /** Payments whose confirmation ended unknown; they are checked before they can be confirmed again. */
    doubtful: new Set(),
    confirmation: "closed", payment: null, shown: null, outcome: null, error: null,
    // First read, the longer of silence and settling, last read: the flow's own maximum.
    longestWait: deadlineMs + Math.max(deadlineMs, settleMs) + deadlineMs,
    diagnosticOf: (error) => diagnosticOf(error, session.payment),
  };
  // Answers of a read whose dialog was closed meanwhile belong to nobody.
  let visit = 0;

  function show() {
    view.render(told(session, speaker));
  }

  function turnPage(event, change = {}) {
    const step = flow.next(flow.page, session.page, event);
    if (!step) return false;
    Object.assign(session, change, { page: step.to });
    show();
    effects[step.effect]?.();
    return true;
  }

  function turnConfirmation(event, change = {}) {
    const step = flow.next(flow.confirmation, session.confirmation, event);
    if (!step) return false;
    Object.assign(session, change, { confirmation: step.to });
    if (step.to === "closed") visit += 1;
    show();
    effects[step.effect]?.();
    return true;
  }

  async function list() {
    try {
      const payments = subject.kind === "payment" ? [await pay.getPayment(subject.id)] : await pay.listPayments({ [subject.kind]: subject.id });
      for (const payment of payments) if (payment.paid) session.doubtful.delete(payment.id);
      // Ordered once: a payment that is confirmed stays where it is, so that no row moves under the pointer.
      turnPage(payments.length ? "listed" : "empty", { payments: inOrder(payments), failure: null });
      view.announce(told(session, speaker).summary);
    } catch (error) {
      turnPage("failed", { failure: asError(error) });
    }
  }

  function remember(payment) {
    session.payment = payment;
    session.payments = session.payments.map((known) => (known.id === payment.id ? payment : known));
    if (payment.paid) session.doubtful.delete(payment.id);
  }

  async function readPayment(decide) {
    const mine = visit;
    try {
      const fresh = await pay.getPayment(session.payment.id);
      if (mine !== visit) return;
      remember(fresh);
      turnConfirmation(decide(fresh), { error: null });
    } catch (error) {
      if (mine === visit) turnConfirmation("unread", { error: asError(error) });
    }
  }

  const read = () => readPayment((fresh) => (fresh.paid ? "foundPaid" : differences(session.shown, fresh).length ? "changed" : "same"));
  const check = () => readPayment((fresh) => (fresh.paid ? "isPaid" : "isUnpaid"));

  /** One write: whatever comes back, an outcome or a rejection, becomes an event. */
  async function write(send) {
    const { payment } = session;
    try {
      const outcome = await send(payment, { known: payment, expect: { sum: payment.sum, currency: payment.currency }, ...(payment.returned && { payReturned: true }) });
      if (outcome.payment) remember(outcome.payment);
      if (outcome.status === "unknown" || outcome.status === "unverified") session.doubtful.add(payment.id);
      const event = outcome.status === "notApplied" && outcome.cause ? "notSettledInTime" : outcome.status;
      turnConfirmation(event, { outcome, error: outcome.cause ?? null });
    } catch (error) {
      turnConfirmation(rejection(error), { outcome: null, error: asError(error) });
    }
  }

  const waiting = { settleMs, deadlineMs };
  const payIt = (extra) => () => write((payment, options) =>
    pay.payPayment({ paymentId: payment.id, paySystemId: payment.paySystemId }, { ...options, ...waiting, ...extra }));
  const effects = {
    list, read, check, reload,
    pay: payIt({}),
    payReturned: payIt({ payReturned: true }),
    mark: () => write((payment, options) => pay.markPaid(payment.id, { ...options, ...waiting })),
  };

  /** What the operator did, by the name that stands at the button. */
  function happened(event, value) {
    if (event === "open" || event === "openUnknown") {
      const payment = session.payments.find(({ id }) => id === value);
      if (payment) turnConfirmation(event, { payment, shown: payment, outcome: null, error: null });
    } else if (event === "review") {
      turnConfirmation(event, { shown: session.payment });
    } else {
      turnConfirmation(event) || turnPage(event);
    }
  }

  function rejection(error) {
    if (error?.code === "AMOUNT_CHANGED" || error?.code === "OTHER_PAY_SYSTEM") return "differs";
    if (error?.code === "RETURNED") return "returned";
    return error?.retry === "safe" ? "retryable" : "refused";
  }

  return {
    happened,
    /** Opens the page: on whose payments, or with why there are none to show. */
    open: () => turnPage(subject.kind === "search" || subject.kind === "none" ? subject.kind : "opened"),
    fail: (error) => turnPage("failed", { failure: error }),
    isUnderWay: () => flow.underWay.has(session.confirmation),
  };

  function asError(error) {
    return error instanceof Object ? error : new Error(String(error));
  }
}
