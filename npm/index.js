// The public functions. Importing does nothing, the first call loads the module; none throws synchronously.

import { invoke, pay } from "./calls.js";
import { portal } from "./portal.js";

export { isPayError } from "./error.js";

export const frame = (options) =>
  portal("frame", () => String(options?.transport ?? "bx24"));

export const payPayment = (request, options) => pay("payPayment", request, options);
export const markPaid = (paymentId, options) => pay("markPaid", paymentId, options);
export const getPayment = (paymentId, options) => invoke("getPayment", [paymentId], options);
export const listPayments = (of, options) => invoke("listPayments", [of], options);
