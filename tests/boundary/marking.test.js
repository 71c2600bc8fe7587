// `markPaid`, `markUnpaid` and the numeric codes of the methods behind them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GET, MARK, portalPage, rejects } from './page.js';
import { PAID, payment, refusal, result } from './replies.js';

const UNMARK = 'crm.item.payment.unpay';

test('markPaid pays by CRM, with the id alone', async (t) => {
  const page = await portalPage(t, [
    [GET, result(payment())],
    [MARK, result(true)],
    [GET, result(payment(PAID))],
  ]);
  const outcome = await page.settled(page.b24pay.markPaid(501));
  assert.deepEqual([outcome.status, outcome.recovered], ['paid', false]);
  assert.deepEqual(page.bx24.asked[1].params, { id: 501 });
});

for (const code of [0, 100, 200640400001, '0', '100', '200640400001']) {
  test(`${typeof code} ${code} is a code like any other and no success`, async (t) => {
    const text = 'Insufficient permissions';
    const page = await portalPage(t, [
      [GET, result(payment())],
      [MARK, refusal(400, code, text)],
      [GET, result(payment())],
    ]);
    await rejects(page.settled(page.b24pay.markPaid(501)), {
      code: 'REFUSED', method: MARK, httpStatus: 400, portalCode: String(code), portalText: text,
      message: `${MARK} was refused: ${text} (${code})`,
    });
    assert.equal(page.bx24.count(MARK), 1);
  });
}

test("a code that does not say whether it ran is settled by a read", async (t) => {
  const page = await portalPage(t, [
    [GET, result(payment())],
    [MARK, refusal(400, 0, 'Something')],
    [GET, result(payment(PAID))],
  ]);
  const outcome = await page.settled(page.b24pay.markPaid(501));
  assert.equal(outcome.status, 'paid');
});

test('the internal account refuses with its own words', async (t) => {
  const page = await portalPage(t, [
    [GET, result(payment())],
    [MARK, refusal(400, 'BX_ERROR', 'Insufficient funds')],
    [GET, result(payment())],
  ]);
  await rejects(page.settled(page.b24pay.markPaid(501)), {
    code: 'REFUSED', method: MARK, httpStatus: 400, portalCode: 'BX_ERROR', portalText: 'Insufficient funds',
    message: `${MARK} was refused: Insufficient funds (BX_ERROR)`,
  });
});

test('markUnpaid takes a payment back and reads it back', async (t) => {
  const page = await portalPage(t, [
    [GET, result(payment(PAID))],
    [UNMARK, result(true)],
    [GET, result(payment())],
    [GET, result(payment())],
  ]);
  const outcome = await page.settled(page.b24pay.markUnpaid(501));
  assert.equal(outcome.status, 'unpaid');
  assert.equal(outcome.payment.paid, false);
  assert.equal((await page.settled(page.b24pay.markUnpaid(501))).status, 'alreadyUnpaid');
});
