// What the operator is told: from the session's facts to the texts that the view shows.
// Pure; decides no state and touches no document.

import { differences } from "./rows.js";

/** Everything on the screen, as text, for one state of the session. */
export function told(session, speaker) {
  return {
    screen: session.page,
    subject: session.subject?.id ? speaker.say(`subject.${session.subject.kind}`, { id: String(session.subject.id) }) : "",
    summary: summary(session.payments, speaker),
    rows: session.payments.map((payment) => row(payment, session.doubtful.has(payment.id), speaker)),
    failure: session.failure && failure(session, speaker),
    confirmation: confirmation(session, speaker),
  };
}

function summary(payments, { say }) {
  const count = payments.filter((payment) => !payment.paid).length;
  return count ? say("list.unpaid", { count }) : say("list.allPaid");
}

function row(payment, doubtful, speaker) {
  const { say } = speaker;
  const values = { number: payment.accountNumber, amount: amountOf(payment, speaker) };
  const act = payment.paid ? null : doubtful ? "check" : "confirm";
  const state = payment.paid ? "paid" : doubtful ? "doubtful" : payment.returned ? "returned" : "unpaid";
  return {
    id: payment.id,
    state,
    number: payment.accountNumber,
    order: payment.orderId ? say("row.order", { id: String(payment.orderId) }) : "",
    paySystem: payment.paySystemName || say("row.noPaySystem"),
    amount: values.amount,
    stateText: say(`row.${state}`),
    stateNote: payment.paid ? whenPaid(payment, speaker) : "",
    action: act && { event: act === "check" ? "openUnknown" : "open", text: say(`row.${act}`), label: say(`row.${act}.label`, values) },
  };
}

export function amountOf(payment, speaker) {
  return speaker.money(payment.sum, payment.currency);
}

function whenPaid({ datePaid, paidBy }, { say, date }) {
  if (!datePaid) return "";
  return paidBy ? say("row.whenAndWho", { date: date(datePaid), user: String(paidBy) }) : say("row.when", { date: date(datePaid) });
}

/** Failures after which only a fresh page can help; after the others the list may be read again. */
const needsReload = new Set(["NOT_IN_PORTAL", "NO_LIBRARY", "NO_HANDSHAKE", "WASM_BLOCKED", "AUTH_EXPIRED", "UNEXPECTED"]);

function failure({ failure: error, diagnosticOf }, { say, knows }) {
  const code = codeOf(error, knows);
  return {
    code,
    title: say(`error.${code}.title`),
    text: say(`error.${code}.text`, { scope: error.scope ?? "" }),
    quote: error.portalText ?? "",
    way: needsReload.has(code) ? "reload" : "refresh",
    diagnostic: code === "NOT_IN_PORTAL" ? "" : diagnosticOf(error),
  };
}

/** The code under which words stand; the invalid-request codes share theirs, what is no PayError is our own fault. */
export function codeOf(error, knows) {
  const code = error?.code === "INVALID_PAYMENT_ID" || error?.code === "INVALID_PAY_SYSTEM_ID" ? "INVALID_REQUEST" : error?.code;
  return typeof code === "string" && knows(`error.${code}.title`) ? code : "UNEXPECTED";
}

/** Which shape stands before a state's title, so that outcomes differ without colour. */
const shapes = {
  paid: "paid", foundPaid: "paid", alreadyPaid: "already",
  notApplied: "unpaid", notMarked: "unpaid", silentlyUnpaid: "unpaid", stillUnpaid: "unpaid",
  unverified: "doubt", verifying: "doubt", unknown: "doubt", checking: "doubt",
  refused: "stop", retryable: "stop", unread: "warning", changed: "warning", returned: "warning",
};

/** The buttons of a state, in tabbing order; the way out comes first, and has the focus when the dialog opens. */
const buttons = {
  reading: [["cancel", "cancel"], ["confirm", "reading", "busy"]],
  asking: [["cancel", "cancel"], ["confirm", "confirm", "main"]],
  unread: [["cancel", "close"], ["again", "again", "main"]],
  changed: [["cancel", "cancel"], ["review", "review", "main"]],
  paying: [["confirm", "confirming", "busy"]],
  marking: [["mark", "marking", "busy"]],
  paid: [["cancel", "close", "main"]],
  foundPaid: [["cancel", "close", "main"]],
  alreadyPaid: [["cancel", "close", "main"]],
  notApplied: [["cancel", "close"], ["mark", "mark", "main"]],
  notMarked: [["cancel", "close", "main"]],
  silentlyUnpaid: [["cancel", "close"], ["mark", "mark"], ["again", "again", "main"]],
  unverified: [["cancel", "close"], ["check", "check", "main"]],
  verifying: [["cancel", "close"], ["check", "checking", "busy"]],
  unknown: [["cancel", "close"], ["check", "check", "main"]],
  checking: [["cancel", "close"], ["check", "checking", "busy"]],
  stillUnpaid: [["cancel", "close"], ["again", "again"], ["check", "check", "main"]],
  refused: [["cancel", "close", "main"]],
  retryable: [["cancel", "close"], ["again", "again", "main"]],
  returned: [["cancel", "cancel"], ["confirmReturned", "confirmReturned", "main"]],
};

function confirmation(session, speaker) {
  const { confirmation: state, payment } = session;
  if (state === "closed") return { state };
  const { say } = speaker;
  const values = {
    amount: amountOf(payment, speaker), number: payment.accountNumber,
    paySystem: payment.paySystemName || say("row.noPaySystem"), duration: speaker.duration(session.longestWait),
  };
  const error = session.error;
  return {
    state, paymentId: payment.id,
    title: say(`confirmation.${state}.title`, values),
    shape: shapes[state] ?? "",
    amount: values.amount, payment: payment.accountNumber, paySystem: values.paySystem,
    lines: lines(session, values, speaker),
    quote: error?.portalText ?? "",
    diagnostic: error ? session.diagnosticOf(error) : "",
    buttons: buttons[state].map(([event, word, look]) => ({ event, text: say(`button.${word}`), look: look ?? "" })),
  };
}

/** The sentences of a state, most important first. */
function lines({ confirmation: state, payment, shown, outcome, error }, values, speaker) {
  const { say } = speaker;
  const own = (name) => say(`confirmation.${state}.${name}`, values);
  const reason = () => error && say(`error.${codeOf(error, speaker.knows)}.text`, { scope: error.scope ?? "" });
  const when = () => payment.paid && payment.datePaid && say("confirmation.paid.when", { when: whenPaid(payment, speaker) });
  const told = {
    asking: () => [own("text"), payment.returned && own("returned"), own("warning")],
    unread: () => [own("text"), reason()],
    changed: () => [own("text"), ...changes(shown, payment, speaker)],
    paid: () => [own(outcome?.recovered ? "recovered" : "text"), when()],
    foundPaid: () => [own("text"), when()],
    alreadyPaid: () => [own(outcome?.sent ? "sent" : "text"), when()],
    notApplied: () => [own("text"), own("why"), own("offer")],
    unverified: () => [own("text"), reason()],
    refused: () => [reason()],
    retryable: () => [reason()],
  }[state] ?? (() => [own("text")]);
  return told().filter(Boolean);
}

function changes(shown, fresh, speaker) {
  const { say } = speaker;
  const readings = {
    amount: (payment) => amountOf(payment, speaker),
    paySystem: (payment) => payment.paySystemName || say("row.noPaySystem"),
    state: (payment) => say(payment.paid ? "row.paid" : "row.unpaid"),
  };
  return differences(shown, fresh).map((name) => say(`change.${name}`, { before: readings[name](shown), after: readings[name](fresh) }));
}
