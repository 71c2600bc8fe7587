// One call by the official SDK, which is a client of its own and needs no BX24.

import { initializeB24Frame } from "@bitrix24/b24jssdk";

let b24;

export const begin = async () => {
  b24 = await initializeB24Frame();
};

export const pay = async (paymentId, paySystemId) => {
  const params = { PAYMENT_ID: paymentId, PAY_SYSTEM_ID: paySystemId };
  const answer = await b24.actions.v2.call.make({ method: "sale.paysystem.pay.payment", params });
  if (!answer.isSuccess) throw new Error(answer.getErrorMessages().join());
  return answer.getData().result;
};
