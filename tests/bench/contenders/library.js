// One call by bitrix24-library, which loads BX24 itself and leaves callbacks as they are.

import Bitrix24 from "bitrix24-library";

let bx24;

export const begin = async () => {
  bx24 = await Bitrix24.init();
};

export const pay = (paymentId, paySystemId) =>
  new Promise((resolve, reject) => {
    bx24.callMethod("sale.paysystem.pay.payment", { PAYMENT_ID: paymentId, PAY_SYSTEM_ID: paySystemId }, (answer) =>
      answer.error() ? reject(answer.error()) : resolve(answer.data()),
    );
  });
