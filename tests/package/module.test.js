// The built modules themselves, the package's and the page's: they tell nothing about the machine that built them.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { ROOT, TARGET } from '../places.js';

const wasm = readFileSync(`${TARGET}/npm/b24pay.wasm`);
const [OF_PACKAGE, OF_PAGE] = [`${TARGET}/npm/b24pay.js`, `${TARGET}/app/b24pay.js`];

// The module inside a file, as the file unpacks it.
async function inside(t, file) {
  const started = t.mock.method(WebAssembly, 'instantiate');
  const { getPayment } = await import(`${pathToFileURL(file)}?${t.name}`);
  await assert.rejects(getPayment(0), { code: 'INVALID_PAYMENT_ID' });
  return Buffer.from(started.mock.calls[0].arguments[0]);
}

test('no path of the building machine is in a module', async (t) => {
  for (const module of [wasm, await inside(t, OF_PAGE)]) {
    for (const place of [ROOT, TARGET, homedir(), '.cargo', '.rustup', 'registry/src']) {
      assert.ok(!module.includes(place), `found ${place}`);
    }
  }
});

test('no names of functions and no list of tools are in the module', async () => {
  const module = await WebAssembly.compile(wasm);
  for (const section of ['name', 'producers', 'target_features']) {
    assert.deepEqual(WebAssembly.Module.customSections(module, section), []);
  }
});

test("the page's file has what the page calls, and no way to a portal but BX24", async (t) => {
  const calls = ['call', 'getPayment', 'listPayments', 'markPaid', 'markUnpaid', 'payPayment', 'payPayments', 'unsettled'];
  assert.deepEqual(Object.keys(await import(OF_PAGE)), calls);
  const [script, ofPage] = [readFileSync(OF_PAGE, 'utf8'), await inside(t, OF_PAGE)];
  for (const [whole, page, ofHttp] of [
    [readFileSync(OF_PACKAGE, 'utf8'), script, 'fetch('],
    [readFileSync(OF_PACKAGE, 'utf8'), script, 'AbortController'],
    [wasm, ofPage, 'accessToken'],
  ]) {
    assert.deepEqual([whole.includes(ofHttp), page.includes(ofHttp)], [true, false], ofHttp);
  }
});

// A number in LEB128 at a place, and the place after it.
function leb(bytes, at) {
  let number = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    number |= (byte & 0x7f) << shift;
    if (byte < 0x80) return [number, at];
  }
}

// What so many times a length and as many bytes hold.
function* parts(bytes, at, count) {
  for (; count > 0 && at < bytes.length; count -= 1) {
    const [length, begins] = leb(bytes, at);
    at = begins + length;
    yield { begins, content: bytes.subarray(begins, at) };
  }
}

// The sections of a module, and its functions in place of that which holds them.
function contents(module) {
  const sections = [];
  for (let at = 8; at < module.length; ) {
    const [{ begins, content }] = parts(module, at + 1, 1);
    const [count, first] = leb(content, 0);
    const isCode = module[at] === 10;
    sections.push([module[at], isCode ? [...parts(content, first, count)].map(({ content }) => content) : content]);
    at = begins + content.length;
  }
  return sections;
}

test('the module inside b24pay.js is b24pay.wasm, but for how the lengths of functions are written', async (t) => {
  assert.deepEqual(contents(await inside(t, OF_PACKAGE)), contents(wasm));
  const functions = contents(wasm).find(([section]) => section === 10)[1];
  assert.ok(functions.length > 500, `${functions.length} functions`);
});
