// b24pay's functions over the element's portal; what comes of each write is told, to the session and to the page around the element.
// Decides nothing: a call is handed on as it is, and so is its answer.

import { askingReturns } from "./returns.js";

/**
 * @param {object} b24pay the package's functions
 * @param {{ portal: unknown, deadlineMs: number }} over the portal, or a promise of one: where it does not come, each call rejects
 * @param {(detail: object) => void} tell gets `{ action, paymentId, outcome }` or `{ action, paymentId, error }`, once for each payment
 */
export function overPortal(b24pay, { portal, deadlineMs }, tell) {
  const given = async (options) => {
    const way = await portal;
    return { deadlineMs, ...options, ...(way && { portal: way }) };
  };

  const read = (name) => async (of, options) => b24pay[name](of, await given(options));

  const told = (name, action = name) => async (what, options) => {
    const paymentId = Number(what.paymentId ?? what);
    const [outcome, error] = await given(options).then((all) => b24pay[name](what, all)).then((value) => [value], (reason) => [undefined, reason]);
    tell({ action, paymentId, ...(outcome ? { outcome } : { error }) });
    if (!outcome) throw error;
    return outcome;
  };

  async function payPayments(requests, options) {
    const open = new Set(requests.map(({ paymentId }) => paymentId));
    const tellOf = ({ request: { paymentId }, ...outcome }) => {
      if (!open.delete(paymentId) || outcome.status === "notStarted") return;
      tell({ action: "pay", paymentId, ...(outcome.status === "rejected" ? { error: outcome.error } : { outcome }) });
    };
    const onProgress = (done, total, item) => {
      tellOf(item);
      options.onProgress(done, total, item);
    };
    const report = await b24pay.payPayments(requests, await given({ ...options, onProgress }));
    report.items.forEach(tellOf);
    return report;
  }

  const call = async (method, params, options) => b24pay.call(method, params, await given(options));

  return {
    listPayments: read("listPayments"),
    getPayment: read("getPayment"),
    unsettled: async () => b24pay.unsettled(await given()),
    call,
    returnedOf: askingReturns(call, deadlineMs),
    payPayment: told("payPayment", "pay"),
    markPaid: told("markPaid"),
    markUnpaid: told("markUnpaid"),
    payPayments,
    /** What was not even handed on, by what the page itself has read, is told, too. */
    notSent: (paymentId, error, action = "pay") => tell({ action, paymentId, error }),
  };
}
