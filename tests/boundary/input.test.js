// What callers hand in: nothing invalid is sent, and the message names what came.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GET, PAY, WHOLE, freshCopy, portalPage, rejects } from './page.js';
import { payment, result } from './replies.js';

// What is no id, with the words that name it.
const NO_IDS = [
  [0, '0'], [-1, '-1'], [1.5, '1.5'], [NaN, 'NaN'], [Infinity, 'Infinity'], [2 ** 53, '9007199254740992'],
  ['', '""'], [' 501 ', '" 501 "'], ['501abc', '"501abc"'], ['15/1', '"15/1"'], ['01', '"01"'], ['０５０１', '"０５０１"'],
  ['9007199254740993', '"9007199254740993"'], [-1n, '-1n'], [2n ** 53n, '9007199254740992n'],
  [null, 'null'], [undefined, 'undefined'], [[], 'an array'], [{}, 'an object'], [true, 'true'], [false, 'false'],
  [() => 501, 'a function'], [Symbol('501'), 'a symbol'], [new Number(501), 'an object'],
];

for (const id of [501, '501', 501n]) {
  test(`an id may be a ${typeof id}`, async (t) => {
    const page = await portalPage(t, [[GET, result(payment())]]);
    assert.equal((await page.settled(page.b24pay.getPayment(id))).id, 501);
    assert.deepEqual(page.bx24.asked[0].params, { id: 501 });
  });
}

test('the greatest id is the greatest whole number that a number holds exactly', async (t) => {
  const id = Number.MAX_SAFE_INTEGER;
  const page = await portalPage(t, [[GET, result(payment({ id }))]]);
  assert.equal((await page.settled(page.b24pay.getPayment(String(id)))).id, id);
});

test('what is no id of a payment is refused and named', async () => {
  const { payPayment, markPaid, getPayment } = await freshCopy();
  for (const [paymentId, got] of NO_IDS) {
    const expected = { code: 'INVALID_PAYMENT_ID', message: `payment id ${WHOLE}, got ${got}` };
    await rejects(payPayment({ paymentId, paySystemId: 11 }), expected);
    await rejects(markPaid(paymentId), expected);
    await rejects(getPayment(paymentId), expected);
  }
});

test('what is no id of a pay system is refused and named', async () => {
  const { payPayment } = await freshCopy();
  for (const [paySystemId, got] of NO_IDS) {
    await rejects(payPayment({ paymentId: 501, paySystemId }), {
      code: 'INVALID_PAY_SYSTEM_ID',
      message: `pay system id ${WHOLE}, got ${got}`,
    });
  }
});

test('the mistakes of public callers name the field that is missing', async () => {
  const { payPayment } = await freshCopy();
  await rejects(payPayment({ paymentId: 501 }), {
    code: 'INVALID_PAY_SYSTEM_ID', message: `pay system id ${WHOLE}, got undefined`,
  });
  await rejects(payPayment({ ID: 501 }), {
    code: 'INVALID_PAYMENT_ID', message: `payment id ${WHOLE}, got undefined`,
  });
  await rejects(payPayment(501, 11), {
    code: 'INVALID_REQUEST', message: 'the request must be an object with paymentId and paySystemId, got 501',
  });
});

test('a request that a calculation made NaN is refused like another, alone and in a list', async (t) => {
  const page = await portalPage(t, []);
  const message = 'the request must be an object with paymentId and paySystemId, got NaN';
  await rejects(page.b24pay.payPayment(NaN), { code: 'INVALID_REQUEST', message });
  const { items } = await page.settled(page.b24pay.payPayments([NaN]));
  assert.deepEqual(items.map(({ status, request, error }) => [status, request, error.message]), [['rejected', NaN, message]]);
});

// Details with what is expected of them and how what came is named.
const NO_DETAILS = [
  ['currency', 'EURO', 'must be three letters', '"EURO"'],
  ['currency', 'E1R', 'must be three letters', '"E1R"'],
  ['statusMessage', 'x'.repeat(251), 'must have at most 250 characters, which is what the portal stores', '251 characters'],
  ['statusDescription', 'x'.repeat(513), 'must have at most 512 characters, which is what the portal stores', '513 characters'],
  ['statusCode', 'x'.repeat(256), 'must have at most 255 characters, which is what the portal stores', '256 characters'],
  ['invoiceId', 'x'.repeat(256), 'must have at most 255 characters, which is what the portal stores', '256 characters'],
  ['invoiceId', '', 'must not be empty or "0", which the portal drops', '""'],
  ['statusCode', '0', 'must not be empty or "0", which the portal drops', '"0"'],
  ['sum', 'much', 'must be a decimal number such as "59.97"', '"much"'],
  ['sum', '1,000', 'must be a decimal number such as "59.97"', '"1,000"'],
  ['sum', '+5', 'must be a decimal number such as "59.97"', '"+5"'],
  ['sum', '1e3', 'must be a decimal number such as "59.97"', '"1e3"'],
  ['sum', '-5', 'must not be negative, since it is what was paid', '"-5"'],
  ['sum', '-0', 'must not be negative, since it is what was paid', '"-0"'],
  ['sum', 59.97, 'must be text', '59.97'],
];

for (const [name, value, expected, got] of NO_DETAILS) {
  const shown = typeof value === 'string' && value.length > 20 ? `${value.length} characters` : JSON.stringify(value);
  test(`details.${name} of ${shown} ${expected}`, async () => {
    const { payPayment } = await freshCopy();
    await rejects(payPayment({ paymentId: 501, paySystemId: 11, details: { [name]: value } }), {
      code: 'INVALID_DETAILS', message: `details.${name} ${expected}, got ${got}`,
    });
  });
}

test('lengths count code points, as the portal does', async (t) => {
  const page = await portalPage(t, [[GET, result(payment({ paid: 'Y' }))]]);
  const details = { statusMessage: '😀'.repeat(250) };
  const outcome = await page.settled(page.b24pay.payPayment({ paymentId: 501, paySystemId: 11, details }));
  assert.equal(outcome.status, 'alreadyPaid');
});

const OPTIONS = 'portal, signal, deadlineMs, settleMs, known, expect, detailsMayDiffer, payReturned, concurrency, onProgress';

test('a misspelt option is not lost without a word, whichever function has it', async () => {
  const { payPayment, payPayments, markPaid, markUnpaid, getPayment, listPayments, unsettled, call } = await freshCopy();
  const expected = { code: 'INVALID_REQUEST', message: `options must hold only ${OPTIONS}, got "expected"` };
  const options = { expected: { sum: '59.97' } };
  for (const asked of [
    payPayment(PAY_501, options), payPayments([PAY_501], options), markPaid(501, options), markUnpaid(501, options),
    getPayment(501, options), listPayments({ deal: 7 }, options), unsettled(options), call('scope', {}, options),
  ]) await rejects(asked, expected);
});

test('options of one function may be handed to another', async (t) => {
  const page = await portalPage(t, [[GET, result(payment())]]);
  const options = { settleMs: 1000, expect: { sum: '1' }, concurrency: 2, onProgress() {} };
  assert.equal((await page.settled(page.b24pay.getPayment(501, options))).id, 501);
});

for (const [name, value, got] of [
  ['portal', {}, 'an object'], ['expect', { sum: '59.97' }, 'an object'], ['settleMs', 1000, '1000'], ['payReturned', true, 'true'],
]) {
  test(`${name} in the place of a request is not lost without a word, alone and in a list`, async (t) => {
    const page = await portalPage(t, []);
    const message = `${name} must be among the options, which are the second argument, got ${got}`;
    const request = { ...PAY_501, [name]: value };
    await rejects(page.b24pay.payPayment(request), { code: 'INVALID_REQUEST', message });
    const { items } = await page.settled(page.b24pay.payPayments([request]));
    assert.deepEqual(items.map(({ status, error }) => [status, error.message]), [['rejected', message]]);
    assert.deepEqual(page.bx24.asked, []);
  });
}

test('a request may hold what is the caller\'s own', async (t) => {
  const page = await portalPage(t, [[GET, result(payment({ paid: 'Y' }))]]);
  const request = { ...PAY_501, row: 3, portal: undefined };
  assert.equal((await page.settled(page.b24pay.payPayment(request))).status, 'alreadyPaid');
});

test('a misspelt detail is not lost without a word', async () => {
  const { payPayment } = await freshCopy();
  await rejects(payPayment({ paymentId: 501, paySystemId: 11, details: { invoiceID: '1' } }), {
    code: 'INVALID_REQUEST',
    message: 'details must hold only invoiceId, sum, currency, statusCode, statusMessage, statusDescription, got "invoiceID"',
  });
});

for (const [options, message] of [
  [7, 'options must be an object, got 7'],
  [NaN, 'options must be an object, got NaN'],
  [{ deadlineMs: 0 }, 'deadlineMs must be milliseconds from 1 to 2147483647, got 0'],
  [{ deadlineMs: '30' }, 'deadlineMs must be milliseconds from 1 to 2147483647, got "30"'],
  [{ settleMs: Infinity }, 'settleMs must be milliseconds from 1 to 2147483647, got Infinity'],
  [{ settleMs: 2 ** 31 }, 'settleMs must be milliseconds from 1 to 2147483647, got 2147483648'],
  [{ signal: 'stop' }, 'signal must be an AbortSignal, got "stop"'],
  [{ signal: 7 }, 'signal must be an AbortSignal, got 7'],
  [{ signal: [] }, 'signal must be an AbortSignal, got an array'],
  [{ signal: {} }, 'signal must be an AbortSignal, got an object'],
  [{ expect: '59.97' }, 'expect must be an object with sum or currency, got "59.97"'],
  [{ expect: {} }, 'expect must be an object with sum or currency, got neither'],
  [{ expect: { amount: '59.97' } }, 'expect must be an object with sum or currency, got neither'],
  [{ expect: { sum: undefined, currency: null } }, 'expect must be an object with sum or currency, got neither'],
  [{ expect: { sum: 59.97 } }, 'expect.sum must be a decimal number as text, such as "59.97", got 59.97'],
  [{ expect: { currency: '' } }, 'expect.currency must be a currency code as text, such as "EUR", got ""'],
  [{ known: 'paid' }, 'known must be a Payment, got "paid"'],
  [{ payReturned: 'yes' }, 'payReturned must be true, got "yes"'],
]) {
  test(`options are checked: ${message}`, async () => {
    const { payPayment } = await freshCopy();
    await rejects(payPayment({ paymentId: 501, paySystemId: 11 }, options), { code: 'INVALID_REQUEST', message });
  });
}

for (const [options, message] of [
  [{ concurrency: 0 }, 'concurrency must be a whole number from 1 to 50, got 0'],
  [{ concurrency: 51 }, 'concurrency must be a whole number from 1 to 50, got 51'],
  [{ concurrency: 1.5 }, 'concurrency must be a whole number from 1 to 50, got 1.5'],
  [{ onProgress: 'tell' }, 'onProgress must be a function, got "tell"'],
  [{ known: {} }, 'known must not be given for many payments, got an object'],
  [{ expect: { sum: '5' } }, 'expect must not be given for many payments, got an object'],
]) {
  test(`options of many payments are checked: ${message}`, async () => {
    const { payPayments } = await freshCopy();
    await rejects(payPayments([{ paymentId: 501, paySystemId: 11 }], options), { code: 'INVALID_REQUEST', message });
  });
}

test('a request that throws when it is read rejects, with what was thrown', async () => {
  const { payPayment } = await freshCopy();
  const cause = new Error('hostile');
  await rejects(payPayment({ get paymentId() { throw cause; }, paySystemId: 11 }), {
    code: 'INVALID_REQUEST', message: 'paymentId must be readable, got a getter that throws', cause,
  });
});

for (const [name, ask] of [
  ['details.sum', (b24pay, hostile) => b24pay.payPayment({ paymentId: 501, paySystemId: 11, details: hostile })],
  ['expect.sum', (b24pay, hostile) => b24pay.payPayment({ paymentId: 501, paySystemId: 11 }, { expect: hostile })],
]) {
  test(`${name} that throws when it is read is told by its path`, async () => {
    const cause = new Error('hostile');
    class Hostile { get sum() { throw cause; } }
    for (const hostile of [{ get sum() { throw cause; } }, new Hostile()]) {
      await rejects(ask(await freshCopy(), hostile), { code: 'INVALID_REQUEST', message: `${name} must be readable, got a getter that throws`, cause });
    }
  });
}

const PAY_501 = { paymentId: 501, paySystemId: 11 };

// What a promise that was not awaited is handed in for, as any library makes one.
for (const [what, ask, code = 'INVALID_REQUEST'] of [
  ['details must be an object', (b24pay, details) => b24pay.payPayment({ ...PAY_501, details })],
  ['options must be an object', (b24pay, options) => b24pay.payPayment(PAY_501, options)],
  ['options must be an object', (b24pay, options) => b24pay.payPayments([PAY_501], options)],
  ['expect must be an object with sum or currency', (b24pay, expect) => b24pay.payPayment(PAY_501, { expect })],
  ['the request must be an object with paymentId and paySystemId', (b24pay, request) => b24pay.payPayment(request)],
  ['requests must be an array', (b24pay, requests) => b24pay.payPayments(requests)],
  [`payment id ${WHOLE}`, (b24pay, id) => b24pay.getPayment(id), 'INVALID_PAYMENT_ID'],
  ['what to list payments of must be an object with one of deal, invoice, order', (b24pay, of) => b24pay.listPayments(of)],
  ['params must be a plain object', (b24pay, params) => b24pay.call('scope', params)],
]) {
  test(`a promise that was not awaited is none: ${what}`, async (t) => {
    const page = await portalPage(t, []);
    const message = `${what}, got a promise`;
    await rejects(page.settled(ask(page.b24pay, Promise.resolve(PAY_501))), { code, message });
    await rejects(page.settled(ask(page.b24pay, { then: (resolve) => resolve(PAY_501) })), { code, message });
  });
}

// What is of a class has nothing by the names that are looked for, and would be taken for nothing given.
class Reference {
  #bank = 'bank-77';
  get bank() { return this.#bank; }
}
const form = new FormData();
form.set('invoiceId', 'bank-77');
for (const [what, details] of [
  ['a Map', new Map([['invoiceId', 'bank-77']])], ['a form', form], ['a query', new URLSearchParams('invoiceId=bank-77')], ['a Set', new Set(['bank-77'])],
  ['a date', new Date(0)], ['bytes', new Uint8Array(0)], ['what is of a class of the caller\'s', new Reference()],
]) {
  test(`${what} in the place of details is not lost without a word, alone and in a list`, async (t) => {
    const page = await portalPage(t, []);
    const message = 'details must be a plain object, got an object of another class';
    await rejects(page.settled(page.b24pay.payPayment({ ...PAY_501, details })), { code: 'INVALID_REQUEST', message });
    const { items } = await page.settled(page.b24pay.payPayments([{ ...PAY_501, details }]));
    assert.deepEqual(items.map(({ error }) => error.message), [message]);
    assert.deepEqual(page.bx24.asked, []);
  });
}

test('a portal, a signal or a Map in the place of options is not lost without a word, whichever function has it', async (t) => {
  const page = await portalPage(t, []);
  const { payPayment, payPayments, markPaid, markUnpaid, getPayment, listPayments, unsettled, call, webhook } = page.b24pay;
  const expected = { code: 'INVALID_REQUEST', message: 'options must be a plain object, got an object of another class' };
  for (const options of [webhook('https://a.eu/rest/7/s3cret/'), AbortSignal.abort(), new Map([['settleMs', 1000]])]) {
    for (const ask of [
      () => payPayment(PAY_501, options), () => payPayments([PAY_501], options), () => markPaid(501, options), () => markUnpaid(501, options),
      () => getPayment(501, options), () => listPayments({ deal: 7 }, options), () => unsettled(options), () => call('scope', {}, options),
    ]) await rejects(page.settled(ask()), expected);
  }
  assert.deepEqual(page.bx24.asked, []);
});

test('an option that is undefined counts as not given, alone and in a list', async (t) => {
  const paid = [[GET, result(payment())], [PAY, result(true)], [GET, result(payment({ paid: 'Y' }))]];
  const options = Object.fromEntries(OPTIONS.split(', ').map((name) => [name, undefined]));
  const alone = await portalPage(t, paid);
  assert.equal((await alone.settled(alone.b24pay.payPayment(PAY_501, options))).status, 'paid');
  const inList = await portalPage(t, paid);
  const { items } = await inList.settled(inList.b24pay.payPayments([PAY_501], options));
  assert.deepEqual(items.map(({ status }) => status), ['paid']);
});

test('details and options may be of a class that has what is looked for', async (t) => {
  const page = await portalPage(t, [[GET, result(payment())], [PAY, result(true)], [GET, result(payment({ paid: 'Y' }))]]);
  class Details { get invoiceId() { return 'bank-77'; } }
  class Options { settleMs = 1000; }
  const outcome = await page.settled(page.b24pay.payPayment({ ...PAY_501, details: new Details() }, new Options()));
  assert.deepEqual([outcome.status, page.bx24.asked[1].params.PS_INVOICE_ID], ['paid', 'bank-77']);
});

test('true, false, null and undefined are known on both ways', async (t) => {
  const answered = { yes: true, no: false, nothing: null };
  const page = await portalPage(t, [['scope', result(answered)]]);
  assert.deepEqual(await page.settled(page.b24pay.call('scope', { ...answered, missing: undefined })), answered);
  assert.deepEqual(page.bx24.asked[0].params, { yes: 1, no: 0, nothing: '' });
});

for (const [of, got] of [
  [undefined, 'undefined'], [7, '7'], [[7], 'an array'], [{}, 'none of them'], [{ deal: undefined }, 'none of them'], [{ Deal: 7 }, 'none of them'],
  [{ deal: 7, order: 917 }, 'more than one'],
]) {
  test(`what to list payments of is named, not ${JSON.stringify(of)}`, async () => {
    const { listPayments } = await freshCopy();
    const message = `what to list payments of must be an object with one of deal, invoice, order, got ${got}`;
    await rejects(listPayments(of), { code: 'INVALID_REQUEST', message });
  });
}

for (const [of, method, params] of [
  [{ deal: 7 }, 'crm.item.payment.list', { entityId: 7, entityTypeId: 2 }],
  [{ invoice: '9' }, 'crm.item.payment.list', { entityId: 9, entityTypeId: 31 }],
  [{ order: 917n }, 'sale.payment.list', { filter: { '=orderId': 917 }, order: { id: 'asc' } }],
]) {
  test(`payments of the ${Object.keys(of)} are asked for by ${method}`, async (t) => {
    const page = await portalPage(t, [[method, result(method.startsWith('sale') ? { payments: [payment()] } : [payment()])]]);
    assert.deepEqual((await page.settled(page.b24pay.listPayments(of))).map(({ id }) => id), [501]);
    assert.deepEqual(page.bx24.asked[0].params, params);
  });
}

test('an id to list payments of is named like any other', async () => {
  const { listPayments } = await freshCopy();
  await rejects(listPayments({ deal: '07' }), { code: 'INVALID_REQUEST', message: `deal ${WHOLE}, got "07"` });
});
