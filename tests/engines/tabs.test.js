// One payment, one sender, across the tabs of one browser: locks and the journal, which nobody else touches.

import assert from 'node:assert/strict';
import { until } from '../until.js';
import { call, pay, SILENT, TIMES } from './paying.js';
import { onEngines, PAY, READ } from './stage.js';

const order = ({ method }) => [PAY, READ].includes(method);

onEngines(undefined, TIMES, ({ play }) => {
  play('two tabs pay the same payment: the second waits and finds it paid, after one call', async ({ sandbox, open }) => {
    const [one, other] = [await open(), await open()];
    await sandbox.fault({ method: PAY, fault: 'delay', ms: 700 });
    const first = pay(one, undefined, TIMES);
    await sandbox.arrived(PAY);
    const second = pay(other, undefined, TIMES);
    assert.deepEqual([(await first).status, (await first).recovered], ['paid', false]);
    assert.deepEqual([(await second).status, (await second).sent], ['alreadyPaid', false]);
    // The second was let in when the first was done: nothing is read before the answer has come.
    const [before, sent, ...after] = (await sandbox.log()).filter(order);
    assert.deepEqual([before, sent, ...after].map(({ method }) => method), [READ, PAY, ...after.map(() => READ)]);
    assert.ok(after[0].atMs - sent.atMs >= 700, 'the second did not wait');
  });

  play('a tab closed before the portal runs its call: the next one is told of it, reads, and does not send', async ({ sandbox, open }) => {
    const [one, other] = [await open(), await open()];
    await sandbox.fault({ method: PAY, fault: 'commitLate', ms: 1200 });
    pay(one).catch(() => {});
    await sandbox.arrived(PAY);
    assert.deepEqual(await call(other, 'unsettled', []), [], 'a living tab settles its own call');
    await one.close();
    const [left, ...none] = await until(async () => {
      const entries = await call(other, 'unsettled', []);
      return entries.length && entries;
    }, 'the closed tab is not reported');
    assert.deepEqual([left.paymentId, left.paySystemId, none], [501, 11, []]);
    assert.ok(Math.abs(Date.parse(left.sentAt) - Date.now()) < 60_000, left.sentAt);
    const outcome = await pay(other, undefined, { settleMs: 10_000, deadlineMs: 5000 });
    assert.deepEqual([outcome.status, outcome.sent], ['alreadyPaid', false]);
    assert.equal((await sandbox.received(PAY)).length, 1);
    assert.deepEqual(await call(other, 'unsettled', []), []);
  });

  play('a tab closed whose call never runs: the next one sends when that can no longer run, and not before', async ({ sandbox, open }) => {
    const [one, other] = [await open(), await open()];
    await sandbox.fault({ method: PAY, fault: 'hang' });
    pay(one, undefined, SILENT).catch(() => {});
    await sandbox.arrived(PAY);
    const sentAt = await noted(one, sandbox);
    await one.close();
    const second = pay(other, undefined, { ...SILENT, deadlineMs: 5000 });
    await sandbox.arrived(PAY, 2);
    // From its sending: how long a call is on its way to the portal is another time for each.
    const after = Date.now() - sentAt;
    assert.ok(after >= SILENT.settleMs, `sent again ${after} ms after the first was sent`);
    const outcome = await second;
    assert.deepEqual([outcome.status, outcome.recovered], ['paid', false]);
    const [sent, resent] = await sandbox.received(PAY);
    const between = (await sandbox.received(READ)).filter(({ n }) => n > sent.n && n < resent.n);
    assert.ok(between.length >= 1, 'sent without reading first');
  });
});

// When the call for payment 501 was sent, by the journal, in milliseconds since 1970.
function noted(tab, sandbox) {
  return tab.run((host) => JSON.parse(localStorage.getItem(`b24pay:${host}:501`)).sentAt, new URL(sandbox.portal).host);
}
