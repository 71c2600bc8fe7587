// One call, five ways, one result: cases from public bug reports through BX24, its token over HTTP, a webhook, OAuth and
// the official SDK. Where a way has to differ, the row says why. Each way has a portal of its own, and all go at once.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bareApp } from './bare_app.js';
import { harness } from './harness.js';
import { PAY, STATE, WAYS, Way } from './ways.js';

const app = bareApp();
const ways = WAYS.map((name) => new Way(name, harness({ app, ...STATE })));
const GET = 'crm.item.payment.get';
const SALE_GET = 'sale.payment.get';
const MARK = 'crm.item.payment.pay';
const QUICK = { settleMs: 1500, deadlineMs: 700 };

const pays = (paymentId, paySystemId = 11, details) => ['payPayment', { paymentId, paySystemId, ...(details && { details }) }];
const unreadable = [GET, SALE_GET].map((method) => ({ method, fault: 'denied', times: 9 }));
const PAID = { status: 'paid', recovered: false, sum: '1000', paidBy: 7, wire: 1, paid: 'Y' };
const RECOVERED = { ...PAID, recovered: true };
const NO_BODY = 'BX24 shows neither the status nor the body of an answer that it does not call back for';
const refused = (error, truth) => ({ rejected: { retry: 'never', method: PAY, ...error }, wire: 1, paid: 'N', ...truth });
const unsent = (error) => ({ rejected: { retry: 'never', ...error }, wire: 0, paid: 'N' });
const silent = { code: 'NO_ANSWER', retry: 'readFirst', method: PAY };

const ROWS = [
  { what: 'the documented example', call: pays(501), all: PAID },
  { what: 'cash, which says yes and does nothing', call: pays(502, 6), all: { status: 'notApplied', sum: '68.12', paidBy: null, wire: 1, paid: 'N' }, drops: ['paidBy'] },
  { what: 'a payment of another pay system', call: pays(501, 8), all: unsent({ code: 'OTHER_PAY_SYSTEM' }) },
  {
    what: 'a wrong pair where nothing may be read', call: pays(501, 6), faults: unreadable,
    all: refused({ code: 'REFUSED', portalCode: 'ERROR_CHECK_FAILURE', portalText: 'Payment with ID=501 and PAY_SYSTEM_ID=6 not found' }),
  },
  {
    what: 'a pay system that is none where nothing may be read', call: pays(501, 999), faults: unreadable,
    all: refused({ code: 'REFUSED', portalCode: 'ERROR_CHECK_FAILURE', portalText: 'Pay system not found' }),
  },
  {
    what: 'a yes where nothing may be read', call: pays(501), faults: unreadable,
    all: {
      status: 'unverified', wire: 1, paid: 'Y',
      cause: { code: 'ACCESS_DENIED', retry: 'never', method: GET, portalCode: 'ACCESS_DENIED' },
    },
    drops: ['portalText'],
  },
  {
    what: 'a number as an error code', call: ['markPaid', 501], faults: [{ method: MARK, fault: 'numericError' }],
    all: { rejected: { code: 'REFUSED', retry: 'never', method: MARK, portalCode: '0', portalText: 'Insufficient permissions' }, wire: 0, paid: 'N' },
  },
  {
    what: 'a text of several lines with markup', call: pays(503),
    all: refused({ code: 'REFUSED', portalCode: 'ERROR_PROCESS_REQUEST_RESULT', portalText: 'Заказ №77 отменен\n<img src=x onerror=1>' }),
  },
  { what: 'an answer that was lost after the payment', call: pays(501), faults: [{ method: PAY, fault: 'commitThenDrop' }], options: QUICK, all: RECOVERED },
  { what: 'a gateway that gives up after the payment', call: pays(501), faults: [{ method: PAY, fault: 'commitThen502' }], options: QUICK, all: RECOVERED },
  { what: 'a text in the place of the answer', call: pays(501), faults: [{ method: PAY, fault: 'commitThenHtml' }], options: QUICK, all: RECOVERED },
  { what: 'an answer that breaks off', call: pays(501), faults: [{ method: PAY, fault: 'truncatedJson' }], options: QUICK, all: RECOVERED },
  { what: 'an answer that may not be read (CORS)', call: pays(501), faults: [{ method: PAY, fault: 'noCors' }], options: QUICK, all: RECOVERED },
  { what: 'an event handler that throws after the payment', call: pays(501), faults: [{ method: PAY, fault: 'errorCoreAfterCommit' }], all: PAID },
  { what: 'an event handler that keeps it unpaid', call: pays(501), faults: [{ method: PAY, fault: 'yesButUnpaid' }], all: { status: 'notApplied', sum: '1000', wire: 1, paid: 'N' }, drops: ['paidBy'] },
  {
    what: 'a connection that breaks before anything ran', call: pays(501), faults: [{ method: PAY, fault: 'dropBeforeCommit' }], options: QUICK,
    all: { status: 'notApplied', sum: '1000', cause: silent, wire: 1, paid: 'N' }, drops: ['paidBy'],
  },
  {
    what: 'silence', call: pays(501), faults: [{ method: PAY, fault: 'hang' }], options: QUICK,
    all: { status: 'unknown', sum: '1000', cause: silent, wire: 1, paid: 'N' }, drops: ['paidBy'],
  },
  {
    what: 'a limit in front of the portal', call: pays(501), faults: [{ method: PAY, fault: 'queryLimit' }], options: QUICK,
    all: { ...PAID, wire: 2 },
    differs: { bx24: { is: { status: 'notApplied', sum: '1000', cause: silent, wire: 1, paid: 'N' }, why: NO_BODY } },
  },
  { what: 'a payment that is paid already', call: pays(506), all: { status: 'alreadyPaid', sent: false, sum: '250', paidBy: 1, wire: 0, paid: 'Y' } },
  {
    what: 'a token that has expired', call: pays(501), faults: [{ method: PAY, fault: 'expiredToken' }],
    all: { ...PAID, wire: 2 },
    differs: {
      webhook: {
        is: { rejected: { code: 'AUTH_EXPIRED', retry: 'safe', portalCode: 'expired_token', portalText: 'The access token provided has expired.' }, wire: 1, paid: 'N' },
        why: 'a webhook has no token that could be renewed',
      },
    },
  },
  {
    what: 'a scope that is missing', call: pays(501), faults: [{ method: PAY, fault: 'missingScope' }],
    all: refused({ code: 'MISSING_SCOPE', scope: 'pay_system', portalCode: 'insufficient_scope' }), drops: ['portalText'],
  },
  {
    what: 'no rights to pay', call: pays(501), faults: [{ method: PAY, fault: 'denied' }],
    all: refused({ code: 'ACCESS_DENIED', portalCode: 'ACCESS_DENIED', portalText: 'Access denied!' }),
  },
  {
    what: 'a double click, and another tab while it is under way', call: pays(501), callers: true,
    faults: [{ method: PAY, fault: 'delay', ms: 1500 }],
    all: { callers: ['paid', 'paid', 'alreadyPaid'], isOne: true, wire: 1, paid: 'Y' },
  },
  {
    what: 'an internal account without funds', call: ['markPaid', 507], scenario: 'unusual',
    all: { rejected: { code: 'REFUSED', retry: 'never', method: MARK, portalCode: 'BX_ERROR', portalText: 'Insufficient funds' }, wire: 0, paid: 'N' },
  },
  {
    what: 'a payment that was returned', call: pays(508), scenario: 'unusual', faults: [{ method: GET, fault: 'denied', times: 9 }],
    all: unsent({ code: 'RETURNED' }),
  },
  {
    what: 'a payment that was returned and is to be paid again', call: pays(508), scenario: 'unusual', options: { payReturned: true },
    faults: [{ method: GET, fault: 'denied', times: 9 }], all: { ...PAID, sum: '8000' },
  },
  { what: 'an id that is none', call: pays('15/1'), payment: 501, all: unsent({ code: 'INVALID_PAYMENT_ID' }) },
  { what: 'a message that is too long', call: pays(501, 11, { statusMessage: 'x'.repeat(251) }), all: unsent({ code: 'INVALID_DETAILS' }) },
  { what: 'details that are stored', call: pays(501, 11, { invoiceId: 'ä&=[+%', statusMessage: '“quoted”\n2nd' }), all: PAID },
  {
    what: 'many at once', call: ['payPayments', [501, 504, 506].map((paymentId) => ({ paymentId, paySystemId: 11 }))], payment: 504,
    all: { items: ['paid', 'paid', 'alreadyPaid'], wire: 2, paid: 'Y' },
  },
];

// Without the members that a row does not compare.
const compared = (outcome, drops) => JSON.parse(JSON.stringify(outcome, (name, value) => (drops.includes(name) ? undefined : value)));

for (const { all, differs = {}, drops = [], ...row } of ROWS) {
  test(row.what, { timeout: 90_000 }, async () => {
    const outcomes = await Promise.all(ways.map((way) => way.outcome(row)));
    for (const [at, way] of WAYS.entries()) {
      const expected = differs[way]?.is ?? all;
      assert.deepEqual(compared(outcomes[at], [...drops, ...(differs[way] ? ['paidBy'] : [])]), compared(expected, drops), way);
    }
  });
}

test('every difference has its reason', () => {
  const reasons = ROWS.flatMap(({ differs = {} }) => Object.values(differs).map(({ why }) => why));
  assert.ok(reasons.length > 0 && reasons.every((why) => why.length > 20));
});
