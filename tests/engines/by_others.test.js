// Locks and the journal are everybody's of an origin: whatever others do to them, nothing is sent twice.

import assert from 'node:assert/strict';
import { pay, TIMES } from './paying.js';
import { onEngines, PAY } from './stage.js';

onEngines(undefined, TIMES, ({ play }) => {
  for (const [what, act] of [
    ['takes the locks away', async (host) => {
      for (const of of ['payment/501', 'order/917']) await navigator.locks.request(`b24pay:${host}/${of}`, { steal: true }, () => {});
    }],
    ['erases the entry', () => localStorage.clear()],
  ]) {
    play(`somebody else of this origin ${what}: the second tab still does not send`, async ({ sandbox, open }) => {
      const [one, other] = [await open(), await open()];
      await sandbox.fault({ method: PAY, fault: 'commitLate', ms: 1200 });
      const first = pay(one, undefined, { settleMs: 10_000, deadlineMs: 500 });
      await sandbox.arrived(PAY);
      await other.run(act, new URL(sandbox.portal).host);
      const second = await pay(other, undefined, { settleMs: 10_000, deadlineMs: 5000 });
      assert.deepEqual([(await first).status, second.status, second.sent], ['paid', 'alreadyPaid', false]);
      assert.equal((await sandbox.received(PAY)).length, 1);
    });
  }

  play('a lock that somebody else of this origin keeps ends as under way, and nothing is sent', async ({ sandbox, open }) => {
    const [one, other] = [await open(), await open()];
    const name = `b24pay:${new URL(sandbox.portal).host}/payment/501`;
    await one.run((name) => new Promise((held) => {
      navigator.locks.request(name, () => new Promise(() => held(null)));
    }), name);
    const refused = await pay(other, undefined, { settleMs: 300, deadlineMs: 300 });
    assert.deepEqual([refused.status, refused.code, refused.retry], ['rejected', 'UNDER_WAY', 'safe']);
    await one.close();
    assert.equal((await pay(other)).status, 'paid');
    assert.equal((await sandbox.received(PAY)).length, 1);
  });
});
