// Portals as callers hold them, and `options.portal`.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { GET, PAY, SALE_GET, barePage, freshCopy, portalPage, rejects } from './page.js';
import { PAID, payment, refusal, result } from './replies.js';

test('a portal shows nothing and can be given nothing', async () => {
  const { frame, oauth, webhook } = await freshCopy();
  const secret = 'https://shop.bitrix24.example/rest/1/SECRET/';
  for (const portal of [frame(), webhook(secret), oauth({ domain: 'shop.bitrix24.example', accessToken: 'SECRET' })]) {
    assert.equal(JSON.stringify(portal), '{}');
    assert.equal(String(portal), '[object Portal]');
    assert.match(inspect(portal), /^\w+ \[Portal\] \{\}$/);
    assert.deepEqual(Reflect.ownKeys(portal), []);
    assert.ok(Object.isFrozen(portal));
  }
});

const TOKEN = 'acce55token0123456789';
// An answer that only the functions of the library tell.
const hiding = (text) => ({ clock, callback }) => void clock.after(5, () => callback({
  status: 403, error: () => ({ status: 403, ex: 'ACCESS_DENIED' }), error_description: () => text, data: () => undefined,
}));
// While it answers, another library has its place.
const replaced = (text) => ({ callback, ...call }) => hiding(text)({ ...call, callback: (result) => {
  const before = globalThis.BX24;
  globalThis.BX24 = { ...before, getAuth: () => false };
  callback(result);
  globalThis.BX24 = before;
} });
const quoting = `who asks with ${TOKEN}&x or /${TOKEN}/ is refused`;
for (const [what, answered, quoted] of [
  ['its text', refusal(403, 'ACCESS_DENIED', quoting), quoting],
  ['its code', refusal(400, `ERROR_${TOKEN}`, ''), ''],
  ['what the library has of it', hiding(quoting), quoting],
  ['where another library is there by then', replaced(quoting), quoting],
]) {
  test(`a token of BX24 that the portal quotes is in no error: ${what}`, async (t) => {
    const page = await portalPage(t, []);
    for (const method of [GET, SALE_GET]) page.bx24.standing.set(method, answered);
    Object.assign(globalThis.BX24, { getAuth: () => ({ access_token: TOKEN }) });
    const error = await page.settled(page.b24pay.getPayment(501).catch((reason) => reason));
    assert.equal(error.name, 'PayError');
    assert.equal(error.portalText, quoted.replaceAll(TOKEN, '***'));
    assert.doesNotMatch(inspect(error, { depth: 9, showHidden: true }), new RegExp(TOKEN));
  });
}

test('the token of BX24 is read where the portal refuses, and nowhere else', async (t) => {
  const page = await portalPage(t, [[GET, result(payment())], [PAY, result(true)], [GET, result(payment(PAID))], [GET, refusal(403, 'ACCESS_DENIED', 'no')]]);
  let read = 0;
  Object.assign(globalThis.BX24, { getAuth: () => ({ access_token: TOKEN, read: read += 1 }) });
  assert.equal((await page.settled(page.b24pay.payPayment({ paymentId: 501, paySystemId: 11 }))).status, 'paid');
  assert.equal(read, 0);
  await page.settled(page.b24pay.call(GET, { id: 501 }).catch(() => {}));
  assert.equal(read, 1);
});

test('options that are changed after a portal was made do not lead it elsewhere; they may be inherited', async (t) => {
  const asked = [];
  t.mock.method(globalThis, 'fetch', async (address) => {
    asked.push(new URL(address.url ?? address).host);
    return Response.json({ result: payment() });
  });
  const { getPayment, oauth } = await freshCopy();
  const options = { domain: 'one.bitrix24.example', accessToken: 'token' };
  const one = oauth(options);
  options.domain = 'two.bitrix24.example';
  const two = oauth(options);
  const three = oauth(Object.create({ domain: 'three.bitrix24.example', accessToken: 'token' }));
  for (const portal of [one, two, three]) assert.equal((await getPayment(501, { portal })).id, 501);
  assert.deepEqual(asked, ['one.bitrix24.example', 'two.bitrix24.example', 'three.bitrix24.example']);
});

test('what is wrong with the options of a portal is said by the first call', async () => {
  const { frame, getPayment, oauth } = await freshCopy();
  const cause = new Error('hostile');
  await rejects(getPayment(501, { portal: frame({ get transport() { throw cause; } }) }), {
    code: 'INVALID_REQUEST', message: 'transport must be readable, got a getter that throws', cause,
  });
  for (const [given, came] of [[[], 'an array'], ['http', '"http"']]) {
    await rejects(getPayment(501, { portal: frame(given) }), {
      code: 'INVALID_REQUEST', message: `the argument of frame must be an object, got ${came}`,
    });
  }
  for (const [transport, came] of [[null, 'null'], ['https', '"https"'], [true, 'true']]) {
    await rejects(getPayment(501, { portal: frame({ transport }) }), {
      code: 'INVALID_REQUEST', message: `transport must be "bx24" or "http", got ${came}`,
    });
  }
  await rejects(getPayment(501, { portal: oauth(undefined) }), {
    code: 'INVALID_REQUEST', message: 'the argument of oauth must be an object with domain and accessToken, got undefined',
  });
});

test('the portal of this frame is the one of a call that names none', async (t) => {
  const page = await portalPage(t, [[GET, result(payment())], [GET, result(payment())]]);
  const { frame, getPayment } = page.b24pay;
  assert.equal((await page.settled(getPayment(501))).id, 501);
  assert.equal((await page.settled(getPayment(501, { portal: frame() }))).id, 501);
});

test('texts come out of the module as they went in, short or long, of ASCII or not', async (t) => {
  const texts = ['', '917/1', 'a'.repeat(31), 'a'.repeat(32), 'a'.repeat(33), 'ü', 'Zahlung für 917', `${'a'.repeat(30)}ü`, '😀', '\u007f\u0080', 'a\0b'];
  const page = await portalPage(t, texts.map((text) => [GET, result(payment({ paySystemName: text }))]));
  for (const text of texts) {
    assert.equal((await page.settled(page.b24pay.getPayment(501))).paySystemName, text);
  }
});

test('what is no portal of ours is named by its kind, never by its text', async () => {
  const { getPayment } = await freshCopy();
  const webhook = 'https://shop.bitrix24.example/rest/1/SECRET/';
  for (const [portal, came] of [[webhook, 'string'], [null, 'null'], [{}, 'object'], [7, 'number'], [() => {}, 'function']]) {
    await rejects(getPayment(501, { portal }), {
      code: 'INVALID_REQUEST',
      message: `options.portal must be what frame(), webhook(), oauth() or sdk() returned, got ${came}`,
    });
  }
});

test('a portal of another copy of the package is none of ours', async () => {
  const { frame } = await freshCopy();
  const { getPayment } = await freshCopy();
  await rejects(getPayment(501, { portal: frame() }), {
    code: 'INVALID_REQUEST',
    message: 'options.portal must be what frame(), webhook(), oauth() or sdk() returned, got that of another copy of b24pay',
  });
});

test('a portal that throws when it is read rejects, with what was thrown', async () => {
  const { payPayment } = await freshCopy();
  const cause = new Error('hostile');
  await rejects(payPayment({ paymentId: 501, paySystemId: 11 }, { get portal() { throw cause; } }), {
    code: 'INVALID_REQUEST',
    message: 'options.portal must be readable, got a getter that throws',
    cause,
  });
});

test('no function throws synchronously, and every promise settles with a PayError', async (t) => {
  const { b24pay, settled } = await barePage(t);
  const { isPayError, frame, oauth, sdk, webhook, ...calls } = b24pay;
  const refuse = () => { throw new Error('hostile'); };
  const hostile = new Proxy({}, { get: refuse, has: refuse, ownKeys: refuse, getPrototypeOf: refuse });
  const refused = async (name, promise) => {
    assert.ok(promise instanceof Promise, name);
    const error = await settled(promise).then(() => assert.fail(`${name} resolved`), (reason) => reason);
    assert.ok(isPayError(error), `${name}: ${error.message}`);
  };
  for (const [name, run] of Object.entries(calls)) {
    for (const given of [[], [null, null], [hostile, hostile], [hostile, { portal: hostile }], [Symbol('s'), 7]]) {
      await refused(name, run(...given));
    }
  }
  for (const [name, make] of Object.entries({ frame, oauth, sdk, webhook })) {
    for (const given of [undefined, null, hostile, Symbol('s'), 7]) {
      await refused(name, b24pay.getPayment(501, { portal: make(given) }));
    }
  }
});

test('a call about a payment of the same number at another portal in between does not keep identical callers apart', async (t) => {
  const page = await portalPage(t, []);
  const paid = new Set();
  t.mock.method(globalThis, 'fetch', async (address) => {
    const { host } = new URL(address);
    await new Promise((come) => { page.clock.after(100, come); });
    if (address.includes(PAY)) paid.add(host);
    return Response.json({ result: address.includes(PAY) || payment(paid.has(host) && PAID) });
  });
  const [one, other] = ['one', 'other'].map((name) => page.b24pay.webhook(`https://${name}.bitrix24.example/rest/1/abc/`));
  const pays = [one, other, one].map((portal) => page.b24pay.payPayment({ paymentId: 501, paySystemId: 11 }, { portal }));
  assert.deepEqual((await page.settled(Promise.all(pays))).map(({ status }) => status), ['paid', 'paid', 'paid']);
});
