// Several who call through the BX24 of one page, portals by `frame()` and the page itself: whose silent request has ended is
// told by when it started, and by elimination.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GET, MARK, PAY, portalPage, rejects } from './page.js';
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
  return (method, startTime, initiatorType, responseStatus = 200, query = '') => {
    const entry = { name: `https://shop.bitrix24.example/rest/${method}.json${query}`, startTime, responseStatus, initiatorType };
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

// Pays 501 in silence while this is seen from the moment on at which the call was handed over.
async function seeing(t, seen, readBack = payment()) {
  const ends = timing(t);
  const page = await portalPage(t, [[GET, (call) => {
    seen({ ...page, first: true, ends, now: page.clock.now });
    result(payment())(call);
  }]]);
  page.bx24.standing.set(GET, result(readBack));
  page.bx24.standing.set(PAY, ({ clock }) => seen({ ...page, ends, now: clock.now }));
  const { status } = await page.settled(page.b24pay.payPayment({ paymentId: 501, paySystemId: 11 }, { settleMs: 2_000 }));
  const handed = page.bx24.asked.find(({ method }) => method === PAY).at;
  return { status, took: page.clock.now - handed };
}

// The end of a call as the browser tells it, a moment after.
const tells = (...entry) => ({ first, clock, ends, now }) => {
  if (!first) clock.after(10, () => ends(PAY, now, ...entry));
};

for (const [what, status, seen] of [
  ['that ended without an answer after seconds, by its own start', 'notApplied', ({ first, clock, ends, now }) => {
    if (!first) clock.after(5_000, () => ends(PAY, now, 'xmlhttprequest', 502));
  }],
  ['whose address has a query', 'notApplied', tells('xmlhttprequest', 502, '?from=/app/x.json')],
  ['that may be sent once more, with a new token', 'unknown', tells('xmlhttprequest', 401)],
  ['whose status the browser does not tell', 'unknown', tells('xmlhttprequest', null)],
  ['while a request by fetch ends that began at the same time', 'unknown', tells('fetch', 502)],
  ['while another method ends that began at the same time', 'unknown', ({ first, clock, ends, now }) => {
    if (!first) clock.after(10, () => ends(MARK, now, 'xmlhttprequest', 502));
  }],
  ['while another of its kind ends that began at the same time', 'unknown', ({ first, clock, ends, now, b24pay, bx24 }) => {
    if (first) return;
    bx24.standing.set(PAY, () => clock.after(10, () => ends(PAY, now, 'xmlhttprequest', 502)));
    b24pay.call(PAY, { PAYMENT_ID: 502, PAY_SYSTEM_ID: 11 }, { deadlineMs: 100 }).catch(() => {});
  }],
  ['after the page itself has sent one of its kind', 'unknown', ({ first, clock, ends, now }) => {
    if (first) ends(PAY, now - 50, 'xmlhttprequest');
    else clock.after(10, () => ends(PAY, now, 'xmlhttprequest', 502));
  }],
]) {
  test(`a silent call ${what} is ${status}`, async (t) => {
    assert.equal((await seeing(t, seen)).status, status);
  });
}

test('an end that may be the one of a silent call has it looked up at once', async (t) => {
  for (const [startedMs, isSoon] of [[0, true], [-4, true], [-50, false]]) {
    const { status, took } = await seeing(t, ({ first, clock, ends, now }) => {
      if (!first) clock.after(10, () => ends(PAY, now + startedMs, 'xmlhttprequest', 502));
    }, payment(PAID));
    assert.deepEqual([status, took < 1_000], ['paid', isSoon], `${startedMs}, took ${took} ms`);
  }
});

// The window of a page, which tells of errors that nobody has caught.
function windowOf(t) {
  const window = new EventTarget();
  for (const name of ['addEventListener', 'removeEventListener']) {
    globalThis[name] = window[name].bind(window);
    t.after(() => { delete globalThis[name]; });
  }
  return () => void window.dispatchEvent(new Event('error'));
}

test('an error of the window has a silent call looked up soon, and says nothing of its end', async (t) => {
  const errs = windowOf(t);
  const seen = ({ first, clock }) => { if (!first) clock.after(100, errs); };
  const paid = await seeing(t, seen, payment(PAID));
  assert.deepEqual([paid.status, paid.took < 1_500], ['paid', true], `took ${paid.took} ms`);
  assert.equal((await seeing(t, seen)).status, 'unknown');
});

test('after an error of the window the entry of the request is waited for', async (t) => {
  const errs = windowOf(t);
  const { status } = await seeing(t, ({ first, clock, ends, now }) => {
    if (first) return;
    clock.after(100, errs);
    clock.after(350, () => ends(PAY, now, 'xmlhttprequest', 502));
  });
  assert.equal(status, 'notApplied');
});

test('a read whose end is seen a moment before its callback comes is answered', async (t) => {
  const ends = timing(t);
  const page = await portalPage(t, [[GET, (call) => {
    const { now } = page.clock;
    page.clock.after(10, () => ends(GET, now, 'xmlhttprequest'));
    later(100, result(payment()))(call);
  }]]);
  assert.equal((await page.settled(page.b24pay.getPayment(501))).id, 501);
});

test('the end of a read that was answered is not taken for the end of an older one that was not', async (t) => {
  const ends = timing(t);
  const page = await portalPage(t, [[GET, silence], [GET, result(payment({ id: 502 }))]]);
  const begun = page.clock.now;
  const older = page.b24pay.getPayment(501, { deadlineMs: 5_000 });
  older.catch(() => {});
  await page.clock.pass(100);
  const handedAt = page.bx24.asked[0].at;
  // BX24 has held the second one back for a while.
  assert.equal((await page.settled(page.b24pay.getPayment(502))).id, 502);
  ends(GET, page.clock.now - 1, 'xmlhttprequest');
  page.clock.after(500, () => ends(GET, handedAt, 'xmlhttprequest', 502));
  await rejects(page.settled(older), {
    code: 'NO_ANSWER', retry: 'readFirst', method: GET, httpStatus: 502, message: `${GET} ended without an answer, HTTP status 502`,
  });
  assert.ok(page.clock.now - begun < 2_000, `took ${page.clock.now - begun} ms`);
});
