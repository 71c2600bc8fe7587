// Histories that chance seldom comes across: what other code of the origin has written, and what is found after a page was closed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyOf } from './forged.js';
import { judge } from './judge.js';
import { OPENED_AT } from './opened.js';
import { played } from './play.js';

const SETTLE_MS = 65_000;
const LONGEST = 1e300;
const NOW = OPENED_AT + 1_000;

const page = (number, plan) => ({ number, closesAt: null, closesAfterMs: null, freezesAfterMs: null, locks: 'work', storage: 'work', observes: true, hasStatus: true, initMs: 10, way: 'frame', meddlesMs: null, ...plan });
const caller = (number, doing, plan) => ({ number, doing, page: 0, at: 0, payment: 501, mark: `m${number}`, abortsIn: null, knownMs: null, options: { settleMs: SETTLE_MS, deadlineMs: 30_000 }, ...plan });
const forged = (payment, value) => ({ at: 0, key: keyOf(payment), value: JSON.stringify(value) });

// Plays a history in which all goes well, but for what is given.
async function staged(given) {
  const all = await played({
    seed: 1, settleMs: SETTLE_MS, withinMs: 300, pages: [page(0)], payments: [{ id: 501, order: 77, paid: false, sum: 100, returned: 'N' }], more: 0, forged: [],
    slow: 0, held: 0, trouble: 0, rights: { crm: true, sale: true }, expiresMs: Infinity, refresh: 'works', clearsAt: null, ...given,
  });
  assert.deepEqual(judge(all), []);
  return all;
}

const entry = { paySystemId: 11, pays: true, sentAt: NOW, settleMs: SETTLE_MS };
const forgeries = {
  'that never ends': [forged(501, { ...entry, settleMs: LONGEST })],
  'from the future': [forged(501, { ...entry, sentAt: NOW + LONGEST })],
  'from a future that is near': [forged(501, { ...entry, sentAt: NOW + 1e9 })],
  'of a time that is none': [forged(501, { ...entry, sentAt: null })],
  'of another version': [forged(501, { version: 2, calls: [entry] })],
  'that is none': [{ at: 0, key: keyOf(501), value: '{' }],
};
for (const [what, given] of Object.entries(forgeries)) {
  test(`an entry ${what} delays no longer than a true one`, async () => {
    const { told } = await staged({ forged: given, callers: [caller(0, 'pay')] });
    assert.equal(told[0].said.status, 'paid');
    assert.ok(told[0].toldAt - told[0].startedAt < SETTLE_MS + 10_000, `it took until ${told[0].toldAt}`);
  });
}

// A page that is closed as soon as it has sent.
const closed = { pages: [page(0, { closesAfterMs: 1 }), page(1)], slow: 0.8 };

test('what nobody understands in the storage does not hide what was under way', async () => {
  const junk = ['', '0', '15/1', 500].map((payment) => ({ at: 0, key: keyOf(payment), value: '[' }));
  const { world, told } = await staged({ ...closed, forged: junk, callers: [caller(0, 'pay'), caller(1, 'pay', { page: 1, at: 5_000 })] });
  assert.equal(told[1].said.status, 'alreadyPaid');
  assert.equal(world.rules.changed.length, 1);
});

test('what was under way when a page was closed is given until it is settled, and once more', async () => {
  const asks = [5_000, 10_000, 100_000, 110_000].map((at, number) => caller(number + 1, 'unsettled', { page: 1, at }));
  const { told } = await staged({ ...closed, callers: [caller(0, 'pay'), ...asks] });
  const given = told.slice(1).map(({ said }) => Array.from(said, ({ paymentId }) => paymentId));
  assert.deepEqual(given, [[501], [501], [501], []]);
});

// Without locks a page knows of itself only.
for (const [locks, asking] of [['work', [0, 1]], ['absent', [0]]]) {
  test(`what a page has under way that is open is not given; locks ${locks}`, async () => {
    const asks = asking.map((number) => caller(number + 1, 'unsettled', { page: number, at: 3_000 }));
    const { told } = await staged({ slow: 0.8, pages: [page(0, { locks }), page(1, { locks })], callers: [caller(0, 'pay'), ...asks] });
    assert.ok(told[0].toldAt > told[1].startedAt);
    for (const { said } of told.slice(1)) assert.equal(said.length, 0);
  });
}
