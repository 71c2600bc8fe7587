// Several who call through the BX24 of one page, portals by `frame()` and the page itself: whose silent request has ended is
// told by when it started, and by elimination.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GET, PAY, portalPage, rejects } from './page.js';
import { PAID, later, payment, result, silence } from './replies.js';

const { PerformanceObserver } = globalThis;

// Stands in for the browser's, and shows an entry to all who look out.
function timing(t) {
  const seen = new Set();
  globalThis.PerformanceObserver = class {
    constructor(see) { this.see = see; }
    observe() { seen.add(this.see); }
    disconnect() { seen.delete(this.see); }
  };
  t.after(() => { globalThis.PerformanceObserver = PerformanceObserver; });
  return (method, startTime, initiatorType, responseStatus = 200) => {
    const entry = { name: `https://shop.bitrix24.example/rest/${method}.json`, startTime, responseStatus, initiatorType };
    for (const see of seen) see({ getEntries: () => [entry] });
  };
}

const shown = (id, paid) => payment({ id, accountNumber: `${id}/1`, ...(paid ? PAID : {}) });

// Pays 501 by one frame(), which stays silent, while 502 is paid by another portal.
async function beside(t, other, initiatorType) {
  const ends = timing(t);
  const page = await portalPage(t, []);
  const paid = new Set();
  const pays = (paymentId, portal) => page.b24pay.payPayment({ paymentId, paySystemId: 11 }, { portal });
  const answer = (method, id) => {
    if (method === GET) return shown(id, paid.has(id));
    const { now } = page.clock;
    page.clock.after(10, () => ends(method, now, initiatorType));
    paid.add(id);
    return true;
  };
  page.bx24.standing.set(GET, (call) => result(answer(GET, call.params.id))(call));
  page.bx24.standing.set(PAY, (call) => {
    const { PAYMENT_ID: id } = call.params;
    return id === 501 ? silence(call) : result(answer(PAY, id))(call);
  });
  t.mock.method(globalThis, 'fetch', async (address) => Response.json({ result: answer(/rest\/1\/abc\/(.+)\.json$/.exec(address)[1], 502) }));
  const silent = pays(501, page.b24pay.frame());
  await page.clock.pass(100);
  const [first, second] = await page.settled(Promise.all([silent, pays(502, other(page.b24pay))]));
  return [first.status, second.status];
}

test('the end of a request of one frame() is not taken for that of another', async (t) => {
  assert.deepEqual(await beside(t, ({ frame }) => frame(), 'xmlhttprequest'), ['unknown', 'paid']);
});

test('the end of a request over HTTP is not taken for that of BX24', async (t) => {
  const other = ({ webhook }) => webhook('https://shop.bitrix24.example/rest/1/abc/');
  assert.deepEqual(await beside(t, other, 'fetch'), ['unknown', 'paid']);
});

// Pays 501 in silence. Requests of the same method end without an answer that start so many milliseconds after the call was
// handed over, with this status. Where the machine is busy, handing it over takes a while.
async function silently(t, starts, status = 502, takesMs = 0) {
  const ends = timing(t);
  const page = await portalPage(t, []);
  page.bx24.standing.set(GET, result(payment()));
  page.bx24.standing.set(PAY, ({ clock }) => {
    clock.takes(takesMs);
    const { now } = clock;
    for (const ms of starts) clock.after(Math.max(0, ms) + 10, () => ends(PAY, now + ms, 'xmlhttprequest', status));
  });
  const outcome = await page.settled(page.b24pay.payPayment({ paymentId: 501, paySystemId: 11 }, { settleMs: 2_000 }));
  return outcome.status;
}

test('the end of a request that started when the call was handed over is its end', async (t) => {
  for (const [starts, ...others] of [[[0], 502], [[0], 503], [[0], 0], [[0], 502, 100], [[-100], 502, 100]]) {
    assert.equal(await silently(t, starts, ...others), 'notApplied', `${starts}`);
  }
});

test('the end of a request that the page itself sends a moment before or after is not taken for the end of ours', async (t) => {
  // Ours may stay under way for longer than anybody waits.
  for (const starts of [[-50], [-4], [-1], [1], [30], [300], [950], [300, 600], [1_500]]) {
    for (const status of [200, 502]) assert.equal(await silently(t, starts, status), 'unknown', `${starts}`);
  }
});

test('a read is not broken off by the end of one that the page itself sends', async (t) => {
  const ends = timing(t);
  const page = await portalPage(t, [[GET, later(1_000, result(payment()))]]);
  page.clock.after(200, () => ends(GET, page.clock.now - 50, 'xmlhttprequest'));
  assert.equal((await page.settled(page.b24pay.getPayment(501))).id, 501);
});

// Reads 501, which is answered late, and then 502, which ends without an answer.
test('of two reads under way the one that ended without an answer fails at once', async (t) => {
  const ends = timing(t);
  const page = await portalPage(t, [[GET, later(5_000, result(payment()))], [GET, ({ clock }) => {
    const { now } = clock;
    clock.after(10, () => ends(GET, now, 'xmlhttprequest', 502));
  }]]);
  const slow = page.b24pay.getPayment(501);
  await page.clock.pass(100);
  const begun = page.clock.now;
  await rejects(page.settled(page.b24pay.getPayment(502)), {
    code: 'NO_ANSWER', retry: 'readFirst', method: GET, httpStatus: 502, message: `${GET} ended without an answer, HTTP status 502`,
  });
  assert.ok(page.clock.now - begun < 1_000, `took ${page.clock.now - begun} ms`);
  assert.equal((await page.settled(slow)).id, 501);
});
