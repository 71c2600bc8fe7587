// What most pages write: a promise around one call of BX24. It settles only where BX24 calls back.

export const begin = () => new Promise((ready) => BX24.init(ready));

export const pay = (paymentId, paySystemId) =>
  new Promise((resolve, reject) => {
    BX24.callMethod("sale.paysystem.pay.payment", { PAYMENT_ID: paymentId, PAY_SYSTEM_ID: paySystemId }, (answer) =>
      answer.error() ? reject(answer.error()) : resolve(answer.data()),
    );
  });
