// Secrets are planted everywhere a caller can put one, and looked for in everything that comes out when a call fails.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { inspect } from 'node:util';
import { saying, server } from './expect.js';
import { GET, PAY, SECRET, b24pay, served } from './served.js';

const portal = served();
const { call, getPayment, oauth, payPayment, payPayments, webhook } = b24pay;
const PAYMENT = { paymentId: 501, paySystemId: 11 };
const QUICK = { settleMs: 300, deadlineMs: 100 };
const PLANTED = { webhook: SECRET, token: 'acce55token0123456789', refresh: 'refre5htoken0123456789' };

// Everything that was written to the console.
const written = [];
before(() => {
  for (const name of ['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir']) {
    console[name] = (...values) => written.push(inspect(values, { depth: 9 }));
  }
});

// In every form in which somebody might print it.
const printed = (value) => [
  String(value), inspect(value, { depth: 12, showHidden: true, getters: true }), JSON.stringify(value), JSON.stringify(value?.stack),
  JSON.stringify(value, Object.getOwnPropertyNames(Object(value))),
].join('\n');

function assertClean(value, ...secrets) {
  const text = `${printed(value)}\n${written.join('\n')}`;
  for (const secret of [...Object.values(PLANTED), ...secrets]) {
    assert.ok(!text.includes(secret), `a secret is in ${text.replaceAll(secret, '<SECRET>').slice(0, 2000)}`);
  }
}

// What a call says, whichever way it ends.
const said = (promise) => promise.then((value) => value, (reason) => reason);

const FAULTS = [
  'dropBeforeCommit', 'commitThenDrop', 'commitThen502', 'commitThenHtml', 'hang', 'http502', 'http500Json', 'operationLimit', 'expiredToken',
  'emptyBody', 'empty403', 'nullBody', 'truncatedJson', 'yesButUnpaid', 'numericError', 'errorCoreAfterCommit', 'denied', 'missingScope',
];

for (const fault of FAULTS) {
  // What keeps a payment unpaid has nothing to do in a read.
  for (const method of fault === 'yesButUnpaid' ? [PAY] : [PAY, GET]) {
    test(`${fault} of ${method} tells no secret`, async () => {
      const { access, refresh } = await portal.tokens();
      const ways = [
        webhook(portal.hook),
        oauth({ domain: portal.host, accessToken: access, refresh: async () => { throw new Error(`no token for ${refresh}`); } }),
      ];
      for (const way of ways) {
        await portal.fault({ method, fault, times: 20 });
        const options = { portal: way, ...QUICK };
        const outcomes = await Promise.all([
          payPayment({ paymentId: 501, paySystemId: 11 }, options),
          payPayments([{ paymentId: 504, paySystemId: 11 }], options),
          getPayment(505, options),
          call(method, { id: 505, PAYMENT_ID: 505, PAY_SYSTEM_ID: 11 }, options),
        ].map(said));
        for (const outcome of outcomes) assertClean(outcome, access, refresh);
        // A token that is none would hide what comes of the fault.
        if (fault !== 'expiredToken') assert.ok(outcomes.every(({ code }) => code !== 'AUTH_EXPIRED'));
        await portal.reset({ scenario: 'demo', keepTokens: true });
      }
    });
  }
}

// What may be pasted where something else is asked for.
for (const [what, pasted] of [['a webhook', `https://a.eu/rest/7/${SECRET}/`], ['a method of one', `a.eu/rest/7/${SECRET}/profile.json`]]) {
  test(`the address of ${what} in the wrong place is not quoted`, async () => {
    const { frame, listPayments, markPaid } = b24pay;
    const way = { portal: webhook(portal.hook) };
    for (const refused of [
      call(pasted, {}, way), call(GET, pasted, way), getPayment(pasted, way), markPaid(1, pasted),
      payPayment({ paymentId: 1, paySystemId: pasted }, way), payPayment({ ...PAYMENT, details: { [pasted]: 'a' } }, way),
      payPayment({ ...PAYMENT, details: { currency: pasted } }, way), payPayment({ ...PAYMENT, details: { sum: pasted } }, way),
      payPayment(PAYMENT, { ...way, expect: { sum: pasted } }), payPayment(PAYMENT, { ...way, settleMs: pasted }),
      payPayments(pasted, way), listPayments({ deal: pasted }, way), listPayments(pasted, way), getPayment(1, { ...way, signal: pasted }),
      getPayment(1, { portal: frame({ transport: pasted }) }), getPayment(1, { portal: pasted }),
    ].map(said)) {
      const error = await refused;
      assert.match(error.code, /^INVALID_/);
      assertClean(error);
    }
  });
}

test('a token in the place of what oauth takes is not quoted', async () => {
  const error = await said(getPayment(1, { portal: oauth(PLANTED.token) }));
  assert.equal(error.message, 'the argument of oauth must be an object with domain and accessToken, got something else');
  assertClean(error);
});

for (const address of [
  `https://a.bitrix24.eu/rest/7/${SECRET}/profile/more`, `http://a.bitrix24.eu/rest/7/${SECRET}/`, `a.bitrix24.eu/rest/7/${SECRET}/`,
  `https://a.bitrix24.eu/${SECRET}/`, `https://me:${SECRET}@a.eu/rest/7/x/`, `https://a.eu:${SECRET}/rest/7/x/`, `${SECRET}`,
  `https://a.eu/rest/${SECRET}`, { url: SECRET }, [SECRET],
]) {
  test(`an address that is refused is not quoted: ${inspect(address).replaceAll(SECRET, '…')}`, async () => {
    const options = { portal: webhook(address) };
    assertClean(await said(getPayment(501, options)));
    assertClean(await said(payPayment({ paymentId: 501, paySystemId: 11 }, options)));
  });
}

for (const [what, options] of [
  ['a domain', { domain: `a.eu/${PLANTED.token}`, accessToken: PLANTED.token }],
  ['a token that is no text', { domain: 'a.eu', accessToken: [PLANTED.token] }],
  ['a refresh that is none', { domain: 'a.eu', accessToken: PLANTED.token, refresh: PLANTED.refresh }],
]) {
  test(`${what} that is refused is not quoted`, async () => assertClean(await said(getPayment(501, { portal: oauth(options) }))));
}

test('a portal that is printed shows nothing', () => {
  assertClean({ webhook: webhook(portal.hook), token: oauth({ domain: 'a.eu', accessToken: PLANTED.token }) });
});

test('an address in the place of a portal is not quoted', async () => {
  assertClean(await said(getPayment(501, { portal: portal.hook })));
  assertClean(await said(getPayment(501, { portal: { url: portal.hook } })));
});

test('what stands in front of the portal and quotes what it was asked quotes no secret', async (t) => {
  const quoting = await server(t, (response, request) => {
    const { path, body } = quoting.asked.at(-1);
    const text = JSON.stringify({ error: 'NO_ROUTE', error_description: `no route ${request.method} ${path} ${decodeURIComponent(body)}` });
    response.writeHead(404, { 'Content-Type': 'application/json' }).end(text);
  });
  const byHook = await said(getPayment(501, { portal: webhook(`${quoting.origin}/rest/7/${SECRET}/`) }));
  assert.equal(byHook.portalText, `no route POST /rest/7/***/${GET}.json id=501`);
  assertClean(byHook);
  const byToken = await said(getPayment(501, { portal: oauth({ domain: quoting.origin, accessToken: PLANTED.token }) }));
  assert.equal(byToken.portalText, `no route POST /rest/${GET}.json id=501&auth=***`);
  assertClean(byToken);
});

test('an address that is quoted as PHP or a URL would write it shows no secret either', async (t) => {
  const quoting = await server(t, (response) => {
    const address = `${quoting.origin}${quoting.asked.at(-1).path}`;
    const error_description = `${address} ${encodeURIComponent(address)}`;
    const text = JSON.stringify({ error: address, error_description }).replaceAll('/', '\\/');
    response.writeHead(404, { 'Content-Type': 'application/json' }).end(text);
  });
  const error = await said(getPayment(501, { portal: webhook(`${quoting.origin}/rest/7/${SECRET}/`) }));
  assert.equal(error.portalCode, `${quoting.origin}/rest/7/***/${GET}.json`);
  assertClean(error);
});

test('a thrown fetch is not passed on', async (t) => {
  const fetched = globalThis.fetch;
  t.after(() => { globalThis.fetch = fetched; });
  globalThis.fetch = (request) => { throw new Error(`failed to parse ${request.url}`); };
  assertClean(await said(getPayment(501, { portal: webhook(portal.hook) })));
  globalThis.fetch = async (request) => { throw new Error(`failed to parse ${request.url}`); };
  assertClean(await said(getPayment(501, { portal: webhook(portal.hook) })));
  globalThis.fetch = async (request) => ({ url: request.url });
  assertClean(await said(getPayment(501, { portal: webhook(portal.hook) })));
  delete globalThis.fetch;
  const error = await said(getPayment(501, { portal: webhook(portal.hook) }));
  assert.equal(error.code, 'NO_ANSWER');
  assertClean(error);
});

test('the search finds a secret where one is', async (t) => {
  const { origin } = await saying(t, { error: 'X', error_description: `it was ${PLANTED.refresh}` }, 400);
  const error = await said(getPayment(501, { portal: webhook(`${origin}/rest/7/${SECRET}/`) }));
  assert.throws(() => assertClean(error), /a secret is in/);
});
