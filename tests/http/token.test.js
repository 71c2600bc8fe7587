// A portal by a token: one renewal per expiry, shared, bounded, and none where it cannot help.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rejects, saying, server } from './expect.js';
import { GET, PAY, b24pay, served } from './served.js';

const portal = served();
const { getPayment, oauth, payPayment } = b24pay;
const PAYMENT = { paymentId: 501, paySystemId: 11 };
const REFUSED = { code: 'AUTH_EXPIRED', retry: 'safe', message: 'the access token is no longer valid and could not be renewed', httpStatus: 401 };
const EXPIRED = { ...REFUSED, portalCode: 'expired_token', portalText: 'The access token provided has expired.' };

// A portal whose token the demo's own back end renews, and how often it was asked to.
async function renewable() {
  let tokens = await portal.tokens();
  const renewals = { count: 0 };
  const way = oauth({
    domain: portal.origin,
    accessToken: tokens.access,
    refresh: async () => {
      renewals.count += 1;
      tokens = await portal.renewed(tokens.refresh);
      return tokens.access;
    },
  });
  return { way, renewals };
}

test('a payment is paid by a token', async () => {
  const { access } = await portal.tokens();
  const outcome = await payPayment(PAYMENT, { portal: oauth({ domain: portal.host, accessToken: access }) });
  assert.deepEqual([outcome.status, outcome.payment.paidBy], ['paid', 7]);
});

test('a domain and a token may be pasted with spaces around them', async () => {
  const { access } = await portal.tokens();
  const way = oauth({ domain: ` ${portal.host}\n`, accessToken: `\u00a0${access}\r\n` });
  assert.equal((await b24pay.getPayment(501, { portal: way })).id, 501);
});

test('what refresh resolves with may have spaces around it, too', async () => {
  const { access } = await portal.tokens();
  const way = oauth({ domain: portal.host, accessToken: 'of an installation before', refresh: async () => ` ${access}\n` });
  assert.equal((await b24pay.getPayment(501, { portal: way })).id, 501);
});

test('an expired token is renewed once and the pay call sent again, since it did not run', async () => {
  const { way, renewals } = await renewable();
  await portal.fault({ method: PAY, fault: 'expiredToken' });
  const outcome = await payPayment(PAYMENT, { portal: way });
  assert.equal(outcome.status, 'paid');
  assert.equal(renewals.count, 1);
  assert.deepEqual([(await portal.received(PAY)).length, (await portal.payments(501)).paidTimes], [2, 1]);
});

test('a token that the portal does not know any more is renewed, too', async () => {
  const { access } = await portal.tokens();
  let renewals = 0;
  const refresh = async () => { renewals += 1; return access; };
  const way = oauth({ domain: portal.host, accessToken: 'of an installation before', refresh });
  assert.equal((await payPayment(PAYMENT, { portal: way })).status, 'paid');
  assert.equal(renewals, 1);
  const without = oauth({ domain: portal.host, accessToken: 'of an installation before' });
  await rejects(payPayment(PAYMENT, { portal: without }), { ...REFUSED, portalCode: 'invalid_token', portalText: 'Unable to get application by token' });
});

test('parallel calls that find the token expired share one renewal', async () => {
  const { way, renewals } = await renewable();
  await portal.fault({ method: GET, fault: 'expiredToken' });
  const read = await Promise.all([501, 502, 503, 504, 505].map((id) => getPayment(id, { portal: way })));
  assert.deepEqual(read.map(({ id }) => id), [501, 502, 503, 504, 505]);
  assert.equal(renewals.count, 1);
});

test('a call that was refused with the old token after the renewal does not renew again', async (t) => {
  let refused = 0;
  const { origin } = await server(t, (response) => {
    const json = (status, body) => response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    const payment = { id: 501, paid: 'N', accountNumber: '1/1', paySystemId: 11, sum: 1, currency: 'EUR' };
    refused += 1;
    if (refused === 1) json(401, { error: 'expired_token' });
    else if (refused === 2) setTimeout(json, 150, 401, { error: 'expired_token' });
    else json(200, { result: payment });
  });
  let renewals = 0;
  const way = oauth({ domain: origin, accessToken: 'old-token', refresh: async () => { renewals += 1; return 'new-token'; } });
  await Promise.all([getPayment(501, { portal: way }), getPayment(501, { portal: way })]);
  assert.equal(renewals, 1);
});

test('a token that is a part of the portal\'s own words, as in a test of somebody, is not taken out of them', async (t) => {
  const { asked, origin } = await server(t, (response) => {
    const { auth } = Object.fromEntries(new URLSearchParams(asked.at(-1).body));
    const isNew = auth === 'result';
    response.writeHead(isNew ? 200 : 401, { 'Content-Type': 'application/json' });
    const payment = { id: 501, paid: 'N', accountNumber: '1/1', paySystemId: 11, sum: 1, currency: 'EUR' };
    response.end(JSON.stringify(isNew ? { result: payment } : { error: 'expired_token' }));
  });
  for (const accessToken of ['token', 'expired', 'Token', 't']) {
    const way = oauth({ domain: origin, accessToken, refresh: async () => 'result' });
    assert.equal((await getPayment(501, { portal: way })).paid, false);
  }
});

test('a short secret that is none of the portal\'s words is hidden like any other', async (t) => {
  const { origin } = await server(t, (response) => {
    response.writeHead(400, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ error: 'ERROR_CORE', error_description: 'not for s3cr' }));
  });
  const way = oauth({ domain: origin, accessToken: 's3cr' });
  await assert.rejects(getPayment(501, { portal: way }), { portalText: 'not for ***' });
});

test('a second expiry is renewed again', async () => {
  const { way, renewals } = await renewable();
  for (const expected of [1, 2]) {
    await portal.fault({ method: GET, fault: 'expiredToken' });
    await getPayment(501, { portal: way });
    assert.equal(renewals.count, expected);
  }
});

test('a token that is refused after its renewal too is not renewed for ever', async () => {
  const { way, renewals } = await renewable();
  await portal.fault({ method: GET, fault: 'expiredToken', times: 2 });
  await rejects(getPayment(501, { portal: way }), EXPIRED);
  assert.equal(renewals.count, 1);
});

for (const [what, refresh] of [
  ['rejects', () => Promise.reject(new Error('the refresh token 5ecret is used up'))],
  ['throws', () => { throw new Error('the refresh token 5ecret is used up'); }],
  ['resolves with nothing', async () => undefined],
  ['resolves with an empty text', async () => ''],
  ['resolves with spaces', async () => ' \n'],
  ['resolves with an object', async () => ({ access_token: '5ecret' })],
  ['is missing', undefined],
]) {
  test(`where refresh ${what} the call rejects, and nothing was paid`, async () => {
    const { access } = await portal.tokens();
    await portal.fault({ method: PAY, fault: 'expiredToken' });
    await rejects(payPayment(PAYMENT, { portal: oauth({ domain: portal.host, accessToken: access, refresh }) }), EXPIRED);
    assert.deepEqual([(await portal.received(PAY)).length, (await portal.payments(501)).paid], [1, 'N']);
  });
}

test('a refresh that never answers ends with the deadline of the call', async () => {
  const { access } = await portal.tokens();
  await portal.fault({ method: GET, fault: 'expiredToken', times: 2 });
  let end;
  const way = oauth({ domain: portal.host, accessToken: access, refresh: () => new Promise((resolve) => { end = resolve; }) });
  const begun = performance.now();
  await rejects(getPayment(501, { portal: way, deadlineMs: 200 }), EXPIRED);
  assert.ok(performance.now() - begun < 2_000);
  // It is waited for behind the scenes, up to 30 s.
  end();
});

test('the token goes in the body and not in the address', async (t) => {
  const { asked, origin } = await saying(t, { result: true });
  await b24pay.call('crm.item.payment.pay', { id: 1 }, { portal: oauth({ domain: origin, accessToken: 'a&b=c' }) });
  assert.deepEqual([asked[0].path, asked[0].body], ['/rest/crm.item.payment.pay.json', 'id=1&auth=a%26b%3Dc']);
});

for (const [what, options, message] of [
  ['nothing', undefined, 'the argument of oauth must be an object with domain and accessToken, got undefined'],
  ['no domain', { accessToken: 'a' }, 'domain must be text that is not empty, got undefined'],
  ['no token', { domain: 'a.eu' }, 'accessToken must be text that is not empty, got undefined'],
  ['a token that is no text', { domain: 'a.eu', accessToken: 5 }, 'accessToken must be text that is not empty, got something else'],
  ['a refresh that is no function', { domain: 'a.eu', accessToken: 'a', refresh: 'b' }, 'refresh must be a function that resolves with a new token, got something else'],
  ['a refresh that is null', { domain: 'a.eu', accessToken: 'a', refresh: null }, 'refresh must be a function that resolves with a new token, got null'],
  ['a token in the place of options', 'a5ecret', 'the argument of oauth must be an object with domain and accessToken, got something else'],
  ['a domain with a path', { domain: 'a.eu/oauth', accessToken: 'a' }, 'domain must be a portal\'s host, such as example.bitrix24.eu, got one with a path'],
]) {
  test(`${what} is refused by the first call`, async () => {
    await rejects(getPayment(501, { portal: oauth(options) }), { code: 'INVALID_REQUEST', message });
  });
}
