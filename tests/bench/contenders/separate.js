// One call by b24pay's `call`, as bare as the others' calls; its first one brings BX24 up. And the same payment verified.

import { call, payPayment } from "b24pay/slim";

export const begin = () => {};

export const pay = (paymentId, paySystemId) =>
  call("sale.paysystem.pay.payment", { PAYMENT_ID: paymentId, PAY_SYSTEM_ID: paySystemId });

export const verified = (paymentId, paySystemId) => payPayment({ paymentId, paySystemId });
