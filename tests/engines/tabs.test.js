// One payment, one sender, across the tabs of one browser: locks, the journal, and what is left where they are missing.

import assert from 'node:assert/strict';
import { until } from './frame.js';
import { call, pay } from './paying.js';
import { MARK, onEngines, PAY, READ } from './stage.js';

const TIMES = { settleMs: 1000, deadlineMs: 5000 };
const SILENT = { settleMs: 1500, deadlineMs: 500 };
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
    await one.close();
    const outcome = await pay(other, undefined, { ...SILENT, deadlineMs: 5000 });
    assert.deepEqual([outcome.status, outcome.recovered], ['paid', false]);
    const [sent, resent] = await sandbox.received(PAY);
    assert.ok(resent.atMs - sent.atMs >= SILENT.settleMs, `sent again after ${resent.atMs - sent.atMs} ms`);
    const between = (await sandbox.received(READ)).filter(({ n }) => n > sent.n && n < resent.n);
    assert.ok(between.length >= 1, 'sent without reading first');
  });

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
