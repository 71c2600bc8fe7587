// What is written to the timeline of the deal, invoice or order: who did what is the comment's author, the rest stands in its text.
// A comment is a courtesy: whether it was written never changes what is said about a payment.

import { amountOf, paySystemNameOf, shownNumber } from "./sentences_common.js";

/** How the portal calls the owners of a timeline: the names of CRM's own kinds, in small letters. A single payment has none. */
const owners = { deal: "deal", invoice: "smart_invoice", order: "order" };

/** What is said where a comment failed; silence does not tell whether it was written. */
export const failedAs = (error, usual) => (error?.retry === "readFirst" ? "unknown" : usual);

/** A comment is read by people; nobody reads a thousand lines of one. */
const longestList = 50;

export function hasTimeline(subject, wanted) {
  return Boolean(wanted && owners[subject.kind]);
}

/** What to send for a text; brackets would be taken as markup by the timeline. */
export function comment(subject, text) {
  return { fields: { ENTITY_ID: subject.id, ENTITY_TYPE: owners[subject.kind], COMMENT: text.replaceAll("[", "(").replaceAll("]", ")") } };
}

/** `way`: "pay", "mark" or "undo"; `reason` only with an undo. */
export function textFor(way, payment, reason, speaker) {
  const { say } = speaker;
  const text = say(`timeline.${way}`, factsOf(payment, speaker));
  return reason ? `${text}\n${say("timeline.reason", { reason })}` : text;
}

export function textForMany(payments, speaker) {
  const { say } = speaker;
  const lines = payments.slice(0, longestList).map((payment) => say("timeline.line", factsOf(payment, speaker)));
  const rest = payments.length - lines.length;
  return [say("timeline.many", { count: payments.length }), ...lines, ...(rest > 0 ? [say("timeline.rest", { count: rest })] : [])].join("\n");
}

function factsOf(payment, speaker) {
  const name = paySystemNameOf(payment);
  const paySystem = name ? speaker.say("timeline.paySystem", { paySystem: name }) : speaker.say("timeline.noPaySystem");
  return { number: shownNumber(payment), amount: amountOf(payment, speaker), paySystem };
}
