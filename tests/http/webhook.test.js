// A portal by a webhook, from Node: what goes over the wire, and what is said when the wire fails.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { freePort } from '../free_port.js';
import { rejects, saying, server } from './expect.js';
import { GET, PAY, SECRET, USER, b24pay, served } from './served.js';

const portal = served();
const { payPayment, webhook } = b24pay;
const PAYMENT = { paymentId: 501, paySystemId: 11 };
const QUICK = { settleMs: 1500, deadlineMs: 500 };

test('a payment is read, paid once, and read back', async () => {
  const outcome = await payPayment(PAYMENT, { portal: portal.webhook() });
  assert.equal(outcome.status, 'paid');
  assert.deepEqual((await portal.log()).map(({ method }) => method), [GET, PAY, GET]);
  assert.equal((await portal.payments(501)).paidTimes, 1);
});

for (const form of ['', '/', '/profile', '/profile.json', '/ ', '/\u00a0', '/\r\n']) {
  test(`the address may be pasted with ${JSON.stringify(form)} at its end`, async () => {
    const pasted = `\u00a0 ${portal.origin}/rest/${USER}/${SECRET}${form}`;
    assert.equal((await b24pay.getPayment(501, { portal: webhook(pasted) })).id, 501);
  });
}

for (const [what, url, part] of [
  ['a setting that is not there', undefined, 'undefined'],
  ['an empty text', '', 'something else'],
  ['no text', 501, 'something else'],
  ['a domain alone', 'https://a.bitrix24.eu', 'one without /rest/ after the host'],
  ['http', `http://a.bitrix24.eu/rest/7/${SECRET}/`, 'one with http, which sends secrets in the open'],
]) {
  test(`${what} is no webhook, which the first call says and not the making`, async () => {
    const made = webhook(url);
    const expected = ['undefined', 'something else'].includes(part) ? 'must be text that is not empty' : 'must be https://<portal>/rest/<user id>/<secret>/';
    await rejects(payPayment(PAYMENT, { portal: made }), {
      code: 'INVALID_REQUEST', message: `the webhook's address ${expected}, got ${part}`,
    });
  });
}

test('a call is one POST of a form, without a preflight and without cookies', async (t) => {
  const { asked, origin } = await saying(t, { result: { payments: [] } });
  await b24pay.call('sale.payment.list', { filter: { '=orderId': [77, 78], '@x': 'ä&=[' }, select: [], start: 50 }, {
    portal: webhook(`${origin}/rest/7/${SECRET}/`),
  });
  assert.equal(asked.length, 1);
  const [{ method, path, headers, body }] = asked;
  assert.deepEqual([method, path], ['POST', `/rest/7/${SECRET}/sale.payment.list.json`]);
  assert.equal(headers['content-type'], 'application/x-www-form-urlencoded');
  assert.equal(headers.cookie, undefined);
  assert.equal(body, 'filter[%3DorderId][0]=77&filter[%3DorderId][1]=78&filter[%40x]=%C3%A4%26%3D%5B&select=&start=50');
});

test('fetch is told to follow no redirect, to send no cookie and to keep nothing', async (t) => {
  const fetching = t.mock.method(globalThis, 'fetch', async () => Response.json({ result: {} }));
  await b24pay.call('app.info', {}, { portal: webhook(`https://a.bitrix24.eu/rest/7/${SECRET}/`) });
  const { method, redirect, credentials, cache } = fetching.mock.calls[0].arguments[1];
  assert.deepEqual([method, redirect, credentials, cache], ['POST', 'manual', 'omit', 'no-store']);
});

test('what another library that stands in for fetch answers is read by its members', async (t) => {
  const { body } = Response.json({ result: { name: 'Shop' } });
  t.mock.method(globalThis, 'fetch', async () => ({ status: 200, body }));
  const result = await b24pay.call('app.info', {}, { portal: webhook(`https://a.bitrix24.eu/rest/7/${SECRET}/`) });
  assert.deepEqual(result, { name: 'Shop' });
});

test('a sign that comes in two parts is one', async (t) => {
  const body = Buffer.from('{"result":{"name":"Zahlung für 917 — 😀"}}');
  const { origin } = await server(t, async (response) => {
    for (const byte of body) {
      response.write(Buffer.of(byte));
      await new Promise(setImmediate);
    }
    response.end();
  });
  const result = await b24pay.call('app.info', {}, { portal: webhook(`${origin}/rest/7/${SECRET}/`) });
  assert.deepEqual(result, { name: 'Zahlung für 917 — 😀' });
});

const ENDED = `${GET} ended without an answer, HTTP status`;
const TOO_MUCH = 'the answer has more than 200,000 values, or is nested deeper than 16 times';
for (const [what, status, body, said] of [
  ['an empty body', 200, '', `${ENDED} 200: the answer is no JSON of the portal's REST`],
  ['an empty 403', 403, '', `${ENDED} 403: the answer is no JSON of the portal's REST`],
  ['HTML', 200, '<html>', `${ENDED} 200: the answer is no JSON of the portal's REST`],
  ['null', 200, 'null', `${ENDED} 200: the answer is no JSON of the portal's REST`],
  ['a number', 200, '5', `${ENDED} 200: the answer is no JSON of the portal's REST`],
  ['an array', 200, '[]', `${ENDED} 200: the answer is no JSON of the portal's REST`],
  ['an object without result and error', 200, '{"time":{}}', `${ENDED} 200: the answer is no JSON of the portal's REST`],
  ['a text that is no UTF-8', 200, Buffer.from('{"result":"\xff"}', 'latin1'), `${ENDED} 200: the answer is no JSON of the portal's REST`],
  ['a text that ends inside a sign', 200, Buffer.from('{"result":true}\xe2\x82', 'latin1'), `${ENDED} 200: the answer is no JSON of the portal's REST`],
  ['the page of a proxy', 502, '<html>', `${ENDED} 502: the answer is no JSON of the portal's REST`],
  ['more than 8 MB', 200, ' '.repeat(8 * 1024 * 1024 + 1), `${ENDED} 200: the answer is longer than 8 MB`],
  ['something nested without end', 200, `{"result":${'['.repeat(5000)}${']'.repeat(5000)}}`, `${ENDED} 200: ${TOO_MUCH}`],
  ['something of more values than are read', 200, `{"result":[${'0,'.repeat(200_000)}0]}`, `${ENDED} 200: ${TOO_MUCH}`],
]) {
  test(`${what} is no answer`, async (t) => {
    const { origin } = await saying(t, body, status);
    await rejects(b24pay.getPayment(501, { portal: webhook(`${origin}/rest/7/${SECRET}/`) }), {
      code: 'NO_ANSWER', retry: 'readFirst', method: GET, httpStatus: status, message: said,
    });
  });
}

test('a body of more than 8 MB that does not say so is no answer either', async (t) => {
  const { origin } = await server(t, (response) => {
    for (let part = 0; part < 9; part += 1) response.write(' '.repeat(1024 * 1024));
    response.end('{"result":true}');
  });
  await rejects(b24pay.getPayment(501, { portal: webhook(`${origin}/rest/7/${SECRET}/`) }), {
    code: 'NO_ANSWER', retry: 'readFirst', method: GET, httpStatus: 200, message: `${ENDED} 200: the answer is longer than 8 MB`,
  });
});

test('a body without end is broken off, and so is its request', { timeout: 20_000 }, async (t) => {
  let close;
  const closed = new Promise((resolve) => { close = resolve; });
  const { origin } = await server(t, (response) => {
    const part = ' '.repeat(1024 * 1024);
    const more = () => { while (!response.destroyed && response.write(part)); };
    response.on('drain', more).on('close', close);
    more();
  });
  await rejects(b24pay.getPayment(501, { portal: webhook(`${origin}/rest/7/${SECRET}/`) }), {
    code: 'NO_ANSWER', retry: 'readFirst', method: GET, httpStatus: 200, message: `${ENDED} 200: the answer is longer than 8 MB`,
  });
  await closed;
});

test('a mark of the byte order is no part of an answer', async (t) => {
  const { origin } = await saying(t, '\ufeff{"error":"ACCESS_DENIED","error_description":"no"}', 403);
  await rejects(b24pay.getPayment(501, { portal: webhook(`${origin}/rest/7/${SECRET}/`) }), {
    code: 'ACCESS_DENIED', retry: 'never', method: GET, httpStatus: 403, portalCode: 'ACCESS_DENIED', portalText: 'no',
    message: `${GET} was denied by the user's rights or the portal's tariff: no (ACCESS_DENIED)`,
  });
});

for (const status of [301, 302, 307, 308]) {
  test(`a ${status} is not followed, and the message says what may have happened`, async (t) => {
    const { asked, origin } = await server(t, (response) => response.writeHead(status, { Location: '/elsewhere' }).end());
    await rejects(b24pay.getPayment(501, { portal: webhook(`${origin}/rest/7/${SECRET}/`) }), {
      code: 'NO_ANSWER', retry: 'readFirst', method: GET, httpStatus: status,
      message: `${ENDED} ${status}: the portal redirects, which is not followed; it may have been renamed, so use its new address`,
    });
    assert.equal(asked.length, 1);
  });
}

const BROKEN = 'the connection failed or was blocked (CORS, the page\'s connect-src, an extension), or the address is wrong or redirects';
const failing = (cause, code) => Object.assign(new TypeError('fetch failed', { cause }), { code });

for (const [what, thrown, says] of [
  ['has a code on its cause, as in Node,', failing({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }), 'the connection failed: DEPTH_ZERO_SELF_SIGNED_CERT'],
  ['has a code of its own, as in Bun,', failing(undefined, 'ConnectionRefused'), 'the connection failed: ConnectionRefused'],
  ['has no code', failing(new Error('bad port')), BROKEN],
  ['has a number for its code', failing(undefined, 20), BROKEN],
  ['has a sentence for its code', failing({ code: 'the address was no address' }), BROKEN],
  ['has the secret in its code', failing({ code: `NO_${SECRET}` }), BROKEN],
  ['is nothing', undefined, BROKEN],
]) {
  test(`what is thrown instead of an answer and ${what} is told by its code at the most`, async (t) => {
    t.mock.method(globalThis, 'fetch', async () => { throw thrown; });
    await rejects(b24pay.getPayment(501, { portal: webhook(`https://a.bitrix24.eu/rest/7/${SECRET}/`) }), {
      code: 'NO_ANSWER', retry: 'readFirst', method: GET, message: `${GET} got no answer: ${says}`,
    });
  });
}

test('a connection that is refused is no answer, and said to be refused', async () => {
  const port = await freePort();
  await rejects(b24pay.getPayment(501, { portal: webhook(`http://127.0.0.1:${port}/rest/7/secret/`) }), {
    code: 'NO_ANSWER', retry: 'readFirst', method: GET, message: `${GET} got no answer: the connection failed: ECONNREFUSED`,
  });
});

test('silence ends with the deadline, and the request is broken off', async (t) => {
  let closed;
  const { origin } = await server(t, (response) => { closed = once(response, 'close'); });
  await rejects(b24pay.getPayment(501, { portal: webhook(`${origin}/rest/7/${SECRET}/`), deadlineMs: 100 }), {
    code: 'NO_ANSWER', retry: 'readFirst', method: GET, message: `${GET} got no answer`,
  });
  await closed;
});

test('an abort breaks the request off', async (t) => {
  const abort = new AbortController();
  let closed;
  const { origin } = await server(t, (response) => {
    closed = once(response, 'close');
    abort.abort('enough');
  });
  const read = b24pay.getPayment(501, { portal: webhook(`${origin}/rest/7/${SECRET}/`), signal: abort.signal });
  await rejects(read, { code: 'ABORTED', retry: 'safe', cause: 'enough', message: 'aborted before anything changed' });
  await closed;
});

for (const [fault, expected] of [
  ['commitThenDrop', { status: 'paid', recovered: true }],
  ['commitThen502', { status: 'paid', recovered: true }],
  ['commitThenHtml', { status: 'paid', recovered: true }],
  ['truncatedJson', { status: 'paid', recovered: true }],
  ['errorCoreAfterCommit', { status: 'paid', recovered: false }],
  ['http502', { status: 'notApplied' }],
  ['dropBeforeCommit', { status: 'notApplied' }],
  ['yesButUnpaid', { status: 'notApplied' }],
  ['hang', { status: 'unknown' }],
]) {
  test(`after ${fault} the payment is ${expected.status}, and one pay call was sent`, async () => {
    await portal.fault({ method: PAY, fault });
    const outcome = await payPayment(PAYMENT, { portal: portal.webhook(), ...QUICK });
    assert.equal(outcome.status, expected.status);
    assert.equal(outcome.recovered, expected.recovered);
    assert.equal((await portal.received(PAY)).length, 1);
    assert.equal((await portal.payments(501)).paid, expected.status === 'paid' ? 'Y' : 'N');
  });
}

for (const [status, body] of [[504, { error: 'Gateway Timeout' }], [502, { error: { code: 502, message: 'Bad Gateway' } }], [504, { result: true }]]) {
  test(`a ${status} with ${JSON.stringify(body)} is none of the portal's: the call runs on, and is waited for`, async (t) => {
    let reads = 0;
    const { asked, origin } = await server(t, (response, { url }) => {
      const json = { 'Content-Type': 'application/json' };
      if (url.endsWith(`${PAY}.json`)) return response.writeHead(status, json).end(JSON.stringify(body));
      // Unpaid before the call and at once after it, then it has run.
      const result = { id: 501, accountNumber: '917/1', paid: (reads += 1) > 2 ? 'Y' : 'N', paySystemId: 11, sum: 1000, currency: 'EUR' };
      return response.writeHead(200, json).end(JSON.stringify({ result }));
    });
    const outcome = await payPayment(PAYMENT, { portal: webhook(`${origin}/rest/7/${SECRET}/`), settleMs: 5000 });
    assert.deepEqual([outcome.status, outcome.recovered, asked.length], ['paid', true, 4]);
  });
}

test('a limit in front of the portal is seen as one, and the call sent again', async () => {
  await portal.fault({ method: PAY, fault: 'queryLimit' });
  const outcome = await payPayment(PAYMENT, { portal: portal.webhook() });
  assert.equal(outcome.status, 'paid');
  assert.deepEqual([(await portal.received(PAY)).length, (await portal.payments(501)).paidTimes], [2, 1]);
});

test('a pay call that stays silent keeps no other payment waiting', async () => {
  await portal.fault({ method: PAY, fault: 'hang' });
  const way = portal.webhook();
  const ended = [];
  const pays = async (paymentId) => {
    const { status } = await payPayment({ paymentId, paySystemId: 11 }, { portal: way, deadlineMs: 1500, settleMs: 1000 });
    ended.push([paymentId, status]);
  };
  const silent = pays(501);
  await portal.arrived(PAY);
  await pays(504);
  await silent;
  assert.deepEqual(ended, [[504, 'paid'], [501, 'unknown']]);
});

test('many payments go by batches of reads and one pay call each', async () => {
  const requests = [501, 504, 505].map((paymentId) => ({ paymentId, paySystemId: 11 }));
  const { items } = await b24pay.payPayments(requests, { portal: portal.webhook(), concurrency: 3 });
  assert.deepEqual(items.map(({ status }) => status), ['paid', 'paid', 'paid']);
  assert.equal((await portal.received(PAY)).length, 3);
});
