// One payment, one sender, in one tab: what is pressed twice, and what is left where locks and storage are missing or forged.

import assert from 'node:assert/strict';
import { call, pay, SILENT, TIMES } from './paying.js';
import { MARK, onEngines, PAY, READ } from './stage.js';

onEngines(undefined, TIMES, ({ play }) => {
  play('a second press while the first is unknown and may still run sends nothing', async ({ sandbox, open }) => {
    const tab = await open();
    await sandbox.fault({ method: PAY, fault: 'commitLate', ms: 1000 });
    const first = await abortedOnceSent(tab, sandbox);
    assert.deepEqual([first.status, first.cause], ['unknown', 'ABORTED']);
    const second = await pay(tab, undefined, { settleMs: 5000, deadlineMs: 500 });
    assert.match(second.status, /^(paid|alreadyPaid)$/);
    assert.equal((await sandbox.received(PAY)).length, 1);
  });

  play('a second press after unknown reads first, and sends since the first can no longer run', async ({ sandbox, open }) => {
    const tab = await open();
    await sandbox.fault({ method: PAY, fault: 'hang' });
    const first = await pay(tab, undefined, SILENT);
    assert.deepEqual([first.status, first.cause, first.payment.paid], ['unknown', 'NO_ANSWER', false]);
    const before = (await sandbox.log()).length;
    assert.equal((await pay(tab, undefined, TIMES)).status, 'paid');
    const methods = (await sandbox.log()).slice(before).map(({ method }) => method);
    assert.deepEqual(methods, [READ, PAY, READ]);
  });

  play('two calls in one tick are one call with one outcome', async ({ sandbox, open }) => {
    const tab = await open();
    const outcomes = await tab.run(async () => {
      const { payPayment } = await import('/b24pay.js');
      const press = () => payPayment({ paymentId: 501, paySystemId: 11 });
      return Promise.all([press(), press()]);
    });
    assert.equal(outcomes[0].status, 'paid');
    assert.deepEqual(outcomes[0], outcomes[1]);
    assert.equal((await sandbox.received(PAY)).length, 1);
  });

  play('without locks or storage, or with such that throw, one page still sends once', async ({ sandbox, open }) => {
    const tab = await open();
    for (const [way, paymentId] of [['missing', 501], ['throwing', 504], ['refusing', 505]]) {
      await without(tab, way);
      // Unlike calls do not share one run, so that only their turn keeps the second from sending.
      const [paid, marked] = await Promise.all([
        pay(tab, { paymentId, paySystemId: 11 }),
        call(tab, 'markPaid', [paymentId]),
      ]);
      assert.deepEqual([paid.status, marked.status].sort(), ['alreadyPaid', 'paid'], way);
      assert.equal((await sandbox.payments(paymentId)).paidTimes, 1, way);
    }
    assert.equal((await sandbox.received(PAY)).length + (await sandbox.received(MARK)).length, 3);
  });

  play('forged journal entries delay a call, and do no more', async ({ sandbox, open }) => {
    const tab = await open();
    const host = new URL(sandbox.portal).host;
    await tab.run((host) => {
      const future = Date.now() + 86_400_000;
      const forged = { paySystemId: 11, pays: true, sentAt: future, settleMs: 1e12 };
      localStorage.setItem(`b24pay:${host}:501`, JSON.stringify(forged));
      const nonsense = ['', '{', 'null', '[]', '{"sentAt":"now","settleMs":{}}', JSON.stringify({ ...forged, sentAt: null })];
      nonsense.forEach((text, at) => localStorage.setItem(`b24pay:${host}:${504 + at}`, text));
      localStorage.setItem(`b24pay:${host}:01`, JSON.stringify(forged));
    }, host);
    const delayed = await pay(tab, undefined, TIMES);
    assert.equal(delayed.status, 'paid');
    assert.ok(delayed.ms >= TIMES.settleMs && delayed.ms < TIMES.settleMs + 5000, `${delayed.ms} ms`);
    const free = await pay(tab, { paymentId: 504, paySystemId: 11 }, { settleMs: 60_000 });
    assert.equal(free.status, 'paid');
    assert.ok(free.ms < 10_000, `${free.ms} ms`);
    assert.equal((await sandbox.received(PAY)).length, 2);
  });
});

// Presses, and lets go as soon as the portal has the call.
async function abortedOnceSent(tab, sandbox) {
  const pressed = tab.run(async () => {
    window.press = new AbortController();
    const { payPayment } = await import('/b24pay.js');
    const options = { settleMs: 5000, deadlineMs: 500, signal: window.press.signal };
    const { status, cause } = await payPayment({ paymentId: 501, paySystemId: 11 }, options);
    return { status, cause: cause?.code };
  });
  await sandbox.arrived(PAY);
  await tab.run(() => window.press.abort());
  return pressed;
}

// Takes locks and storage away from the page, each way anew.
function without(tab, way) {
  return tab.run((way) => {
    const denied = () => { throw new DOMException('denied', 'SecurityError'); };
    const ways = {
      missing: () => undefined,
      throwing: denied,
      refusing: (name) => (name === 'locks'
        ? { request: () => Promise.reject(new DOMException('denied', 'SecurityError')) }
        : { length: 0, key: denied, getItem: denied, setItem: denied, removeItem: denied }),
    };
    for (const [owner, name] of [[navigator, 'locks'], [window, 'localStorage']]) {
      Object.defineProperty(owner, name, { configurable: true, get: () => ways[way](name) });
    }
  }, way);
}
