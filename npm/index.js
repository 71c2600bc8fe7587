// The public functions. Importing does nothing, the first call loads the module; none throws synchronously.

import { call } from "./call.js";

export { isPayError } from "./error.js";
export { frame } from "./portal.js";

// Nobody knows what had been sent when the module broke, so a call that changes something must not reject then.
const unknown = (cause) => ({ status: "unknown", cause });

export const payPayment = (request, options) => call("payPayment", [request], options, unknown);
export const payPayments = (requests, options) =>
  call("payPayments", [requests], options, (cause) => ({
    items: Array.from(requests, (request) => ({ request, ...unknown(cause) })),
  }));
export const markPaid = (paymentId, options) => call("markPaid", [paymentId], options, unknown);
export const markUnpaid = (paymentId, options) => call("markUnpaid", [paymentId], options, unknown);
export const getPayment = (paymentId, options) => call("getPayment", [paymentId], options);
export const listPayments = (of, options) => call("listPayments", [of], options);
export const unsettled = (options) => call("unsettled", [], options);
