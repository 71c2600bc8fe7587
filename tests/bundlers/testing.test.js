// The portal for tests against b24pay itself, fault by fault and way by way. It takes the places of BX24 and fetch, so it has a
// process of its own; what it waits for leaves room for the bundlers beside it.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { TARGET } from '../places.js';

// The package as it was built, which is what is packed.
const PACKAGE = join(TARGET, 'npm');
const PAY = 'sale.paysystem.pay.payment';
// A busy machine is slow, so a silence is waited for only where there is one.
const QUICK = { settleMs: 300, deadlineMs: 5_000 };
const SILENT = { hang: { ...QUICK, deadlineMs: 400 }, commitLate: { ...QUICK, deadlineMs: 400 } };

// What comes of each fault on the pay call: through BX24, and over HTTP where that differs, as it does in the sandbox portal.
const FAULTS = {
  dropBeforeCommit: ['notApplied'],
  commitThenDrop: ['paid, recovered'],
  commitThen502: ['paid, recovered'],
  commitThenHtml: ['paid, recovered'],
  commitLate: ['paid, recovered'],
  hang: ['unknown'],
  delay: ['paid'],
  http502: ['notApplied'],
  http500Json: ['notApplied'],
  queryLimit: ['notApplied', 'paid'],
  operationLimit: ['LIMITED'],
  expiredToken: ['paid', 'AUTH_EXPIRED'],
  emptyBody: ['notApplied'],
  empty403: ['notApplied'],
  nullBody: ['notApplied'],
  truncatedJson: ['paid, recovered'],
  yesButUnpaid: ['notApplied'],
  numericError: ['REFUSED'],
  errorCoreAfterCommit: ['paid'],
  denied: ['ACCESS_DENIED'],
  missingScope: ['MISSING_SCOPE'],
};

const inWords = (promise) =>
  promise.then(({ status, recovered }) => (recovered ? `${status}, recovered` : status), ({ code }) => code);

const load = async () => {
  const [b24pay, testing] = await Promise.all(
    ['b24pay.js', 'testing/index.js'].map((file) => import(pathToFileURL(join(PACKAGE, file)))),
  );
  return { ...b24pay, ...testing };
};

test('each fault comes to what it comes to in the sandbox portal', async () => {
  const { installPortal, payPayment, webhook } = await load();
  for (const [fault, [byBx24, byHttp = byBx24]] of Object.entries(FAULTS)) {
    for (const [way, expected] of [['bx24', byBx24], ['http', byHttp]]) {
      const portal = installPortal({ payments: [{ id: 501, paySystemId: 11 }] });
      portal.fault(fault, { method: PAY });
      const times = SILENT[fault] ?? QUICK;
      const options = way === 'http' ? { ...times, portal: webhook(portal.webhookUrl) } : times;
      const said = await inWords(payPayment({ paymentId: 501, paySystemId: 11 }, options));
      const isTrue = portal.payment(501).paid === said.startsWith('paid');
      portal.restore();
      assert.deepEqual({ fault, way, said, isTrue }, { fault, way, said: expected, isTrue: true });
    }
  }
});

test('the cookbook names each fault that takes as long as an outcome may stay open, and no other', async () => {
  const { installPortal, payPayment } = await load();
  const page = await readFile(new URL('../../docs/cookbook/testing.md', import.meta.url), 'utf8');
  const [, named] = page.match(/^## Time\n.*?\n((?:`\w+`(?:, |,? and )?)+) therefore need code/ms);
  const slow = [];
  for (const fault of Object.keys(FAULTS)) {
    const portal = installPortal({ payments: [{ id: 501, paySystemId: 11 }] });
    portal.fault(fault, { method: PAY });
    // Nobody waits for those that end by themselves. What is left runs on as long as it says, and this process with it.
    const leaving = new AbortController();
    const ended = await Promise.race([
      payPayment({ paymentId: 501, paySystemId: 11 }, { settleMs: 4_000, deadlineMs: 4_000, signal: leaving.signal }).then(() => true, () => true),
      new Promise((resolve) => { setTimeout(resolve, 1_500, false); }),
    ]);
    leaving.abort();
    portal.restore();
    if (!ended) slow.push(fault);
  }
  assert.deepEqual(Array.from(named.matchAll(/`(\w+)`/g), ([, name]) => name).sort(), slow.sort());
});

test('what the cookbook says for each outcome comes to it', async () => {
  const { installPortal, payPayment } = await load();
  const page = await readFile(new URL('../../docs/cookbook/testing.md', import.meta.url), 'utf8');
  const [, table] = page.match(/^## Each outcome\n(.*?)^## /ms);
  const rows = Array.from(table.matchAll(/^\| (.*?) \| (?:nothing|`(.+)`(?:, and .*)?) \|$/gm), ([, outcome, code = '']) => [outcome, code]);
  const told = [];
  for (const [outcome, code] of rows) {
    const makes = code.startsWith('installPortal');
    const portal = makes ? new Function('installPortal', `return ${code}`)(installPortal) : installPortal({ payments: [{ id: 501, paySystemId: 11 }] });
    if (!makes) new Function('portal', code)(portal);
    const options = code.includes('hang') ? SILENT.hang : QUICK;
    const said = await payPayment({ paymentId: 501, paySystemId: 11 }, options).then(
      ({ status, recovered, cause }) => `\`${status}\`${recovered ? ', `recovered`' : ''}${status === 'notApplied' && cause ? ' with a `cause`' : ''}`,
      () => 'a rejection',
    );
    portal.restore();
    told.push([said, code]);
  }
  assert.deepEqual(told, rows);
  assert.equal(rows.length, 8);
});

test('every fault that the types name is there, and no other', async () => {
  const types = await readFile(join(PACKAGE, 'testing/index.d.ts'), 'utf8');
  const [, union] = types.match(/type FaultName =(.*?);\n/s);
  assert.deepEqual(Array.from(union.matchAll(/\| "(\w+)"/g), ([, name]) => name), Object.keys(FAULTS));
  const { installPortal } = await load();
  const portal = installPortal();
  assert.throws(() => portal.fault('fire'), { name: 'RangeError', message: /^no fault "fire"; there are dropBeforeCommit, / });
  for (const [options, message, name = 'TypeError'] of [
    [PAY, `fault "denied" expects an object, got ${PAY}`],
    [{ methode: PAY }, 'fault "denied" has no "methode"; there are method, nth, times, ms'],
    [
      { method: 'sale.paysystem.pay.paymnet' },
      'fault "denied" has no method "sale.paysystem.pay.paymnet" to strike; there are sale.paysystem.pay.payment, crm.item.payment.get, '
        + 'crm.item.payment.list, crm.item.payment.pay, crm.item.payment.unpay, sale.payment.get, sale.payment.list, scope, batch '
        + 'and what answer() or refuse() named before',
      'RangeError',
    ],
    [{ method: 'toString' }, /^fault "denied" has no method "toString" to strike; /, 'RangeError'],
  ]) assert.throws(() => portal.fault('denied', options), { name, message });
  portal.restore();
});

test('faults count the calls of their method, answers and refusals stand until they are replaced', async () => {
  const { call, getPayment, installPortal } = await load();
  const portal = installPortal({ payments: [{ id: 501 }] });
  portal.fault('denied', { method: 'scope', nth: 3 });
  const scopes = [];
  for (let n = 0; n < 4; n += 1) scopes.push(await call('scope', {}).then(() => 'yes', ({ code }) => code));
  assert.deepEqual(scopes, ['yes', 'yes', 'ACCESS_DENIED', 'yes']);
  assert.deepEqual(portal.calls.map(({ fault }) => fault), [undefined, undefined, 'denied', undefined]);
  portal.answer('sale.paysystem.list', ({ FILTER }) => [{ ID: FILTER.ID }]);
  assert.deepEqual(await call('sale.paysystem.list', { FILTER: { ID: 11 } }), [{ ID: 11 }]);
  portal.refuse('sale.paysystem.list', 0, 'no', 403);
  await assert.rejects(call('sale.paysystem.list', {}), { code: 'REFUSED', portalCode: '0', portalText: 'no', httpStatus: 403 });
  portal.refuse('sale.paysystem.list', 'MINE');
  await assert.rejects(call('sale.paysystem.list', {}), { code: 'REFUSED', portalCode: 'MINE', portalText: '', httpStatus: 400 });
  for (const method of ['sale.paysystem.delete', 'toString']) {
    const portalText = `Method not found! This test has no answer to ${method}`;
    await assert.rejects(call(method, { ID: 1 }), { portalCode: 'ERROR_METHOD_NOT_FOUND', httpStatus: 404, portalText });
  }
  assert.equal((await getPayment(501)).accountNumber, '501/1');
  // As in a portal, also where it is paid already.
  for (let n = 0; n < 2; n += 1) assert.equal(await call('crm.item.payment.pay', { id: 501 }), true);
  portal.restore();
});

test('a method of the app that the test answers or refuses can be faulted, too', async () => {
  const { call, installPortal } = await load();
  const portal = installPortal();
  portal.answer('sale.paysystem.list', []);
  portal.refuse('app.info', 'ACCESS_DENIED');
  for (const [method, fault, portalCode] of [['sale.paysystem.list', 'operationLimit', 'OPERATION_TIME_LIMIT'], ['app.info', 'missingScope', 'insufficient_scope']]) {
    portal.fault(fault, { method });
    await assert.rejects(call(method, {}, { deadlineMs: 400 }), { portalCode });
  }
  portal.fault('delay', { method: '*' });
  await call('sale.paysystem.list', {});
  assert.equal(portal.calls.at(-1).fault, 'delay');
  portal.restore();
});

test('many payments, lists, details and undoing work as in a portal', async () => {
  const { installPortal, listPayments, markUnpaid, oauth, payPayment, payPayments } = await load();
  const payments = [501, 502].map((id) => ({ id, paySystemId: 11, deal: 7, orderId: 77 }));
  const portal = installPortal({ payments });
  const bankId = { paymentId: 501, paySystemId: 11, details: { invoiceId: 'bank-1' } };
  assert.equal((await payPayment(bankId)).status, 'paid');
  assert.equal(portal.payment(501).details.PS_INVOICE_ID, 'bank-1');
  const overHttp = { portal: oauth({ domain: portal.domain, accessToken: 'token' }) };
  const { items } = await payPayments(payments.map(({ id, paySystemId }) => ({ paymentId: id, paySystemId })), overHttp);
  assert.deepEqual(items.map(({ status }) => status), ['alreadyPaid', 'paid']);
  assert.deepEqual((await listPayments({ deal: 7 }, overHttp)).map(({ paid }) => paid), [true, true]);
  assert.deepEqual((await listPayments({ order: 77 }, overHttp)).map(({ id }) => id), [501, 502]);
  assert.equal((await markUnpaid(501)).status, 'unpaid');
  const { paid, datePaid, empPaidId } = portal.payment(501);
  assert.deepEqual({ paid, datePaid, empPaidId }, { paid: false, datePaid: null, empPaidId: null });
  portal.restore();
});

test('what is paid, returned or not there is so for every call, and calls can be counted by their method', async () => {
  const { call, getPayment, installPortal, markPaid, payPayment } = await load();
  const portal = installPortal({ payments: [{ id: 501, paid: true }, { id: 502, paySystemId: 11, returned: true }, { id: 503, paySystemId: 11 }] });
  const paid = await getPayment(501);
  assert.deepEqual([paid.paid, paid.paidBy, Number.isNaN(Date.parse(paid.datePaid))], [true, 1, false]);
  assert.equal((await payPayment({ paymentId: 501, paySystemId: 1 }, QUICK)).status, 'alreadyPaid');
  assert.deepEqual(portal.callsOf(PAY), []);
  for (const id of [503, 999]) {
    const portalText = `Payment with ID=${id} and PAY_SYSTEM_ID=6 not found`;
    await assert.rejects(call(PAY, { PAYMENT_ID: id, PAY_SYSTEM_ID: 6 }), { code: 'REFUSED', portalCode: 'ERROR_CHECK_FAILURE', portalText });
  }
  assert.equal((await markPaid(503, QUICK)).status, 'paid');
  await assert.rejects(getPayment(999), { code: 'REFUSED', portalCode: '0', httpStatus: 400 });
  assert.equal(portal.payment(999), undefined);
  // Only the shop tells it.
  portal.refuse('crm.item.payment.get', 'insufficient_scope', '', 401);
  await assert.rejects(payPayment({ paymentId: 502, paySystemId: 11 }, QUICK), { code: 'RETURNED' });
  assert.equal((await payPayment({ paymentId: 502, paySystemId: 11 }, { ...QUICK, payReturned: true })).status, 'paid');
  assert.equal((await getPayment(502)).returned, false);
  assert.deepEqual(portal.callsOf(PAY).map(({ params }) => params.PAYMENT_ID), [503, 999, 502]);
  portal.restore();
});

test('what the bank said stands where the shop shows it, and what is missing or not there is refused in the portal\'s words', async () => {
  const { call, installPortal, payPayment } = await load();
  const portal = installPortal({ payments: [{ id: 501, paySystemId: 11 }] });
  const bank = async () => {
    const { payment } = await call('sale.payment.get', { id: 501 });
    return Object.fromEntries(Object.entries(payment).filter(([name]) => name.startsWith('ps')));
  };
  const none = { psStatus: '', psStatusCode: '', psStatusDescription: '', psStatusMessage: '', psSum: null, psCurrency: '', psInvoiceId: '', psResponseDate: null };
  assert.deepEqual(await bank(), none);
  const details = { invoiceId: 'bank-1', sum: '100.00', currency: 'EUR', statusCode: 'OK', statusMessage: 'yes' };
  await payPayment({ paymentId: 501, paySystemId: 11, details }, QUICK);
  const { psResponseDate, ...said } = await bank();
  const { psResponseDate: no, ...expected } = { ...none, psStatus: 'Y', psStatusCode: 'OK', psStatusMessage: 'yes', psSum: 100, psCurrency: 'EUR', psInvoiceId: 'bank-1' };
  assert.deepEqual(said, expected);
  assert.match(psResponseDate, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/);
  // Names in any case; a repeat without a code takes it back.
  assert.equal(await call(PAY, { payment_id: 501, Pay_System_Id: 11, ps_invoice_id: 'bank-2' }), true);
  const { psStatusCode, psInvoiceId, psStatusMessage } = await bank();
  assert.deepEqual([psStatusCode, psInvoiceId, psStatusMessage], ['Y', 'bank-2', 'yes']);
  for (const [method, params, portalText, portalCode = 'ERROR_CHECK_FAILURE'] of [
    [PAY, { PAYMENT_ID: 501 }, 'Empty field PAY_SYSTEM_ID!'], [PAY, { PAY_SYSTEM_ID: 11 }, 'Empty field PAYMENT_ID'],
    ['sale.payment.get', { id: 9 }, 'payment is not exists', '200640400001'], ['crm.item.payment.get', { id: 9 }, 'Payment has not been found', '0'],
  ]) await assert.rejects(call(method, params), { code: 'REFUSED', portalCode, portalText });
  portal.restore();
});

test('what was received stays as it was then, also where there is no structuredClone, or a function in it', async (t) => {
  const { installPortal, payPayment } = await load();
  const { structuredClone } = globalThis;
  t.after(() => { globalThis.structuredClone = structuredClone; });
  delete globalThis.structuredClone;
  const portal = installPortal({ payments: [{ id: 501, paySystemId: 11 }] });
  assert.equal((await payPayment({ paymentId: 501, paySystemId: 11 }, QUICK)).status, 'paid');
  portal.answer('mine', true);
  const at = new Date(0);
  const hear = () => {};
  const params = { list: [{ id: 1 }], of: { at, hear }, none: null };
  const told = await new Promise((resolve) => { globalThis.BX24.callMethod('mine', params, resolve); });
  assert.equal(told.data(), true);
  params.list[0].id = 2;
  params.of.more = true;
  assert.deepEqual(portal.callsOf('mine'), [{ method: 'mine', params: { list: [{ id: 1 }], of: { at, hear }, none: null } }]);
  portal.restore();
});

test('an app of its own finds what it expects of BX24', async () => {
  const { installPortal } = await load();
  const portal = installPortal({ payments: [{ id: 501, deal: 7 }] });
  const { BX24 } = globalThis;
  for (const name of ['init', 'ready']) await new Promise((resolve) => { BX24[name](resolve); });
  assert.deepEqual([BX24.getDomain(), BX24.getLang(), BX24.isAdmin(), BX24.placement.info()], [portal.domain, 'en', true, { placement: 'DEFAULT', options: {} }]);
  assert.deepEqual([BX24.fitWindow(), BX24.resizeWindow(600, 400), BX24.refreshAuth()], [undefined, undefined, undefined]);
  const asked = (method, params) => new Promise((resolve) => { BX24.callMethod(method, params, resolve); });
  const read = await asked('crm.item.payment.get', { id: 501 });
  assert.deepEqual(read.query, { method: 'crm.item.payment.get', data: { id: 501 } });
  // Nobody has to listen.
  BX24.callMethod('crm.item.payment.get', { id: 501 });
  await new Promise((resolve) => { setImmediate(resolve); });
  assert.deepEqual([read.data().id, read.error(), read.more(), Object.keys(read.time())], [501, undefined, false, ['date_start', 'date_finish']]);
  portal.fault('denied');
  const refused = await asked('crm.item.payment.get', { id: 501 });
  const error = refused.error();
  assert.deepEqual([String(error), error.status, error.getStatus(), refused.error_description()], ['ACCESS_DENIED: Access denied! (403)', 403, 403, 'Access denied!']);
  assert.equal(error.ex, error.getError());
  assert.equal(error.ex.error, 'ACCESS_DENIED');
  assert.throws(() => JSON.stringify(error), /circular/i);
  portal.fault('numericError');
  const numbered = await asked('crm.item.payment.get', { id: 501 });
  assert.deepEqual([numbered.error().getError(), String(numbered.error()), numbered.error_description()], [0, 'undefined (400)', 'Insufficient permissions']);
  const { result, result_error: errors, result_time: times } = (await asked('batch', { cmd: { one: 'crm.item.payment.get?id=501', none: 'crm.item.payment.get?id=9' } })).data();
  // The portal writes an empty map as an empty list.
  assert.deepEqual((await asked('batch')).data(), { result: [], result_error: [], result_total: [], result_next: [], result_time: [] });
  // Of what the library stays silent about nobody is told, and later calls are answered all the same.
  const told = [];
  for (const fault of ['http502', 'dropBeforeCommit', 'commitThenHtml', 'nullBody', 'hang']) {
    portal.fault(fault);
    BX24.callMethod('crm.item.payment.get', { id: 501 }, () => told.push(fault));
    await asked('crm.item.payment.get', { id: 501 });
  }
  assert.deepEqual(told, []);
  assert.deepEqual([Object.keys(result), Object.keys(times), errors], [['one'], ['one'], { none: { error: '0', error_description: 'Payment has not been found' } }]);
  portal.restore();
});

test('the token of the frame is there, works over HTTP, and is renewed', async () => {
  const { frame, getPayment, installPortal } = await load();
  const portal = installPortal({ payments: [{ id: 501 }] });
  const { expires_in: until, ...auth } = globalThis.BX24.getAuth();
  assert.deepEqual(auth, { access_token: 'test-token', refresh_token: 'test-refresh', domain: portal.domain, member_id: 'test' });
  assert.ok(until > Date.now(), 'it is no duration but a time');
  assert.deepEqual(await new Promise((resolve) => { globalThis.BX24.refreshAuth(resolve); }), { ...auth, expires_in: until });
  const overHttp = { portal: frame({ transport: 'http' }) };
  assert.equal((await getPayment(501, overHttp)).id, 501);
  portal.fault('expiredToken');
  assert.equal((await getPayment(501, overHttp)).id, 501);
  assert.deepEqual(portal.calls.map(({ params, fault }) => [params, fault]), [[{ id: '501' }, undefined], [{ id: '501' }, 'expiredToken'], [{ id: '501' }, undefined]]);
  portal.restore();
});

test('a fault that takes its time takes as long as is said, else 50 milliseconds', async (t) => {
  const { installPortal } = await load();
  const portal = installPortal();
  const took = [];
  t.mock.method(globalThis, 'setTimeout', (run, ms) => {
    took.push(ms);
    queueMicrotask(run);
  });
  for (const options of [{ ms: 7 }, {}]) {
    portal.fault('delay', options);
    await new Promise((resolve) => { globalThis.BX24.callMethod('scope', {}, resolve); });
  }
  assert.deepEqual(took, [7, 50]);
  assert.deepEqual(portal.calls, took.map(() => ({ method: 'scope', params: {}, fault: 'delay' })));
  portal.restore();
});

test('a payment of which little is said is a usual one, and a list holds only its own', async () => {
  const { getPayment, installPortal, listPayments } = await load();
  const portal = installPortal({ payments: [{ id: 501, invoice: 31 }, { id: 502, deal: 31 }, { id: 503, paid: true, sum: 7.5, currency: 'USD' }] });
  const usual = { paySystemId: 1, paySystemName: 'Test pay system', sum: '100', currency: 'EUR' };
  const unpaid = { ...usual, id: 501, accountNumber: '501/1', paid: false, datePaid: null, paidBy: null };
  assert.deepEqual(await getPayment(501), unpaid);
  assert.deepEqual(await listPayments({ invoice: 31 }), [unpaid]);
  assert.deepEqual((await listPayments({ deal: 31 })).map(({ id }) => id), [502]);
  const { datePaid, ...paid } = await getPayment(503);
  assert.deepEqual(paid, { ...usual, id: 503, accountNumber: '503/1', paid: true, paidBy: 1, sum: '7.5', currency: 'USD' });
  assert.match(datePaid, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/);
  const { paySystemId, paySystemName, accountNumber, id } = unpaid;
  const seen = { id, accountNumber, paid: false, datePaid: null, empPaidId: null, paySystemId, paySystemName, sum: 100, currency: 'EUR', details: {} };
  assert.deepEqual(portal.payment(501), seen);
  assert.deepEqual(portal.payment(503), { ...seen, id: 503, accountNumber: '503/1', paid: true, datePaid, empPaidId: 1, sum: 7.5, currency: 'USD' });
  portal.restore();
});

test('over HTTP an answer has its status and its type, and a call ends when it is aborted', async () => {
  const { installPortal } = await load();
  const portal = installPortal();
  const asked = async (init) => {
    const answer = await globalThis.fetch(`${portal.webhookUrl}scope`, { method: 'POST', ...init });
    return [answer.status, answer.headers.get('Content-Type')];
  };
  assert.deepEqual(await asked(), [200, 'application/json']);
  for (const [fault, expected] of [['denied', [403, 'application/json']], ['http502', [502, 'text/html']], ['emptyBody', [200, 'text/html']]]) {
    portal.fault(fault);
    assert.deepEqual(await asked(), expected, fault);
  }
  const reason = new Error('left');
  portal.fault('hang', { times: 2 });
  await assert.rejects(asked({ signal: AbortSignal.abort(reason) }), reason);
  const later = new AbortController();
  const hung = asked({ signal: later.signal });
  setImmediate(() => later.abort(reason));
  await assert.rejects(hung, reason);
  portal.restore();
});

test('an answer may be a promise, alone and in a batch', async () => {
  const { call, installPortal } = await load();
  const portal = installPortal();
  portal.answer('sale.paysystem.list', async () => [{ ID: 11 }]);
  assert.deepEqual(await call('sale.paysystem.list', {}), [{ ID: 11 }]);
  portal.answer('app.info', async ({ what }) => what);
  const { result } = await call('batch', { cmd: { systems: 'sale.paysystem.list', asked: 'app.info?what=why?' } });
  assert.deepEqual(result, { systems: [{ ID: 11 }], asked: 'why?' });
  portal.answer('batch', { mine: true });
  assert.deepEqual(await call('batch', { cmd: {} }), { mine: true });
  portal.fault('truncatedJson');
  await assert.rejects(call('sale.paysystem.list', {}), { code: 'NO_ANSWER' });
  portal.restore();
});

test('payments that are none are refused in words', async () => {
  const { installPortal } = await load();
  const cases = [
    [[{ id: 501 }], 'installPortal expects an object such as { payments: [{ id: 501 }] }, got a list'],
    [null, 'installPortal expects an object, got null'],
    [{ payment: [{ id: 501 }] }, 'installPortal has no "payment"; there are payments'],
    ...[null, { id: 501 }, '501'].map((payments) => [{ payments }, 'payments of installPortal must be a list']),
    [{ payments: [null] }, 'a payment expects an object, got null'],
    [
      { payments: [{ id: 501, paysystem: 11 }] },
      'a payment has no "paysystem"; there are id, paySystemId, paySystemName, sum, currency, accountNumber, orderId, paid, returned, deal, invoice',
    ],
    [{ payments: [{ id: 501, paySystemId: '11' }] }, 'paySystemId of payment 501 must be a number, got "11"'],
    [{ payments: [{ id: 501, sum: '68.12' }] }, 'sum of payment 501 must be a number, got "68.12"'],
    [{ payments: [{}] }, 'the id of a payment must be a positive whole number, got undefined'],
    ...[['"501"', '501'], [1.5, 1.5], [0, 0], [-1, -1]].map(([got, id]) => [{ payments: [{ id }] }, `the id of a payment must be a positive whole number, got ${got}`]),
    ...['orderId', 'deal', 'invoice'].map((name) => [{ payments: [{ id: 501, [name]: '7' }] }, `${name} of payment 501 must be a number, got "7"`]),
    [{ payments: [{ id: 501, paid: 'N' }] }, 'paid of payment 501 must be true or false, got "N"'],
    [{ payments: [{ id: 501, returned: 1 }] }, 'returned of payment 501 must be true or false, got 1'],
    [{ payments: [{ id: 501 }, { id: 501 }] }, 'there are two payments 501'],
    ...['paySystemId', 'sum', 'deal'].map((name) => [{ payments: [{ id: 501, [name]: NaN }] }, `${name} of payment 501 must be a number, got NaN`]),
    ...['paySystemName', 'currency', 'accountNumber'].map((name) => [{ payments: [{ id: 501, [name]: 77 }] }, `${name} of payment 501 must be text, got 77`]),
    [{ payments: [{ id: 501, paid: true, returned: true }] }, 'payment 501 is paid or returned, not both: a portal keeps what was returned as unpaid'],
  ];
  for (const [given, message] of cases) assert.throws(() => installPortal(given), { name: 'TypeError', message });
  assert.equal('BX24' in globalThis, false);
});

test('a payment that is looked for by what is no id is not just missing', async () => {
  const { installPortal } = await load();
  const portal = installPortal({ payments: [{ id: 501 }] });
  for (const [id, got] of [['501', '"501"'], [undefined, 'undefined'], [0, '0'], [{ id: 501 }, '[object Object]']]) {
    const message = `the id of a payment must be a positive whole number, got ${got}`;
    assert.throws(() => portal.payment(id), { name: 'TypeError', message });
  }
  portal.restore();
});

test('what was in the places of BX24 and fetch before is there again', async () => {
  const { installPortal } = await load();
  const { fetch, PerformanceObserver } = globalThis;
  const portal = installPortal();
  assert.notEqual(globalThis.fetch, fetch);
  // A test may put its own over them.
  for (const name of ['BX24', 'fetch', 'PerformanceObserver']) {
    const { writable, enumerable } = Object.getOwnPropertyDescriptor(globalThis, name);
    assert.deepEqual([writable, enumerable], [true, true], name);
  }
  assert.equal(await (await globalThis.fetch('data:,elsewhere')).text(), 'elsewhere');
  portal.restore();
  assert.equal(globalThis.fetch, fetch);
  assert.equal(globalThis.PerformanceObserver, PerformanceObserver);
  assert.equal('BX24' in globalThis, false);
});

// Under fake timers its time is that of a call of the next test, which would be in doubt about its own end.
test('a call that is still under way when its portal is restored ends then, and its end is seen', async (t) => {
  const { installPortal } = await load();
  const wait = t.mock.method(globalThis, 'setTimeout', () => {});
  for (const slow of ['hang', 'delay', 'commitLate', 'answer']) {
    const portal = installPortal();
    if (slow === 'answer') portal.answer('scope', () => new Promise(() => {}));
    else portal.fault(slow, { times: 2 });
    const ends = [];
    const observer = new globalThis.PerformanceObserver((list) => ends.push(...list.getEntries()));
    observer.observe({ type: 'resource' });
    globalThis.BX24.callMethod('scope', {}, () => assert.fail('nobody calls back'));
    const hung = globalThis.fetch(`${portal.webhookUrl}scope`);
    portal.restore();
    await assert.rejects(hung, { message: 'fetch failed' }, slow);
    assert.deepEqual(ends.map(({ name, responseStatus }) => [name, responseStatus]), [[`https://${portal.domain}/rest/scope.json`, 0]], slow);
    observer.disconnect();
  }
  wait.mock.restore();
});

test('payments of a portal under test are found by what the element asks for: their ids and their numbers', async () => {
  const { call, installPortal, webhook } = await load();
  const portal = installPortal({ payments: [{ id: 503, accountNumber: '917' }, { id: 502, orderId: 77 }, { id: 501, orderId: 77, returned: true }] });
  for (const options of [{}, { portal: webhook(portal.webhookUrl) }]) {
    const found = async (filter) => {
      const { payments } = await call('sale.payment.list', { filter }, options);
      return payments.map(({ id, isReturn }) => `${id}${isReturn}`);
    };
    assert.deepEqual(await found({ '@id': [503, 501] }), ['501Y', '503N']);
    assert.deepEqual([await found({ '=accountNumber': '77/1' }), await found({ '=accountNumber': 917 })], [['501Y', '502N'], ['503N']]);
    assert.deepEqual(await found({ '=orderId': 77, '>id': 501 }), ['502N']);
    assert.deepEqual(await found({}), ['501Y', '502N', '503N']);
  }
  portal.restore();
});

test('lists are filtered and ordered as a portal does it, and a field that there is none of is refused', async () => {
  const { call, installPortal, webhook } = await load();
  const payments = [[503, 9], [501, 100, true], [502, 20]].map(([id, sum, paid = false]) => ({ id, sum, paid, orderId: 77, deal: 7 }));
  const portal = installPortal({ payments });
  const lists = {
    shop: async (params, options) => (await call('sale.payment.list', params, options)).payments,
    crm: (params, options) => call('crm.item.payment.list', { entityTypeId: 2, entityId: 7, ...params }, options),
  };
  for (const options of [{}, { portal: webhook(portal.webhookUrl) }]) {
    for (const list of Object.values(lists)) {
      const found = async (filter, order = { id: 'asc' }) => (await list({ filter, order }, options)).map(({ id }) => id);
      for (const [filter, expected] of [
        [{ '=paid': 'N' }, [502, 503]], [{ paid: 'Y' }, [501]], [{ '!paid': 'Y' }, [502, 503]], [{ '!=id': 501, '>sum': 9 }, [502]],
        [{ '>=sum': 20 }, [501, 502]], [{ '<sum': 20 }, [503]], [{ '<=sum': 20 }, [502, 503]], [{ '@sum': [9, 100] }, [501, 503]],
        [{ '!@id': [501, 502] }, [503]], [{ '=accountNumber': '77/1', '>id': 501 }, [502, 503]], [{ '=datePaid': '' }, [502, 503]],
        [{ '=currency': 'USD' }, []],
      ]) assert.deepEqual(await found(filter), expected, JSON.stringify(filter));
      assert.deepEqual(await found({}, { sum: 'DESC' }), [501, 502, 503]);
      assert.deepEqual(await found({}, { paid: 'asc', sum: 'asc' }), [503, 502, 501]);
      const portalText = 'Unknown field definition `orderid`';
      for (const asked of [{ '=orderid': 77 }, { orderid: 77 }]) await assert.rejects(found(asked), { code: 'REFUSED', portalCode: '0', portalText });
      await assert.rejects(found({}, { orderid: 'asc' }), { portalText });
    }
  }
  // As they were given, and by id, where nothing else is asked for.
  const ids = (rows) => rows.map(({ id }) => id);
  assert.deepEqual([ids(await lists.crm({})), ids(await lists.shop({}))], [[503, 501, 502], [501, 502, 503]]);
  portal.restore();
});

test('a command in a batch meets the faults of its method, or ends the batch where no command can meet them', async () => {
  const { call, getPayment, installPortal, payPayments } = await load();
  const read = 'crm.item.payment.get';
  const installed = () => installPortal({ payments: [501, 502].map((id) => ({ id, paySystemId: 11 })) });
  let portal = installed();
  const cmd = { one: `${read}?id=501`, other: `${read}?id=502` };
  portal.fault('denied', { method: read, nth: 2 });
  const { result, result_error: errors } = await call('batch', { cmd });
  assert.deepEqual([Object.keys(result), errors], [['one'], { other: { error: 'ACCESS_DENIED', error_description: 'Access denied!' } }]);
  assert.deepEqual(portal.calls.map(({ method, fault }) => [method, fault]), [['batch', 'denied']]);
  // A call by itself counts with them, and a fault of any method strikes calls, not commands.
  portal.fault('numericError', { method: read, nth: 3 });
  portal.fault('missingScope', { nth: 2 });
  await call('batch', { cmd });
  await assert.rejects(getPayment(501, { deadlineMs: 5_000 }), { code: 'REFUSED', portalCode: '0' });
  portal.restore();
  for (const [fault, code] of [['operationLimit', 'OPERATION_TIME_LIMIT'], ['errorCoreAfterCommit', 'ERROR_CORE']]) {
    portal = installed();
    portal.fault(fault, { method: 'crm.item.payment.pay' });
    assert.equal((await call('batch', { cmd: ['crm.item.payment.pay?id=501'] })).result_error[0].error, code);
    assert.equal(portal.payment(501).paid, fault === 'errorCoreAfterCommit');
    portal.restore();
  }
  for (const fault of ['http502', 'hang', 'commitThenDrop', 'truncatedJson', 'queryLimit']) {
    portal = installed();
    portal.fault(fault, { method: read });
    await assert.rejects(call('batch', { cmd }, { deadlineMs: 400 }), { code: 'NO_ANSWER' }, fault);
    portal.restore();
  }
  portal = installed();
  portal.fault('denied', { method: read, times: 2 });
  portal.fault('denied', { method: 'sale.payment.get', times: 2 });
  const { items } = await payPayments([501, 502].map((paymentId) => ({ paymentId, paySystemId: 11 })), QUICK);
  assert.deepEqual(items.map(({ status }) => status), ['paid', 'paid']);
  assert.ok(portal.calls.some(({ method, fault }) => method === 'batch' && fault === 'denied'), 'the reads in it were refused');
  portal.restore();
});

test('a batch stops where it is told to, runs fifty commands, and none that may not be in one', async () => {
  const { call, installPortal } = await load();
  const portal = installPortal({ payments: [{ id: 501, paySystemId: 11 }] });
  const cmd = { none: 'crm.item.payment.get?id=9', pay: 'crm.item.payment.pay?id=501' };
  const ran = async (halt) => Object.keys((await call('batch', { halt, cmd })).result);
  for (const halt of [1, true, '1']) assert.deepEqual(await ran(halt), [], `halt ${halt}`);
  assert.equal(portal.payment(501).paid, false);
  for (const halt of [0, false, undefined, null, '0']) assert.deepEqual(await ran(halt), ['pay'], `halt ${halt}`);
  const { result, result_error: errors } = await call('batch', { cmd: Array.from({ length: 52 }, () => 'scope') });
  assert.deepEqual([Object.keys(result).length, Object.keys(errors), errors[50].error], [50, ['50', '51'], 'ERROR_BATCH_LENGTH_EXCEEDED']);
  const inner = await call('batch', { cmd: { again: 'batch?cmd[a]=scope', scope: 'scope', number: 7 } });
  assert.deepEqual([Object.keys(inner.result), inner.result_error.again.error], [['scope'], 'ERROR_BATCH_METHOD_NOT_ALLOWED']);
  portal.restore();
});

test('a batch that takes results of one command into another is told that they are not put in, by its answer and by restore', async () => {
  const { call, installPortal } = await load();
  const portal = installPortal({ payments: [{ id: 501, orderId: 501 }] });
  const orders = 'sale.payment.list?filter[%3DorderId]=%24result%5Bone%5D%5Bid%5D';
  const { result, result_error: errors } = await call('batch', { cmd: { one: 'crm.item.payment.get?id=501', orders } });
  const message = `a portal under test puts no result of one command into another, as in ${orders}`;
  assert.deepEqual([Object.keys(result), errors.orders], [['one'], { error: 'ERROR_CORE', error_description: message }]);
  assert.throws(() => portal.restore(), { message });
});

test('a veto leaves a payment as it was and everything else as a portal does it, whichever call it meets', async () => {
  const { call, getPayment, installPortal, markPaid, markUnpaid, payPayment } = await load();
  const portal = installPortal({ payments: [{ id: 501, paySystemId: 11 }, { id: 502, paid: true }] });
  const paid = { ...portal.payment(502) };
  for (const [ask, expected] of [
    [() => payPayment({ paymentId: 501, paySystemId: 11, details: { invoiceId: 'bank-1' } }, QUICK), 'notApplied'],
    [() => markPaid(501, QUICK), 'notApplied'], [() => markUnpaid(502, QUICK), 'notApplied'],
  ]) {
    // Of any method: not the read before it.
    portal.fault('yesButUnpaid');
    assert.equal((await ask()).status, expected);
  }
  assert.deepEqual(portal.payment(502), paid);
  assert.deepEqual([portal.payment(501).paid, portal.payment(501).details.PS_INVOICE_ID], [false, 'bank-1']);
  assert.equal((await call('sale.payment.get', { id: 501 })).payment.psStatus, 'Y');
  for (const fault of ['yesButUnpaid', 'errorCoreAfterCommit']) {
    portal.fault(fault, { method: PAY });
    await assert.rejects(call(PAY, { PAYMENT_ID: 999, PAY_SYSTEM_ID: 11 }), { portalCode: 'ERROR_CHECK_FAILURE' }, fault);
  }
  const message = /^fault "yesButUnpaid" has no method "crm\.item\.payment\.get" to strike; there are sale\.paysystem\.pay\.payment, crm\.item\.payment\.pay, crm\.item\.payment\.unpay$/;
  assert.throws(() => portal.fault('yesButUnpaid', { method: 'crm.item.payment.get' }), { name: 'RangeError', message });
  assert.equal((await getPayment(501)).paid, false);
  portal.restore();
});

test('BX24 drops start from the parameters of an own call, as the real one does, and fetch does not', async () => {
  const { call, installPortal, webhook } = await load();
  const portal = installPortal();
  portal.answer('crm.deal.list', (params) => params);
  assert.deepEqual(await call('crm.deal.list', { start: 50, order: { ID: 'ASC' } }), { order: { ID: 'ASC' } });
  assert.deepEqual(await call('crm.deal.list', { start: 0 }), { start: 0 });
  assert.deepEqual(await call('crm.deal.list', { start: 50 }, { portal: webhook(portal.webhookUrl) }), { start: '50' });
  portal.restore();
});

test('a token that stays expired, however often it is renewed, leaves a test its timers and ends with the portal', async () => {
  const { getPayment, installPortal } = await load();
  const portal = installPortal({ payments: [{ id: 501 }] });
  portal.fault('expiredToken', { times: Infinity });
  await assert.rejects(getPayment(501, { deadlineMs: 200 }), { code: 'NO_ANSWER' });
  portal.restore();
  const { length } = portal.calls;
  await new Promise((resolve) => { setTimeout(resolve, 100); });
  assert.ok(portal.calls.length <= length + 1, 'it was asked on');
  assert.ok(length > 2, `${length} calls`);
});

test('what is asked of a portal under test by a wrong name, or told it in the wrong place, is refused', async () => {
  const { call, installPortal } = await load();
  const portal = installPortal();
  for (const [ask, message, name = 'TypeError'] of [
    [() => portal.callsOf('sale.paysystem.pay.paymnet'), /^callsOf has no method "sale\.paysystem\.pay\.paymnet" to look for; there are sale\.paysystem\.pay\.payment, .*, batch and what answer\(\) or refuse\(\) named before$/, 'RangeError'],
    [() => portal.callsOf(undefined), /^callsOf has no method undefined to look for; /, 'RangeError'],
    [() => portal.answer({ scope: [] }), 'answer expects the name of a method, got [object Object]'],
    [() => portal.refuse('', 'NO'), 'refuse expects the name of a method, got ""'],
    [() => portal.refuse('scope'), 'refuse("scope") expects the portal\'s code, such as "ACCESS_DENIED" or 0, got undefined'],
    [() => portal.refuse('scope', new Error('no')), 'refuse("scope") expects the portal\'s code, such as "ACCESS_DENIED" or 0, got Error: no'],
    [() => portal.refuse('scope', 'ACCESS_DENIED', 403), 'refuse("scope") expects a text after the code, got 403'],
    [() => portal.refuse('scope', 'ACCESS_DENIED', 'No', '403'), 'refuse("scope") expects an HTTP status after the text, got "403"'],
    [() => portal.refuse('scope', 'ACCESS_DENIED', 'No', 0), 'refuse("scope") expects an HTTP status after the text, got 0'],
  ]) assert.throws(ask, { name, message });
  portal.answer('crm.deal.get', { ID: '7' });
  assert.deepEqual(portal.callsOf('crm.deal.get'), []);
  await assert.rejects(call('crm.deal.list', {}), { portalCode: 'ERROR_METHOD_NOT_FOUND' });
  assert.equal(portal.callsOf('crm.deal.list').length, 1);
  portal.restore();
});

test('a fault that would strike nothing because of a number is refused', async () => {
  const { installPortal } = await load();
  const portal = installPortal();
  for (const [options, message] of [
    [{ nth: 0 }, 'nth of fault "denied" must be a positive whole number, got 0'],
    [{ nth: '2' }, 'nth of fault "denied" must be a positive whole number, got "2"'],
    [{ times: 0 }, 'times of fault "denied" must be a positive whole number, got 0'],
    [{ times: NaN }, 'times of fault "denied" must be a positive whole number, got NaN'],
    [{ ms: -1 }, 'ms of fault "denied" must be a number of milliseconds, got -1'],
    [{ ms: '50' }, 'ms of fault "denied" must be a number of milliseconds, got "50"'],
  ]) assert.throws(() => portal.fault('denied', options), { name: 'TypeError', message });
  portal.fault('denied', { times: Infinity });
  portal.restore();
});

test('a portal has another host in another page and in a later run, whose locks and storage are the same', async () => {
  const domains = await Promise.all(['', '?another', '?third'].map(async (query) => {
    const { installPortal } = await import(pathToFileURL(join(PACKAGE, 'testing/index.js')) + query);
    const portals = [installPortal(), installPortal()];
    for (const portal of portals) portal.restore();
    return portals.map(({ domain }) => domain);
  }));
  assert.equal(new Set(domains.flat()).size, 6, domains.join());
  for (const domain of domains.flat()) assert.match(domain, /^portal-\d+-\d+\.b24pay\.test$/);
});

test('a page of a list holds fifty, a paid payment keeps its date, and what was read stays as it was', async (t) => {
  const { call, installPortal, listPayments } = await load();
  const payments = Array.from({ length: 51 }, (_, at) => ({ id: 501 + at, orderId: 77, paid: at === 50 }));
  const portal = installPortal({ payments });
  assert.equal((await call('sale.payment.list', { filter: { '=orderId': 77 } })).payments.length, 50);
  assert.equal((await listPayments({ order: 77 })).length, 51);
  assert.equal((await call('sale.payment.list', {})).payments.length, 50);
  assert.equal(await call('crm.item.payment.unpay', { id: 502 }), true);
  assert.deepEqual(await call('scope', {}), ['crm', 'sale', 'pay_system']);
  const before = (await call('crm.item.payment.get', { id: 551 })).datePaid;
  const read = await call('crm.item.payment.get', { id: 501 });
  const listed = portal.payment(501);
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 60_000 });
  for (const id of [501, 551]) await call(PAY, { PAYMENT_ID: id, PAY_SYSTEM_ID: 1 });
  t.mock.timers.reset();
  assert.equal(portal.payment(551).datePaid, before);
  assert.notEqual(portal.payment(501).datePaid, before);
  assert.deepEqual([read.paid, listed.paid, portal.payment(501).paid], ['N', false, true]);
  portal.restore();
});

test('parameters over HTTP are read as the portal reads them', async () => {
  const { installPortal } = await load();
  const portal = installPortal();
  const asked = async (body) => (await (await globalThis.fetch(`${portal.webhookUrl}app.info`, { method: 'POST', body })).json()).result;
  // They are the test's own to change.
  portal.answer('app.info', (params) => {
    params.seen = true;
    if (params.a) params.a.b += '!';
    delete params.a?.gone;
    return params;
  });
  for (const [body, expected] of [
    ['a[b]=1&a[b]=2&a[gone]=1', { a: { b: '2!' } }],
    ['filter[%3Did]=7&filter[a%0Ab][c]=8&select[0]=id', { filter: { '=id': '7', 'a\nb': { c: '8' } }, select: { 0: 'id' } }],
    ['__proto__[a]=1&auth=secret', JSON.parse('{ "__proto__": { "a": "1" } }')],
  ]) assert.deepEqual(await asked(body), Object.assign(expected, { seen: true }), body);
  assert.deepEqual(portal.calls[0], { method: 'app.info', params: { a: { b: '2', gone: '1' } } }, 'the record stays what was received');
  portal.restore();
});

test('an own call by fetch may have its parameters in JSON or in the address, and JSON that is none says nothing', async () => {
  const { installPortal } = await load();
  const portal = installPortal();
  portal.answer('app.info', (params) => params);
  const asked = async (query, init) => (await (await globalThis.fetch(`${portal.webhookUrl}app.info${query}`, init)).json()).result;
  const json = (body, type = 'application/json') => ({ method: 'POST', headers: { 'Content-Type': type }, body });
  assert.deepEqual(await asked('', json('{"id":501,"select":["id"],"auth":"token"}')), { id: 501, select: ['id'] });
  assert.deepEqual(await asked('.json?id=501&filter[a]=1'), { id: '501', filter: { a: '1' } });
  assert.deepEqual(await asked('?id=1&of=2', { method: 'POST', body: 'id=501' }), { id: '501', of: '2' });
  assert.deepEqual(await asked('', json('{"id":')), {});
  assert.deepEqual(await asked('', json('{"id":501}', 'application/vnd.api+json')), { id: 501 });
  assert.deepEqual(await asked('', json('{"id":501}', 'application/json; charset=utf-8')), { '{"id":501}': '' });
  portal.restore();
});

test('what the function of an answer throws is an answer of the portal, and thrown by restore', async () => {
  const { call, installPortal, webhook } = await load();
  for (const way of ['bx24', 'http']) {
    const portal = installPortal({ payments: [{ id: 501 }] });
    const options = way === 'http' ? { portal: webhook(portal.webhookUrl) } : {};
    const mine = new TypeError('the fault of the test');
    portal.answer('app.info', () => { throw mine; });
    portal.answer('scope', async () => { throw 'a later one'; });
    const portalText = 'the function given to answer("app.info") threw: the fault of the test';
    await assert.rejects(call('app.info', {}, options), { code: 'REFUSED', portalCode: 'ERROR_CORE', portalText });
    const { result, result_error: errors } = await call('batch', { cmd: { mine: 'scope', read: 'crm.item.payment.get?id=501' } }, options);
    assert.deepEqual([Object.keys(result), errors.mine.error_description], [['read'], 'the function given to answer("scope") threw: a later one']);
    assert.throws(() => portal.restore(), mine);
    assert.equal('BX24' in globalThis, false, 'everything was given back');
    portal.restore();
  }
});

test('portals that are restored in any order leave nothing behind, and take nothing from one that stands', async () => {
  const { getPayment, installPortal } = await load();
  const before = ['BX24', 'fetch', 'PerformanceObserver'].map((name) => globalThis[name]);
  for (const order of [[0, 1, 2], [2, 1, 0], [1, 0, 2], [1, 2, 0], [0, 2, 1], [2, 0, 1]]) {
    const portals = [1, 2, 3].map((id) => installPortal({ payments: [{ id }] }));
    const standing = new Set(portals);
    for (const at of order) {
      portals[at].restore();
      portals[at].restore();
      standing.delete(portals[at]);
      const last = [...standing].at(-1);
      if (last) assert.equal((await getPayment(portals.indexOf(last) + 1)).id, portals.indexOf(last) + 1, `${order} after ${at}`);
    }
    assert.deepEqual(['BX24', 'fetch', 'PerformanceObserver'].map((name) => globalThis[name]), before, `${order}`);
    assert.equal('BX24' in globalThis, false);
  }
});

test('what one portal taught is not held against the next: neither its limits nor its scopes', async () => {
  const { getPayment, installPortal } = await load();
  const read = async (portal) => {
    await getPayment(501);
    return portal.calls.at(-1).method;
  };
  const begun = performance.now();
  for (let n = 0; n < 8; n += 1) {
    const portal = installPortal({ payments: [{ id: 501 }] });
    for (let call = 0; call < 10; call += 1) assert.equal(await read(portal), 'crm.item.payment.get');
    portal.refuse('crm.item.payment.get', 'insufficient_scope', '', 401);
    assert.deepEqual([await read(portal), await read(portal), portal.calls.length], ['sale.payment.get', 'sale.payment.get', 13]);
    portal.restore();
  }
  assert.ok(performance.now() - begun < 10_000, 'a hundred calls of one portal take half a minute');
});
