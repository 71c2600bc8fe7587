// What the operator is told: from the session's facts to the texts that the view shows.
// Pure; decides no state and touches no document.

import { remembered } from "./remembered.js";
import { leftOutBecause, matching, stateOf } from "./rows.js";
import { toldBulk } from "./sentences_bulk.js";
import { toldConfirmation } from "./sentences_confirmation.js";
import { amountOf, beside, codeOf, paySystemOf, reasonAndAdvice, shownNumber, sumsOf, whenPaid } from "./sentences_common.js";

/** So few rows are looked through with the eyes alone. */
export const filterFrom = 11;

/** So many rows are shown at first, and so many more with each press. */
export const rowsAtATime = 100;

/** Everything on the screen, as text, for one state of the session. */
export function told(session, speaker) {
  const { payments, doubtful, selected, query, limit } = session;
  const found = filtered(session, speaker);
  const selectable = payments.filter((payment) => !leftOutBecause(payment, doubtful)).length > 1;
  const failed = session.page === "failed" && failure(session, speaker);
  return {
    screen: session.page,
    // Where only a fresh page helps, no other payments are found either.
    canSearch: session.searchable && failed?.ways?.[0] !== "reload",
    search: { fault: searchFault(session.mistyped, speaker), canGoBack: Boolean(session.listed) },
    subject: subject(session.subject, speaker),
    summary: summary(session, speaker),
    notices: session.known.notices.map((notice) => speaker.say(`earlier.${notice.state}`, { number: notice.number, date: speaker.date(notice.sentAt) })),
    filter: { isShown: payments.length >= filterFrom, query, found: query.trim() ? speaker.say("list.found", { count: found.length }) : "" },
    nothingFound: query.trim() && !found.length ? speaker.say("list.nothingFound", { query: query.trim() }) : "",
    rows: found.slice(0, limit).map((payment) => (
      row(payment, speaker, doubtful.get(payment.id), selectable && !leftOutBecause(payment, doubtful) ? selected.has(payment.id) : null))),
    more: found.length > limit ? speaker.say("list.more", { count: Math.min(rowsAtATime, found.length - limit) }) : "",
    selection: selectable && selection(session, found, speaker),
    failure: failed,
    confirmation: toldConfirmation(session, speaker),
    bulk: toldBulk(session, speaker),
  };
}

/** The payments that the filter finds. */
export function filtered({ payments, query }, speaker) {
  const shown = (payment) => [shownNumber(payment), paySystemOf(payment, speaker), amountOf(payment, speaker)].join(" ");
  return matching(payments, query, shown);
}

function subject({ kind, id, number }, { say }) {
  return id || number ? say(`subject.${kind}`, { id: String(id ?? number) }) : "";
}

function searchFault(mistyped, { say }) {
  return mistyped ? say(mistyped === "payment" ? "search.wrongPayment" : "search.wrong") : "";
}

/** What is not known is neither counted as paid nor as unpaid. */
function summary({ payments, doubtful }, { say }) {
  const known = payments.filter(({ id }) => !doubtful.has(id));
  const unpaid = known.filter(({ paid }) => !paid).length;
  const doubts = payments.length - known.length;
  return [
    unpaid && say("list.unpaid", { count: unpaid }),
    doubts && say("bulk.count", { outcome: say("title.unknown"), count: doubts }),
  ].filter(Boolean).join(" · ") || say(payments.length ? "list.allPaid" : "list.empty.title");
}

const countOf = (chosen, { say }) => say("selection.count", { count: chosen.length });

function selection({ payments, selected, doubtful }, found, speaker) {
  const all = payments.filter((payment) => !leftOutBecause(payment, doubtful));
  const chosen = all.filter(({ id }) => selected.has(id));
  const possible = found.filter((payment) => !leftOutBecause(payment, doubtful));
  const picked = possible.filter(({ id }) => selected.has(id)).length;
  return {
    all: picked === 0 ? "none" : picked === possible.length ? "all" : "some",
    isEmpty: chosen.length === 0,
    text: countOf(chosen, speaker),
    sums: sumsOf(chosen, speaker),
    /** The most that can stand there. */
    room: [countOf(all, speaker), ...sumsOf(all, speaker)],
  };
}

/** `doubt`: of a write that ended unknown; `isSelected` is `null` where it cannot be chosen. */
const row = remembered((payment, speaker, doubt, isSelected) => {
  const always = facts(payment, speaker, doubt);
  return { ...always, select: isSelected === null ? null : { ...always.select, isOn: isSelected } };
});

/** What a row says whether it is selected or not. */
const facts = remembered((payment, speaker, doubt) => {
  const { say } = speaker;
  const values = { number: shownNumber(payment), amount: amountOf(payment, speaker) };
  const state = doubt ? "doubtful" : stateOf(payment);
  const act = { paid: "undo", doubtful: "check" }[state] ?? "confirm";
  const event = { paid: "openUndo", doubtful: doubt?.event }[state] ?? "open";
  return {
    id: payment.id,
    state,
    number: values.number,
    order: payment.orderId ? say("row.order", { id: String(payment.orderId) }) : "",
    paySystem: paySystemOf(payment, speaker),
    amount: beside(values.amount),
    stateText: say(state === "doubtful" ? "title.unknown" : `row.${state}`),
    stateNote: state === "paid" ? whenPaid(payment, speaker) : "",
    action: { event, text: say(`row.${act}`), label: say(`row.${act}.label`, values) },
    select: { label: say("row.select.label", values) },
  };
});

/** Failures after which only a fresh page can help; after the others the list may be read again. */
const needsReload = new Set(["NOT_IN_PORTAL", "NO_LIBRARY", "NO_HANDSHAKE", "NOT_LOADED", "WASM_BLOCKED", "AUTH_EXPIRED", "UNEXPECTED"]);
/** Failures that are nobody's fault: there is nothing to report to support. */
const needsNoSupport = new Set(["NOT_IN_PORTAL", "NOT_FOUND"]);

function failure({ failure: error, diagnosticOf }, speaker) {
  const code = codeOf(error, speaker.knows);
  return {
    code,
    title: speaker.say(speaker.knows(`error.${code}.title`) ? `error.${code}.title` : "error.UNEXPECTED.title"),
    text: reasonAndAdvice(error, speaker),
    quote: error.portalText ?? "",
    // Silence has many causes. Where the session has ended and is not renewed, only a fresh page has one.
    ways: needsReload.has(code) ? ["reload"] : code === "NO_ANSWER" ? ["refresh", "reload"] : ["refresh"],
    diagnostic: needsNoSupport.has(code) ? "" : diagnosticOf(error),
  };
}
