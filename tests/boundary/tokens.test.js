// Whose token a call over HTTP is made with: that of BX24, of the official SDK, or of the caller. None is sent without, and each wait
// for a new one ends.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GET, PAY, portalPage, rejects } from './page.js';
import { PAID, payment } from './replies.js';

const HOST = 'shop.bitrix24.example';
const EXPIRED = { code: 'AUTH_EXPIRED', retry: 'safe', message: 'the access token is no longer valid and could not be renewed' };
const refuse = () => { throw new Error('the token is 5ecret'); };
const auth = (access_token) => ({ access_token, domain: HOST });

// A page whose BX24 has these members too, and what it asks over HTTP: address and body.
async function fetching(t, members) {
  const page = await portalPage(t, []);
  Object.assign(globalThis.BX24, members);
  const asked = [];
  t.mock.method(globalThis, 'fetch', async (address, { body }) => {
    asked.push([address, body]);
    return Response.json({ result: payment() });
  });
  const read = (portal, options) => page.settled(page.b24pay.getPayment(501, { portal, ...options }));
  return { page, asked, read, framed: () => read(page.b24pay.frame({ transport: 'http' })) };
}

for (const [name, scheme] of [[undefined, 'https'], [`${HOST}|1|session`, 'https'], [`${HOST}|0|session`, 'http']]) {
  test(`in a frame named ${name} the portal is called by ${scheme}, with the token of BX24`, async (t) => {
    globalThis.name = name;
    t.after(() => { delete globalThis.name; });
    const { asked, framed } = await fetching(t, { getAuth: () => auth('t0ken') });
    assert.equal((await framed()).id, 501);
    assert.deepEqual(asked, [[`${scheme}://${HOST}/rest/${GET}.json`, 'id=501&auth=t0ken']]);
  });
}

for (const [what, expired] of [['false', false], ['no token', auth(undefined)], ['a token that is no text', auth(5)]]) {
  test(`where BX24 has ${what}, it gets a new one before anything is sent`, async (t) => {
    let now = expired;
    const { asked, framed } = await fetching(t, { getAuth: () => now, refreshAuth: (run) => { now = auth('newer'); run(now); } });
    assert.equal((await framed()).id, 501);
    assert.deepEqual(asked.map(([, body]) => body), ['id=501&auth=newer']);
  });
}

for (const [what, refreshAuth] of [
  ['calls back without one', (run) => run(false)], ['throws', refuse], ['is missing', undefined], ['stays silent', () => {}],
]) {
  test(`where BX24.refreshAuth ${what} there is no new token, and nothing is sent`, async (t) => {
    const { page, asked, framed } = await fetching(t, { getAuth: () => false, refreshAuth });
    const begun = page.clock.now;
    await rejects(framed(), EXPIRED);
    assert.deepEqual(asked, []);
    assert.ok(page.clock.now - begun < 11_000, `took ${page.clock.now - begun} ms`);
  });
}

const gone = (found) => ({
  code: 'NOT_IN_PORTAL', retry: 'safe', message: `expected to run in a Bitrix24 portal's frame with BX24 loaded, but ${found}`,
});

test('where BX24.getAuth throws nothing is sent, and what it threw is not told', async (t) => {
  const { asked, framed } = await fetching(t, { getAuth: refuse });
  await rejects(framed(), gone('BX24.getAuth threw'));
  assert.deepEqual(asked, []);
});

test("where BX24 is another portal's after the read, the call is sent to the portal that was read", async (t) => {
  const { page, asked } = await fetching(t, { getAuth: () => auth('t0ken') });
  let isPaid = false;
  globalThis.fetch.mock.mockImplementation(async (address) => {
    asked.push(address);
    globalThis.BX24 = { ...globalThis.BX24, getAuth: () => ({ access_token: 'other', domain: 'other.bitrix24.example' }) };
    const isCall = address.includes(PAY);
    isPaid ||= isCall;
    return Response.json({ result: isCall || payment(isPaid && PAID) });
  });
  const paying = page.b24pay.payPayment({ paymentId: 501, paySystemId: 11 }, { portal: page.b24pay.frame({ transport: 'http' }) });
  assert.equal((await page.settled(paying)).status, 'paid');
  assert.deepEqual(asked, [GET, PAY, GET].map((method) => `https://${HOST}/rest/${method}.json`));
});

test("a call under way stays with its portal where its frame() is asked for another one's payment meanwhile", async (t) => {
  const OTHER = 'other.bitrix24.example';
  const { page, asked } = await fetching(t, { getAuth: () => auth('t0ken') });
  const framed = { portal: page.b24pay.frame({ transport: 'http' }) };
  let paid = {};
  globalThis.fetch.mock.mockImplementation(async (address) => {
    asked.push(address);
    if (asked.length === 1) {
      const its = { getAuth: () => ({ access_token: 'other', domain: OTHER }), getDomain: () => OTHER };
      globalThis.BX24 = { ...globalThis.BX24, ...its };
      await page.b24pay.getPayment(501, framed);
    }
    if (address.includes(PAY)) paid = PAID;
    return Response.json({ result: address.includes(PAY) || payment(paid) });
  });
  assert.equal((await page.settled(page.b24pay.payPayment({ paymentId: 501, paySystemId: 11 }, framed))).status, 'paid');
  assert.deepEqual(asked, [[HOST, GET], [OTHER, GET], [HOST, PAY], [HOST, GET]].map(([host, method]) => `https://${host}/rest/${method}.json`));
});

test('where callMethod is taken out after the read the call is not sent', async (t) => {
  const { page, asked } = await fetching(t, { getAuth: () => auth('t0ken') });
  globalThis.fetch.mock.mockImplementation(async (address) => {
    asked.push(address);
    delete globalThis.BX24.callMethod;
    return Response.json({ result: payment() });
  });
  const paying = page.b24pay.payPayment({ paymentId: 501, paySystemId: 11 }, { portal: page.b24pay.frame({ transport: 'http' }) });
  await rejects(page.settled(paying), gone('BX24 has no callMethod any more'));
  assert.deepEqual(asked, [`https://${HOST}/rest/${GET}.json`]);
});

// What an instance of the official SDK answers.
const instance = (rest, members) => ({ auth: { getTargetOriginWithPath: () => new Map([['v2', rest], ['v3', 'https://no.example/rest/']]), ...members } });

test('with a hook of the SDK no token is sent', async (t) => {
  const { page, asked, read } = await fetching(t);
  const hook = instance(`https://${HOST}/rest/7/s3cret00`, { getAuthData: () => auth('t0ken') });
  assert.equal((await read(page.b24pay.sdk(hook))).id, 501);
  assert.deepEqual(asked, [[`https://${HOST}/rest/7/s3cret00/${GET}.json`, 'id=501']]);
});

test('where the SDK has no token, it gets a new one before anything is sent', async (t) => {
  const { page, asked, read } = await fetching(t);
  let now = false;
  const b24 = instance(`https://${HOST}/rest/`, { getAuthData: () => now, refreshAuth: async () => { now = auth('newer'); } });
  assert.equal((await read(page.b24pay.sdk(b24))).id, 501);
  assert.deepEqual(asked, [[`https://${HOST}/rest/${GET}.json`, 'id=501&auth=newer']]);
});

for (const [what, refreshAuth] of [['rejects', async () => refuse()], ['throws', refuse], ['is missing', undefined], ['changes nothing', async () => {}]]) {
  test(`where refreshAuth of the SDK ${what} there is no new token, and nothing is sent`, async (t) => {
    const { page, asked, read } = await fetching(t);
    const b24 = instance(`https://${HOST}/rest/`, { getAuthData: () => false, refreshAuth });
    const error = await read(page.b24pay.sdk(b24)).catch((reason) => reason);
    assert.deepEqual([error.code, error.retry, error.message], [EXPIRED.code, EXPIRED.retry, EXPIRED.message]);
    assert.deepEqual(asked, []);
  });
}

for (const [what, afterMs, renewed] of [['20 seconds', 20_000, true], ['40 seconds', 40_000, false]]) {
  test(`a new token of the caller's that comes after ${what} ${renewed ? 'is used' : 'is not waited for'}`, async (t) => {
    const { page, read } = await fetching(t);
    globalThis.fetch.mock.mockImplementation(async (_, { body }) => (
      body.endsWith('auth=newer') ? Response.json({ result: payment() }) : Response.json({ error: 'expired_token' }, { status: 401 })));
    const refresh = () => new Promise((resolve) => { page.clock.after(afterMs, () => resolve('newer')); });
    const way = page.b24pay.oauth({ domain: HOST, accessToken: 'older', refresh });
    const code = await read(way, { deadlineMs: 60_000 }).then(({ id }) => id, (error) => error.code);
    assert.equal(code, renewed ? 501 : 'AUTH_EXPIRED');
  });
}
