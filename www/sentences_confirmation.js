// What the dialog of one payment says in each of its states, and which buttons it offers.
// Every state of the flow's table has its row here; pure.

import { differences } from "./rows.js";
import { amountOf, changeSentences, paySystemOf, reasonAndAdvice, reasonOf, shownNumber, wasNotCarriedOut, whenPaid } from "./sentences_common.js";

/** Each state's title, and the shape before it, so that outcomes differ without colour. What goes on has the title of its button: it asks nothing any more. */
const titles = {
  reading: ["question"], asking: ["question"], markAsking: ["markQuestion"],
  unread: ["unread", "warning"], changed: ["changed", "warning"], returned: ["returned", "warning"],
  paid: ["paid", "paid"], foundPaid: ["paid", "paid"], alreadyPaid: ["alreadyPaid", "already"],
  notApplied: ["stillUnpaid", "unpaid"], notMarked: ["stillUnpaid", "unpaid"], silentlyUnpaid: ["stillUnpaid", "unpaid"], stillUnpaid: ["unpaidSoFar", "unpaid"],
  unverified: ["unverified", "doubt"], verifying: ["unverified", "doubt"], unknown: ["unknown", "doubt"], checking: ["unknown", "doubt"],
  refused: ["nothingPaid", "stop"], retryable: ["nothingPaid", "stop"],
  undoReading: ["undoQuestion"], undoAsking: ["undoQuestion"], undoUnread: ["unread", "warning"],
  unpaid: ["unpaid", "unpaid"], alreadyUnpaid: ["alreadyUnpaid", "unpaid"], stillPaid: ["stillPaid", "paid"], silentlyPaid: ["stillPaid", "paid"], paidSoFar: ["paidSoFar", "paid"],
  undoUnknown: ["unknown", "doubt"], undoChecking: ["unknown", "doubt"], undoRefused: ["nothingChanged", "stop"], undoRetryable: ["nothingChanged", "stop"],
};

const close = [["cancel", "close", "main"]];
const tryAgain = [["cancel", "close"], ["again", "again", "main"]];
const checkAgain = [["cancel", "close"], ["check", "check", "main"]];
const checking = [["cancel", "close"], ["check", "reading", "busy"]];

/** The buttons of a state, in tabbing order; the way out comes first, and has the focus when the dialog opens. */
const buttons = {
  reading: [["cancel", "cancel"], ["confirm", "reading", "busy"]],
  asking: [["cancel", "cancel"], ["confirm", "confirm", "main"]],
  markAsking: [["cancel", "cancel"], ["mark", "mark", "main"]],
  unread: tryAgain,
  changed: [["cancel", "cancel"], ["review", "review", "main"]],
  paying: [["confirm", "confirming", "busy"]],
  marking: [["mark", "confirming", "busy"]],
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
  silentlyPaid: tryAgain, undoRetryable: tryAgain,
};

/** Which of the optional fields a state shows. */
const fields = { asking: "details", undoAsking: "reason" };

export function toldConfirmation(session, speaker) {
  const { confirmation: state, payment, error } = session;
  if (state === "closed") return { state };
  const { say } = speaker;
  const values = {
    amount: amountOf(payment, speaker), number: shownNumber(payment),
    paySystem: paySystemOf(payment, speaker), duration: speaker.duration(session.longestWait),
  };
  return {
    state, paymentId: payment.id,
    // Where nobody can read the amount, it is about the payment of this number.
    title: say(titleOf(state, session), payment.sum === "" ? { amount: values.number } : values),
    shape: titles[state]?.[1] ?? "",
    amount: values.amount, payment: values.number, paySystem: values.paySystem,
    lines: lines(session, values, speaker),
    draft: session.draft,
    fields: fields[state] === "reason" && !session.hasTimeline() ? "" : fields[state] ?? "",
    faults: Object.fromEntries(Object.entries(session.faults).map(([name, { fault, limit, count }]) => [name, say(`detail.${fault}`, { limit, given: count })])),
    quote: error?.portalText ?? "",
    diagnostic: error ? session.diagnosticOf(error) : "",
    buttons: buttons[state].map(([event, word, look]) => ({ event, text: say(`button.${word}`), look: look ?? "" })),
  };
}

function titleOf(state, { error, isSent }) {
  if (!titles[state]) return `button.${buttons[state][0][1]}`;
  const [title, shape] = titles[state];
  if (shape === "stop" && wasNotCarriedOut(error)) return isSent ? "title.unknown" : "bulk.notStarted";
  return `title.${title}`;
}

/** The sentences of a state, most important first. */
function lines(session, values, speaker) {
  const { confirmation: state, payment, shown, outcome, error, afterword } = session;
  const text = (name) => speaker.say(`text.${name}`, values);
  // That nothing was carried out is said of no call that was under way when it was stopped.
  const why = error?.code === "ABORTED" ? "" : reasonOf(error, speaker);
  const advice = reasonAndAdvice(error, speaker);
  const when = payment.paid && payment.datePaid && speaker.say("text.when", { when: whenPaid(payment, speaker) });
  const after = afterword && speaker.say(`timeline.${afterword}`);
  const reading = [text("reading")];
  const waiting = [text("waiting")];
  // Of what a closed page left it is known when it is over.
  const stays = session.doubtful.get(payment.id)?.over === Infinity && speaker.say("text.stays", { state: speaker.say("title.unknown") });
  const nothingDone = !session.isSent && text("nothingDone");
  const told = {
    reading, undoReading: reading, verifying: reading, checking: reading, undoChecking: reading,
    paying: waiting, marking: waiting, undoing: waiting,
    asking: [why, text("asking"), payment.returned && text("returnedBefore"), text("warning")],
    markAsking: [text("markAsking"), payment.returned && text("returnedBefore"), text("warning")],
    unread: [nothingDone, advice],
    changed: [text("changed"), nothingDone, ...changeSentences(differences(shown, payment), shown, payment, speaker)],
    paid: [text(outcome?.recovered ? "recovered" : "paid"), when, after],
    foundPaid: [text("foundPaid"), when],
    alreadyPaid: [text(outcome?.sent ? "alreadyPaidSent" : "alreadyPaid"), nothingDone, when],
    notApplied: [text("notApplied"), text("notAppliedWhy"), text("markOffer")],
    notMarked: [text("notApplied"), text("askAdministrator")],
    silentlyUnpaid: [why, text("silentlyUnpaid")],
    unverified: [text("unverified"), why],
    unknown: [text("unknown"), why],
    stillUnpaid: [text("unpaidSoFar"), stays],
    refused: [advice], retryable: [advice], undoRefused: [advice, after], undoRetryable: [advice, after],
    returned: [text("returned"), nothingDone],
    undoUnread: [nothingDone, advice],
    undoAsking: [text("undoAsking"), when, text("undoWarning"), !session.hasTimeline() && text("noTimeline")],
    unpaid: [text("unpaid"), after],
    alreadyUnpaid: [text("alreadyUnpaid"), after],
    stillPaid: [text("stillPaid"), text("askAdministrator"), after],
    silentlyPaid: [why, text("stillPaid"), after],
    undoUnknown: [text("undoUnknown"), why, after],
    paidSoFar: [text("paidSoFar"), stays, after],
  };
  return told[state].filter(Boolean);
}
