// `payPayment` against what a portal says: what is sent, and what is known afterwards.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GET, PAY, SALE_GET, assertPayError, portalPage, rejects } from './page.js';
import { PAID, body, emptyBody, later, payment, refusal, result } from './replies.js';

const PAY_501 = { paymentId: 501, paySystemId: 11 };
const DENIED = refusal(403, 'ACCESS_DENIED', 'Access denied');
const HIGHER = 'The request requires higher privileges than provided by the access token';

const SHOWN = {
  id: 501, accountNumber: '917/1', paid: false, datePaid: null, paidBy: null,
  paySystemId: 11, paySystemName: 'Card', sum: '1000', currency: 'EUR',
};
const SHOWN_PAID = { ...SHOWN, paid: true, datePaid: '2026-09-10T01:52:39+03:00', paidBy: 7 };

// The page that pays 501 by 11 and gets these replies to its first read, its call and its read-back.
async function pays(t, script, request = PAY_501, options) {
  const page = await portalPage(t, script);
  return { page, outcome: page.settled(page.b24pay.payPayment(request, options)) };
}

test('the documented example ends as paid, with its date and its employee', async (t) => {
  const { page, outcome } = await pays(t, [
    [GET, result(payment())],
    [PAY, result(true, { duration: 0.38, operating: 3.3, operating_reset_at: 1705765533 })],
    [GET, result(payment(PAID))],
  ]);
  assert.deepEqual(await outcome, { status: 'paid', payment: SHOWN_PAID, recovered: false });
  assert.equal(page.bx24.count(PAY), 1);
});

test('BX24 gets a plain object of its own with exactly the given keys', async (t) => {
  const details = {
    invoiceId: 'bank-77', sum: '1000.00', currency: 'EUR',
    statusCode: 'OK', statusMessage: 'Принято', statusDescription: 'a & b = c',
  };
  const request = Object.freeze({ paymentId: '501', paySystemId: 11n, details: Object.freeze(details) });
  const { page, outcome } = await pays(t, [
    [GET, result(payment())],
    [PAY, result(true)],
    [GET, result(payment(PAID))],
  ], request);
  assert.equal((await outcome).status, 'paid');
  const [read, sent] = page.bx24.asked.map(({ params }) => params);
  for (const params of [read, sent]) {
    assert.equal(Object.getPrototypeOf(params), Object.prototype);
    assert.ok(Object.isExtensible(params), 'BX24 deletes keys from it');
  }
  assert.deepEqual(read, { id: 501 });
  assert.deepEqual(sent, {
    PAYMENT_ID: 501, PAY_SYSTEM_ID: 11,
    PS_INVOICE_ID: 'bank-77', PS_SUM: '1000.00', PS_CURRENCY: 'EUR',
    PS_STATUS_CODE: 'OK', PS_STATUS_MESSAGE: 'Принято', PS_STATUS_DESCRIPTION: 'a & b = c',
  });
});

test('without details only the two ids are sent', async (t) => {
  const { page, outcome } = await pays(t, [
    [GET, result(payment())],
    [PAY, result(true)],
    [GET, result(payment(PAID))],
  ], { ...PAY_501, details: undefined });
  assert.equal((await outcome).status, 'paid');
  assert.deepEqual(page.bx24.asked[1].params, { PAYMENT_ID: 501, PAY_SYSTEM_ID: 11 });
});

test('a yes of Cash that did nothing is not applied', async (t) => {
  const cash = { id: 502, paySystemId: 6, paySystemName: 'Cash' };
  const { page, outcome } = await pays(t, [
    [GET, result(payment(cash))],
    [PAY, body(200, { result: true })],
    [GET, result(payment(cash))],
  ], { paymentId: 502, paySystemId: 6 });
  assert.deepEqual(await outcome, {
    status: 'notApplied',
    payment: { ...SHOWN, id: 502, paySystemId: 6, paySystemName: 'Cash' },
  });
  assert.equal(page.bx24.count(PAY), 1);
});

test('the wrong pay system is stopped before sending where the payment can be read', async (t) => {
  const { page, outcome } = await pays(t, [[GET, result(payment())]], { paymentId: 501, paySystemId: 12 });
  await rejects(outcome, {
    code: 'OTHER_PAY_SYSTEM',
    message: 'the payment belongs to pay system 11 (Card), not to 12',
  });
  assert.equal(page.bx24.count(PAY), 0);
});

for (const [text, paySystemId] of [['Payment with ID=501 and PAY_SYSTEM_ID=12 not found', 12], ['Pay system not found', 999]]) {
  test(`the wrong pay system is refused by the portal where no read is allowed: ${text}`, async (t) => {
    const { page, outcome } = await pays(t, [
      [GET, DENIED],
      [SALE_GET, refusal(400, '200040300010', 'Access Denied')],
      [PAY, refusal(400, 'ERROR_CHECK_FAILURE', text)],
      [GET, DENIED],
      [SALE_GET, refusal(400, '200040300010', 'Access Denied')],
    ], { paymentId: 501, paySystemId });
    await rejects(outcome, {
      code: 'REFUSED', method: PAY, httpStatus: 400, portalCode: 'ERROR_CHECK_FAILURE', portalText: text,
      message: `sale.paysystem.pay.payment was refused: ${text} (ERROR_CHECK_FAILURE)`,
    });
    assert.equal(page.bx24.count(PAY), 1);
  });
}

test('a yes that nobody here may verify is unverified', async (t) => {
  const { outcome } = await pays(t, [
    [GET, DENIED],
    [SALE_GET, refusal(400, 200040300010, 'Access Denied')],
    [PAY, result(true)],
    [GET, DENIED],
    [SALE_GET, refusal(400, 200040300010, 'Access Denied')],
  ]);
  const { status, cause, ...more } = await outcome;
  assert.deepEqual({ status, ...more }, { status: 'unverified' });
  assertPayError(cause, {
    code: 'ACCESS_DENIED', method: GET, httpStatus: 403, portalCode: 'ACCESS_DENIED', portalText: 'Access denied',
    message: `${GET} was denied by the user's rights or the portal's tariff: Access denied (ACCESS_DENIED)`,
  });
});

test("the portal's text keeps its lines and its markup", async (t) => {
  const text = 'Заказ №77 отменен\n<img src=x onerror=1>';
  const { outcome } = await pays(t, [
    [GET, result(payment())],
    [PAY, refusal(400, 'ERROR_PROCESS_REQUEST_RESULT', text)],
    [GET, result(payment())],
  ]);
  await rejects(outcome, {
    code: 'REFUSED', method: PAY, httpStatus: 400, portalCode: 'ERROR_PROCESS_REQUEST_RESULT', portalText: text,
    message: `sale.paysystem.pay.payment was refused: ${text} (ERROR_PROCESS_REQUEST_RESULT)`,
  });
});

test('what is paid already is not sent', async (t) => {
  const { page, outcome } = await pays(t, [[GET, result(payment(PAID))]]);
  assert.deepEqual(await outcome, { status: 'alreadyPaid', payment: SHOWN_PAID, sent: false });
  assert.equal(page.bx24.count(PAY), 0);
});

test('a payment that somebody else paid before our call reached the portal was paid already', async (t) => {
  const { outcome } = await pays(t, [
    [GET, result(payment())],
    [PAY, result(true, { date_start: '2026-09-10T01:52:45+03:00' })],
    [GET, result(payment(PAID))],
  ]);
  assert.deepEqual(await outcome, { status: 'alreadyPaid', payment: SHOWN_PAID, sent: true });
});

for (const status of [401, 403]) {
  test(`a missing scope for paying is named, whatever the status: ${status}`, async (t) => {
    const { outcome } = await pays(t, [
      [GET, result(payment())],
      [PAY, refusal(status, 'insufficient_scope', HIGHER)],
      [GET, result(payment())],
    ]);
    await rejects(outcome, {
      code: 'MISSING_SCOPE', scope: 'pay_system', method: PAY,
      httpStatus: status, portalCode: 'insufficient_scope', portalText: HIGHER,
      message: `${PAY} needs the scope pay_system: ${HIGHER} (insufficient_scope)`,
    });
  });
}

test('a missing scope for reading is named by a read, and another reader is tried first', async (t) => {
  const page = await portalPage(t, [
    [GET, refusal(401, 'insufficient_scope', '')],
    [SALE_GET, refusal(403, 'insufficient_scope', HIGHER)],
  ]);
  await rejects(page.settled(page.b24pay.getPayment(501)), {
    code: 'MISSING_SCOPE', scope: 'crm', method: GET, httpStatus: 401, portalCode: 'insufficient_scope', portalText: '',
    message: `${GET} needs the scope crm: no text (insufficient_scope)`,
  });
});

test('an empty 403 is no success', async (t) => {
  const { outcome } = await pays(t, [
    [GET, result(payment())],
    [PAY, emptyBody(403)],
    [GET, result(payment())],
    [GET, result(payment())],
  ], PAY_501, { settleMs: 1_000 });
  const { status, cause, payment: read } = await outcome;
  assert.equal(status, 'notApplied');
  assert.deepEqual(read, SHOWN);
  assertPayError(cause, {
    code: 'NONSENSE', retry: 'readFirst', method: PAY, httpStatus: 403,
    message: `${PAY} was answered with something else than true`,
  });
});

test('ids that come back as text are read', async (t) => {
  const { outcome } = await pays(t, [
    [GET, result(payment({ id: '501', paySystemId: '11', sum: '1000.0000' }))],
    [PAY, result(true)],
    [GET, result(payment({ ...PAID, id: '501', paySystemId: '11', sum: '1000.0000', empPaidId: '7' }))],
  ]);
  assert.deepEqual(await outcome, { status: 'paid', payment: SHOWN_PAID, recovered: false });
});

test('a returned payment is not paid again, unless that is asked for', async (t) => {
  const returned = { payment: { ...payment(), orderId: 917, isReturn: 'Y' } };
  const script = [
    [GET, refusal(401, 'insufficient_scope', HIGHER)],
    [SALE_GET, result(returned)],
  ];
  const { page, outcome } = await pays(t, script);
  await rejects(outcome, { code: 'RETURNED', message: 'the payment was returned; pass payReturned to pay it again' });
  assert.equal(page.bx24.count(PAY), 0);

  page.bx24.goesOn(
    [SALE_GET, result(returned)],
    [PAY, result(true)],
    [SALE_GET, result({ payment: { ...payment(PAID), orderId: 917, isReturn: 'N' } })],
  );
  const again = await page.settled(page.b24pay.payPayment(PAY_501, { payReturned: true }));
  assert.deepEqual(again, {
    status: 'paid', recovered: false,
    payment: { ...SHOWN_PAID, orderId: 917, returned: false },
  });
});

test('what is not asked for, or given as false, is not agreed to', async (t) => {
  const returned = { payment: { ...payment(), isReturn: 'Y' } };
  const page = await portalPage(t, [[GET, refusal(401, 'insufficient_scope', HIGHER)]]);
  page.bx24.standing.set(SALE_GET, result(returned));
  const pay = (options, details) => page.settled(page.b24pay.payPayment({ ...PAY_501, details }, options));
  for (const options of [{ settleMs: 1_000 }, { payReturned: false }, { detailsMayDiffer: true }]) {
    await rejects(pay(options), { code: 'RETURNED', message: 'the payment was returned; pass payReturned to pay it again' });
  }
  page.bx24.standing.set(SALE_GET, result({ payment: { ...payment(), isReturn: 'N' } }));
  const differs = { code: 'AMOUNT_CHANGED', message: 'expected a payment of 7, the portal has 1000 EUR' };
  for (const options of [{ settleMs: 1_000 }, { detailsMayDiffer: false }, { payReturned: true }]) {
    await rejects(pay(options, { sum: '7' }), differs);
  }
  assert.equal(page.bx24.count(PAY), 0);
  page.bx24.standing.set(SALE_GET, result(returned));
  page.bx24.standing.set(PAY, (call) => {
    page.bx24.standing.set(SALE_GET, result({ payment: { ...payment(PAID), isReturn: 'N' } }));
    result(true)(call);
  });
  assert.equal((await pay({ detailsMayDiffer: true, payReturned: true }, { sum: '7' })).status, 'paid');
  assert.equal(page.bx24.asked.find(({ method }) => method === PAY).params.PS_SUM, '7');
});

test('an amount that nobody here may read is not paid where it was agreed, and the reason is told', async (t) => {
  const { page, outcome } = await pays(t, [[GET, DENIED], [SALE_GET, DENIED]], PAY_501, { expect: { sum: '1000' } });
  const error = await outcome.then(assert.fail, (reason) => reason);
  const denied = {
    code: 'ACCESS_DENIED', method: GET, httpStatus: 403, portalCode: 'ACCESS_DENIED', portalText: 'Access denied',
    message: `${GET} was denied by the user's rights or the portal's tariff: Access denied (ACCESS_DENIED)`,
  };
  assertPayError(error.cause, denied);
  assertPayError(error, {
    ...denied, code: 'AMOUNT_CHANGED', message: `the agreed amount cannot be checked: ${denied.message}`, cause: error.cause,
  });
  assert.equal(page.bx24.count(PAY), 0);
});

test('what was agreed is what is paid', async (t) => {
  const expect = { sum: '999.99', currency: 'EUR' };
  const { page, outcome } = await pays(t, [[GET, result(payment())]], PAY_501, { expect });
  await rejects(outcome, { code: 'AMOUNT_CHANGED', message: 'expected a payment of 999.99 EUR, the portal has 1000 EUR' });
  assert.equal(page.bx24.count(PAY), 0);
});

test('two callers of one page share one call and one outcome', async (t) => {
  const page = await portalPage(t, [
    [GET, result(payment())],
    [PAY, later(3_000, result(true))],
    [GET, result(payment(PAID))],
  ]);
  const { payPayment } = page.b24pay;
  const outcomes = await page.settled(Promise.all([payPayment(PAY_501), payPayment({ ...PAY_501 })]));
  assert.deepEqual(outcomes.map(({ status }) => status), ['paid', 'paid']);
  assert.equal(page.bx24.count(PAY), 1);
});
