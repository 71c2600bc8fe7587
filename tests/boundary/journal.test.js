// What a page notes of a payment under way: the next page reads it, waits for it, and never believes it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GET, PAY, compiledCopy, navigator, portalPage } from './page.js';
import { PAID, body, later, payment, result, silence } from './replies.js';

const UNMARK = 'crm.item.payment.unpay';
const PAY_501 = { paymentId: 501, paySystemId: 11 };

// The part of the browser's storage that is used.
class Storage {
  #items = new Map();
  key = (at) => [...this.#items.keys()][at] ?? null;
  getItem = (key) => this.#items.get(key) ?? null;
  setItem = (key, value) => void this.#items.set(key, value);
  removeItem = (key) => void this.#items.delete(key);
  get text() {
    return JSON.stringify([...this.#items]);
  }
}

function storing(t) {
  globalThis.localStorage = new Storage();
  t.after(() => { delete globalThis.localStorage; });
}

const key = (id) => `b24pay:shop.bitrix24.example:${id}`;
const entry = (differing) => JSON.stringify({ paySystemId: 11, pays: true, sentAt: Date.now(), settleMs: 3_000, ...differing });

test('a payment whose page was closed is reported by the next page, and its entry holds no secret', async (t) => {
  storing(t);
  const closed = await portalPage(t, [[GET, result(payment())], [PAY, silence]]);
  // A page that has slept is not behind the next one.
  closed.clock.jumps(3_600_000);
  closed.b24pay.payPayment({ ...PAY_501, details: { invoiceId: 'bank-77' } });
  await closed.clock.pass(1_000);
  const written = localStorage.text;
  assert.match(written, /^\[\["b24pay:shop\.bitrix24\.example:501",/);
  assert.doesNotMatch(written, /bank-77/);

  const page = await portalPage(t, []);
  page.clock.jumps(3_600_000);
  const [left, ...more] = await page.settled(page.b24pay.unsettled());
  assert.deepEqual(more, []);
  assert.deepEqual({ ...left, sentAt: typeof left.sentAt }, { paymentId: 501, paySystemId: 11, sentAt: 'string' });
  assert.ok(Math.abs(Date.parse(left.sentAt) - Date.now()) < 10_000);
  assert.equal(new Date(left.sentAt).toISOString(), left.sentAt);
});

test('what a closed page left at one portal is reported while a payment of the same number is under way at another', async (t) => {
  storing(t);
  localStorage.setItem('b24pay:one.bitrix24.example:501', entry());
  const page = await portalPage(t, []);
  t.mock.method(globalThis, 'fetch', () => new Promise(() => {}));
  const [one, other] = ['one', 'other'].map((name) => page.b24pay.webhook(`https://${name}.bitrix24.example/rest/1/abc/`));
  page.b24pay.payPayment(PAY_501, { portal: other }).catch(() => {});
  await page.clock.pass(100);
  assert.equal((await page.settled(page.b24pay.unsettled({ portal: one }))).length, 1);
});

test('an entry whose time is none is reported without one', async (t) => {
  storing(t);
  localStorage.setItem(key(501), entry({ sentAt: -1e300 }));
  const page = await portalPage(t, []);
  assert.deepEqual(await page.settled(page.b24pay.unsettled()), [{ paymentId: 501, paySystemId: 11, sentAt: '' }]);
});

test('a storage of somebody\'s test that has a name for every number is not read for ever', async (t) => {
  storing(t);
  localStorage.key = () => '';
  const page = await portalPage(t, []);
  assert.deepEqual(await page.settled(page.b24pay.unsettled()), []);
});

test('a settled payment leaves nothing behind', async (t) => {
  storing(t);
  const page = await portalPage(t, [
    [GET, result(payment())],
    [PAY, body(200, { result: true })],
    [GET, result(payment(PAID))],
  ]);
  assert.equal((await page.settled(page.b24pay.payPayment(PAY_501))).status, 'paid');
  await page.clock.pass(10);
  assert.equal(localStorage.text, '[]');
});

test('without locks, what a page reports whose clock was set back still ends with the page that sent it', async (t) => {
  storing(t);
  navigator(t, {});
  const page = await portalPage(t, [[GET, result(payment())], [PAY, later(2_000, result(true))], [GET, result(payment(PAID))]]);
  const other = await compiledCopy();
  const outcome = page.b24pay.payPayment(PAY_501);
  await page.clock.pass(1_000);
  page.clock.jumps(-3_600_000);
  assert.equal((await page.settled(other.unsettled())).length, 1);
  assert.equal((await page.settled(outcome)).status, 'paid');
  assert.deepEqual(await page.settled(other.unsettled()), []);
  assert.equal(localStorage.text, '[]');
});

test('a storage that throws or lies changes nothing', async (t) => {
  const refuse = () => { throw new DOMException('no', 'SecurityError'); };
  const full = new Storage();
  full.setItem = refuse;
  const forged = new Storage();
  forged.setItem('b24pay:shop.bitrix24.example:501', '{"sentAt":"never"');
  t.after(() => { delete globalThis.localStorage; });
  for (const storage of [new Proxy({}, { get: refuse }), full, forged]) {
    globalThis.localStorage = storage;
    const page = await portalPage(t, [
      [GET, result(payment())],
      [PAY, result(true)],
      [GET, result(payment(PAID))],
    ]);
    assert.equal((await page.settled(page.b24pay.payPayment(PAY_501))).status, 'paid');
  }
});

test('a mark that is being taken back is noted as that, without a pay system', async (t) => {
  storing(t);
  const closed = await portalPage(t, [[GET, result(payment(PAID))], [UNMARK, silence]]);
  closed.b24pay.markUnpaid(501);
  await closed.clock.pass(1_000);
  assert.equal(JSON.parse(localStorage.getItem(key(501))).pays, false);

  const page = await portalPage(t, []);
  const [{ paySystemId }] = await page.settled(page.b24pay.unsettled());
  assert.equal(paySystemId, null);
});

for (const [what, pays, waits] of [['paid is settled', true, false], ['taken back is waited for', false, true]]) {
  test(`a paid payment that a closed page left being ${what}`, async (t) => {
    storing(t);
    const page = await portalPage(t, []);
    page.bx24.standing.set(GET, result(payment(PAID)));
    localStorage.setItem(key(501), entry({ pays }));
    const begun = page.clock.now;
    assert.equal((await page.settled(page.b24pay.payPayment(PAY_501))).status, 'alreadyPaid');
    assert.equal(page.clock.now - begun >= 3_000, waits);
  });
}

test('entries of other portals, and such as nobody understands, are no entries', async (t) => {
  storing(t);
  const page = await portalPage(t, []);
  localStorage.setItem('b24pay:other.bitrix24.example:501', entry());
  localStorage.setItem('b24pay:other.bitrix24.example:shop.bitrix24.example:501', entry());
  for (const id of ['0', '0501', '5x', '', '-1', ' 501']) localStorage.setItem(key(id), entry());
  for (const [id, text] of ['', '{', '5', 'null', '{"sentAt":1}', entry({ sentAt: '1' }), entry({ settleMs: null })].entries()) {
    localStorage.setItem(key(601 + id), text);
  }
  localStorage.setItem(key(502), entry());
  const left = await page.settled(page.b24pay.unsettled());
  assert.deepEqual(left.map(({ paymentId }) => paymentId), [502]);
});

// How often the storage is asked while this goes on.
async function asked(t, doing) {
  const [keys, items] = ['key', 'getItem'].map((name) => t.mock.method(localStorage, name).mock);
  await doing();
  return { keys: keys.callCount(), items: items.callCount() };
}

test('whatever others keep in the storage, a payment goes through none of it', async (t) => {
  storing(t);
  const page = await portalPage(t, [[GET, result(payment())], [PAY, result(true)], [GET, result(payment(PAID))]]);
  const { keys } = await asked(t, () => page.settled(page.b24pay.payPayment(PAY_501)));
  assert.equal(keys, 0);
});

test('however many entries there are, a thousand are reported, and each is read twice for that', async (t) => {
  storing(t);
  const page = await portalPage(t, []);
  for (let id = 1; id <= 1_100; id += 1) localStorage.setItem(key(id), entry());
  const { items } = await asked(t, async () => {
    assert.equal((await page.settled(page.b24pay.unsettled())).length, 1_000);
  });
  assert.equal(items, 2_000);
});

for (const [what, other, stays] of [
  ['a later entry of another page stays', () => entry({ sentAt: Date.now() + 1 }), true],
  ['an earlier entry', () => entry({ sentAt: Date.now() - 60_000 }), false],
  ['what nobody understands', () => '{', false],
]) {
  test(`without locks, ${what}${stays ? '' : ' in the place of ours goes'} when ours has settled`, async (t) => {
    storing(t);
    navigator(t, {});
    const page = await portalPage(t, [[GET, result(payment())], [PAY, later(2_000, result(true))], [GET, result(payment(PAID))]]);
    const paying = page.b24pay.payPayment(PAY_501);
    await page.clock.pass(1_000);
    const text = other();
    localStorage.setItem(key(501), text);
    assert.equal((await page.settled(paying)).status, 'paid');
    assert.equal(localStorage.getItem(key(501)), stays ? text : null);
  });
}
