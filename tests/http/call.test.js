// `call`: what is sent is what was given, what cannot be sent is refused by its name, and results have their documented types.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rejects, saying } from './expect.js';
import { b24pay, served } from './served.js';

const portal = served();
const { call, webhook } = b24pay;
const PLAIN = 'must be plain data: text, a number, a boolean, null, an array or an object';

// What a call with these parameters sends.
async function sent(t, params) {
  const { asked, origin } = await saying(t, { result: true });
  await call('sale.paysystem.list', params, { portal: webhook(`${origin}/rest/7/secret00/`) });
  return asked[0].body;
}

for (const [what, params, body] of [
  ['nothing', undefined, ''],
  ['nothing for null', null, ''],
  ['text and numbers', { ID: '501', N: 1.5, BIG: 1e21, MINUS: -0.5 }, 'ID=501&N=1.5&BIG=1e%2B21&MINUS=-0.5'],
  ['booleans as 1 and 0', { A: true, B: false }, 'A=1&B=0'],
  ['null and what is empty as an empty text', { A: null, B: {}, C: [] }, 'A=&B=&C='],
  ['undefined not at all', { A: undefined, B: 1 }, 'B=1'],
  ['bigints as their digits', { A: 501n, B: [-(2n ** 70n)] }, 'A=501&B[0]=-1180591620717411303424'],
  ['names as what they are', { 'a&PAYMENT_ID': 1, 'ü ': 2 }, 'a%26PAYMENT_ID=1&%C3%BC%20=2'],
  ['what is nested by its path', { F: { '>ID': 5, L: [{ a: 'x y' }, 'z'] } }, 'F[%3EID]=5&F[L][0][a]=x%20y&F[L][1]=z'],
  ['an object without a prototype', Object.assign(Object.create(null), { A: 1 }), 'A=1'],
  ['half of a sign as its replacement', { A: '\ud800' }, 'A=%EF%BF%BD'],
]) {
  test(`it sends ${what}`, async (t) => assert.equal(await sent(t, params), body));
}

class Money {}
const loop = {};
loop.again = loop;

for (const [what, params, message] of [
  ['a Map', { A: new Map() }, 'A must be a plain object, got an object of another class'],
  ['a Set', { A: { B: new Set() } }, 'A.B must be a plain object, got an object of another class'],
  ['a Date', { A: [new Date(0)] }, 'A.0 must be a plain object, got an object of another class'],
  ['a File', { A: new Blob([]) }, 'A must be a plain object, got an object of another class'],
  ['an instance of a class', { A: new Money() }, 'A must be a plain object, got an object of another class'],
  ['a promise that was not awaited', { A: Promise.resolve(1) }, 'A must be a plain object, got a promise'],
  ['bytes', { A: new Uint8Array(1) }, 'A must be a plain object, got an object of another class'],
  ['a function', { A() {} }, `A ${PLAIN}, got a function`],
  ['a symbol', { A: Symbol('x') }, `A ${PLAIN}, got a symbol`],
  ['no number', { A: NaN }, 'A must be a finite number, got NaN'],
  ['infinity', { A: { B: Infinity } }, 'A.B must be a finite number, got Infinity'],
  ['no number under an empty name', { '': NaN }, 'params. must be a finite number, got NaN'],
  ['a Date under an empty name', { A: { '': new Date(0) } }, 'A. must be a plain object, got an object of another class'],
  ['a function in what has an empty name', { '': [() => {}] }, `params..0 ${PLAIN}, got a function`],
  ['a hole in a list', { A: [1, undefined] }, `A.1 ${PLAIN}, got undefined`],
  ['a circle', loop, `${Array(16).fill('again').join('.')}.again must not be nested deeper than 16 times, got an object`],
  ['text in the place of parameters', 'A=1', 'params must be a plain object, got "A=1"'],
  ['a list in the place of parameters', [1], 'params must be a plain object, got an array'],
  ...['auth', 'access_token', 'auth_connector', 'aplogin', 'ap', 'sessid', 'state', 'token'].map((name) => [
    `the reserved name ${name}`, { [name]: 'x' }, `params must not hold a name that the portal takes for itself, got "${name}"`,
  ]),
]) {
  test(`${what} is refused before anything is sent`, async () => {
    await rejects(call('sale.paysystem.list', params, { portal: portal.webhook() }), { code: 'INVALID_REQUEST', message });
    assert.deepEqual(await portal.log(), []);
  });
}

test('a getter that throws and a proxy that throws are refused with what they threw', async () => {
  const cause = new Error('hostile');
  const hostile = { get A() { throw cause; } };
  const proxy = new Proxy({}, { getPrototypeOf() { throw cause; } });
  const options = { portal: portal.webhook() };
  await rejects(call('scope', hostile, options), { code: 'INVALID_REQUEST', cause, message: 'A must be readable, got a getter that throws' });
  await rejects(call('scope', proxy, options), { code: 'INVALID_REQUEST', cause, message: 'params must be readable, got a getter that throws' });
});

test('a getter that throws deep in the parameters is told by its path', async () => {
  const cause = new Error('hostile');
  const hostile = { fields: { rows: [{ get ID() { throw cause; } }] } };
  const message = 'fields.rows.0.ID must be readable, got a getter that throws';
  await rejects(call('scope', hostile, { portal: portal.webhook() }), { code: 'INVALID_REQUEST', cause, message });
});

for (const method of ['', 'a b', '../x', 'a..b', '.a', 'a/b', 'a?b', 'x'.repeat(101), 5, null, undefined]) {
  test(`${JSON.stringify(method)?.slice(0, 20)} is no method`, async () => {
    const error = await call(method, {}, { portal: portal.webhook() }).catch((reason) => reason);
    assert.equal(error.code, 'INVALID_REQUEST');
    assert.match(error.message, /^the method must be a REST method's name, such as "sale\.paysystem\.list", got /);
  });
}

// Results as portals of one build or another give them, and as they are handed out.
for (const [what, method, came, handed] of [
  ['an id as text', 'sale.paysystem.add', '12', 12],
  ['an id as a number', 'sale.paysystem.handler.add', 12, 12],
  ['a comment\'s id', 'crm.timeline.comment.add', '9', 9],
  ['handlers', 'sale.paysystem.handler.list', [{ ID: '1', SORT: '100', NAME: '5', SETTINGS: [] }], [{ ID: 1, SORT: 100, NAME: '5', SETTINGS: {} }]],
  ['settings that are empty', 'sale.paysystem.settings.get', [], {}],
  ['settings of a payment', 'sale.paysystem.settings.payment.get', [], {}],
  ['an update that changed nothing', 'sale.paysystem.update', false, false],
  ['a payment', 'crm.item.payment.get', { id: '5', sum: '59.90', paid: 'N', empPaidId: null, accountNumber: '17' }, { id: 5, sum: 59.9, paid: 'N', empPaidId: null, accountNumber: '17' }],
  ['a payment that was returned', 'sale.payment.get', { payment: { sum: '-59.90', psSum: '-', priceCod: '-.5', price: '5.' } }, { payment: { sum: -59.9, psSum: '-', priceCod: '-.5', price: '5.' } }],
  ['whose an order is', 'crm.orderentity.list', { orderEntity: [{ orderId: '77', ownerId: '7', ownerTypeId: '2' }] }, { orderEntity: [{ orderId: 77, ownerId: 7, ownerTypeId: 2 }] }],
  ['a sum that is none', 'crm.item.payment.get', { id: 5, sum: '' }, { id: 5, sum: '' }],
  ['a batch without errors', 'batch', { result: { a: 1 }, result_error: [], result_total: [], result_next: [], result_time: [] }, { result: { a: 1 }, result_error: {}, result_total: {}, result_next: {}, result_time: {} }],
  ['a batch by numbers', 'batch', { result: [{ ID: '5' }, 'b'], result_error: [] }, { result: { 0: { ID: '5' }, 1: 'b' }, result_error: {} }],
  ['a method that is not ours', 'app.info', { ID: '5', LICENSE: [] }, { ID: '5', LICENSE: [] }],
]) {
  test(`${what} has its documented type`, async (t) => {
    const { origin } = await saying(t, { result: came });
    assert.deepEqual(await call(method, {}, { portal: webhook(`${origin}/rest/7/secret00/`) }), handed);
  });
}

test('the whole pay_system scope can be called, from a handler to a payment', async () => {
  const options = { portal: webhook(`${portal.origin}/rest/1/k3v9x0q7r2m8t5wz/`) };
  const ask = (method, params) => call(method, params, options);
  const SETTINGS = { CODES: { LOGIN: { NAME: 'Login' } }, FORM_DATA: { ACTION_URI: 'https://bank.example/' } };
  const handler = await ask('sale.paysystem.handler.add', { NAME: 'Bank', CODE: 'bank', SETTINGS });
  assert.equal(typeof handler, 'number');
  assert.equal(await ask('sale.paysystem.handler.update', { ID: handler, FIELDS: { SORT: 50 } }), true);
  const listed = (await ask('sale.paysystem.handler.list', {})).find(({ ID }) => ID === handler);
  assert.deepEqual([listed.CODE, listed.SORT], ['bank', 50]);
  const system = await ask('sale.paysystem.add', { NAME: 'Bank', PERSON_TYPE_ID: 1, BX_REST_HANDLER: 'bank', ACTIVE: 'Y', ENTITY_REGISTRY_TYPE: 'ORDER' });
  assert.equal(typeof system, 'number');
  assert.equal(await ask('sale.paysystem.update', { ID: system, FIELDS: { NAME: 'The bank' } }), true);
  assert.equal(await ask('sale.paysystem.settings.update', { ID: system, PERSON_TYPE_ID: 0, SETTINGS: { LOGIN: { TYPE: 'VALUE', VALUE: 'me' } } }), true);
  assert.deepEqual(await ask('sale.paysystem.settings.get', { ID: system, PERSON_TYPE_ID: 0 }), { LOGIN: { TYPE: 'VALUE', VALUE: 'me' } });
  const [named] = await ask('sale.paysystem.list', { SELECT: ['ID', 'NAME'], FILTER: { ID: system } });
  assert.deepEqual(named, { ID: system, NAME: 'The bank' });
  assert.equal(await ask('sale.paysystem.delete', { ID: system }), true);
  assert.equal(await ask('sale.paysystem.handler.delete', { ID: handler }), true);
  assert.equal(typeof await ask('sale.paysystem.settings.payment.get', { PAYMENT_ID: 501, PAY_SYSTEM_ID: 11 }), 'object');
  assert.equal(await ask('sale.paysystem.pay.payment', { PAYMENT_ID: 501, PAY_SYSTEM_ID: 11 }), true);
  for (const method of ['sale.paysystem.settings.invoice.get', 'sale.paysystem.pay.invoice']) {
    const error = await ask(method, { INVOICE_ID: 1, PAY_SYSTEM_ID: 11 }).catch((reason) => reason);
    assert.equal(error.method, method, `${method} answers`);
  }
});

test('readers give what they are typed with', async () => {
  const { access } = await portal.tokens(1);
  const options = { portal: b24pay.oauth({ domain: portal.host, accessToken: access }) };
  const ask = (method, params) => call(method, params, options);
  assert.equal((await ask('crm.item.payment.list', { entityId: 7, entityTypeId: 2 })).length, 6);
  assert.equal((await ask('sale.payment.get', { id: 501 })).payment.id, 501);
  const { payments } = await ask('sale.payment.list', { filter: { '=paid': 'N' }, order: { id: 'asc' } });
  assert.ok(payments.length > 0 && payments.every(({ paid }) => paid === 'N'));
  assert.equal((await ask('sale.order.get', { id: 77 })).order.canceled, 'Y');
  assert.ok((await ask('sale.order.list', {})).orders.length > 1);
  assert.ok((await ask('scope', {})).includes('pay_system'));
  assert.equal(typeof await ask('app.info', {}), 'object');
  const batch = await ask('batch', { halt: 0, cmd: { one: 'crm.item.payment.get?id=501', none: 'crm.item.payment.get?id=9' } });
  assert.deepEqual([batch.result.one.id, Object.keys(batch.result_error)], [501, ['none']]);
});

test('one request is made, also where a limit refuses it; a read of ours waits and asks again', async () => {
  await portal.fault({ method: 'sale.paysystem.pay.payment', fault: 'queryLimit' });
  const options = { portal: portal.webhook() };
  const error = await call('sale.paysystem.pay.payment', { PAYMENT_ID: 501, PAY_SYSTEM_ID: 11 }, options).catch((reason) => reason);
  assert.deepEqual([error.code, error.retry, (await portal.log()).length], ['LIMITED', 'safe', 1]);
  await portal.fault({ method: 'crm.item.payment.get', fault: 'queryLimit' });
  assert.equal((await b24pay.getPayment(501, options)).paid, false);
  assert.equal((await portal.received('crm.item.payment.get')).length, 2);
});

test('one request is made, also where it gets no answer', async () => {
  await portal.fault({ method: 'sale.paysystem.pay.payment', fault: 'commitThenDrop' });
  const paying = call('sale.paysystem.pay.payment', { PAYMENT_ID: 501, PAY_SYSTEM_ID: 11 }, { portal: portal.webhook() });
  const error = await paying.catch((reason) => reason);
  assert.deepEqual([error.code, error.retry], ['NO_ANSWER', 'readFirst']);
  assert.equal((await portal.log()).length, 1);
});
