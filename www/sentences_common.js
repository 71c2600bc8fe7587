// Sentences that more than one screen needs: amounts, pay systems, dates of payment, reasons.

import { totals } from "./money.js";
import { remembered } from "./remembered.js";
import { stateOf } from "./rows.js";

export const amountOf = remembered((payment, speaker) =>
  // The portal may give an amount that nobody can read; a currency alone would look like one.
  (payment.sum === "" ? speaker.say("row.noAmount") : speaker.money(payment.sum, payment.currency)));

/** What payments add up to, an amount a currency; with an amount that nobody can read that is not all. */
export const sumsOf = (payments, { money, apart, say }) => [
  ...totals(payments).map(({ sum, currency }) => apart(money(sum, currency))),
  ...(payments.some(({ sum }) => sum === "") ? [say("row.noAmount")] : []),
];

/** An amount for a column that may be narrow: it breaks beside its currency, never within the number. */
export const beside = (amount) => amount.replace(/\u00a0(?=\D)|(?<=\D)\u00a0/g, " ");

/** A name of which nothing is seen is none. */
const unseen = /^[\s\p{Cc}\p{DI}\u2800]*$/u;

export const shownNumber = ({ accountNumber = "", id }) => (unseen.test(accountNumber) ? String(id) : accountNumber);

/** Its ID where it has no name, nothing where the payment has none. */
export const paySystemNameOf = ({ paySystemName, paySystemId }) => (unseen.test(paySystemName) ? String(paySystemId || "") : paySystemName);

export const paySystemOf = (payment, { say }) => paySystemNameOf(payment) || say("row.noPaySystem");

export function whenPaid({ datePaid, paidBy }, { say, date }) {
  if (!datePaid) return "";
  return paidBy ? say("row.whenAndWho", { date: date(datePaid), user: String(paidBy) }) : date(datePaid);
}

/** The code under which words stand; the invalid-request codes share theirs, what is no PayError is our own fault. */
export function codeOf(error, knows) {
  const code = error?.code === "INVALID_PAYMENT_ID" || error?.code === "INVALID_PAY_SYSTEM_ID" ? "INVALID_REQUEST" : error?.code;
  return knows(`error.${code}.text`) ? code : "UNEXPECTED";
}

/** It was not carried out: neither what was stopped before, nor what another tab confirms, of which that nothing is paid is not known. */
export const wasNotCarriedOut = (error) => error?.code === "UNDER_WAY" || error?.code === "ABORTED";

/** What went wrong; no advice, which may not be given where an outcome is not known. */
export function reasonOf(error, { say, knows }) {
  return error ? say(`error.${codeOf(error, knows)}.text`, { scope: error.scope }) : "";
}

/** What went wrong and what to do, where nothing was sent or the portal said no. */
export function reasonAndAdvice(error, speaker) {
  const next = `error.${codeOf(error, speaker.knows)}.next`;
  return [reasonOf(error, speaker), ...(error && speaker.knows(next) ? [speaker.say(next)] : [])].join(" ");
}

/** What differs between a payment as shown and as read, one sentence each. */
export function changeSentences(names, shown, fresh, speaker) {
  const { say } = speaker;
  const readings = {
    amount: (payment) => amountOf(payment, speaker),
    paySystem: (payment) => paySystemOf(payment, speaker),
    state: (payment) => say(`row.${stateOf(payment)}`),
  };
  return names.map((name) => say(`change.${name}`, { before: readings[name](shown), after: readings[name](fresh) }));
}
