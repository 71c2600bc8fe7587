// The order, the search and the comparison of the payments of a list.
// Pure: payments in, payments out.

import { sameSum } from "./money.js";
import { remembered } from "./remembered.js";

/** Unpaid first, then by number as a person counts: 917/2 before 917/10. */
export function inOrder(payments) {
  const numbers = new Intl.Collator("en", { numeric: true });
  return [...payments].sort((one, other) => one.paid - other.paid || numbers.compare(one.accountNumber, other.accountNumber));
}

/** The payments in which every word of the query is found: in what is shown of them, or in order, amount or currency. */
export function matching(payments, query, shownOf) {
  if (!query.trim()) return payments;
  const wanted = folded(query).split(/\s+/);
  return payments.filter((payment) => {
    const text = searched(payment, shownOf(payment));
    return wanted.every((word) => text.includes(word));
  });
}

const searched = remembered(({ orderId, sum, currency }, shown) => folded([shown, orderId, sum, currency].join(" ")));

/** Upper and lower case, accents, the script of digits and the various spaces of formatted amounts make no difference. */
function folded(text) {
  return plain(text).normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/** What was typed or pasted, with the digits of other keyboards (Arabic, Persian, Hindi, Thai, Japanese) as ours, and without the signs that
 *  nobody sees: a number that is copied from a page may have some around it. */
export function plain(text) {
  const seen = text.replace(/\p{DI}/gu, "").replaceAll("\uff0f", "/");
  // The last four bits of each are its value; those of Hindi begin at six.
  return seen.replace(/[\u0660-\u0669\u06f0-\u06f9\u0e50-\u0e59\uff10-\uff19]|([\u0966-\u096f])/g, (digit, hindi) => (digit.charCodeAt(0) - (hindi ? 6 : 0)) & 15);
}

export const stateOf = ({ paid, returned }) => (paid ? "paid" : returned ? "returned" : "unpaid");

/** Not every reading tells whether the money went back: where one does not, that is as it was known before, until the payment is paid. */
export function keepReturned(fresh, known) {
  if (fresh.returned === undefined && known && stateOf(known) === "returned" && !fresh.paid) fresh.returned = true;
  return fresh;
}

/** The ids of those of which it is not known whether the money went back. */
export const mayBeReturned = (payments) => payments.filter((payment) => payment.returned === undefined).map(({ id }) => id);

/** What was just read is returned where that was found out beside it, by the ids of those of which it was. */
export function tellReturned(fresh, returned) {
  for (const payment of fresh) if (returned.has(payment.id)) payment.returned = true;
}

/** What differs between a payment as it was shown and as it was read now: names of the fields, none if it is the same. */
export function differences(shown, fresh) {
  const found = [];
  if (!sameSum(shown.sum, fresh.sum) || shown.currency !== fresh.currency) found.push("amount");
  if (shown.paySystemId !== fresh.paySystemId) found.push("paySystem");
  if (stateOf(shown) !== stateOf(fresh)) found.push("state");
  return found;
}

/** Why a payment cannot be confirmed with others, or null: each of these needs a look of its own. */
export function leftOutBecause({ id, paid, returned, paySystemId }, doubtful) {
  if (paid) return "paid";
  if (doubtful.has(id)) return "doubtful";
  if (returned) return "returned";
  if (!paySystemId) return "noPaySystem";
  return null;
}

/** Only these may be sent again by one press: they were never sent, or were refused before they ran. Each is read before it is sent. */
export function certainlyDidNotRun({ status, error }) {
  return status === "notStarted" || (status === "rejected" && ["safe", "readFirst"].includes(error.retry));
}
