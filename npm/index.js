// The public functions. Importing does nothing, the first call loads the module; none throws synchronously.

import { call as run } from "./call.js";
import { asData, asGiven, asList, asOptions, asRequest } from "./given.js";

export { isPayError } from "./error.js";
export { frame, oauth, sdk, webhook } from "./portal.js";

// Nobody knows what had been sent when the module broke, so a call that changes something must not reject then.
const unknown = (cause) => ({ status: "unknown", cause });

// The functions by the numbers that the module knows them by.
export const payPayment = (request, options) => run(0, asRequest(request), undefined, options, unknown);
export const markPaid = (paymentId, options) => run(1, paymentId, undefined, options, unknown);
export const markUnpaid = (paymentId, options) => run(2, paymentId, undefined, options, unknown);
export const payPayments = async (requests, options) => {
  const list = asList(requests);
  const taken = asOptions(options);
  const isList = Array.isArray(list);
  const report = (fate) => ({ items: [list].flat().map((request) => ({ request, ...fate })) });
  try {
    return await run(3, isList ? list.map(asRequest) : list, list, taken, (cause) => report(unknown(cause)));
  } catch (error) {
    // While the module was loading; later it says so itself.
    if (!isList || error.code !== "ABORTED") throw error;
    const none = report({ status: "notStarted" });
    none.items.forEach(async (item, at, { length }) => {
      try {
        await taken.onProgress(at + 1, length, item);
      } catch {
        // What the caller's function throws changes nothing, also where it throws later.
      }
    });
    return none;
  }
};
export const getPayment = (paymentId, options) => run(4, paymentId, undefined, options);
export const listPayments = (of, options) => run(5, asGiven(of, "deal", "invoice", "order"), undefined, options);
export const unsettled = (options) => run(6, undefined, undefined, options);
export const call = (method, params, options) => run(7, method, asData(params), options);
