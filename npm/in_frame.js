// What the page calls in the portal's frame. Its module knows no other way to a portal.

export { call, getPayment, listPayments, markPaid, markUnpaid, payPayment, payPayments, unsettled } from "./index.js";
