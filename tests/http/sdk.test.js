// The official SDK's instances as portals: address and token are theirs, the calls are ours. Its hook class knows only
// https, so that one gets a portal behind TLS.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { B24Hook, B24OAuth } from '@bitrix24/b24jssdk';
import { rejects } from './expect.js';
import { secured } from './secure.js';
import { GET, PAY, SECRET, USER, b24pay, served } from './served.js';

const portal = served();
const { getPayment, payPayment, sdk } = b24pay;
const PAYMENT = { paymentId: 501, paySystemId: 11 };
const QUICK = { settleMs: 1500, deadlineMs: 500 };

const secure = secured(portal);
const hook = () => new B24Hook({ b24Url: `https://${secure.host}`, userId: USER, secret: SECRET });

// The SDK with a token of the demo; `renewals` counts what it asks of the authorization server.
async function authorised(expiresIn = 3600) {
  let tokens = await portal.tokens();
  const expires = () => Math.floor(Date.now() / 1000) + 3600;
  const b24 = new B24OAuth({
    applicationToken: 'app', userId: USER, memberId: 'member', accessToken: tokens.access, refreshToken: tokens.refresh,
    expires: Math.floor(Date.now() / 1000) + expiresIn, expiresIn, scope: 'pay_system,crm,sale', domain: portal.host,
    clientEndpoint: `${portal.origin}/rest/`, serverEndpoint: `${portal.origin}/rest/`, status: 'L',
  }, { clientId: 'app', clientSecret: 'secret' });
  const renewals = { count: 0 };
  b24.setCustomRefreshAuth(async () => {
    renewals.count += 1;
    tokens = await portal.renewed(tokens.refresh);
    return {
      access_token: tokens.access, refresh_token: tokens.refresh, expires: expires(), expires_in: 3600, client_endpoint: `${portal.origin}/rest/`,
      server_endpoint: `${portal.origin}/rest/`, scope: 'pay_system', status: 'L', domain: portal.host, member_id: 'member', user_id: USER,
    };
  });
  return { b24, renewals };
}

test('its hook pays', async () => {
  const outcome = await payPayment(PAYMENT, { portal: sdk(hook()) });
  assert.equal(outcome.status, 'paid');
  assert.deepEqual((await portal.log()).map(({ method }) => method), [GET, PAY, GET]);
});

test('its hook may have been given an address with a slash at its end, as it calls by that itself', async () => {
  const b24 = new B24Hook({ b24Url: `https://${secure.host}/`, userId: USER, secret: SECRET });
  assert.equal((await getPayment(501, { portal: sdk(b24) })).id, 501);
});

for (const [b24Url, part] of [
  ['https://a.eu/portal', 'one with a path'], ['https://a.eu:x', 'one whose port is no number from 1 to 65535'],
]) {
  test(`where it calls is refused by its wrong part, and by whose it is: ${part}`, async () => {
    await rejects(getPayment(501, { portal: sdk(new B24Hook({ b24Url, userId: USER, secret: SECRET })) }), {
      code: 'INVALID_REQUEST', message: `the address that the SDK calls must be https://<portal>/rest/ or a webhook's, got ${part}`,
    });
  });
}

test('its OAuth pays', async () => {
  const { b24, renewals } = await authorised();
  const outcome = await payPayment(PAYMENT, { portal: sdk(b24) });
  assert.deepEqual([outcome.status, renewals.count], ['paid', 0]);
});

test('a token that has expired by its own clock is renewed by the SDK before anything is sent', async () => {
  const { b24, renewals } = await authorised(-1);
  assert.equal((await payPayment(PAYMENT, { portal: sdk(b24) })).status, 'paid');
  assert.equal(renewals.count, 1);
  assert.ok((await portal.log()).every(({ status }) => status === 200));
});

test('parallel calls share one renewal of the SDK', async () => {
  const { b24, renewals } = await authorised();
  await portal.fault({ method: GET, fault: 'expiredToken' });
  const way = sdk(b24);
  await Promise.all([501, 502, 503].map((id) => getPayment(id, { portal: way })));
  assert.equal(renewals.count, 1);
});

test('calls that each make their portal of one instance share its renewal, too', async () => {
  const { b24, renewals } = await authorised(-1);
  const read = await Promise.all([501, 502, 503].map((id) => getPayment(id, { portal: sdk(b24) })));
  assert.deepEqual([read.map(({ id }) => id), renewals.count], [[501, 502, 503], 1]);
});

test('a refresh token that a call of the SDK itself has used up meanwhile has brought a token all the same', async () => {
  const { b24 } = await authorised(-1);
  const own = b24.auth.refreshAuth();
  b24.setCustomRefreshAuth(async () => {
    await own;
    throw new Error('invalid_grant');
  });
  assert.equal((await payPayment(PAYMENT, { portal: sdk(b24) })).status, 'paid');
});

test('a renewal of the SDK that fails rejects, and nothing was paid', async () => {
  const { b24 } = await authorised(-1);
  b24.setCustomRefreshAuth(async () => { throw new Error('refused'); });
  await rejects(payPayment(PAYMENT, { portal: sdk(b24) }), {
    code: 'AUTH_EXPIRED', retry: 'safe', message: 'the access token is no longer valid and could not be renewed',
  });
  assert.equal((await portal.received(PAY)).length, 0);
});

for (const fault of ['commitThenDrop', 'commitThen502']) {
  test(`after ${fault} one pay call has reached the portal, where the SDK itself sends three`, async () => {
    for (const make of [async () => hook(), async () => (await authorised()).b24]) {
      await portal.reset();
      await portal.fault({ method: PAY, fault, times: 5 });
      const outcome = await payPayment(PAYMENT, { portal: sdk(await make()), ...QUICK });
      assert.deepEqual([outcome.status, outcome.recovered], ['paid', true]);
      assert.equal((await portal.received(PAY)).length, 1);
    }
  });
}

test('the SDK itself sends three for one call', async () => {
  await portal.fault({ method: PAY, fault: 'commitThen502', times: 5 });
  const made = hook().actions.v2.call.make({ method: PAY, params: { PAYMENT_ID: 501, PAY_SYSTEM_ID: 11 } });
  await made.catch(() => {});
  assert.equal((await portal.received(PAY)).length, 3);
});

for (const [what, b24] of [
  ['nothing', undefined], ['null', null], ['a text', 'b24'], ['an empty object', {}], ['its class', B24Hook],
  ['something like it that throws', { get auth() { throw new Error('not initialised'); } }],
  ['something like it without an address', { auth: { getTargetOriginWithPath: () => new Map(), getAuthData() {}, refreshAuth() {} } }],
]) {
  test(`${what} is no instance, which the first call says`, async () => {
    await rejects(getPayment(501, { portal: sdk(b24) }), {
      code: 'INVALID_REQUEST',
      message: 'the argument of sdk must be an initialised instance of @bitrix24/b24jssdk 2, such as `await initializeB24Frame()`, got something else',
    });
  });
}
