// What BX24 makes of a caller's parameters, value by value, as the portal receives it.
// Each row is sent by a real browser; the text after the token is compared whole.

import assert from 'node:assert/strict';
import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ok } from './rest.js';
import { TOKEN, initialised } from './scene.js';
import { stage } from './stage.js';

const theatre = stage();

const ROWS = [
  ['text is escaped', () => ({ a: 'ä b&c=d' }), '&a=%C3%A4%20b%26c%3Dd'],
  ['keys are escaped', () => ({ 'a b': 1 }), '&a%20b=1'],
  ['numbers are digits', () => ({ a: 1.5, b: -0 }), '&a=1.5&b=0'],
  ['NaN is the text NaN', () => ({ a: NaN }), '&a=NaN'],
  ['booleans are words', () => ({ a: true, b: false }), '&a=true&b=false'],
  ['undefined is the text undefined', () => ({ a: undefined }), '&a=undefined'],
  ['null drops the key', () => ({ a: null, b: 1 }), '&b=1'],
  ['an empty list is an empty value', () => ({ a: [] }), '&a='],
  ['an empty object drops the key', () => ({ a: {}, b: 1 }), '&b=1&'],
  ['lists and objects take brackets', () => ({ k: [1, { a: 2 }] }), '&&k[0]=1&k[1][a]=2'],
  ['inner keys are escaped, brackets are not', () => ({ k: { 'a b': { '[c]': 1 } } }), '&&&k[a%20b][%5Bc%5D]=1'],
  ['scalars come before nested values', () => ({ n: { a: 1 }, s: 2 }), '&s=2&n[a]=1'],
  ['a date is its UTC text', () => ({ a: new Date(0) }), '&a=1970-01-01T00%3A00%3A00.000Z'],
  ['an invalid date is the text null', () => ({ a: new Date(NaN) }), '&a=null'],
  ['a Map leaves nothing', () => ({ a: new Map([['k', 1]]), b: 1 }), '&b=1&'],
  ['a Set leaves nothing', () => ({ a: new Set([1]), b: 1 }), '&b=1&'],
  ['an ArrayBuffer leaves nothing', () => ({ a: new ArrayBuffer(2), b: 1 }), '&b=1&'],
  ['a typed array is a list', () => ({ f: new Uint8Array([1, 2]) }), '&&f[0]=1&f[1]=2'],
  ['a BigInt is digits', () => ({ a: 501n }), '&a=501'],
  ['a function is its source', () => ({ a: (x) => x }), '&a=(x)%20%3D%3E%20x'],
  ['a String object is raw text without a key', () => ({ a: new String('x y') }), '&&x y'],
  ['a DOM node is its value', () => ({ a: Object.assign(document.createElement('input'), { value: 'v' }) }), '&a=v'],
  ['an empty file input is an empty value', () => ({ a: Object.assign(document.createElement('input'), { type: 'file' }) }),
    '&a='],
  ['a text is appended as it is', () => 'PAYMENT_ID=501&x=ä b', '&PAYMENT_ID=501&x=ä b'],
  ['null leaves the token alone', () => null, ''],
  ['undefined leaves the token alone', () => undefined, ''],
  ['a truthy start is lost', () => ({ start: 50, a: 1 }), '&a=1'],
  ['a negative start is lost', () => ({ start: -1, a: 1 }), '&a=1'],
  ['start 0 stays', () => ({ start: 0 }), '&start=0'],
  ['start further inside stays', () => ({ k: { start: 50 } }), '&&k[start]=50'],
  ['auth of the caller comes after the token', () => ({ auth: 'mine' }), '&auth=mine'],
];

test('each value is sent as its row says', (t) => initialised(theatre, {}, async ({ app, rest }) => {
  for (const [sentence, make, sent] of ROWS) {
    await t.test(sentence, async () => {
      rest.script(ok(true));
      await app.evaluate((source) => new Promise((done) => {
        BX24.callMethod('some.method', (0, eval)(source)(), done);
      }).then((result) => result.data()), `(${make})`);
      assert.deepEqual(rest.calls.at(-1), {
        method: 'some.method', verb: 'POST', contentType: 'text/plain;charset=UTF-8', cookie: undefined,
        body: `auth=${TOKEN}${sent}`,
      });
    });
  }
}));

const THROWING = [
  ['a symbol', () => ({ a: Symbol('s') })],
  ['an object without a prototype', () => ({ a: Object.assign(Object.create(null), { b: 1 }) })],
];

for (const [what, make] of THROWING) {
  test(`${what} is a TypeError in the same turn, and nothing is sent`, () => initialised(theatre, {}, async ({ app, rest }) => {
    const thrown = await app.evaluate((source) => {
      try {
        return BX24.callMethod('some.method', (0, eval)(source)(), window.keep);
      } catch (error) {
        return error.name;
      }
    }, `(${make})`);
    assert.equal(thrown, 'TypeError');
    assert.equal(rest.calls.length, 0);
  }));
}

const UNHEARD = [
  ['a File', () => ({ a: new File(['x'], 'x.txt'), b: 1 }), '&b=1&'],
  ['a Blob', () => ({ a: new Blob(['x']), b: 1 }), '&b=1&'],
  ['an object whose constructor insists on arguments', () => {
    class Money {
      constructor(money) { this.sum = money.sum; }
    }
    return { a: new Money({ sum: 5 }) };
  }, '&&a[sum]=5'],
];

for (const [what, make, sent] of UNHEARD) {
  test(`${what} is sent as far as it goes, and the callback never comes`, () => initialised(theatre, {}, async ({ app, rest }) => {
    rest.script(ok(true));
    await app.evaluate((source) => {
      BX24.callMethod('some.method', (0, eval)(source)(), window.keep);
    }, `(${make})`);
    await app.waitForFunction(() => window.failures.length === 1);
    assert.match(await app.evaluate(() => window.failures[0].thrown), /^TypeError/);
    assert.equal(await app.evaluate(() => window.results.length), 0);
    assert.equal(rest.calls[0].body, `auth=${TOKEN}${sent}`);
  }));
}

test('a truthy start is deleted from the caller\'s own object', () => initialised(theatre, {}, async ({ app, rest }) => {
  rest.script(ok([]));
  const left = await app.evaluate(() => new Promise((done) => {
    const params = { start: 50, filter: { start: 1 } };
    BX24.callMethod('some.method', params, () => done(params));
  }));
  assert.deepEqual(left, { filter: { start: 1 } });
}));

test('callMethod returns nothing', () => initialised(theatre, {}, async ({ app, rest }) => {
  rest.script(ok(true));
  const returned = await app.evaluate(() => new Promise((done) => {
    const value = BX24.callMethod('some.method', {}, () => done(String(value)));
  }));
  assert.equal(returned, 'undefined');
}));

test('the method is escaped into the address', () => initialised(theatre, {}, async ({ app, rest }) => {
  rest.script(ok(true));
  await app.evaluate(() => new Promise((done) => { BX24.callMethod('a/b?c', {}, () => done()); }));
  assert.equal(rest.calls[0].method, 'a/b?c');
}));

// ---- file inputs

async function inputWith(app, files, multiple) {
  const input = await app.evaluateHandle((several) => {
    const made = Object.assign(document.createElement('input'), { type: 'file', multiple: several });
    document.body.append(made);
    return made;
  }, multiple);
  await input.setInputFiles(files);
  return input;
}

const file = (name, text) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });

test('a file input is the name and the base64 of its file', () => initialised(theatre, {}, async ({ app, rest }) => {
  rest.script(ok(true));
  const input = await inputWith(app, [file('a b.txt', 'hi')], false);
  await input.evaluate((node) => new Promise((done) => { BX24.callMethod('some.method', { k: node }, () => done()); }));
  assert.equal(rest.calls[0].body, `auth=${TOKEN}&&k[0]=a%20b.txt&k[1]=aGk%3D`);
}));

test('a file input for several files joins name and base64', () => initialised(theatre, {}, async ({ app, rest }) => {
  rest.script(ok(true));
  const input = await inputWith(app, [file('a', 'hi'), file('b', 'ho')], true);
  await input.evaluate((node) => new Promise((done) => { BX24.callMethod('some.method', { k: node }, () => done()); }));
  assert.equal(rest.calls[0].body, `auth=${TOKEN}&&k[0]=a%2CaGk%3D&k[1]=b%2CaG8%3D`);
}));

test('a file that cannot be read is never sent, and nobody is told', () => initialised(theatre, {}, async ({ app, rest }) => {
  const folder = await mkdtemp(join(tmpdir(), 'frame-'));
  try {
    const path = join(folder, 'gone.txt');
    await writeFile(path, 'hi');
    const input = await inputWith(app, path, false);
    await rm(path);
    await input.evaluate((node) => new Promise((failed) => {
      const read = FileReader.prototype.readAsDataURL;
      FileReader.prototype.readAsDataURL = function (...files) {
        this.addEventListener('error', failed);
        read.apply(this, files);
      };
      BX24.callMethod('some.method', { k: node }, window.keep);
    }));
    assert.equal(rest.calls.length, 0);
    assert.equal(await app.evaluate(() => window.results.length), 0);
  } finally {
    await rm(folder, { recursive: true });
  }
}));
