// What each missing scope and each missing right costs: the rows of the README's "Rights and scopes", each by a token of its own.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { b24pay, served } from './served.js';

const sandbox = served();
const { call, getPayment, listPayments, markPaid, markUnpaid, oauth, payPayment } = b24pay;
const PAYMENT = { paymentId: 501, paySystemId: 11 };
const ALL = ['pay_system', 'crm', 'sale', 'placement'];

// What an app with these scopes can do for this operator, in words: an outcome's status, or a code with the scope it names.
async function able({ without = [], operator = 7 } = {}) {
  const fresh = async () => {
    await sandbox.reset();
    const { init } = await sandbox.steer('/sandbox/open', { operator, scopes: ALL.filter((scope) => !without.includes(scope)) });
    return { portal: oauth({ domain: sandbox.host, accessToken: init.AUTH_ID }) };
  };
  const said = async (act) => {
    try {
      const value = await act(await fresh());
      return value.status ?? 'yes';
    } catch (error) {
      return [error.code, error.scope].filter(Boolean).join(' ');
    }
  };
  return {
    deal: await said((options) => listPayments({ deal: 7 }, options)),
    order: await said((options) => listPayments({ order: 917 }, options)),
    read: await said((options) => getPayment(501, options)),
    confirm: await said((options) => payPayment(PAYMENT, options)),
    mark: await said((options) => markPaid(501, options)),
    undo: await said((options) => markUnpaid(506, options)),
    places: await said((options) => call('placement.list', {}, options)),
  };
}

const EVERYTHING = { deal: 'yes', order: 'yes', read: 'yes', confirm: 'paid', mark: 'paid', undo: 'unpaid', places: 'yes' };

const rows = [
  ['nothing is missing', {}, {}],
  ['the scope placement', { without: ['placement'] }, { places: 'MISSING_SCOPE placement' }],
  ['the scope pay_system', { without: ['pay_system'] }, { confirm: 'MISSING_SCOPE pay_system' }],
  ['the scope sale', { without: ['sale'] }, { order: 'MISSING_SCOPE sale' }],
  ['the scope crm', { without: ['crm'] }, {
    deal: 'MISSING_SCOPE crm', mark: 'MISSING_SCOPE crm', undo: 'MISSING_SCOPE crm',
  }],
  ['the scopes crm and sale', { without: ['crm', 'sale'] }, {
    deal: 'MISSING_SCOPE crm', order: 'MISSING_SCOPE sale', read: 'MISSING_SCOPE crm', confirm: 'unverified',
    mark: 'MISSING_SCOPE crm', undo: 'MISSING_SCOPE crm',
  }],
  ['the right to add or change orders', { operator: 9 }, {
    order: 'ACCESS_DENIED', confirm: 'ACCESS_DENIED', mark: 'ACCESS_DENIED', undo: 'ACCESS_DENIED',
  }],
  ['the right of the shop', { operator: 11 }, { order: 'ACCESS_DENIED' }],
  ['the right to read orders', { operator: 10 }, {
    deal: 'ACCESS_DENIED', order: 'ACCESS_DENIED', read: 'ACCESS_DENIED', confirm: 'unverified', mark: 'unverified', undo: 'unknown',
  }],
  ['every right', { operator: 12 }, {
    deal: 'ACCESS_DENIED', order: 'ACCESS_DENIED', read: 'ACCESS_DENIED', confirm: 'ACCESS_DENIED', mark: 'ACCESS_DENIED',
    undo: 'ACCESS_DENIED',
  }],
];

for (const [missing, choice, cost] of rows) {
  test(`missing: ${missing}`, async () => assert.deepEqual(await able(choice), { ...EVERYTHING, ...cost }));
}

test('only a reading by sale.payment.* shows that money went back, and CRM is read first', async () => {
  const read = async (scopes) => {
    const { init } = await sandbox.steer('/sandbox/open', { scopes });
    return getPayment(501, { portal: oauth({ domain: sandbox.host, accessToken: init.AUTH_ID }) });
  };
  assert.equal((await read(['crm'])).returned, undefined);
  assert.equal((await read(['sale'])).returned, false);
  assert.equal((await read(['crm', 'sale'])).returned, undefined);
});
