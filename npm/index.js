// The public functions. Importing does nothing, the first call loads the module; none throws synchronously.

import { call as run } from "./call.js";

export { isPayError } from "./error.js";
export { frame, oauth, sdk, webhook } from "./portal.js";

// Nobody knows what had been sent when the module broke, so a call that changes something must not reject then.
const unknown = (cause) => ({ status: "unknown", cause });

export const payPayment = (request, options) => run("payPayment", [request], options, unknown);
export const payPayments = (requests, options) =>
  run("payPayments", [requests], options, (cause) => ({
    items: Array.from(requests, (request) => ({ request, ...unknown(cause) })),
  }));
export const markPaid = (paymentId, options) => run("markPaid", [paymentId], options, unknown);
export const markUnpaid = (paymentId, options) => run("markUnpaid", [paymentId], options, unknown);
export const getPayment = (paymentId, options) => run("getPayment", [paymentId], options);
export const listPayments = (of, options) => run("listPayments", [of], options);
export const unsettled = (options) => run("unsettled", [], options);
export const call = (method, params, options) => run("call", [method, params], options);
