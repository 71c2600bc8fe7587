// callBatch: how commands travel, how results are split again, and in which cases nothing is ever heard.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { html, ok, refused } from './rest.js';
import { TOKEN, initialised } from './scene.js';
import { stage } from './stage.js';

const theatre = stage();

const answer = (parts) => ok({ result: [], result_error: [], result_total: [], result_next: [], result_time: [], ...parts });

// What the callback got, item by item, with the shape of the whole.
const batched = (app, calls, halt) => app.evaluate(({ source, stop }) => new Promise((done) => {
  BX24.callBatch((0, eval)(source)(), (results) => {
    window.batch = results;
    const items = Object.fromEntries(Object.entries(results).map(([key, item]) => [key, {
      data: item.data(), failed: item.error() !== undefined, status: item.status,
    }]));
    done({ list: Array.isArray(results), items });
  }, stop);
}), { source: `(${calls})`, stop: halt });

test('an object of calls travels as commands that are escaped twice', () => initialised(theatre, {}, async ({ app, rest }) => {
  rest.script(answer({ result: { a: 1, b: 2 } }));
  const got = await batched(app, () => ({ a: ['first', { x: 'ä b' }], b: { method: 'second', params: { k: [1] } } }));
  assert.deepEqual(got, {
    list: false, items: { a: { data: 1, failed: false, status: 200 }, b: { data: 2, failed: false, status: 200 } },
  });
  assert.equal(rest.calls[0].method, 'batch');
  assert.equal(rest.calls[0].body,
    `auth=${TOKEN}&halt=0&cmd[a]=first%3Fx%3D%25C3%25A4%2520b&cmd[b]=second%3F%26k%5B0%5D%3D1`);
}));

test('a list of calls gives a list of results, and halt is 1', () => initialised(theatre, {}, async ({ app, rest }) => {
  rest.script(answer({ result: ['a', null] }));
  const got = await batched(app, () => [['first'], ['second']], true);
  assert.equal(got.list, true);
  assert.deepEqual(got.items, { 0: { data: 'a', failed: false, status: 200 }, 1: { data: null, failed: false, status: 200 } });
  assert.equal(rest.calls[0].body, `auth=${TOKEN}&halt=1&cmd[0]=first%3F&cmd[1]=second%3F`);
}));

test('null and false results stay as they are', () => initialised(theatre, {}, async ({ app, rest }) => {
  rest.script(answer({ result: { a: null, b: false } }));
  const got = await batched(app, () => ({ a: ['first'], b: ['second'] }));
  assert.deepEqual([got.items.a.data, got.items.b.data], [null, false]);
}));

test('start survives inside a command', () => initialised(theatre, {}, async ({ app, rest }) => {
  rest.script(answer({ result: { a: [] } }));
  await batched(app, () => ({ a: ['some.list', { start: 50 }] }));
  assert.equal(rest.calls[0].body, `auth=${TOKEN}&halt=0&cmd[a]=some.list%3Fstart%3D50`);
}));

test('a failed command has an error that is not circular, data {} and no description of its own', () =>
  initialised(theatre, {}, async ({ app, rest }) => {
    rest.script(answer({ result: { b: 2 }, result_error: { a: { error: 'CODE', error_description: 'why' } } }));
    const got = await batched(app, () => ({ a: ['first'], b: ['second'] }));
    assert.deepEqual(got.items.a, { data: {}, failed: true, status: 200 });
    const failure = await app.evaluate(() => ({
      description: String(window.batch.a.error_description()),
      error: window.batch.a.error().getError(),
      json: JSON.stringify(window.batch.a.error()),
    }));
    assert.deepEqual(failure, {
      description: 'undefined',
      error: { error: 'CODE', error_description: 'why' },
      json: '{"status":200,"ex":{"error":"CODE","error_description":"why"}}',
    });
  }));

test('with halt the commands after the failed one are absent', () => initialised(theatre, {}, async ({ app, rest }) => {
  rest.script(answer({ result: { a: 1 }, result_error: { b: { error: 'CODE' } } }));
  const got = await batched(app, () => ({ a: ['first'], b: ['second'], c: ['third'] }), true);
  assert.deepEqual(Object.keys(got.items), ['a', 'b']);
}));

test('next on an item calls the callback of the batch with that item alone', () => initialised(theatre, {}, async ({ app, rest }) => {
  rest.script(answer({ result: { a: [1] }, result_next: { a: 50 }, result_total: { a: 51 } }), ok([2]));
  const got = await app.evaluate(() => new Promise((done) => {
    BX24.callBatch({ a: ['some.list', { x: 1 }] }, (results) => {
      if (results.a) results.a.next();
      else done({ data: results.data(), method: results.query.method });
    });
  }));
  assert.deepEqual(got, { data: [2], method: 'some.list' });
  assert.equal(rest.calls[1].body, `auth=${TOKEN}&start=50&x=1`);
}));

test('51 commands go out in one request', () => initialised(theatre, {}, async ({ app, rest }) => {
  rest.script(answer({ result: Array(50).fill(1), result_error: { 50: { error: 'ERROR_BATCH_LENGTH_EXCEEDED' } } }));
  const got = await batched(app, () => Array.from({ length: 51 }, () => ['some.method']));
  assert.equal(Object.keys(got.items).length, 51);
  assert.equal(got.items[50].failed, true);
  assert.equal(rest.calls[0].body.split('cmd[').length - 1, 51);
}));

const EMPTY = [
  ['an empty list', () => []],
  ['an empty object', () => ({})],
  ['entries without a method', () => ({ a: { params: {} }, b: [] })],
  ['commands as text', () => ({ a: 'some.method?x=1' })],
  ['a Map', () => new Map([['a', ['some.method']]])],
];

test('nothing is sent and the callback never comes', (t) => initialised(theatre, {}, async ({ app, rest }) => {
  for (const [what, calls] of EMPTY) {
    await t.test(what, async () => {
      rest.script(ok('sent afterwards'));
      const before = rest.calls.length;
      await app.evaluate((source) => { BX24.callBatch((0, eval)(source)(), window.keep); }, `(${calls})`);
      await app.evaluate(() => new Promise((done) => { BX24.callMethod('afterwards', {}, () => done()); }));
      assert.deepEqual(rest.calls.slice(before).map(({ method }) => method), ['afterwards']);
      assert.deepEqual(await app.evaluate(() => [window.results.length, window.failures.length]), [0, 0]);
    });
  }
}));

const REFUSED = [
  ['401', refused(401, { error: 'NO_AUTH_FOUND', error_description: 'Wrong authorization data' }), /^TypeError/],
  ['403', refused(403, { error: 'ACCESS_DENIED', error_description: 'Access denied!' }), /^TypeError/],
  ['429', refused(429, { error: 'OPERATION_TIME_LIMIT' }), /^TypeError/],
  ['503', refused(503, { error: 'QUERY_LIMIT_EXCEEDED' }), /^Query error!$/],
  ['502 with HTML', html(502), /^Query error!$/],
];

test('the callback of a batch that is refused as a whole never comes', (t) => initialised(theatre, {}, async ({ app, rest }) => {
  for (const [status, reply, thrown] of REFUSED) {
    await t.test(status, async () => {
      rest.script(reply);
      await app.evaluate(() => {
        window.failures = [];
        BX24.callBatch({ a: ['some.method'] }, window.keep);
      });
      await app.waitForFunction(() => window.failures.length > 0);
      assert.match(await app.evaluate(() => window.failures[0].thrown), thrown);
      assert.equal(await app.evaluate(() => window.results.length), 0);
    });
  }
}));
