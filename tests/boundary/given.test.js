// What is handed in is what it was when the call was made, and what throws in it breaks no other call.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GET, PAY, WHOLE, portalPage, rejects } from './page.js';
import { PAID, emptyBody, payment, result, silence } from './replies.js';

const PAY_501 = { paymentId: 501, paySystemId: 11 };

function revoked(target) {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

const cause = new Error('no');
const refuse = () => { throw cause; };
const unreadable = (name, what = 'a getter that throws') => ({ code: 'INVALID_REQUEST', message: `${name} must be readable, got ${what}` });

// Each with what it is refused by, whatever the engine says in `cause`.
const HOSTILE = [
  ['a revoked request', (b24pay) => b24pay.payPayment(revoked({})), unreadable('the request', 'a proxy that throws')],
  ['revoked options', (b24pay) => b24pay.markPaid(501, revoked({})), unreadable('options.portal')],
  ['revoked details', (b24pay) => b24pay.payPayment({ ...PAY_501, details: revoked({}) }), unreadable('details', 'a proxy that throws')],
  ['a revoked id', (b24pay) => b24pay.payPayment({ ...PAY_501, paymentId: revoked({}) }), {
    code: 'INVALID_PAYMENT_ID', message: `payment id ${WHOLE}, got an object`,
  }],
  ['a revoked signal', (b24pay) => b24pay.payPayment(PAY_501, { signal: revoked({}) }), {
    code: 'INVALID_REQUEST', message: 'signal must be an AbortSignal, got an object',
  }],
  ['a revoked list', (b24pay) => b24pay.payPayments(revoked([])), unreadable('requests')],
  ['a list whose element throws', (b24pay) => b24pay.payPayments(Object.defineProperty([], 0, { get: refuse })), unreadable('requests')],
  ['a list whose length throws', (b24pay) => b24pay.payPayments(new Proxy([PAY_501], { get: refuse })), unreadable('requests')],
  ['what is listed of, revoked', (b24pay) => b24pay.listPayments(revoked({})), unreadable('deal')],
  ['revoked parameters', (b24pay) => b24pay.call('sale.paysystem.list', revoked({})), unreadable('params')],
  ['a revoked member of them', (b24pay) => b24pay.call('sale.paysystem.list', { FILTER: revoked({}) }), unreadable('FILTER')],
];

for (const [name, ask, { code, message }] of HOSTILE) {
  test(`${name} is refused, and other calls go on`, async (t) => {
    const page = await portalPage(t, [[GET, result(payment())], [PAY, result(true)], [GET, result(payment(PAID))]]);
    const other = page.b24pay.payPayment(PAY_501);
    const error = await ask(page.b24pay).then(assert.fail, (reason) => reason);
    assert.deepEqual([error.code, error.message, error.retry], [code, message, 'never']);
    assert.equal((await page.settled(other)).status, 'paid');
  });
}

test('what a list throws when it is read is handed on', async (t) => {
  const { b24pay } = await portalPage(t, []);
  await rejects(b24pay.payPayments(Object.defineProperty([], 0, { get: refuse })), { ...unreadable('requests'), cause });
});

test('an argument that was revoked makes no portal throw, but its first call', async (t) => {
  const page = await portalPage(t, []);
  for (const way of ['frame', 'oauth']) {
    const portal = page.b24pay[way](revoked({}));
    const error = await page.settled(page.b24pay.getPayment(501, { portal }).catch((reason) => reason));
    assert.equal(error.code, 'INVALID_REQUEST');
  }
});

// A page whose payments all are paid.
async function paidPage(t) {
  const page = await portalPage(t, []);
  page.bx24.standing.set(GET, (call) => result(payment({ ...PAID, id: call.params.id }))(call));
  return page;
}

test('an object that is used again for the next call does not change the one before', async (t) => {
  const page = await paidPage(t);
  const request = { ...PAY_501 };
  const of501 = page.b24pay.payPayment(request);
  request.paymentId = 502;
  const of502 = page.b24pay.payPayment(request);
  request.paymentId = 503;
  assert.deepEqual([(await page.settled(of501)).payment.id, (await page.settled(of502)).payment.id], [501, 502]);
});

test('options, what is expected and details are taken as they were, inherited ones too', async (t) => {
  const page = await portalPage(t, [[GET, result(payment())], [GET, result(payment())]]);
  const details = Object.create({ sum: '5' });
  const options = { expect: { sum: '7' } };
  const expecting = page.b24pay.payPayment({ ...PAY_501, details }, options);
  options.expect.sum = '1000';
  delete options.expect;
  await rejects(page.settled(expecting), { code: 'AMOUNT_CHANGED', message: 'expected a payment of 7, the portal has 1000 EUR' });
  const detailed = page.b24pay.payPayment({ ...PAY_501, details });
  Object.getPrototypeOf(details).sum = '1000';
  await rejects(page.settled(detailed), { code: 'AMOUNT_CHANGED', message: 'expected a payment of 5, the portal has 1000 EUR' });
});

const named = { paymentId: 'payment id', paySystemId: 'pay system id' };
// What has to stand beside it, for it to be looked at.
const needed = { paySystemId: { paymentId: 501 }, details: PAY_501, refresh: { domain: 'a.eu', accessToken: 'token' } };
// Each of them wrong, so that it is refused by its name where it was seen.
for (const [what, ask, wrong] of [
  ['a request', (b24pay, given) => b24pay.payPayment(given), { paymentId: 0, paySystemId: 0, details: 0 }],
  ['details', (b24pay, details) => b24pay.payPayment({ ...PAY_501, details }), {
    invoiceId: 1, sum: 1, currency: 1, statusCode: 1, statusMessage: 1, statusDescription: 1,
  }],
  ['options', (b24pay, options) => b24pay.payPayments([PAY_501], options), {
    portal: 0, signal: 0, deadlineMs: 0, settleMs: 0, detailsMayDiffer: 0, payReturned: 0, concurrency: 0, onProgress: 0,
  }],
  ['options of one payment', (b24pay, options) => b24pay.payPayment(PAY_501, options), { known: 0, expect: 0 }],
  ['what is expected', (b24pay, expect) => b24pay.payPayment(PAY_501, { expect }), { sum: 0, currency: 0 }],
  ['what is listed of', (b24pay, of) => b24pay.listPayments(of), { deal: 0, invoice: 0, order: 0 }],
  ['the options of a token', (b24pay, options) => b24pay.getPayment(501, { portal: b24pay.oauth(options) }), { refresh: 0 }],
  ['the options of a frame', (b24pay, options) => b24pay.getPayment(501, { portal: b24pay.frame(options) }), { transport: 0 }],
]) {
  for (const name of Object.keys(wrong)) {
    test(`${name} of ${what} may be inherited`, async (t) => {
      const page = await portalPage(t, []);
      const given = Object.assign(Object.create({ [name]: wrong[name] }), needed[name]);
      const error = await page.settled(ask(page.b24pay, given).catch((reason) => reason));
      assert.match(error.code, /^INVALID_/);
      assert.match(error.message, new RegExp(`\\b${named[name] ?? name}\\b`));
      assert.match(error.message, /got (0|1|number|something else)$/);
    });
  }
}

test('parameters that are used again for the next call are sent as they were, inner ones too', async (t) => {
  const method = 'sale.payment.update';
  const page = await portalPage(t, [[method, result(true)], [method, result(true)], [method, result(true)]]);
  const fields = { sum: 1, list: [{ paid: 'N' }], comment: null };
  const params = { id: 501, fields };
  const calls = [page.b24pay.call(method, params)];
  params.id = 502;
  fields.sum = 2;
  calls.push(page.b24pay.call(method, params));
  fields.list[0].paid = 'Y';
  calls.push(page.b24pay.call(method, params));
  delete params.fields;
  fields.list.length = 0;
  await page.settled(Promise.all(calls));
  const sent = page.bx24.asked.map((call) => call.params);
  assert.deepEqual(sent, [
    { id: 501, fields: { sum: 1, list: [{ paid: 'N' }], comment: '' } },
    { id: 502, fields: { sum: 2, list: [{ paid: 'N' }], comment: '' } },
    { id: 502, fields: { sum: 2, list: [{ paid: 'Y' }], comment: '' } },
  ]);
});

test('they are taken as deep as the module looks', async (t) => {
  const page = await portalPage(t, [['scope', result(true)]]);
  const innermost = { last: 1 };
  let params = innermost;
  for (let depth = 0; depth < 16; depth += 1) params = { inner: params };
  const call = page.b24pay.call('scope', params);
  innermost.last = 2;
  await page.settled(call);
  let [{ params: sent }] = page.bx24.asked;
  while (sent.inner) sent = sent.inner;
  assert.deepEqual(sent, { last: 1 });
});

test('parameters that are no data are refused as before they were taken', async (t) => {
  const page = await portalPage(t, []);
  const circular = { id: 1, many: [] };
  circular.many.push(circular, circular, circular);
  const hidden = Object.defineProperty({}, 'id', { value: new Date(0) });
  for (const [params, message] of [
    [{ at: new Date(0) }, 'at must be a plain object, got an object of another class'],
    [{ ids: [1, new Map()] }, 'ids.1 must be a plain object, got an object of another class'],
    [hidden, 'id must be a plain object, got an object of another class'],
    [{ run: () => {} }, 'run must be plain data: text, a number, a boolean, null, an array or an object, got a function'],
    [circular, null],
  ]) {
    const error = await page.settled(page.b24pay.call('sale.payment.update', params).catch((reason) => reason));
    assert.equal(error.code, 'INVALID_REQUEST');
    if (message) assert.equal(error.message, message);
    else assert.match(error.message, /must not be nested deeper than 16 times/);
  }
});

test('what has the same object at two places all the way down is not read twice as often at each', async (t) => {
  const page = await portalPage(t, []);
  const reads = [];
  let params = { last: 1 };
  for (let depth = 0; depth < 20; depth += 1) params = counted({ one: params, other: params }, reads);
  await rejects(page.settled(page.b24pay.call('scope', params)), { code: 'INVALID_REQUEST', message: `${Array(17).fill('one').join('.')} must not be nested deeper than 16 times, got an object` });
  assert.ok(reads.length < 100, `${reads.length} reads`);
});

// An object that writes down which of its members are read.
function counted(members, reads) {
  const counting = {};
  for (const [name, value] of Object.entries(members)) {
    Object.defineProperty(counting, name, { enumerable: true, get: () => (reads.push(name), value) });
  }
  return counting;
}

test('each member of what is handed in is read once, so that what is checked is what is used', async (t) => {
  const page = await paidPage(t);
  const reads = [];
  const portal = page.b24pay.frame(counted({ transport: 'bx24' }, reads));
  const details = counted({ sum: '1000' }, reads);
  const expect = counted({ currency: 'EUR' }, reads);
  const options = counted({ portal, deadlineMs: 5000, settleMs: 5000, expect }, reads);
  await page.settled(page.b24pay.payPayment(counted({ ...PAY_501, details }, reads), options));
  assert.deepEqual(reads.sort(), [
    'currency', 'deadlineMs', 'details', 'expect', 'paySystemId', 'paymentId', 'portal', 'settleMs', 'sum', 'transport',
  ]);
});

test('a list that is emptied and whose objects are used again meanwhile is still reported whole, by its own objects', async (t) => {
  const page = await paidPage(t);
  page.bx24.standing.set('batch', result({ result: { p501: payment(PAID), p502: payment({ ...PAID, id: 502 }) }, result_error: [] }));
  const [first, second] = [{ ...PAY_501 }, { ...PAY_501, paymentId: 502 }];
  const requests = [first, second];
  const totals = [];
  const many = page.b24pay.payPayments(requests, { onProgress: (done, total) => totals.push([done, total]) });
  second.paymentId = 503;
  await page.clock.pass(1);
  requests.length = 0;
  const { items } = await page.settled(many);
  assert.deepEqual(items.map(({ request, payment: { id } }) => [request === first || request === second, id]), [[true, 501], [true, 502]]);
  assert.deepEqual(totals, [[1, 2], [2, 2]]);
});

test('a call that is aborted after it was sent may have run, and says so', async (t) => {
  const page = await portalPage(t, [[PAY, silence]]);
  const made = new AbortController();
  const call = page.b24pay.call(PAY, { PAYMENT_ID: 501, PAY_SYSTEM_ID: 11 }, { signal: made.signal });
  call.catch(() => {});
  await page.clock.pass(100);
  assert.equal(page.bx24.count(PAY), 1);
  made.abort(cause);
  await rejects(call, { code: 'ABORTED', retry: 'readFirst', message: 'aborted after the call was sent; it may still run', cause });
});

test('a call that was aborted before it was made, and a read, are safe to be made again', async (t) => {
  const page = await portalPage(t, [[GET, silence]]);
  const made = new AbortController();
  const read = page.b24pay.getPayment(501, { signal: made.signal });
  read.catch(() => {});
  await page.clock.pass(100);
  made.abort(cause);
  const safe = { code: 'ABORTED', retry: 'safe', message: 'aborted before anything changed', cause };
  await rejects(read, safe);
  await rejects(page.settled(page.b24pay.call(PAY, {}, { signal: made.signal })), safe);
});

test('a signal that keeps its listener, and calls it when the call is over, breaks no other call', async (t) => {
  const page = await portalPage(t, [[GET, result(payment())], [GET, silence], [GET, result(payment({ id: 503 }))]]);
  const kept = [];
  const signal = { aborted: false, addEventListener: (_, heard) => kept.push(heard), removeEventListener: () => { throw cause; } };
  await page.settled(page.b24pay.getPayment(501, { signal }));
  const other = page.b24pay.getPayment(502, { deadlineMs: 1_000 });
  other.catch(() => {});
  await page.clock.pass(100);
  kept[0]();
  await page.clock.pass(100);
  assert.equal((await page.settled(page.b24pay.getPayment(503))).id, 503);
  await rejects(page.settled(other), { code: 'NO_ANSWER', retry: 'readFirst', method: GET, message: `${GET} got no answer` });
});

// A promise whose own members are not what they should be.
const odd = (value, members) => Object.defineProperties(Promise.resolve(value), members);

for (const [what, given] of [
  ['nothing', () => undefined], ['a number', () => 5], ['a promise that cannot be asked', () => odd('new-token', { constructor: { get: refuse } })],
  ['a promise without then', () => odd('new-token', { then: { value: undefined } })], ['a thenable that throws', () => ({ then: refuse })],
]) {
  test(`${what} from fetch or refresh ends that call, and no other`, async (t) => {
    const page = await portalPage(t, [[GET, silence]]);
    const { getPayment, oauth, webhook } = page.b24pay;
    const other = getPayment(502, { deadlineMs: 1_000 });
    other.catch(() => {});
    await page.clock.pass(100);
    t.mock.method(globalThis, 'fetch', given);
    const read = getPayment(501, { portal: webhook('https://a.eu/rest/7/s3cret/'), deadlineMs: 100 });
    await rejects(page.settled(read), {
      code: 'NO_ANSWER', retry: 'readFirst', method: GET,
      message: `${GET} got no answer: the connection failed or was blocked (CORS, the page's connect-src, an extension), or the address is wrong or redirects`,
    });
    globalThis.fetch.mock.mockImplementation(async () => new Response('{"error":"expired_token"}', { status: 401 }));
    const renewed = getPayment(501, { portal: oauth({ domain: 'a.eu', accessToken: 'old-token', refresh: given }) });
    assert.equal((await page.settled(renewed).catch((error) => error)).code, 'AUTH_EXPIRED');
    await rejects(page.settled(other), { code: 'NO_ANSWER', retry: 'readFirst', method: GET, message: `${GET} got no answer` });
  });
}

// A response of which one member is not what it should be.
const response = (name, descriptor) => Object.defineProperty(new Response('{"result":[]}'), name, descriptor);
// One whose member is good when it is asked first, and something else after that.
const turning = (name, then) => {
  const given = new Response('{}');
  const first = given[name];
  let reads = 0;
  return Object.defineProperty(given, name, { get: () => (reads++ ? then() : first) });
};
const body = (read) => response('body', { value: { getReader: () => ({ read }) } });
const BROKEN = 'the connection failed or was blocked (CORS, the page\'s connect-src, an extension), or the address is wrong or redirects';
const NOT_REST = 'the answer is no JSON of the portal\'s REST';
const REDIRECTS = 'the portal redirects, which is not followed; it may have been renamed, so use its new address';

for (const [what, given, says, httpStatus] of [
  ['that only looks like one', () => Object.create(Response.prototype), BROKEN],
  ['behind a proxy that throws', () => new Proxy(new Response('{}'), { get: (_, name) => (name === 'then' ? undefined : refuse()) }), BROKEN],
  ['behind a proxy that was revoked', () => {
    const { proxy, revoke } = Proxy.revocable(new Response('{}'), {});
    queueMicrotask(revoke);
    return proxy;
  }, BROKEN],
  ['without a status', () => response('status', { value: undefined }), BROKEN],
  ['whose status is text', () => response('status', { value: '200' }), BROKEN],
  ['whose status is a bigint', () => response('status', { value: 200n }), BROKEN],
  ['whose status throws', () => response('status', { get: refuse }), BROKEN],
  ['whose status is no number', () => response('status', { value: NaN }), REDIRECTS],
  ['whose body throws', () => response('body', { get: refuse }), BROKEN],
  ['whose body is a number', () => response('body', { value: 5 }), 'the answer broke off', 200],
  ['whose body has no reader', () => response('body', { value: { getReader: refuse } }), 'the answer broke off', 200],
  ['whose reader throws', () => body(refuse), 'the answer broke off', 200],
  ['whose reader rejects', () => body(async () => refuse()), 'the answer broke off', 200],
  ['whose reader gives nothing', () => body(() => undefined), 'the answer broke off', 200],
  ['whose reader gives text', () => body(() => ({ value: '{}' })), NOT_REST, 200],
  ['whose status throws when it is asked again', () => turning('status', refuse), NOT_REST, 200],
  ['whose status is another one when it is asked again', () => turning('status', () => 302), NOT_REST, 200],
  ['whose status is none when it is asked again', () => turning('status', () => Symbol('status')), NOT_REST, 200],
  ['whose other members throw', () => Object.defineProperties(new Response('{}'), Object.fromEntries(
    ['ok', 'headers', 'type', 'url', 'redirected', 'statusText', 'bodyUsed', 'text'].map((name) => [name, { get: refuse }]))), NOT_REST, 200],
]) {
  test(`a response ${what} ends its call, and no other`, async (t) => {
    const page = await portalPage(t, [[GET, silence]]);
    const { getPayment, webhook } = page.b24pay;
    const other = getPayment(502, { deadlineMs: 1_000 });
    other.catch(() => {});
    await page.clock.pass(100);
    // Nothing asks it for more than it has before the module does.
    t.mock.method(globalThis, 'fetch', () => ({ then: (answer) => answer(given()) }));
    const ended = httpStatus ? `ended without an answer, HTTP status ${httpStatus}` : 'got no answer';
    await rejects(page.settled(getPayment(501, { portal: webhook('https://a.eu/rest/7/s3cret/'), deadlineMs: 100 })), {
      code: 'NO_ANSWER', retry: 'readFirst', method: GET, message: `${GET} ${ended}: ${says}`, ...(httpStatus && { httpStatus }),
    });
    await rejects(page.settled(other), { code: 'NO_ANSWER', retry: 'readFirst', method: GET, message: `${GET} got no answer` });
  });
}

// Methods that have nothing to say give it, such as crm.timeline.item.pin.
for (const [through, options] of [['BX24', () => ({})], ['HTTP', ({ webhook }) => ({ portal: webhook('https://a.eu/rest/7/s3cret/') })]]) {
  test(`null is a result of a call through ${through}, and no payment`, async (t) => {
    const page = await portalPage(t, [['crm.timeline.item.pin', result(null)], [GET, result(null)]].slice(through === 'HTTP' ? 2 : 0));
    t.mock.method(globalThis, 'fetch', async () => new Response('{"result":null,"time":{}}'));
    const given = options(page.b24pay);
    assert.equal(await page.settled(page.b24pay.call('crm.timeline.item.pin', { id: 9, ownerTypeId: 2, ownerId: 7 }, given)), null);
    await rejects(page.settled(page.b24pay.getPayment(501, given)), {
      code: 'NONSENSE', retry: 'readFirst', method: GET, httpStatus: 200, message: `${GET} was answered with something else than the payment that was asked for`,
    });
  });
}

for (const status of [200, 403]) {
  test(`an empty body with status ${status} is no result of a call`, async (t) => {
    const method = 'sale.paysystem.update';
    const page = await portalPage(t, [[method, emptyBody(status)]]);
    await rejects(page.settled(page.b24pay.call(method, { ID: 1 })), {
      code: 'NONSENSE', retry: 'readFirst', method, httpStatus: status, message: `${method} was answered with something else than a result`,
    });
  });

  test(`an empty body with status ${status} is no empty list`, async (t) => {
    const method = 'crm.item.payment.list';
    const page = await portalPage(t, [[method, emptyBody(status)]]);
    await rejects(page.settled(page.b24pay.listPayments({ deal: 7 })), {
      code: 'NONSENSE', retry: 'readFirst', method, httpStatus: status, message: `${method} was answered with something else than a list of the payments asked for`,
    });
  });
}
