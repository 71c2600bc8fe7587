// A few random histories of pages over the built package. `node tests/pages/soak.js` plays as many as one likes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge } from './judge.js';
import { play } from './play.js';

const SEEDS = 200;
const ASKED = [
  'batch', 'crm.item.payment.list', 'crm.item.payment.pay', 'crm.item.payment.unpay', 'crm.timeline.comment.add', 'sale.payment.get', 'sale.payment.list',
  'sale.paysystem.list', 'sale.paysystem.pay.payment',
];

test('in random histories of pages nobody is lied to, nobody waits for ever, and nothing is paid twice', async () => {
  const asked = new Set();
  const told = new Set();
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const played = await play(seed);
    assert.deepEqual(judge(played), [], `history ${seed}; node tests/pages/soak.js 1 ${seed} tells it whole`);
    for (const { method } of played.world.wires) asked.add(method);
    for (const { said, error } of played.told) {
      for (const one of said?.items ?? [said]) told.add(error?.code ?? one?.error?.code ?? one?.status);
    }
  }
  // What the histories no longer come across they no longer judge.
  for (const method of ASKED) {
    assert.ok(asked.has(method), `nobody asked for ${method}`);
  }
  const all = ['paid', 'alreadyPaid', 'notApplied', 'unverified', 'unknown', 'unpaid', 'ABORTED', 'REFUSED', 'UNDER_WAY', 'AMOUNT_CHANGED', 'RETURNED', 'NO_ANSWER', 'AUTH_EXPIRED', 'NO_HANDSHAKE', 'NOT_IN_PORTAL'];
  assert.deepEqual(all.filter((one) => !told.has(one)), [], 'nobody was told so');
});

test('a history is played again to the last request', async () => {
  const requests = async () => {
    const { world, told } = await play(7);
    return [world.wires.map(({ method, handedAt, answeredAt }) => [method, handedAt, answeredAt]), told.map(({ toldAt }) => toldAt)];
  };
  assert.deepEqual(await requests(), await requests());
});
