// The object that a callback gets: what it owns, what needs `this`, where it turns in a circle, and how paging goes on.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ok, refused } from './rest.js';
import { TOKEN, initialised } from './scene.js';
import { stage } from './stage.js';

const theatre = stage();

// Calls once and keeps the result in the page as `window.result`.
async function called(app, rest, answer, params = {}) {
  rest.script(answer);
  await app.evaluate((given) => new Promise((done) => {
    BX24.callMethod('some.method', given, (result) => {
      window.result = result;
      done();
    });
  }), params);
}

test('a result owns answer, query and status and nothing else', () => initialised(theatre, {}, async ({ app, rest }) => {
  await called(app, rest, ok(1), { a: 1 });
  assert.deepEqual(await app.evaluate(() => Object.keys(window.result).sort()), ['answer', 'query', 'status']);
  assert.deepEqual(await app.evaluate(() => window.result.query.data), { a: 1 });
  assert.equal(await app.evaluate(() => typeof window.result.time), 'undefined');
}));

test('the methods of a result need their this', () => initialised(theatre, {}, async ({ app, rest }) => {
  await called(app, rest, ok(1));
  for (const method of ['data', 'error', 'error_description', 'more', 'total', 'next']) {
    const thrown = await app.evaluate((name) => {
      const bare = window.result[name];
      try {
        bare();
        return 'nothing';
      } catch (error) {
        return error.name;
      }
    }, method);
    assert.equal(thrown, 'TypeError', method);
  }
}));

test('callMethod itself needs no this', () => initialised(theatre, {}, async ({ app, rest }) => {
  rest.script(ok('bare'));
  const data = await app.evaluate(() => new Promise((done) => {
    const { callMethod } = BX24;
    callMethod('some.method', {}, (result) => done(result.data()));
  }));
  assert.equal(data, 'bare');
}));

test('an error with a text for a code is circular', () => initialised(theatre, {}, async ({ app, rest }) => {
  await called(app, rest, refused(400, { error: 'CODE', error_description: 'why' }));
  const found = await app.evaluate(() => {
    const error = window.result.error();
    const circular = (value) => {
      try {
        JSON.stringify(value);
        return false;
      } catch {
        return true;
      }
    };
    return {
      exIsTheAnswer: error.ex === window.result.answer,
      answerHoldsTheError: window.result.answer.ex === error,
      circular: [error, error.getError(), window.result.answer].map(circular),
      status: error.getStatus(),
      code: error.getError().error,
      description: window.result.error_description(),
    };
  });
  assert.deepEqual(found, {
    exIsTheAnswer: true, answerHoldsTheError: true, circular: [true, true, true], status: 400, code: 'CODE', description: 'why',
  });
}));

test('a numeric code is all that getError gives; its text is only in error_description', () =>
  initialised(theatre, {}, async ({ app, rest }) => {
    await called(app, rest, refused(400, { error: 0, error_description: 'why' }));
    const found = await app.evaluate(() => ({
      code: window.result.error().getError(),
      text: String(window.result.error()),
      description: window.result.error_description(),
      json: JSON.stringify(window.result.answer.ex),
    }));
    assert.deepEqual(found, { code: 0, text: 'undefined (400)', description: 'why', json: '{"status":400,"ex":0}' });
  }));

test('total is NaN where the portal gives none, and a text of digits counts', () => initialised(theatre, {}, async ({ app, rest }) => {
  await called(app, rest, ok([]));
  assert.equal(await app.evaluate(() => Number.isNaN(window.result.total())), true);
  await called(app, rest, ok([], { total: '75', next: '50' }));
  assert.deepEqual(await app.evaluate(() => [window.result.total(), window.result.more()]), [75, true]);
}));

test('next sends the same call with start before its parameters, to a new callback', () =>
  initialised(theatre, {}, async ({ app, rest }) => {
    await called(app, rest, ok([1], { total: 51, next: 50 }), { a: 1 });
    rest.script(ok([2], { total: 51 }));
    const page = await app.evaluate(() => new Promise((done) => {
      window.returned = window.result.next((result) => done(result.data()));
    }));
    assert.deepEqual(page, [2]);
    assert.equal(await app.evaluate(() => String(window.returned)), 'undefined');
    assert.equal(rest.calls[1].body, `auth=${TOKEN}&start=50&a=1`);
  }));

test('next without a callback calls the first one again', () => initialised(theatre, {}, async ({ app, rest }) => {
  rest.script(ok([1], { next: 50 }), ok([2]));
  const pages = await app.evaluate(() => new Promise((done) => {
    const all = [];
    BX24.callMethod('some.method', {}, (result) => {
      all.push(result.data());
      if (result.more()) result.next();
      else done(all);
    });
  }));
  assert.deepEqual(pages, [[1], [2]]);
}));

test('next on the last page is false and sends nothing', () => initialised(theatre, {}, async ({ app, rest }) => {
  await called(app, rest, ok([1]));
  assert.equal(await app.evaluate(() => window.result.next()), false);
  assert.equal(rest.calls.length, 1);
}));
