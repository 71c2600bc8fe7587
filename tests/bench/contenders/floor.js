// The floor: what validating and wrapping one call of BX24 needs at least. Ids are checked, refusals are errors with a
// code, and nothing is read before or after.

const refusal = (code, message) => Object.assign(new Error(message), { name: "PayError", code });

const id = (given, code) => {
  const text = String(given);
  if (/^[1-9]\d*$/.test(text) && Number.isSafeInteger(+text) && (typeof given !== "object")) return text;
  throw refusal(code, `expected a positive whole number, got ${text}`);
};

export const begin = () =>
  new Promise((ready, reject) =>
    globalThis.BX24?.init ? BX24.init(ready) : reject(refusal("NOT_IN_PORTAL", "there is no BX24 in this page")),
  );

export const pay = (paymentId, paySystemId) =>
  new Promise((resolve, reject) => {
    const params = {
      PAYMENT_ID: id(paymentId, "INVALID_PAYMENT_ID"),
      PAY_SYSTEM_ID: id(paySystemId, "INVALID_PAY_SYSTEM_ID"),
    };
    BX24.callMethod("sale.paysystem.pay.payment", params, (answer) => {
      const error = answer.error();
      if (error) reject(refusal("REFUSED", String(answer.error_description?.() ?? error)));
      else resolve(answer.data());
    });
  });
