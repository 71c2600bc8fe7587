// The browser's locks: one that another tab has is waited for, each is given back, and where they fail the flow does without.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GET, PAY, compiledCopy, navigator, portalPage, rejects } from './page.js';
import { PAID, later, payment, result } from './replies.js';

const PAY_501 = { paymentId: 501, paySystemId: 11 };
const LOCK = 'b24pay:shop.bitrix24.example/payment/501';
const ORDER = 'b24pay:shop.bitrix24.example/order/917';
const PAYS = [[GET, result(payment())], [PAY, result(true)], [GET, result(payment(PAID))]];

// What `navigator.locks` does for one kind of lock: the first in the line has it until what it returned settles.
class Locks {
  #lines = new Map();

  request = async (name, { ifAvailable }, granted) => {
    const line = this.#lines.get(name) ?? [];
    this.#lines.set(name, line);
    await null;
    if (ifAvailable && line.length > 0) return granted(null);
    const before = line.at(-1);
    const turn = resolvers();
    line.push(turn.promise);
    await before;
    try {
      return await granted({ name });
    } finally {
      line.shift();
      turn.resolve();
    }
  };

  // The locks that somebody has.
  get held() {
    return [...this.#lines].filter(([, line]) => line.length > 0).map(([name]) => name);
  }

  // Has a lock, until the function that it resolves with is called.
  taken(name) {
    return new Promise((had) => {
      this.request(name, {}, () => new Promise((release) => had(release)));
    });
  }
}

function resolvers() {
  const made = {};
  made.promise = new Promise((resolve) => { made.resolve = resolve; });
  return made;
}

// A page with locks of its own making.
async function lockingPage(t, script) {
  const locks = new Locks();
  navigator(t, { locks });
  return { locks, page: await portalPage(t, script) };
}

test('a payment and its order are locked while it is paid, and not afterwards', async (t) => {
  let held;
  const { locks, page } = await lockingPage(t, [
    [GET, result(payment())],
    [PAY, (call) => { held = locks.held; later(100, result(true))(call); }],
    [GET, result(payment(PAID))],
  ]);
  assert.equal((await page.settled(page.b24pay.payPayment(PAY_501))).status, 'paid');
  assert.deepEqual(held, [LOCK, ORDER]);
  await page.clock.pass(10);
  assert.deepEqual(locks.held, []);
});

test('a lock that another tab has is waited for, and what that paid is not paid again, whatever was known', async (t) => {
  const { locks, page } = await lockingPage(t, [[GET, result(payment())], [GET, result(payment(PAID))]]);
  const known = await page.settled(page.b24pay.getPayment(501));
  const release = await locks.taken(LOCK);
  const paying = page.b24pay.payPayment(PAY_501, { known });
  await page.clock.pass(1_000);
  assert.equal(page.bx24.asked.length, 1);
  release();
  assert.equal((await page.settled(paying)).status, 'alreadyPaid');
});

test('another copy of the package in the same page, such as an older one, is waited for as another tab is', async (t) => {
  const older = await compiledCopy();
  const { locks, page } = await lockingPage(t, [
    [GET, result(payment())], [PAY, later(3_000, result(true))], [GET, result(payment(PAID))], [GET, result(payment(PAID))],
  ]);
  const calls = [page.b24pay, older].map(({ payPayment }) => payPayment(PAY_501));
  const told = await page.settled(Promise.all(calls));
  assert.deepEqual(told.map(({ status }) => status), ['paid', 'alreadyPaid']);
  await page.clock.pass(10);
  assert.deepEqual([page.bx24.count(PAY), locks.held], [1, []]);
});

test('who has gone before the lock comes leaves it to others', async (t) => {
  const { locks, page } = await lockingPage(t, PAYS);
  const release = await locks.taken(LOCK);
  const gone = new AbortController();
  const aborted = page.b24pay.payPayment(PAY_501, { signal: gone.signal });
  aborted.catch(() => {});
  await page.clock.pass(100);
  gone.abort('enough');
  await rejects(aborted, { code: 'ABORTED', retry: 'safe', message: 'aborted before anything changed', cause: 'enough' });
  release();
  await page.clock.pass(100);
  assert.deepEqual(locks.held, []);
  assert.equal((await page.settled(page.b24pay.payPayment(PAY_501))).status, 'paid');
});

test('a lock that another tab does not give back ends the wait, and nothing is sent', async (t) => {
  const { locks, page } = await lockingPage(t, []);
  await locks.taken(LOCK);
  const LONGEST = 2 ** 31 - 1;
  for (const [options, waits] of [[{}, 95_000], [{ settleMs: LONGEST }, LONGEST]]) {
    const begun = page.clock.now;
    await rejects(page.settled(page.b24pay.payPayment(PAY_501, options)), {
      code: 'UNDER_WAY', retry: 'safe',
      message: 'a call that goes before this one, in this page or another tab, did not end in time',
    });
    const took = page.clock.now - begun;
    assert.ok(took >= waits && took <= waits + 10, `took ${took} ms`);
  }
});

const refuse = () => { throw new DOMException('no', 'SecurityError'); };
for (const [what, value] of [
  ['are missing', {}],
  ['are none', { locks: 5 }],
  ['throw when they are looked up', { get locks() { return refuse(); } }],
  ['throw', { locks: { request: refuse } }],
  ['refuse', { locks: { request: async () => refuse() } }],
  ['end without a word', { locks: { request: async () => {} } }],
]) {
  test(`where locks ${what} the payment is paid all the same`, async (t) => {
    navigator(t, value);
    const page = await portalPage(t, PAYS);
    assert.equal((await page.settled(page.b24pay.payPayment(PAY_501))).status, 'paid');
  });
}
