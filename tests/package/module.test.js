// The built module itself: it tells nothing about the machine that built it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { test } from 'node:test';

const TARGET = process.env.B24PAY_TARGET ?? new URL('../../target', import.meta.url).pathname;
const ROOT = new URL('../..', import.meta.url).pathname;
const wasm = readFileSync(`${TARGET}/npm/b24pay.wasm`);

test('no path of the building machine is in the module', () => {
  for (const place of [ROOT, TARGET, homedir(), '.cargo', '.rustup', 'registry/src']) {
    assert.ok(!wasm.includes(place), `found ${place}`);
  }
});

test('no names of functions and no list of tools are in the module', async () => {
  const module = await WebAssembly.compile(wasm);
  for (const section of ['name', 'producers', 'target_features']) {
    assert.deepEqual(WebAssembly.Module.customSections(module, section), []);
  }
});

test('the module inside b24pay.js is b24pay.wasm', async (t) => {
  const started = t.mock.method(WebAssembly, 'instantiate');
  const { getPayment } = await import(`${TARGET}/npm/b24pay.js`);
  await assert.rejects(getPayment(0), { code: 'INVALID_PAYMENT_ID' });
  assert.ok(wasm.equals(started.mock.calls[0].arguments[0]), 'other bytes are unpacked');
});
