// Importing, loading and breaking: what the loader promises whatever the module does.

import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { GET, PAY, WHOLE, assertPayError, freshCopy, packageFile, portalPage, rejects } from './page.js';
import { PAID, later, payment, result, silence } from './replies.js';

const blocked = (name) => ({
  code: 'WASM_BLOCKED',
  message: `WebAssembly did not start (${name}); the page's Content-Security-Policy must allow 'wasm-unsafe-eval' in script-src, unless what was loaded is incomplete`,
});

test('importing asks nothing, loads nothing and needs no document', async (t) => {
  const before = Object.getOwnPropertyNames(globalThis);
  const instantiate = t.mock.method(WebAssembly, 'instantiate');
  await freshCopy();
  assert.equal(instantiate.mock.callCount(), 0);
  assert.deepEqual(Object.getOwnPropertyNames(globalThis), before);
});

test('the package exports exactly what its types declare', async () => {
  const types = readFileSync(packageFile('b24pay.d.ts'), 'utf8');
  const declared = [...types.matchAll(/^export function (\w+)/gm)].map(([, name]) => name);
  assert.deepEqual(Object.keys(await freshCopy()).sort(), declared.sort());
  assert.deepEqual(Object.keys(await freshCopy('slim.js')).sort(), declared.sort());
});

test('the first callers share one module', async (t) => {
  const instantiate = t.mock.method(WebAssembly, 'instantiate');
  const { getPayment } = await freshCopy();
  await Promise.allSettled([getPayment(0), getPayment(0), getPayment(0)]);
  await getPayment(0).catch(() => {});
  assert.equal(instantiate.mock.callCount(), 1);
});

test('a policy that blocks wasm is named, and the message holds nothing of the module', async (t) => {
  const source = readFileSync(packageFile('b24pay.js'), 'utf8');
  const { getPayment, payPayments } = await freshCopy();
  // WebKit prints the source around the call.
  t.mock.method(WebAssembly, 'instantiate', async () => {
    throw new WebAssembly.CompileError(`Refused to create a WebAssembly object ${source}`);
  });
  await rejects(getPayment(501), blocked('CompileError'));
  await rejects(payPayments([PAY_501]), blocked('CompileError'));
});

for (const missing of ['WebAssembly', 'TextEncoder']) {
  test(`a page without ${missing}, as the jsdom of Jest is, is told so by name`, async (t) => {
    const { getPayment } = await freshCopy();
    const there = globalThis[missing];
    t.after(() => { globalThis[missing] = there; });
    delete globalThis[missing];
    await rejects(getPayment(501), blocked(`ReferenceError: ${missing} is not defined`));
  });
}

test('a failed load is forgotten', async (t) => {
  const { getPayment } = await freshCopy();
  const instantiate = t.mock.method(WebAssembly, 'instantiate');
  instantiate.mock.mockImplementationOnce(async () => { throw new WebAssembly.CompileError('no'); });
  await rejects(getPayment(0), blocked('CompileError'));
  await rejects(getPayment(0), {
    code: 'INVALID_PAYMENT_ID',
    message: `payment id ${WHOLE}, got 0`,
  });
});

test('a load that failed rejects whoever may abort it, and nothing is left unhandled', async (t) => {
  const { getPayment } = await freshCopy();
  const { signal } = new AbortController();
  t.mock.method(WebAssembly, 'instantiate', async () => { throw new WebAssembly.CompileError('no'); });
  const unhandled = t.mock.fn();
  process.on('unhandledRejection', unhandled);
  t.after(() => process.off('unhandledRejection', unhandled));
  await rejects(getPayment(0, { signal }), blocked('CompileError'));
  await new Promise((resolve) => { setImmediate(resolve); });
  assert.equal(unhandled.mock.callCount(), 0);
  assert.equal(getEventListeners(signal, 'abort').length, 0);
});

test('the separate module is fetched from beside the script', async (t) => {
  const wasm = readFileSync(packageFile('b24pay.wasm'));
  const fetching = t.mock.method(globalThis, 'fetch', async () => new Response(wasm));
  const { getPayment } = await freshCopy('slim.js');
  await rejects(getPayment(0), {
    code: 'INVALID_PAYMENT_ID',
    message: `payment id ${WHOLE}, got 0`,
  });
  assert.equal(fetching.mock.calls[0].arguments[0].href, packageFile('b24pay.wasm').href);
});

test('a browser that knows no signal of a timeout loads the separate module without one', async (t) => {
  const { timeout } = AbortSignal;
  t.after(() => { AbortSignal.timeout = timeout; });
  AbortSignal.timeout = undefined;
  const wasm = readFileSync(packageFile('b24pay.wasm'));
  t.mock.method(globalThis, 'fetch', async () => new Response(wasm));
  const { getPayment } = await freshCopy('slim.js');
  await rejects(getPayment(0), { code: 'INVALID_PAYMENT_ID', message: `payment id ${WHOLE}, got 0` });
});

test('a separate module that is not there says so', async (t) => {
  const { getPayment } = await freshCopy('slim.js');
  const fetching = t.mock.method(globalThis, 'fetch', async () => new Response('gone', { status: 404 }));
  await rejects(getPayment(0), { code: 'WASM_BLOCKED', message: 'b24pay.wasm did not load, HTTP status 404' });
  // A server that has its page for every address.
  for (const page of ['<!doctype html>', '']) {
    fetching.mock.mockImplementation(async () => new Response(page));
    await rejects(getPayment(0), { code: 'WASM_BLOCKED', message: 'b24pay.wasm did not load, another file came from its address' });
  }
  const cause = new TypeError('fetch failed');
  fetching.mock.mockImplementation(async () => { throw cause; });
  await rejects(getPayment(0), { code: 'WASM_BLOCKED', message: 'b24pay.wasm could not be fetched', cause });
});

test('a separate module that never comes, or breaks off, says so', async (t) => {
  const { getPayment } = await freshCopy('slim.js');
  const never = new DOMException('too late', 'TimeoutError');
  t.mock.method(AbortSignal, 'timeout', () => AbortSignal.abort(never));
  const fetching = t.mock.method(globalThis, 'fetch', (address, { signal } = {}) => new Promise((resolve, reject) => {
    if (signal?.aborted) reject(signal.reason);
  }));
  await rejects(getPayment(0), { code: 'WASM_BLOCKED', message: 'b24pay.wasm could not be fetched', cause: never });
  assert.equal(AbortSignal.timeout.mock.calls[0].arguments[0], 30_000);
  const cause = new TypeError('terminated');
  fetching.mock.mockImplementation(async () => new Response(new ReadableStream({ pull: (body) => body.error(cause) })));
  await rejects(getPayment(0), { code: 'WASM_BLOCKED', message: 'b24pay.wasm could not be fetched', cause });
});

// A separate module that comes when it is told to, and what else was fetched by then.
async function slowly(t) {
  const wasm = readFileSync(packageFile('b24pay.wasm'));
  const b24pay = await freshCopy('slim.js');
  let come;
  const comes = new Promise((resolve) => { come = () => resolve(new Response(wasm)); });
  const fetching = t.mock.method(globalThis, 'fetch', () => comes);
  return { b24pay, come, fetched: () => fetching.mock.callCount(), portal: b24pay.webhook('https://a.eu/rest/7/s3cret/') };
}

const cause = new Error('the user left');
const ABORTED = { code: 'ABORTED', retry: 'safe', message: 'aborted before anything changed', cause };
const PAY_501 = { paymentId: 501, paySystemId: 11 };

test('an abort while the module is loading ends every call at once, and nothing of it is sent', async (t) => {
  const { b24pay, come, fetched, portal } = await slowly(t);
  const abort = new AbortController();
  const options = { portal, signal: abort.signal };
  const calls = [
    b24pay.payPayment(PAY_501, options), b24pay.markPaid(501, options), b24pay.markUnpaid(501, options), b24pay.getPayment(501, options),
    b24pay.listPayments({ deal: 1 }, options), b24pay.unsettled(options), b24pay.call(GET, { id: 501 }, options),
  ];
  const many = b24pay.payPayments([PAY_501, PAY_501], options);
  const none = b24pay.payPayments('none', options);
  abort.abort(cause);
  for (const call of [...calls, none]) await rejects(call, ABORTED);
  assert.deepEqual(await many, { items: [{ request: PAY_501, status: 'notStarted' }, { request: PAY_501, status: 'notStarted' }] });
  await rejects(b24pay.payPayment(PAY_501, options), ABORTED);
  come();
  await rejects(b24pay.getPayment(0, { portal }), {
    code: 'INVALID_PAYMENT_ID', message: `payment id ${WHOLE}, got 0`,
  });
  assert.equal(fetched(), 1);
});

test('an abort while the module is loading tells of every item, whatever the function that is told throws, and the function of the call', async (t) => {
  const { b24pay, portal } = await slowly(t);
  const abort = new AbortController();
  const told = [];
  const tell = (done, total, item) => {
    told.push([done, total, item]);
    throw cause;
  };
  const later = async (...args) => tell(...args);
  for (const onProgress of [tell, later, undefined, 'none']) {
    const options = { portal, signal: abort.signal, onProgress };
    const many = b24pay.payPayments([PAY_501, PAY_501], options);
    options.onProgress = () => told.push('another');
    abort.abort(cause);
    const { items } = await many;
    assert.deepEqual(items.map(({ status }) => status), ['notStarted', 'notStarted']);
    const isTold = typeof onProgress === 'function';
    assert.deepEqual(told.splice(0), isTold ? [[1, 2, items[0]], [2, 2, items[1]]] : []);
  }
});

test('a signal is let go when the module has loaded, and what is none is refused then', async (t) => {
  const { b24pay, come, fetched, portal } = await slowly(t);
  const { signal } = new AbortController();
  const heard = () => getEventListeners(signal, 'abort').length;
  const read = b24pay.getPayment(0, { portal, signal });
  assert.equal(heard(), 1);
  const unfit = { get signal() { throw cause; } };
  const refused = [
    [{ portal, signal: {} }, { code: 'INVALID_REQUEST', message: 'signal must be an AbortSignal, got an object' }],
    [Object.assign(unfit, { portal }), { code: 'INVALID_REQUEST', message: 'signal must be readable, got a getter that throws', cause }],
  ].map(([options, expected]) => [b24pay.payPayment(PAY_501, options), expected]);
  come();
  await rejects(read, { code: 'INVALID_PAYMENT_ID', message: `payment id ${WHOLE}, got 0` });
  assert.equal(heard(), 0);
  for (const [call, expected] of refused) await rejects(call, expected);
  assert.equal(fetched(), 1);
});

// Makes the next entry into the module trap, as a bug in it would.
function trapping(t) {
  const trap = { isArmed: false, error: new WebAssembly.RuntimeError('unreachable') };
  const { instantiate } = WebAssembly;
  t.mock.method(WebAssembly, 'instantiate', async (bytes, imports) => {
    const { instance } = await instantiate(bytes, imports);
    const exports = {};
    for (const [name, value] of Object.entries(instance.exports)) {
      exports[name] = typeof value !== 'function' ? value : (...given) => {
        if (!trap.isArmed) return value(...given);
        trap.isArmed = false;
        throw trap.error;
      };
    }
    return { instance: { exports } };
  });
  return trap;
}

const broke = (cause) => ({
  code: 'NO_ANSWER', retry: 'readFirst', message: 'b24pay broke while this call was under way', cause,
});

test('when the module breaks, what was sent is unknown and what was read rejects', async (t) => {
  const trap = trapping(t);
  const page = await portalPage(t, [
    [GET, result(payment())],
    [PAY, silence],
    [GET, silence],
  ]);
  const { payPayment, payPayments, markPaid, markUnpaid, getPayment } = page.b24pay;
  const pay = payPayment({ paymentId: 501, paySystemId: 11 });
  await page.clock.pass(1_000);
  assert.equal(page.bx24.count(PAY), 1);
  const reading = getPayment(502);
  reading.catch(() => {});
  const many = payPayments([{ paymentId: 501, paySystemId: 11 }]);
  const marks = [markPaid(501), markUnpaid(501)];
  await page.clock.pass(100);
  trap.isArmed = true;
  page.clock.after(1, () => getPayment(503).catch(() => {}));

  const outcome = await page.settled(pay);
  assert.deepEqual(Object.keys(outcome), ['status', 'cause']);
  assert.equal(outcome.status, 'unknown');
  assertPayError(outcome.cause, broke(trap.error));
  for (const mark of marks) assert.deepEqual(await mark, outcome);
  await rejects(reading, broke(trap.error));
  const { items } = await many;
  assert.deepEqual(items, [{ request: { paymentId: 501, paySystemId: 11 }, status: 'unknown', cause: outcome.cause }]);
});

test('after it broke, nothing of it goes on to pay for a caller that was told', async (t) => {
  const trap = trapping(t);
  const page = await portalPage(t, [[GET, later(500, result(payment()))], [GET, result(payment({ id: 503 }))]]);
  const { payPayment, getPayment } = page.b24pay;
  const pay = payPayment({ paymentId: 501, paySystemId: 11 });
  await page.clock.pass(100);
  trap.isArmed = true;
  await rejects(getPayment(502), broke(trap.error));
  assert.equal((await pay).status, 'unknown');
  await page.clock.pass(60_000);
  assert.deepEqual(page.bx24.methods, [GET]);
  assert.equal((await page.settled(getPayment(503))).id, 503);
});

test('a call that was not handed over yet when it broke begins in a new module', async (t) => {
  const trap = trapping(t);
  const page = await portalPage(t, [[GET, result(payment())], [PAY, result(true)], [GET, result(payment(PAID))]]);
  const { payPayment, getPayment } = page.b24pay;
  trap.isArmed = true;
  const [first, second] = [getPayment(502), payPayment({ paymentId: 501, paySystemId: 11 })];
  await rejects(first, broke(trap.error));
  assert.equal((await page.settled(second)).status, 'paid');
  assert.equal(WebAssembly.instantiate.mock.callCount(), 2);
});

test('after it broke, the next call starts a new module', async (t) => {
  const trap = trapping(t);
  const page = await portalPage(t, [[GET, result(payment())]]);
  assert.equal(WebAssembly.instantiate.mock.callCount(), 1);
  trap.isArmed = true;
  await rejects(page.b24pay.getPayment(501), broke(trap.error));
  await rejects(page.b24pay.getPayment(0), {
    code: 'INVALID_PAYMENT_ID', message: `payment id ${WHOLE}, got 0`,
  });
  assert.equal(WebAssembly.instantiate.mock.callCount(), 2);
  assert.equal((await page.settled(page.b24pay.getPayment(501))).id, 501);
});

test('what is refused at once is listened to before the next turn, as zone.js looks for it', async (t) => {
  const [heard, unheard] = [new WeakSet(), []];
  const { Promise } = globalThis;
  t.after(() => { globalThis.Promise = Promise; });
  globalThis.Promise = class extends Promise {
    constructor(run) {
      let made;
      super((resolve, reject) => run(resolve, (cause) => {
        reject(cause);
        const look = () => { if (!heard.has(made)) unheard.push(cause); };
        if (made) look();
        else queueMicrotask(look);
      }));
      made = this;
    }

    then(...listeners) {
      heard.add(this);
      return super.then(...listeners);
    }
  };
  const { getPayment, payPayments, webhook } = await freshCopy();
  const portal = webhook('https://a.eu/rest/7/s3cret/');
  // While the module is loading, and when it is there.
  for (let times = 0; times < 2; times += 1) {
    await rejects(getPayment(501, { portal, signal: AbortSignal.abort(cause) }), ABORTED);
    await rejects(getPayment(0, { portal }), { code: 'INVALID_PAYMENT_ID', message: `payment id ${WHOLE}, got 0` });
    await payPayments([PAY_501], { portal, signal: AbortSignal.abort(cause) });
  }
  assert.deepEqual(unheard, []);
});

test('a PayError is known by its name, whatever else is asked', async () => {
  const { isPayError, getPayment } = await freshCopy();
  assert.equal(isPayError(await getPayment(0).catch((error) => error)), true);
  assert.equal(isPayError({ name: 'PayError' }), true, 'it may come from another frame');
  const unaskable = new Proxy({}, { get() { throw new Error('no'); } });
  for (const other of [new Error('no'), undefined, null, 0, 'PayError', Symbol('s'), () => {}, unaskable]) {
    assert.equal(isPayError(other), false);
  }
});
