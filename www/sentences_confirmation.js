// What the dialog of one payment says in each of its states, and which buttons it offers.
// Every state of the flow's table has its row here; pure.

import { differences } from "./rows.js";
import { amountOf, changeSentences, paySystemOf, reasonAndAdvice, reasonOf, whenPaid } from "./sentences_common.js";

/** Which shape stands before a state's title, so that outcomes differ without colour. */
const shapes = {
  paid: "paid", foundPaid: "paid", alreadyPaid: "already",
  notApplied: "unpaid", notMarked: "unpaid", silentlyUnpaid: "unpaid", stillUnpaid: "unpaid",
  unverified: "doubt", verifying: "doubt", unknown: "doubt", checking: "doubt",
  refused: "stop", retryable: "stop", unread: "warning", changed: "warning", returned: "warning",
  unpaid: "unpaid", alreadyUnpaid: "unpaid", stillPaid: "paid", paidSoFar: "paid",
  undoUnread: "warning", undoUnknown: "doubt", undoChecking: "doubt", undoRefused: "stop", undoRetryable: "stop",
};

const close = [["cancel", "close", "main"]];
const tryAgain = [["cancel", "close"], ["again", "again", "main"]];
const checkAgain = [["cancel", "close"], ["check", "check", "main"]];
const checking = [["cancel", "close"], ["check", "checking", "busy"]];

/** The buttons of a state, in tabbing order; the way out comes first, and has the focus when the dialog opens. */
const buttons = {
  reading: [["cancel", "cancel"], ["confirm", "reading", "busy"]],
  asking: [["cancel", "cancel"], ["confirm", "confirm", "main"]],
  markAsking: [["cancel", "cancel"], ["mark", "mark", "main"]],
  unread: tryAgain,
  changed: [["cancel", "cancel"], ["review", "review", "main"]],
  paying: [["confirm", "confirming", "busy"]],
  marking: [["mark", "marking", "busy"]],
  paid: close, foundPaid: close, alreadyPaid: close, notMarked: close, refused: close,
  notApplied: [["cancel", "close"], ["mark", "mark", "main"]],
  silentlyUnpaid: [["cancel", "close"], ["mark", "mark"], ["again", "again", "main"]],
  unverified: checkAgain, verifying: checking, unknown: checkAgain, checking,
  stillUnpaid: [["cancel", "close"], ["again", "again"], ["check", "check", "main"]],
  retryable: tryAgain,
  returned: [["cancel", "cancel"], ["confirmReturned", "confirmReturned", "main"]],
  undoReading: [["cancel", "cancel"], ["undo", "reading", "busy"]],
  undoUnread: tryAgain,
  undoAsking: [["cancel", "cancel"], ["undo", "undo", "main"]],
  undoing: [["undo", "undoing", "busy"]],
  unpaid: close, alreadyUnpaid: close, stillPaid: close, undoRefused: close,
  undoUnknown: checkAgain, undoChecking: checking,
  paidSoFar: [["cancel", "close"], ["again", "again"], ["check", "check", "main"]],
  undoRetryable: tryAgain,
};

/** Which of the optional fields a state shows. */
const fields = { asking: "details", undoAsking: "reason" };

export function toldConfirmation(session, speaker) {
  const { confirmation: state, payment, error } = session;
  if (state === "closed") return { state };
  const { say } = speaker;
  const values = {
    amount: amountOf(payment, speaker), number: payment.accountNumber,
    paySystem: paySystemOf(payment, speaker), duration: speaker.duration(session.longestWait),
  };
  return {
    state, paymentId: payment.id,
    title: say(`confirmation.${state}.title`, values),
    shape: shapes[state] ?? "",
    amount: values.amount, payment: payment.accountNumber, paySystem: values.paySystem,
    lines: lines(session, values, speaker),
    fields: fields[state] === "reason" && !session.hasTimeline() ? "" : fields[state] ?? "",
    faults: Object.fromEntries(Object.entries(session.faults).map(([name, { fault, limit, count }]) => [name, say(`detail.${fault}`, { limit, given: count })])),
    quote: error?.portalText ?? "",
    diagnostic: error ? session.diagnosticOf(error) : "",
    buttons: buttons[state].map(([event, word, look]) => ({ event, text: say(`button.${word}`), look: look ?? "" })),
  };
}

/** The sentences of a state, most important first. */
function lines(session, values, speaker) {
  const { confirmation: state, payment, shown, outcome, error, afterword } = session;
  const { say } = speaker;
  const own = (name) => say(`confirmation.${state}.${name}`, values);
  const reason = () => reasonOf(error, speaker);
  const advice = () => reasonAndAdvice(error, speaker);
  const when = () => payment.paid && payment.datePaid && say("confirmation.paid.when", { when: whenPaid(payment, speaker) });
  const after = () => afterword && say(`timeline.${afterword}`);
  const told = {
    asking: () => [reason(), own("text"), payment.returned && own("returned"), own("warning")],
    unread: () => [own("text"), advice()],
    changed: () => [own("text"), ...changeSentences(differences(shown, payment), shown, payment, speaker)],
    paid: () => [own(outcome?.recovered ? "recovered" : "text"), when(), after()],
    foundPaid: () => [own("text"), when()],
    alreadyPaid: () => [own(outcome?.sent ? "sent" : "text"), when()],
    notApplied: () => [own("text"), own("why"), own("offer")],
    unverified: () => [own("text"), reason()],
    refused: () => [advice()],
    retryable: () => [advice()],
    undoAsking: () => [own("text"), when(), own("warning"), !session.hasTimeline() && own("noTimeline")],
    undoUnread: () => [own("text"), advice()],
    undoRefused: () => [advice()],
    undoRetryable: () => [advice()],
    unpaid: () => [own("text"), after()],
  }[state] ?? (() => [own("text")]);
  return told().filter(Boolean);
}
