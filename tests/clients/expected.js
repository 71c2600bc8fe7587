// What every client is asked to do, and what the documentation of the methods says must come of it. A client's program
// prints or gives `{ paid, read, listed, batched, errors }`; what it cannot do it leaves out.

import assert from 'node:assert/strict';

export const PAY = 'sale.paysystem.pay.payment';
export const GET = 'crm.item.payment.get';
export const LIST = 'crm.item.payment.list';

export const PAID = { PAYMENT_ID: 501, PAY_SYSTEM_ID: 11 };
export const DEAL = { entityId: 7, entityTypeId: 2 };
export const BATCH = { first: [GET, { id: 504 }], second: [GET, { id: 505 }] };

// Three errors: a pay system that is none, an order that is cancelled, and a method that is none.
export const ERRORS = [
  { method: PAY, params: { PAYMENT_ID: 504, PAY_SYSTEM_ID: 999 }, code: 'ERROR_CHECK_FAILURE', text: 'Pay system not found' },
  {
    method: PAY, params: { PAYMENT_ID: 503, PAY_SYSTEM_ID: 11 }, code: 'ERROR_PROCESS_REQUEST_RESULT',
    text: 'Заказ №77 отменен\n<img src=x onerror=1>',
  },
  { method: 'sale.paysystem.pay.nothing', params: {}, code: 'ERROR_METHOD_NOT_FOUND', text: 'Method not found!' },
];

// Compares what a client gives with the documentation, and the portal with the truth. `loses` names what the client
// itself loses of an error, by its code.
export async function compare(given, portal, { loses = {} } = {}) {
  assert.equal(given.paid, true);
  assert.deepEqual([given.read.id, given.read.paid], [501, 'Y']);
  assert.deepEqual(given.listed, [501, 502, 503, 504, 505, 506]);
  if (given.batched) assert.deepEqual(given.batched, { first: 504, second: 505 });
  const known = ERRORS.map(({ code, text }) => ({ code, text, ...loses[code] }));
  assert.deepEqual(given.errors, known);
  const truth = await portal.payments(501);
  assert.deepEqual([truth.paid, truth.paidTimes, truth.payCalls], ['Y', 1, 1]);
}
