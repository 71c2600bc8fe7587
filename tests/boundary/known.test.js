// A payment that was handed out spares a read only where it speaks of the same payment, of the same portal, and of now.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GET, PAY, portalPage } from './page.js';
import { PAID, later, payment, result, silence } from './replies.js';

const PAY_501 = { paymentId: 501, paySystemId: 11 };
const HOUR = 3_600_000;
const PAYS = [[PAY, result(true)], [GET, result(payment(PAID))]];

// A page that was handed out a payment which the portal gave like this.
async function knowing(t, given, script) {
  const page = await portalPage(t, [[GET, result(given)], ...script]);
  const known = await page.settled(page.b24pay.getPayment(given.id));
  const pays = (options) => page.settled(page.b24pay.payPayment(PAY_501, { known, ...options }));
  return { page, known, pays };
}

test('what is known of the payment spares the first read', async (t) => {
  const { pays } = await knowing(t, payment(), PAYS);
  assert.equal((await pays()).status, 'paid');
});

test('each payment of a list spares its first read', async (t) => {
  const rows = [501, 502].map((id) => payment({ id, accountNumber: `${id}/1` }));
  const page = await portalPage(t, [['crm.item.payment.list', result(rows)], ...rows.flatMap((row) => [[PAY, result(true)], [GET, result({ ...row, ...PAID })]])]);
  for (const known of await page.settled(page.b24pay.listPayments({ deal: 7 }))) {
    const outcome = page.b24pay.payPayment({ paymentId: known.id, paySystemId: 11 }, { known });
    assert.equal((await page.settled(outcome)).status, 'paid');
  }
});

for (const [name, differing] of [['paid', PAID], ['unpaid', {}]]) {
  test(`another payment, ${name}, says nothing of this one`, async (t) => {
    const { pays } = await knowing(t, payment({ id: 502, ...differing }), [[GET, result(payment())], ...PAYS]);
    const { status, payment: { id } } = await pays();
    assert.deepEqual({ status, id }, { status: 'paid', id: 501 });
  });
}

for (const [what, promised] of [['a promise', (known) => Promise.resolve(known)], ['what any library makes one', (known) => ({ ...known, then: (heard) => heard(known) })]]) {
  test(`${what} that was not awaited is no payment, and the payment is read`, async (t) => {
    const { page, known } = await knowing(t, payment(), [[GET, result(payment(PAID))]]);
    const outcome = page.b24pay.payPayment(PAY_501, { known: promised(known) });
    assert.equal((await page.settled(outcome)).status, 'alreadyPaid');
    assert.equal(page.bx24.count(PAY), 0);
  });
}

test('a payment of another portal with the same id says nothing of this one', async (t) => {
  const { page, pays } = await knowing(t, payment(PAID), []);
  const asked = [];
  t.mock.method(globalThis, 'fetch', async (address) => {
    asked.push(address);
    return new Response(JSON.stringify({ result: payment({ ...PAID, accountNumber: '12/1' }) }));
  });
  const { payment: { accountNumber } } = await pays({ portal: page.b24pay.webhook('https://other.bitrix24.example/rest/1/abc/') });
  assert.equal(accountNumber, '12/1');
  assert.deepEqual(asked, [`https://other.bitrix24.example/rest/1/abc/${GET}.json`]);
});

for (const [name, ms] of [['the machine has slept since', HOUR], ['the clock was set back since', -HOUR]]) {
  test(`where ${name}, the payment is read again`, async (t) => {
    const { page, pays } = await knowing(t, payment(), [[GET, result(payment(PAID))]]);
    page.clock.jumps(ms);
    assert.equal((await pays()).status, 'alreadyPaid');
    assert.equal(page.bx24.count(PAY), 0);
  });
}

test('what was asked for before the machine slept, and came after that, is read again', async (t) => {
  const page = await portalPage(t, [[GET, later(1_000, result(payment()))], [GET, result(payment(PAID))]]);
  const asked = page.b24pay.getPayment(501);
  await page.clock.pass(500);
  page.clock.jumps(HOUR);
  const known = await page.settled(asked);
  assert.equal((await page.settled(page.b24pay.payPayment(PAY_501, { known }))).status, 'alreadyPaid');
  assert.equal(page.bx24.count(PAY), 0);
});

test('what was read before the machine slept is read again before it is paid', async (t) => {
  const page = await portalPage(t, [[PAY, later(3_000, result(true))]]);
  const paid = new Set();
  page.bx24.standing.set(GET, (call) => {
    const { id } = call.params;
    result(payment({ id, accountNumber: `${id}/1`, ...(paid.has(id) ? PAID : {}) }))(call);
  });
  const [first, second] = [501, 502].map((paymentId) => page.b24pay.payPayment({ paymentId, paySystemId: 11 }));
  await page.clock.pass(1_000);
  page.clock.jumps(HOUR);
  [501, 502].forEach((id) => paid.add(id));
  assert.equal((await page.settled(first)).status, 'paid');
  const { status, sent } = await page.settled(second);
  assert.deepEqual([status, sent, page.bx24.count(PAY)], ['alreadyPaid', false, 1]);
});

// What was handed out before speaks of the past then.
for (const [what, script, ask] of [
  ['read', [], ({ getPayment }) => getPayment(501)],
  ['listed', [], ({ listPayments }) => listPayments({ deal: 7 })],
  ['paid', [[GET, result(payment())], [PAY, result(true)]], ({ payPayment }) => payPayment(PAY_501)],
]) {
  test(`of a payment that was ${what} by this page since, no call is sent without another read`, async (t) => {
    const { page, pays } = await knowing(t, payment(), script);
    page.bx24.standing.set('crm.item.payment.list', result([payment(PAID)]));
    page.bx24.standing.set(GET, result(payment(PAID)));
    await page.settled(ask(page.b24pay));
    assert.equal((await pays()).status, 'alreadyPaid');
    assert.equal(page.bx24.count(PAY), script.length / 2);
  });
}

test('the payment of an unknown outcome, which may be long ago, spares no read', async (t) => {
  const page = await portalPage(t, [[GET, result(payment())], [PAY, silence]]);
  page.bx24.standing.set(GET, silence);
  const { status, payment: known } = await page.settled(page.b24pay.payPayment(PAY_501, { deadlineMs: 100, settleMs: 30_000 }));
  assert.deepEqual([status, known.paid], ['unknown', false]);
  page.bx24.standing.set(GET, result(payment(PAID)));
  const again = await page.settled(page.b24pay.payPayment(PAY_501, { known }));
  assert.deepEqual([again.status, page.bx24.count(PAY)], ['alreadyPaid', 1]);
});

for (const [name, ms, slept, script] of [
  ['came at once spares the first read', 5, 0, PAYS],
  ['took long to be read', 11_000, 0, [[GET, result(payment(PAID))]]],
  ['was asked for before the machine slept', 500, HOUR, [[GET, result(payment(PAID))]]],
]) {
  test(`the payment of an outcome that ${name}${script === PAYS ? '' : ' is read again'}`, async (t) => {
    const page = await portalPage(t, [[GET, result(payment())], [PAY, result(true)], [GET, later(ms, result(payment()))], ...script]);
    const outcome = page.b24pay.payPayment(PAY_501);
    await page.clock.pass(200);
    page.clock.jumps(slept);
    const { status, payment: known } = await page.settled(outcome);
    assert.equal(status, 'notApplied');
    const again = await page.settled(page.b24pay.payPayment(PAY_501, { known }));
    assert.equal(again.status, script === PAYS ? 'paid' : 'alreadyPaid');
  });
}

// The portal said so before the page's own call worked, whenever that was heard.
test('a payment that was asked for before this page paid it, and heard of after that, is read again', async (t) => {
  const page = await portalPage(t, [[GET, later(9_000, result(payment()))], [GET, result(payment())], ...PAYS, [GET, result(payment(PAID))]]);
  const slow = page.b24pay.getPayment(501);
  assert.equal((await page.settled(page.b24pay.payPayment(PAY_501))).status, 'paid');
  const known = await page.settled(slow);
  assert.equal(known.paid, false);
  assert.equal((await page.settled(page.b24pay.payPayment(PAY_501, { known }))).status, 'alreadyPaid');
});

test('a payment that was asked for while the call of a caller who has gone was under way is read again', async (t) => {
  const page = await portalPage(t, [[GET, result(payment())], [PAY, later(3_000, result(true))], [GET, result(payment())], [GET, result(payment(PAID))], [GET, result(payment(PAID))]]);
  const gone = new AbortController();
  const paid = page.b24pay.payPayment(PAY_501, { signal: gone.signal });
  await page.clock.pass(1_000);
  gone.abort();
  assert.equal((await page.settled(paid)).status, 'unknown');
  const known = await page.settled(page.b24pay.getPayment(501));
  assert.equal(known.paid, false);
  await page.clock.pass(4_000);
  assert.equal((await page.settled(page.b24pay.payPayment(PAY_501, { known }))).status, 'alreadyPaid');
});

test('what is handed out again of a payment that was known is no younger for that', async (t) => {
  const { page, pays } = await knowing(t, payment(PAID), [[GET, result(payment())], ...PAYS]);
  await page.clock.pass(8_000);
  const { status, payment: known } = await pays();
  assert.equal(status, 'alreadyPaid');
  await page.clock.pass(8_000);
  assert.equal((await pays({ known })).status, 'paid');
});

test('a list is as old as its first page', async (t) => {
  const rows = (from, count) => result({ payments: Array.from({ length: count }, (_, at) => payment({ id: from + at })) });
  const page = await portalPage(t, [['sale.payment.list', rows(501, 50)], ['sale.payment.list', later(11_000, rows(551, 1))], [GET, result(payment(PAID))]]);
  const [known] = await page.settled(page.b24pay.listPayments({ order: 917 }));
  assert.equal((await page.settled(page.b24pay.payPayment(PAY_501, { known }))).status, 'alreadyPaid');
});
