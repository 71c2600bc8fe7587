// Every promise settles, with the truth: a callback that comes late, twice or never, and a library that throws.

import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { GET, PAY, assertPayError, navigator, portalPage, rejects } from './page.js';
import { PAID, atOnce, emptyBody, hostile, later, payment, refusal, result, silence, thrown, twice } from './replies.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

const PAY_501 = { paymentId: 501, paySystemId: 11 };
const SHORT = { deadlineMs: 100, settleMs: 2_000 };

// Pays 501 with a first read, this reply to the call, and this one to every read after it.
async function sent(t, reply, readBack, options = SHORT) {
  const page = await portalPage(t, [[GET, result(payment())], [PAY, reply]]);
  page.bx24.standing.set(GET, readBack);
  const begun = page.clock.now;
  const outcome = await page.settled(page.b24pay.payPayment(PAY_501, options));
  assert.equal(page.bx24.count(PAY), 1);
  return { page, outcome, took: page.clock.now - begun };
}

const NO_ANSWER = { code: 'NO_ANSWER', retry: 'readFirst', method: PAY, message: `${PAY} got no answer` };

test('a callback that never comes, and a payment that was paid: recovered', async (t) => {
  const { outcome } = await sent(t, silence, result(payment(PAID)));
  assert.equal(outcome.status, 'paid');
  assert.equal(outcome.recovered, true);
});

test('a callback that never comes, and a payment that stays unpaid: unknown, since it may still run', async (t) => {
  const { outcome, took } = await sent(t, silence, result(payment()));
  const { status, cause, payment: last } = outcome;
  assert.equal(status, 'unknown');
  assert.equal(last.paid, false);
  assertPayError(cause, NO_ANSWER);
  assert.ok(took >= SHORT.settleMs && took < SHORT.settleMs + 500, `took ${took} ms`);
});

test('in a hidden page, whose timers fire once a minute, what the portal says at once is told at once', async (t) => {
  const page = await portalPage(t, [[GET, result(payment())], [PAY, result(true)], [GET, result(payment(PAID))]]);
  page.clock.keepsBack(60_000);
  const begun = page.clock.now;
  assert.equal((await page.settled(page.b24pay.payPayment(PAY_501))).status, 'paid');
  assert.ok(page.clock.now - begun < 100, `took ${page.clock.now - begun} ms`);
});

test('in a hidden page a silent call ends as anywhere, by the clock and not by the count of its timers', async (t) => {
  const page = await portalPage(t, [[GET, result(payment())], [PAY, silence]]);
  page.clock.keepsBack(60_000);
  page.bx24.standing.set(GET, result(payment()));
  const begun = page.clock.now;
  assert.equal((await page.settled(page.b24pay.payPayment(PAY_501))).status, 'unknown');
  assert.ok(page.clock.now - begun < 120_000, `took ${page.clock.now - begun} ms`);
  assert.equal(page.bx24.count(PAY), 1);
});

test('without options a silent call ends within the stated times', async (t) => {
  const { outcome, took } = await sent(t, silence, result(payment()), {});
  assert.equal(outcome.status, 'unknown');
  assert.ok(took >= 65_000 && took < 66_000, `took ${took} ms`);
});

// What fails in the page is perhaps kept by its service worker, which sends it when the network is back.
for (const [what, serviceWorker, expected] of [
  ['has a service worker', { controller: {} }, 'unknown'],
  ['has no service worker', { controller: null }, 'notApplied'],
  ['may not ask for one', { get controller() { throw new DOMException('a sandbox', 'SecurityError'); } }, 'notApplied'],
]) {
  test(`where the page ${what}, a call that was told to have failed is ${expected}`, async (t) => {
    navigator(t, { serviceWorker });
    assert.equal((await sent(t, emptyBody(200), result(payment()))).outcome.status, expected);
    const page = await portalPage(t, []);
    t.mock.method(globalThis, 'fetch', async (address) => {
      if (address.includes(PAY)) throw new TypeError('offline');
      return Response.json({ result: payment() });
    });
    const portal = page.b24pay.webhook('https://a.eu/rest/7/s3cret/');
    assert.equal((await page.settled(page.b24pay.payPayment(PAY_501, { ...SHORT, portal }))).status, expected);
  });
}

test('a payment that turns paid while nobody answers is found soon', async (t) => {
  const paidFrom = 3_000;
  const { outcome, took } = await sent(t, silence, (call) => {
    result(payment(call.clock.now > 5_000 + paidFrom ? PAID : {}))(call);
  }, { deadlineMs: 100, settleMs: 60_000 });
  assert.equal(outcome.status, 'paid');
  assert.ok(took < 2 * paidFrom + 1_000, `took ${took} ms`);
});

test('a callback that comes after the deadline still counts', async (t) => {
  const { outcome } = await sent(t, later(500, refusal(400, 'ERROR_CHECK_FAILURE', 'Pay system not found')), result(payment()))
    .then(() => assert.fail('resolved'), (outcome) => ({ outcome }));
  assertPayError(outcome, {
    code: 'REFUSED', method: PAY, httpStatus: 400, portalCode: 'ERROR_CHECK_FAILURE', portalText: 'Pay system not found',
    message: `${PAY} was refused: Pay system not found (ERROR_CHECK_FAILURE)`,
  });
});

test('a callback that comes after everything has settled does nothing', async (t) => {
  const { page, outcome } = await sent(t, later(9_000, result(true)), result(payment()));
  assert.equal(outcome.status, 'unknown');
  await page.clock.pass(20_000);
  assert.equal(page.bx24.count(PAY), 1);
});

test('of a callback that comes twice only the first counts', async (t) => {
  const no = refusal(400, 'ERROR_CHECK_FAILURE', 'no');
  const { page, outcome } = await sent(t, twice(result(true), no), result(payment(PAID)));
  assert.equal(outcome.status, 'paid');
  await page.clock.pass(1_000);
  const both = (call) => [result(true), no].forEach((reply) => atOnce(reply)(call));
  assert.equal((await sent(t, both, result(payment()))).outcome.status, 'notApplied');
});

test('a callback that comes before callMethod has returned counts like any other', async (t) => {
  const { outcome } = await sent(t, atOnce(result(true)), atOnce(result(payment(PAID))));
  assert.deepEqual([outcome.status, outcome.recovered], ['paid', false]);
});

test('a result whose members throw says nothing, and a read decides', async (t) => {
  const { outcome } = await sent(t, hostile(new Error('hostile')), result(payment(PAID)));
  assert.deepEqual([outcome.status, outcome.recovered], ['paid', true]);
});

test('when callMethod throws, what was thrown is the cause, and the payment is read', async (t) => {
  const error = new TypeError('Cannot convert a Symbol value to a string');
  const { outcome } = await sent(t, thrown(error), result(payment()));
  assert.equal(outcome.status, 'unknown');
  assertPayError(outcome.cause, { ...NO_ANSWER, cause: error });
});

test('a result that holds itself is read', async (t) => {
  const circular = (call) => {
    const answer = { result: true };
    answer.self = answer;
    call.clock.after(5, () => call.callback({ answer, status: 200, data: () => answer, error: () => undefined }));
  };
  const { outcome } = await sent(t, circular, result(payment(PAID)));
  assert.equal(outcome.status, 'paid');
});

for (const [what, reply] of [
  ['another payment', result(payment({ id: 502 }))],
  ['no payment', result(true)],
  ['a payment that does not say whether it is paid', result(payment({ paid: undefined }))],
]) {
  test(`a first read that brings ${what} rejects, and nothing is sent`, async (t) => {
    const page = await portalPage(t, [[GET, reply]]);
    await rejects(page.settled(page.b24pay.payPayment(PAY_501)), {
      code: 'NONSENSE', retry: 'readFirst', method: GET, httpStatus: 200,
      message: `${GET} was answered with something else than the payment that was asked for`,
    });
  });
}

test('a first read that is never answered rejects after its deadline, and nothing is sent', async (t) => {
  const page = await portalPage(t, [[GET, silence]]);
  const begun = page.clock.now;
  await rejects(page.settled(page.b24pay.payPayment(PAY_501, SHORT)), {
    code: 'NO_ANSWER', retry: 'readFirst', method: GET, message: `${GET} got no answer`,
  });
  assert.ok(page.clock.now - begun < 1_000);
  assert.equal(page.bx24.count(PAY), 0);
});

test('aborted before it is sent, a call rejects with the reason and sends nothing', async (t) => {
  const page = await portalPage(t, [[GET, later(1_000, result(payment()))]]);
  const abort = new AbortController();
  const reason = new Error('the user left');
  page.clock.after(500, () => abort.abort(reason));
  const { signal } = abort;
  await rejects(page.settled(page.b24pay.payPayment(PAY_501, { signal })), {
    code: 'ABORTED', retry: 'safe', message: 'aborted before anything changed', cause: reason,
  });
  await page.clock.pass(5_000);
  assert.equal(page.bx24.count(PAY), 0);
});

test('aborted after it was sent, a call is unknown and is not taken back', async (t) => {
  const page = await portalPage(t, [[GET, result(payment())], [PAY, later(1_000, result(true))]]);
  page.bx24.standing.set(GET, result(payment(PAID)));
  const abort = new AbortController();
  page.clock.after(500, () => abort.abort());
  const { status, cause } = await page.settled(page.b24pay.payPayment(PAY_501, { signal: abort.signal }));
  assert.equal(status, 'unknown');
  assertPayError(cause, {
    code: 'ABORTED', retry: 'readFirst', message: 'aborted after the call was sent; it may still run', cause: abort.signal.reason,
  });
});

test('an already aborted signal rejects before anything is asked', async (t) => {
  const page = await portalPage(t, []);
  const signal = AbortSignal.abort('early');
  await rejects(page.settled(page.b24pay.payPayment(PAY_501, { signal })), {
    code: 'ABORTED', retry: 'safe', message: 'aborted before anything changed', cause: 'early',
  });
  await rejects(page.settled(page.b24pay.getPayment(501, { signal })), {
    code: 'ABORTED', retry: 'safe', message: 'aborted before anything changed', cause: 'early',
  });
});

test('a call that is answered leaves no timer behind', async (t) => {
  const page = await portalPage(t, [[GET, result(payment())], [PAY, result(true)], [GET, result(payment(PAID))]]);
  assert.equal((await page.settled(page.b24pay.payPayment(PAY_501))).status, 'paid');
  await page.clock.pass(10);
  assert.equal(page.clock.timers, 0);
});

test('a signal is let go when its call is over, however it ends', async (t) => {
  const page = await portalPage(t, []);
  page.bx24.standing.set(GET, result(payment(PAID)));
  page.bx24.standing.set('batch', result({ result: { p501: payment(PAID) }, result_error: [] }));
  const { payPayment, payPayments, getPayment, unsettled } = page.b24pay;
  const { signal } = new AbortController();
  for (const call of [
    () => payPayment(PAY_501, { signal }), () => payPayments([PAY_501], { signal }), () => getPayment(501, { signal }),
    () => unsettled({ signal }), () => payPayment({ ...PAY_501, paySystemId: 12 }, { signal }), () => payPayment(PAY_501, { signal, settleMs: 0 }),
  ]) {
    await page.settled(call().catch(() => {}));
  }
  assert.equal(getEventListeners(signal, 'abort').length, 0);
});

test('calls that are answered twice, never or by a throw grow neither the module nor the heap', async (t) => {
  const { instantiate } = WebAssembly;
  let memory;
  t.mock.method(WebAssembly, 'instantiate', async (bytes, imports) => {
    const { instance } = await instantiate(bytes, imports);
    memory = Object.values(instance.exports).find((value) => value instanceof WebAssembly.Memory);
    return { instance };
  });
  const page = await portalPage(t, []);
  const replies = [twice(result(payment())), silence, thrown(new Error('no')), hostile(new Error('no'))];
  const round = async () => {
    for (let call = 0; call < 400; call += 1) {
      page.bx24.standing.set(GET, replies[call % replies.length]);
      await page.settled(page.b24pay.getPayment(501, { deadlineMs: 5 }).catch(() => {}));
    }
    // A closure that the library was given goes when the garbage collector has seen that nobody holds it.
    page.bx24.asked.length = 0;
    collectGarbage();
    await page.clock.pass(20_000);
  };
  await round();
  await round();
  const size = memory.buffer.byteLength;
  const heap = process.memoryUsage().heapUsed;
  for (let rounds = 0; rounds < 9; rounds += 1) await round();
  // Memory grows by pages, and where in a page things come to lie differs; 19 bytes a call would exceed it.
  assert.ok(memory.buffer.byteLength <= size + 65_536, `3600 calls took ${memory.buffer.byteLength - size} bytes of the module`);
  const grown = process.memoryUsage().heapUsed - heap;
  assert.ok(grown < 400 * 3600, `3600 calls left ${grown} bytes`);
});
