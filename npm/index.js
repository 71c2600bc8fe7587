// The public functions. Importing does nothing, the first call loads the module; none throws synchronously.

import { change, read } from "./calls.js";

export { isPayError } from "./error.js";
export { frame } from "./portal.js";

export const payPayment = (request, options) => change("payPayment", request, options);
export const markPaid = (paymentId, options) => change("markPaid", paymentId, options);
export const markUnpaid = (paymentId, options) => change("markUnpaid", paymentId, options);
export const getPayment = (paymentId, options) => read("getPayment", paymentId, options);
export const listPayments = (of, options) => read("listPayments", of, options);
