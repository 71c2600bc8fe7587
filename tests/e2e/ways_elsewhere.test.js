// A page on another origin pays by a webhook, as CORS lets it; what it holds afterwards holds no secret. And two public
// clients inside the portal's frame do what b24pay does there.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { BATCH, DEAL, ERRORS, GET, LIST, PAID, PAY, compare } from '../clients/expected.js';
import { MODULES } from '../places.js';
import { bareApp } from './bare_app.js';
import { harness } from './harness.js';
import { watching } from './holding.js';
import { CONTEXT, SDK } from './ways.js';

const sandbox = harness({ app: bareApp() });
const SECRET = 'b7p2d6h1c4n9s8ya';
const TASK = { PAID, PAY, GET, LIST, DEAL, BATCH, ERRORS };

// A page of the app's origin that is in no frame.
async function elsewhere(t) {
  const context = await sandbox.browser.newContext(CONTEXT);
  t.after(() => context.close());
  const page = await context.newPage();
  const printed = [];
  page.on('console', (message) => printed.push(message.text()));
  await page.goto(`${sandbox.app}/b24pay.js`);
  await page.evaluate(watching);
  return { page, printed };
}

const byWebhook = ({ origin, secret, options }) => import('/b24pay.js').then(({ payPayment, webhook }) => payPayment(
  { paymentId: 501, paySystemId: 11 }, { ...options, portal: webhook(`${origin}/rest/7/${secret}/`) },
)).then(
  (outcome) => ({ status: outcome.status, recovered: outcome.recovered, text: window.readable(outcome) }),
  (error) => ({ rejected: error.code, text: window.readable(error) }),
);

test('a page on another origin pays by a webhook, without a preflight', async (t) => {
  const { page } = await elsewhere(t);
  const asked = [];
  page.on('request', (request) => asked.push(request.method()));
  const outcome = await page.evaluate(byWebhook, { origin: sandbox.portal, secret: SECRET });
  assert.equal(outcome.status, 'paid');
  assert.deepEqual(asked.filter((method) => method !== 'GET'), ['POST', 'POST', 'POST']);
  assert.equal((await sandbox.payments(501)).paidTimes, 1);
});

test('no failing case leaves the secret in a message, the console or the storage of the page', async (t) => {
  const { page, printed } = await elsewhere(t);
  for (const fault of ['noCors', 'commitThenDrop', 'http502', 'emptyBody', 'denied', 'hang', 'missingScope']) {
    await sandbox.reset();
    await sandbox.fault({ method: PAY, fault, times: 9 });
    const options = { settleMs: 400, deadlineMs: 200 };
    const { text } = await page.evaluate(byWebhook, { origin: sandbox.portal, secret: SECRET, options });
    const held = (await page.evaluate(() => window.holding())).split('\n');
    const ours = printed.filter((line) => !line.startsWith('Failed to load resource') && !line.startsWith('Access to fetch'));
    // What a browser keeps of its requests names their addresses.
    const isTiming = (line) => line.includes('"entryType":"resource"');
    assert.ok(held.some((line) => isTiming(line) && line.includes(SECRET)));
    const found = [text, ...held.filter((line) => !isTiming(line)), ...ours].join('\n');
    assert.ok(!found.includes(SECRET), `${fault}: ${found.replaceAll(SECRET, '<SECRET>').match(/.{0,200}<SECRET>.{0,50}/s)?.[0]}`);
  }
});

test('a redirect is not followed in a page either, and said to be one', async (t) => {
  const { page } = await elsewhere(t);
  await page.route('**/rest/**', (route) => route.fulfill({ status: 302, headers: { Location: '/elsewhere', 'Access-Control-Allow-Origin': '*' } }));
  const { rejected, text } = await page.evaluate(byWebhook, { origin: sandbox.portal, secret: SECRET });
  assert.equal(rejected, 'NO_ANSWER');
  assert.match(text, /the portal redirects, which is not followed; it may have been renamed/);
});

test('b24jssdk in the frame does what the documentation says', async (t) => {
  const { app } = await sandbox.open(t, {}, CONTEXT);
  await app.addScriptTag({ path: SDK });
  const given = await app.evaluate(async (task) => {
    const b24 = await B24Js.initializeB24Frame();
    const make = (method, params) => b24.actions.v2.call.make({ method, params });
    const result = async (method, params) => (await make(method, params)).getData().result;
    const batch = (await b24.actions.v2.batch.make({ calls: task.BATCH, options: { isHaltOnError: true, returnAjaxResult: true } })).getData();
    const errors = [];
    const paid = await result(task.PAY, task.PAID);
    for (const { method, params } of task.ERRORS) {
      errors.push(await make(method, params).then((answer) => answer.getErrorMessages(), ({ code, message }) => ({ code, text: message })));
    }
    return {
      paid, read: await result(task.GET, { id: 501 }), listed: (await result(task.LIST, task.DEAL)).map(({ id }) => id),
      batched: { first: batch.first.getData().result.id, second: batch.second.getData().result.id }, errors,
    };
  }, TASK);
  await compare(given, sandbox);
});

test('bitrix24-library in the frame does', async (t) => {
  const { page, app } = await sandbox.open(t, {}, CONTEXT);
  // It loads BX24 from its one address; here that is the sandbox's.
  const library = await (await fetch(`${sandbox.portal}/api/v1/`)).text();
  await page.route('https://api.bitrix24.com/api/v1/', (route) => route.fulfill({ contentType: 'text/javascript', body: library }));
  const source = await readFile(join(MODULES, 'bitrix24-library/dist/index.js'), 'utf8');
  const given = await app.evaluate(async ({ task, text }) => {
    const address = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
    const { default: Bitrix24 } = await import(address);
    const BX24 = await Bitrix24.init();
    const ask = (method, params) => new Promise((resolve) => { BX24.callMethod(method, params, resolve); });
    const result = async (method, params) => (await ask(method, params)).data();
    const batch = await BX24.callBatch(task.BATCH, false);
    const errors = [];
    const paid = await result(task.PAY, task.PAID);
    for (const { method, params } of task.ERRORS) {
      const answer = await ask(method, params);
      errors.push({ code: answer.answer.error, text: answer.error_description() });
    }
    return {
      paid, read: await result(task.GET, { id: 501 }), listed: (await result(task.LIST, task.DEAL)).map(({ id }) => id),
      batched: { first: batch.first.data().id, second: batch.second.data().id }, errors,
    };
  }, { task: TASK, text: source });
  await compare(given, sandbox);
});
