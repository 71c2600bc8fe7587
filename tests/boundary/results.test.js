// What BX24 hands to a callback, in every shape: an error is never lost, and nothing but a yes is one.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GET, PAY, SALE_GET, portalPage, rejects } from './page.js';
import { ScriptedBx24 } from './scripted-bx24.js';
import { PAID, hostile, payment, refusal, result } from './replies.js';

const PAY_501 = { paymentId: 501, paySystemId: 11 };
const refuse = () => { throw new Error('hostile'); };

// A result of these members; those that are missing say nothing.
const handed = (members) => ({ clock, callback }) => void clock.after(5, () => callback({
  status: 400, answer: undefined, error: () => undefined, error_description: () => undefined, data: () => undefined, ...members,
}));

// Pays 501, which this answers, and which is read like this from then on.
async function paid(t, reply, readBack = payment()) {
  const page = await portalPage(t, [[GET, result(payment())], [PAY, reply]]);
  page.bx24.standing.set(GET, result(readBack));
  return page.settled(page.b24pay.payPayment(PAY_501, { settleMs: 2_000 }));
}

const hidden = (ex, members) => handed({ error: () => ({ status: 400, ex }), error_description: () => 'no', ...members });
const coded = { error: 'ERROR_CHECK_FAILURE' };
let deep = 'deep';
for (let levels = 0; levels < 20; levels += 1) deep = { deep };

for (const [what, reply, portalCode, portalText] of [
  ['whose answer is hidden, with its code in an object', hidden(coded), 'ERROR_CHECK_FAILURE', 'no'],
  ['whose answer is hidden, with its code as text', hidden('ERROR_CHECK_FAILURE'), 'ERROR_CHECK_FAILURE', 'no'],
  ['whose answer is hidden, with its code as a number', hidden(0), '0', 'no'],
  ['whose answer is hidden, and whose data throw', hidden(coded, { data: refuse }), 'ERROR_CHECK_FAILURE', 'no'],
  ['whose answer is hidden, without a code, beside true', hidden(undefined, { data: () => true }), '', 'no'],
  ['whose answer has no code and says true, beside an error', hidden(null, { answer: { result: true } }), '', 'no'],
  ['that cannot be copied, beside true', handed({ answer: { error: deep, result: true } }), 'true', ''],
]) {
  test(`an error ${what} is a refusal`, async (t) => {
    const error = await paid(t, reply).then(assert.fail, (reason) => reason);
    assert.deepEqual([error.code, error.portalCode, error.portalText, error.httpStatus], ['REFUSED', portalCode, portalText, 400]);
  });
}

for (const [what, reply, recovered] of [
  ['true in an answer', handed({ status: 200, answer: { result: true } }), false],
  ['true in its data alone', handed({ status: 200, data: () => true }), false],
  ['what cannot be copied', handed({ status: 200, answer: { result: deep } }), true],
  ['true in an answer that is text', handed({ status: 200, answer: 'true' }), true],
]) {
  test(`a result with ${what} is ${recovered ? 'no yes' : 'a yes'}`, async (t) => {
    const outcome = await paid(t, reply, payment(PAID));
    assert.deepEqual([outcome.status, outcome.recovered], ['paid', recovered]);
  });
}

test('after a result that throws the request is over', async (t) => {
  assert.equal((await paid(t, hostile(new Error('hostile')))).status, 'notApplied');
});

test('an answer of more than 200,000 values is none', async (t) => {
  const method = 'sale.payment.list';
  const page = await portalPage(t, [[method, result(Array(200_000).fill(0))], [method, result(Array(199_999).fill(0))]]);
  await rejects(page.settled(page.b24pay.call(method)), {
    code: 'NONSENSE', retry: 'readFirst', method, httpStatus: 200, message: `${method} was answered with something else than a result`,
  });
  assert.equal((await page.settled(page.b24pay.call(method))).length, 199_999);
});

test('a library that has taken the place of the known one is asked for its own handshake', async (t) => {
  const page = await portalPage(t, [[GET, result(payment())]]);
  await page.settled(page.b24pay.getPayment(501));
  const other = new ScriptedBx24([[GET, result(payment({ id: 502 }))]], page.clock);
  globalThis.BX24 = other.library;
  assert.equal((await page.settled(page.b24pay.getPayment(502))).id, 502);
  other.assertOver();
});

test('what was learned of a portal is forgotten where a library that names another one after its handshake has taken its place', async (t) => {
  const page = await portalPage(t, [[GET, refusal(401, 'insufficient_scope', 'no')], [SALE_GET, result({ payment: payment() })]]);
  await page.settled(page.b24pay.getPayment(501));
  const other = new ScriptedBx24([[GET, result(payment())]], page.clock);
  const { library } = other;
  let named;
  library.getDomain = () => named;
  const { init } = library;
  library.init = (run) => init(() => {
    named = 'other.bitrix24.example';
    run();
  });
  globalThis.BX24 = library;
  assert.equal((await page.settled(page.b24pay.getPayment(501))).id, 501);
  other.assertOver();
});

// A page in which this happens before the first read of 501 is answered.
async function payingWhile(t, happens, ...script) {
  const page = await portalPage(t, [[GET, (call) => {
    happens(page);
    page.clock.after(20, () => result(payment())(call));
  }], ...script]);
  return page;
}

for (const [what, happens] of [
  ['goes', () => { delete globalThis.BX24; }],
  ['throws', () => Object.defineProperty(globalThis, 'BX24', { configurable: true, get: refuse })],
  ["is another portal's, which is ready", (page) => { page.other = readyLibrary(page); }],
  ['is loaded a second time', (page) => { page.other = new ScriptedBx24([], page.clock, { answersInit: false }); globalThis.BX24 = page.other.library; }],
]) {
  test(`where BX24 ${what} between the read and the call, the library that was read from is the one that pays`, async (t) => {
    const page = await payingWhile(t, happens, [PAY, result(true)], [GET, result(payment(PAID))]);
    assert.equal((await page.settled(page.b24pay.payPayment(PAY_501))).status, 'paid');
    assert.deepEqual(page.other?.asked ?? [], []);
  });
}

// Puts the library of another portal, which has answered its own page before, in the place of BX24.
function readyLibrary(page) {
  const other = new ScriptedBx24([], page.clock);
  const { library } = other;
  library.init(() => { globalThis.BX24 = { ...library, getDomain: () => 'other.bitrix24.example' }; });
  return other;
}

// A handshake of another call makes the other library the one that counts.
for (const named of [true, false]) {
  test(`a call under way stays with its portal where ${named ? 'frame() is asked' : 'another call asks'} another one's BX24 meanwhile`, async (t) => {
    const asked = () => page.b24pay.getPayment(502, named ? { portal: page.b24pay.frame() } : {});
    const page = await portalPage(t, [[GET, (call) => {
      globalThis.BX24 = { ...page.other.library, getDomain: () => 'other.bitrix24.example' };
      asked().then(() => result(payment())(call));
    }], [PAY, result(true)], [GET, result(payment(PAID))]]);
    page.other = new ScriptedBx24([[GET, result(payment({ id: 502 }))], [GET, result(payment({ id: 502 }))]], page.clock);
    assert.equal((await page.settled(page.b24pay.payPayment(PAY_501))).status, 'paid');
    assert.equal((await page.settled(asked())).id, 502);
    page.other.assertOver();
  });
}

for (const [what, take] of [
  ['is taken out', () => { delete globalThis.BX24.callMethod; }],
  ['is no function any more', () => { globalThis.BX24.callMethod = 5; }],
  ['throws when it is read', () => Object.defineProperty(globalThis.BX24, 'callMethod', { get: refuse })],
]) {
  test(`where callMethod ${what} between the read and the call, nothing was sent`, async (t) => {
    const page = await payingWhile(t, take);
    await rejects(page.settled(page.b24pay.payPayment(PAY_501)), {
      code: 'NOT_IN_PORTAL', retry: 'safe',
      message: "expected to run in a Bitrix24 portal's frame with BX24 loaded, but BX24 has no callMethod any more",
    });
  });
}
