// `payPayments`: fates, progress, aborts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GET, PAY, WHOLE, assertPayError, barePage, freshCopy, portalPage, rejects } from './page.js';
import { PAID, later, payment, refusal, result } from './replies.js';

// A portal that holds some payments, answers batches of reads, and pays what it is told to.
function portalOf(page, payments) {
  const held = new Map(payments.map((one) => [one.id, { ...one }]));
  page.bx24.standing.set('batch', (call) => {
    const entries = Object.entries(call.params.cmd).map(([key, command]) => {
      const [, method, id] = command.match(/^([\w.]+)\?id=(\d+)$/);
      assert.equal(method, GET);
      return [key, held.get(Number(id))];
    });
    result({ result: Object.fromEntries(entries), result_error: [], result_total: [], result_next: [], result_time: [] })(call);
  });
  page.bx24.standing.set(GET, (call) => result(held.get(call.params.id))(call));
  page.bx24.standing.set(PAY, (call) => {
    const { PAYMENT_ID: id } = call.params;
    if (held.get(id).paySystemId === 13) return refusal(403, 'ACCESS_DENIED', 'Access denied!')(call);
    if (held.get(id).paySystemId === 11) Object.assign(held.get(id), PAID);
    return result(true)(call);
  });
}

const pays = (paymentId, paySystemId = 11) => ({ paymentId, paySystemId });

test('mixed fates come back in input order, and progress counts them', async (t) => {
  const page = await portalPage(t, []);
  portalOf(page, [
    payment({ id: 1, accountNumber: '1/1' }),
    payment({ id: 2, accountNumber: '2/1', ...PAID }),
    payment({ id: 3, accountNumber: '3/1', paySystemId: 6, paySystemName: 'Cash' }),
    payment({ id: 4, accountNumber: '4/1', paySystemId: 13 }),
    payment({ id: 5, accountNumber: '5/1' }),
  ]);
  const requests = [pays(1), pays(2), pays(3, 6), pays(4, 13), pays(0), pays(5), pays(1)];
  const progress = [];
  const onProgress = (done, total, item) => {
    progress.push([done, total, item.request]);
    throw new Error('what this throws changes nothing');
  };
  const { items } = await page.settled(page.b24pay.payPayments(requests, { onProgress }));

  assert.deepEqual(items.map(({ status }) => status), [
    'paid', 'alreadyPaid', 'notApplied', 'rejected', 'rejected', 'paid', 'paid',
  ]);
  items.forEach((item, at) => assert.equal(item.request, requests[at], 'the very object that was given'));
  assertPayError(items[4].error, {
    code: 'INVALID_PAYMENT_ID', message: `payment id ${WHOLE}, got 0`,
  });
  assert.equal(items[3].error.code, 'ACCESS_DENIED');
  assert.deepEqual(progress.map(([done, total]) => [done, total]), requests.map((_, at) => [at + 1, requests.length]));
  assert.deepEqual(page.bx24.asked.filter(({ method }) => method === PAY).map(({ params }) => params.PAYMENT_ID).sort(), [1, 3, 4, 5]);
});

test('what an asynchronous onProgress throws changes nothing either, and ends no process', async (t) => {
  const unheard = [];
  const hear = (reason) => unheard.push(reason);
  process.on('unhandledRejection', hear);
  t.after(() => process.off('unhandledRejection', hear));
  const page = await portalPage(t, []);
  portalOf(page, [payment({ id: 1, accountNumber: '1/1' }), payment({ id: 2, accountNumber: '2/1' })]);
  const strange = [
    async () => { throw new Error('what this throws changes nothing'); },
    () => ({ get then() { throw new Error('nor does this'); } }),
  ];
  for (const onProgress of strange) {
    const { items } = await page.settled(page.b24pay.payPayments([pays(1), pays(2)], { onProgress }));
    assert.equal(items.length, 2);
  }
  await new Promise((done) => { setImmediate(done); });
  assert.deepEqual(unheard, []);
});

test('an abort leaves what was not sent as not started', async (t) => {
  const page = await portalPage(t, []);
  portalOf(page, [1, 2, 3].map((id) => payment({ id, accountNumber: `${id}/1` })));
  page.bx24.standing.set(PAY, later(500, result(true)));
  const abort = new AbortController();
  page.clock.after(300, () => abort.abort());
  const requests = [pays(1), pays(2), pays(3)];
  const { items } = await page.settled(page.b24pay.payPayments(requests, { signal: abort.signal }));
  assert.deepEqual(items.map(({ status }) => status), ['unknown', 'notStarted', 'notStarted']);
  assert.equal(items[0].cause.cause, abort.signal.reason);
  await page.clock.pass(10_000);
  assert.equal(page.bx24.count(PAY), 1);
});

test('outside a portal every item says so, and nothing rejects', async (t) => {
  const page = await barePage(t);
  globalThis.BX24 = null;
  const { items } = await page.settled(page.b24pay.payPayments([pays(1), pays(0), { ...pays(2), details: { currency: 'EURO' } }]));
  assert.deepEqual(items.map(({ error }) => error.code), ['NOT_IN_PORTAL', 'INVALID_PAYMENT_ID', 'INVALID_DETAILS']);
});

test('nothing to pay is an empty report', async (t) => {
  const page = await portalPage(t, []);
  assert.deepEqual(await page.settled(page.b24pay.payPayments([])), { items: [] });
});

test('what is no list rejects', async () => {
  const { payPayments } = await freshCopy();
  await rejects(payPayments(pays(1)), {
    code: 'INVALID_REQUEST', message: 'requests must be an array, got an object',
  });
});
