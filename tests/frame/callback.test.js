// When BX24 calls back and when it never does: one row for every kind of answer a portal can give.
// "Never" is read after the browser reported the failure, or after the answer that was held back has come.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { held, html, noCors, ok, raw, refused, reset } from './rest.js';
import { TOKEN, initialised } from './scene.js';
import { stage } from './stage.js';

const theatre = stage();

// What a caller can see of a result, as text; a cycle in it would not survive the way out of the browser.
const seen = (result) => ({
  status: result.status,
  data: JSON.stringify(result.data()),
  error: result.error() === undefined ? undefined : String(result.error()),
});

const callOnce = (app) => app.evaluate((look) => new Promise((done) => {
  let times = 0;
  BX24.callMethod('some.method', {}, (result) => {
    times += 1;
    setTimeout(() => done({ times, ...(0, eval)(look)(result) }), 0);
  });
}), `(${seen})`);

const CALLED = [
  ['200 with JSON', ok(true), { status: 200, data: 'true', error: undefined }],
  ['400 with JSON', refused(400, { error: 'ERROR_CHECK_FAILURE', error_description: 'Pay system not found' }),
    { status: 400, data: undefined, error: 'ERROR_CHECK_FAILURE: Pay system not found (400)' }],
  ['401 other than expired_token', refused(401, { error: 'invalid_token', error_description: '' }),
    { status: 401, data: undefined, error: 'invalid_token (401)' }],
  ['403 with JSON', refused(403, { error: 'ACCESS_DENIED', error_description: 'Access denied!' }),
    { status: 403, data: undefined, error: 'ACCESS_DENIED: Access denied! (403)' }],
  ['404 with JSON', refused(404, { error: 'ERROR_METHOD_NOT_FOUND', error_description: 'Method not found!' }),
    { status: 404, data: undefined, error: 'ERROR_METHOD_NOT_FOUND: Method not found! (404)' }],
  ['429 with JSON', refused(429, { error: 'OPERATION_TIME_LIMIT' }),
    { status: 429, data: undefined, error: 'OPERATION_TIME_LIMIT (429)' }],
  ['200 with an empty body looks like success', raw(200, ''), { status: 200, data: '{}', error: undefined }],
  ['403 with an empty body looks like success', raw(403, ''), { status: 403, data: '{}', error: undefined }],
  ['a JSON scalar', raw(200, '5'), { status: 200, data: undefined, error: undefined }],
  ['an answer without a result', raw(200, '{"time":{}}'), { status: 200, data: undefined, error: undefined }],
  ['an error with an empty code', refused(400, { error: '', error_description: 'text' }),
    { status: 400, data: undefined, error: ': text (400)' }],
  ['an error with the code 0', refused(400, { error: 0, error_description: 'Payment has not been found' }),
    { status: 400, data: undefined, error: 'undefined (400)' }],
  ['an error with a long number for a code', refused(400, { error: 200640400001, error_description: 'payment is not exists' }),
    { status: 400, data: undefined, error: 'undefined (400)' }],
  ['an error as an object', refused(400, { error: { code: 'X', message: 'text' } }),
    { status: 400, data: undefined, error: 'undefined (400)' }],
];

test('the callback comes once', (t) => initialised(theatre, {}, async ({ app, rest }) => {
  for (const [what, answer, expected] of CALLED) {
    await t.test(what, async () => {
      rest.script(answer);
      assert.deepEqual(await callOnce(app), { times: 1, ...expected });
    });
  }
}));

const QUERY_ERROR = 'Query error!';

const NEVER = [
  ['503 with JSON, QUERY_LIMIT_EXCEEDED', refused(503, { error: 'QUERY_LIMIT_EXCEEDED' }), QUERY_ERROR],
  ['500 with JSON, INTERNAL_SERVER_ERROR', refused(500, { error: 'INTERNAL_SERVER_ERROR' }), QUERY_ERROR],
  ['502 with HTML', html(502), QUERY_ERROR],
  ['504 with HTML', html(504), QUERY_ERROR],
  ['500 with an empty body', raw(500, ''), QUERY_ERROR],
  ['200 with HTML', html(200), QUERY_ERROR],
  ['404 with HTML', html(404), QUERY_ERROR],
  ['413 with HTML', html(413), QUERY_ERROR],
  ['a truncated JSON body', raw(200, '{"result":tr'), QUERY_ERROR],
  ['an answer without CORS headers', noCors(ok(true)), QUERY_ERROR],
  ['the body null', raw(200, 'null'), /^TypeError/],
];

test('the callback never comes', (t) => initialised(theatre, {}, async ({ app, rest }) => {
  for (const [what, answer, thrown] of NEVER) {
    await t.test(what, async () => {
      rest.script(answer);
      await app.evaluate(() => {
        window.failures = [];
        BX24.callMethod('some.method', {}, window.keep);
      });
      await app.waitForFunction(() => window.failures.length > 0);
      const failures = await app.evaluate(() => window.failures.map((failure) => failure.thrown));
      assert.equal(failures.length, 1);
      if (typeof thrown === 'string') assert.equal(failures[0], thrown);
      else assert.match(failures[0], thrown);
      assert.equal(await app.evaluate(() => window.results.length), 0);
    });
  }
}));

test('a connection that is reset: never called', () => initialised(theatre, {}, async ({ app, rest }) => {
  // Whether Chromium then sends the POST a second time is not what this is about.
  rest.always(reset);
  await app.evaluate(() => { BX24.callMethod('some.method', {}, window.keep); });
  await app.waitForFunction(() => window.failures.length > 0);
  assert.deepEqual(await app.evaluate(() => window.failures.map(({ thrown }) => thrown)), [QUERY_ERROR]);
  assert.equal(await app.evaluate(() => window.results.length), 0);
}));

test('a portal that cannot be reached: never called', () => initialised(theatre, {}, async ({ page, app }) => {
  await page.route('**/rest/**', (route) => route.abort('connectionrefused'));
  await app.evaluate(() => { BX24.callMethod('some.method', {}, window.keep); });
  await app.waitForFunction(() => window.failures.length > 0);
  await page.unroute('**/rest/**');
  assert.deepEqual(await app.evaluate(() => window.failures.map(({ thrown }) => thrown)), [QUERY_ERROR]);
  assert.equal(await app.evaluate(() => window.results.length), 0);
}));

test('a hang: not called while it lasts, whatever else is answered; called once when it ends', () =>
  initialised(theatre, {}, async ({ app, rest }) => {
    const late = held(ok('late'));
    rest.script(late, ok('quick'));
    await app.evaluate(() => { BX24.callMethod('slow', {}, (result) => window.keep(result.data())); });
    await rest.arrived(1);
    await app.evaluate(() => new Promise((done) => {
      BX24.callMethod('quick', {}, (result) => done(window.keep(result.data())));
    }));
    assert.deepEqual(await app.evaluate(() => window.results), ['quick']);
    late.release();
    await app.waitForFunction(() => window.results.length === 2);
    assert.deepEqual(await app.evaluate(() => window.results), ['quick', 'late']);
  }));

test('a token that cannot be refreshed: never called', () => initialised(theatre, {}, async ({ page, app, rest }) => {
  rest.script(refused(401, { error: 'expired_token' }), ok('quick'));
  await app.evaluate(() => { BX24.callMethod('some.method', {}, window.keep); });
  await page.waitForFunction(() => window.heard.some((message) => message.startsWith('refreshAuth:{}:')));
  await app.evaluate(() => new Promise((done) => { BX24.callMethod('quick', {}, done); }).then((result) => result.data()));
  assert.equal(await app.evaluate(() => window.results.length), 0);
}));

test('a callback that throws is not called again and nothing is repeated', () => initialised(theatre, {}, async ({ app, rest }) => {
  rest.script(ok(1), ok(2));
  await app.evaluate(() => {
    BX24.callMethod('first', {}, (result) => {
      window.keep(result.data());
      throw new Error('mine');
    });
  });
  await app.waitForFunction(() => window.failures.length === 1);
  await app.evaluate(() => new Promise((done) => { BX24.callMethod('second', {}, () => done()); }));
  assert.deepEqual(await app.evaluate(() => window.results), [1]);
  assert.deepEqual(await app.evaluate(() => window.failures.map(({ thrown }) => thrown)), ['Error: mine']);
}));

test('a call without a callback is sent all the same', () => initialised(theatre, {}, async ({ app, rest }) => {
  rest.script(ok(true));
  await app.evaluate(() => BX24.callMethod('some.method', { a: 1 }));
  assert.equal((await rest.arrived(1)).body, `auth=${TOKEN}&a=1`);
}));

test('loaded without crossorigin its failures are muted', () => initialised(theatre, { path: '/muted' }, async ({ app, rest }) => {
  rest.script(html(502));
  await app.evaluate(() => { BX24.callMethod('some.method', {}, window.keep); });
  await app.waitForFunction(() => window.failures.length === 1);
  assert.deepEqual(await app.evaluate(() => window.failures), [{ message: 'Script error.', thrown: 'null' }]);
}));
