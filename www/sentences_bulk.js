// What the dialog of many payments says: totals, what is left out, how far it is, what became of each row.
// Also the rows of the report; pure.

import { withoutSecrets } from "./diagnostic.js";
import { remembered } from "./remembered.js";
import { certainlyDidNotRun, differences } from "./rows.js";
import { amountOf, beside, changeSentences, paySystemOf, reasonAndAdvice, reasonOf, shownNumber, sumsOf, wasNotCarriedOut, whenPaid } from "./sentences_common.js";

const buttons = {
  reading: [["cancel", "cancel"], ["confirmAll", "reading", "busy"]],
  unread: [["cancel", "close"], ["again", "again", "main"]],
  changed: [["cancel", "cancel"], ["review", "review", "main"]],
  nothingLeft: [["cancel", "close", "main"]],
  asking: [["cancel", "cancel"], ["confirmAll", "confirm", "main"]],
  running: [["stop", "stop"]],
  stopping: [["stop", "stopping", "busy"]],
};

/** What each outcome is called, and its shape, in the order in which they are listed: what needs a look comes first. */
const outcomes = {
  unknown: ["title.unknown", "doubt"], unverified: ["title.unverified", "doubt"], rejected: ["title.nothingPaid", "stop"],
  notApplied: ["title.stillUnpaid", "unpaid"], notStarted: ["bulk.notStarted", "unpaid"], alreadyPaid: ["title.alreadyPaid", "already"], paid: ["row.paid", "paid"],
};
const kinds = Object.keys(outcomes);
const kindOf = ({ status, error }) => (wasNotCarriedOut(error) ? "notStarted" : status);
const titles = {
  reading: "bulk.question", asking: "bulk.question", unread: "bulk.unread", changed: "bulk.changed.title", nothingLeft: "bulk.nothingLeft.title",
  running: "bulk.running.title", stopping: "bulk.running.title", finished: "bulk.finished.title",
};

export function toldBulk(session, speaker) {
  const { bulk: state, batch } = session;
  if (state === "closed") return { state };
  const { say } = speaker;
  const chosen = batch.payments;
  const isOver = state === "finished";
  return {
    state,
    title: say(titles[state], { count: batch.total || chosen.length }),
    shape: { unread: "warning", changed: "warning", nothingLeft: "warning" }[state] ?? "",
    sums: batch.items.length ? [] : sumsOf(chosen, speaker),
    lines: lines(session, speaker),
    counts: isOver ? counts(batch.items, speaker) : [],
    rows: isOver ? sorted(batch.items).map((item) => outcomeRow(item, speaker)) : ["asking", "reading"].includes(state) ? chosen.map((payment) => plainRow(payment, speaker)) : [],
    progress: ["running", "stopping"].includes(state) ? { done: batch.done, total: batch.total, text: say("bulk.progress", { done: batch.done, total: batch.total }) } : null,
    quote: state === "unread" ? (batch.error.portalText ?? "") : "",
    diagnostic: state === "unread" ? session.diagnosticOf(batch.error) : "",
    buttons: (isOver ? finishedButtons(batch.items) : buttons[state]).map(([event, word, look, count]) => ({ event, text: say(`button.${word}`, { count }), look: look ?? "" })),
  };
}

function finishedButtons(items) {
  const again = items.filter(certainlyDidNotRun).length;
  return [
    ["save", "save"], ["print", "print"],
    ...(again ? [["cancel", "close"], ["retry", "retry", "main", again]] : [["cancel", "close", "main"]]),
  ];
}

function lines({ bulk: state, batch }, speaker) {
  const { say } = speaker;
  const told = {
    asking: () => [say("bulk.asking"), say("text.warning")],
    unread: () => [say("text.nothingDone"), reasonAndAdvice(batch.error, speaker)],
    changed: () => [say("bulk.changed"), ...batch.changed.map(({ shown, payment }) => changeLine(shown, payment, speaker))],
    finished: () => [batch.items.some(({ status }) => status === "unknown" || status === "unverified") && say("bulk.doubt"),
      batch.items.some(({ status }) => status === "notApplied") && say("bulk.notApplied"),
      batch.afterword && say(`timeline.${batch.afterword}`)],
  }[state] ?? (() => [say(`bulk.${state}`)]);
  return told().filter(Boolean);
}

function changeLine(shown, fresh, speaker) {
  const { say } = speaker;
  const number = shownNumber(shown);
  if (!fresh) return say("bulk.gone", { number });
  return say("bulk.change", { number, change: changeSentences(differences(shown, fresh), shown, fresh, speaker).join(" ") });
}

/** How many ended in which way. */
export function counts(items, { say }) {
  return kinds.map((kind) => ({ kind, count: items.filter((item) => kindOf(item) === kind).length }))
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => ({ kind, shape: outcomes[kind][1], text: say("bulk.count", { outcome: say(outcomes[kind][0]), count }) }));
}

function sorted(items) {
  return [...items].sort((one, other) => kinds.indexOf(kindOf(one)) - kinds.indexOf(kindOf(other)));
}

const plainRow = remembered((payment, speaker) => ({
  id: payment.id, number: shownNumber(payment), paySystem: paySystemOf(payment, speaker), amount: beside(amountOf(payment, speaker)),
  kind: "", shape: "", outcome: "", note: "",
}));

const outcomeRow = remembered((item, speaker) => ({
  ...plainRow(item.payment, speaker), kind: kindOf(item), shape: outcomes[kindOf(item)][1],
  outcome: speaker.say(outcomes[kindOf(item)][0]), note: noteOf(item, speaker),
}));

/** Of any other a time of payment can stand there, too: that of one that was taken back. */
const isPaid = ({ status }) => status === "paid" || status === "alreadyPaid";

function noteOf(item, speaker) {
  return isPaid(item) ? whenPaid(item.payment, speaker) : reasonTold(item, speaker, speaker.apart);
}

/** That nothing was sent is said of no call that was under way when the run was stopped. `quoted`: how the portal's text is given. */
function reasonTold({ status, error, cause }, speaker, quoted) {
  const reason = error ?? cause;
  if (!reason || (reason.code === "ABORTED" && status === "unknown")) return "";
  return [reasonOf(reason, speaker), reason.portalText && quoted(reason.portalText)].filter(Boolean).join(" ");
}

/** The report, row by row in the order of the selection, with a heading. */
export function reportRows({ items }, speaker) {
  const { say } = speaker;
  const heading = [say("column.payment"), "ID", ...["search.order", "column.paySystem", "column.amount", "column.currency", "column.outcome",
    "detail.statusDescription", "column.datePaid", "column.user"].map((key) => say(key))];
  return [heading, ...items.map((item) => {
    const { payment } = item;
    const { datePaid, paidBy } = isPaid(item) ? payment : {};
    return [
      shownNumber(payment), String(payment.id), payment.orderId ? String(payment.orderId) : "", paySystemOf(payment, speaker),
      { decimal: payment.sum || say("row.noAmount") }, payment.currency ?? "", say(outcomes[kindOf(item)][0]),
      reasonTold(item, speaker, withoutSecrets),
      datePaid ?? "", paidBy ? String(paidBy) : "",
    ];
  })];
}
