// How the portal page opens an app: by a form that is posted into a named frame, or by a plain GET; and what its own
// address can choose beforehand.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { portalPage } from './sandbox.js';
import { SID } from './scene.js';
import { stage } from './stage.js';

const theatre = stage();

// What the app's server was asked when the page opened it.
function watchOpening() {
  const seen = [];
  theatre.opened = (request, address) => {
    if (address.pathname !== '/app') return;
    const call = { verb: request.method, type: request.headers['content-type'], query: [...address.searchParams.keys()], body: '' };
    request.on('data', (part) => { call.body += part; });
    seen.push(call);
  };
  return seen;
}

test('an app is opened by a form post into a frame that is named after host, protocol and session', async () => {
  const seen = watchOpening();
  await portalPage(theatre, { query: '?placement=CRM_DEAL_DETAIL_TAB&id=7&open=1' }, async ({ page, app }) => {
    assert.equal(await app.evaluate(() => window.name), `${theatre.host}|0|${SID}`);
    assert.equal(await page.locator('iframe').getAttribute('allow'), 'geolocation *; microphone *; camera *; autoplay *;');
    assert.equal(await page.locator('form[target]').count(), 0);
    assert.deepEqual(seen, [{
      verb: 'POST', type: 'application/x-www-form-urlencoded', query: ['DOMAIN', 'PROTOCOL', 'LANG', 'APP_SID'],
      body: 'AUTH_ID=posted&PLACEMENT=CRM_DEAL_DETAIL_TAB',
    }]);
    await app.evaluate(() => new Promise((done) => { BX24.init(() => done()); }));
  });
});

test('a static app is opened by GET with four parameters and learns its placement all the same', async () => {
  const seen = watchOpening();
  await portalPage(theatre, { query: '?placement=CRM_DEAL_DETAIL_TAB&id=7&mode=static&open=1' }, async ({ app, sandbox }) => {
    assert.deepEqual(seen, [{ verb: 'GET', type: undefined, query: ['DOMAIN', 'PROTOCOL', 'LANG', 'APP_SID'], body: '' }]);
    assert.equal(sandbox.asked.at(-1).wanted.static, true);
    const place = await app.evaluate(() => new Promise((done) => { BX24.init(() => done(BX24.placement.info())); }));
    assert.deepEqual(place, { placement: 'CRM_DEAL_DETAIL_TAB', options: { ID: '7', URI: '/crm/deal/details/7/' } });
  });
});

const PLACES = [
  ['CRM_DEAL_DETAIL_TAB&id=7', { ID: '7', URI: '/crm/deal/details/7/' }],
  ['CRM_DEAL_DETAIL_TAB&id=8', { ID: '8', URI: '/crm/deal/details/8/' }],
  ['CRM_DEAL_DETAIL_TOOLBAR&id=7', { ID: '7', URI: '/crm/deal/details/7/' }],
  ['CRM_SMART_INVOICE_DETAIL_TAB&id=31', { ID: '31', URI: '/crm/type/31/details/31/' }],
  ['CRM_SMART_INVOICE_DETAIL_TOOLBAR&id=31', { ENTITY_ID: '31', URI: '/crm/type/31/details/31/' }],
  ['CRM_ORDER_DETAIL_TAB&id=77', { ID: '77', URI: '/shop/orders/details/77/' }],
  ['CRM_DYNAMIC_177_DETAIL_TOOLBAR&id=3', { ENTITY_ID: '3', URI: '/crm/type/177/details/3/' }],
  ['REST_APP_URI&params=paymentId%3D501', { paymentId: '501', URI: '/marketplace/view/b24pay.sandbox/?params%5BpaymentId%5D=501' }],
  ['DEFAULT', {}],
];

for (const [query, options] of PLACES) {
  test(`placement ${query} tells the app ${JSON.stringify(options)}`, () => portalPage(theatre, {
    query: `?placement=${query}&open=1`,
  }, async ({ sandbox }) => {
    assert.equal(sandbox.asked.at(-1).wanted.placement, query.split('&')[0]);
    assert.deepEqual(sandbox.asked.at(-1).wanted.options, options);
  }));
}

test('the address chooses operator, scopes, language, plan and page, and a reload keeps them', () => portalPage(theatre, {
  query: '?placement=DEFAULT&operator=1&scopes=pay_system,crm&lang=ar&plan=enterprise&app=/install.html&open=1',
}, async ({ page, sandbox }) => {
  const wanted = {
    placement: 'DEFAULT', options: {}, lang: 'ar', operator: '1', scopes: ['pay_system', 'crm'], plan: 'enterprise',
    app: '/install.html', static: false, install: false,
  };
  assert.deepEqual(sandbox.asked.at(-1).wanted, wanted);
  await page.getByRole('button', { name: 'Open the app' }).click();
  await page.waitForFunction(() => document.querySelector('iframe').id.endsWith('1'));
  await page.reload();
  await page.locator('body[data-state=ready]').waitFor();
  assert.equal(sandbox.openings, 3);
  assert.deepEqual(sandbox.asked.at(-1).wanted, wanted);
}));

test('the installer opens as one that the portal waits for, until it has finished', () => portalPage(theatre, {
  query: '?placement=DEFAULT&operator=1&install=1&open=1',
}, async ({ page, sandbox }) => {
  const { app, install } = sandbox.asked.at(-1).wanted;
  assert.deepEqual([app, install], ['/install.html', true]);
  await page.goto(`${page.url()}&install_finished=Y`);
  await page.locator('body[data-state=ready]').waitFor();
  const opened = sandbox.asked.at(-1).wanted;
  assert.deepEqual([opened.app, opened.install], ['/', false]);
}));

test('without open the page waits for its button', () => portalPage(theatre, {}, async ({ page, sandbox }) => {
  assert.equal(sandbox.openings, 0);
  await page.getByRole('combobox', { name: 'Placement' }).selectOption('CRM_SMART_INVOICE_DETAIL_TAB');
  assert.equal(await page.getByRole('combobox', { name: 'Record' }).inputValue(), '31');
  await page.getByRole('button', { name: 'Open the app' }).click();
  await page.locator('iframe').waitFor();
  assert.match(page.url(), /placement=CRM_SMART_INVOICE_DETAIL_TAB&id=31&.*open=1/);
}));

test('all twenty languages of a portal can be chosen', () => portalPage(theatre, {}, async ({ page }) => {
  const codes = await page.getByRole('combobox', { name: 'Language' }).locator('option').evaluateAll((options) => options.map(({ value }) => value));
  assert.deepEqual(codes.sort(), 'ar br de en fr id in it ja kz la ms pl ru sc tc th tr ua vn'.split(' '));
}));

test('records are shown as text, never as markup', () => portalPage(theatre, {}, async ({ page }) => {
  assert.equal(await page.getByRole('heading', { name: 'Deal <b>7</b>' }).count(), 1);
  assert.deepEqual(await page.locator('tr[data-payment="501"] td').allTextContents(), ['501', '917/1', 'Card', '1000 EUR', 'unpaid', '0']);
}));

test('a fault is armed and the sandbox started afresh from the page', () => portalPage(theatre, {}, async ({ page, sandbox }) => {
  await page.getByRole('combobox', { name: 'Fault' }).selectOption('hang');
  await page.getByLabel('From call').fill('2');
  await page.getByRole('button', { name: 'Arm' }).click();
  await page.getByText('hang is armed for sale.paysystem.pay.payment').waitFor();
  assert.deepEqual(sandbox.asked.at(-1), {
    path: 'faults', wanted: { fault: 'hang', method: 'sale.paysystem.pay.payment', nth: 2, times: 1, ms: 0 },
  });
  await page.getByRole('combobox', { name: 'Scenario' }).selectOption('many');
  await page.getByRole('button', { name: 'Reset' }).click();
  await page.getByText('Fresh state: many').waitFor();
  assert.deepEqual(sandbox.asked.slice(-2).map(({ path }) => path), ['reset', 'desk']);
}));

test('the page fits a screen of 320 pixels', () => portalPage(theatre, {
  query: '?open=1', viewport: { width: 320, height: 700 },
}, async ({ page }) => {
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320);
}));
