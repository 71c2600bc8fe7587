// Several portals of one page: those by `frame()` share one BX24, whose silent requests can only be told apart by elimination.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GET, PAY, portalPage } from './page.js';
import { PAID, payment, result, silence } from './replies.js';

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
  return (method, startTime, initiatorType) => {
    const entry = { name: `https://shop.bitrix24.example/rest/${method}.json`, startTime, responseStatus: 200, initiatorType };
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
