// A hundred thousand calls with a BX24 that throws, stays silent or calls back twice: neither the page's heap nor the
// module's memory is larger at the end than after the first thousand. In Chromium, which can be asked to collect garbage:
// callbacks that BX24 may still call are let go by the collector, which by itself comes when it likes.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { launch } from '../e2e/chromium.js';
import { TARGET } from '../places.js';

// What the engine itself comes to need while code gets hot; 99,000 calls that left 6 bytes each would exceed it.
const HEAP_NOISE = 512 * 1024;
// Memory grows by pages, and where in a page things come to lie differs; a byte a call would exceed it.
const WASM_PAGE = 64 * 1024;
const SLICE = 1000;

const FILES = {
  '/': ['text/html', '<!doctype html><title>memory</title><script type="module" src="/memory-page.js"></script>'],
  '/memory-page.js': ['text/javascript', readFileSync(new URL('memory-page.js', import.meta.url))],
  '/b24pay.js': ['text/javascript', readFileSync(`${TARGET}/app/b24pay.js`)],
};

let server;
let browser;

before(async () => {
  server = createServer((request, response) => {
    const [type, body] = FILES[request.url] ?? ['text/plain', ''];
    response.writeHead(type === 'text/plain' ? 404 : 200, { 'Content-Type': type }).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  browser = await launch();
});

after(async () => {
  await browser?.close();
  server?.close();
});

test('a hundred thousand reads leave nothing behind', async (t) => {
  const grown = await growth(t, 100, ['getPayment', [501, { deadlineMs: 1 }]], null);
  assert.deepEqual(grown.told, {
    'throwing: NO_ANSWER': 33_400, 'silent: NO_ANSWER': 33_300, 'doubleCalling: read': 33_300,
  });
  assertFlat(grown);
});

test('payments, with their locks, journal and windows, leave nothing behind', async (t) => {
  const request = { paymentId: 501, paySystemId: 11 };
  const grown = await growth(t, 5, ['payPayment', [request, { settleMs: 1000, deadlineMs: 500 }]], 'sale.paysystem.pay.payment');
  assert.deepEqual(grown.told, {
    'throwing: unknown': 1670, 'silent: unknown': 1665, 'doubleCalling: paid': 1665,
  });
  assertFlat(grown);
});

// Plays slices of a thousand calls, and compares what is used after the first with what is used after the last.
async function growth(t, slices, [name, given], misbehavesOn) {
  const page = await browser.newPage();
  t.after(() => page.close());
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.waitForFunction(() => typeof window.play === 'function');
  const engine = await page.context().newCDPSession(page);
  const told = {};
  let first;
  for (let slice = 0; slice < slices; slice += 1) {
    const counts = await page.evaluate((all) => window.play(...all), [name, given, SLICE, misbehavesOn]);
    for (const [what, count] of Object.entries(counts)) told[what] = (told[what] ?? 0) + count;
    await collected(page, engine);
    first ??= await used(page, engine);
  }
  const last = await used(page, engine);
  t.diagnostic(`heap ${first.heap} to ${last.heap} bytes, wasm ${first.wasm} to ${last.wasm} bytes`);
  return { told, heap: last.heap - first.heap, wasm: last.wasm - first.wasm };
}

// What is found dead has finalizers, which run before the next frame.
async function collected(page, engine) {
  await engine.send('HeapProfiler.collectGarbage');
  await page.evaluate(() => new Promise((resolve) => { requestAnimationFrame(resolve); }));
}

async function used(page, engine) {
  // What those let go is found by another collection.
  await collected(page, engine);
  const { usedSize } = await engine.send('Runtime.getHeapUsage');
  return { heap: usedSize, wasm: await page.evaluate(() => window.wasmMemory.buffer.byteLength) };
}

function assertFlat({ heap, wasm }) {
  assert.ok(wasm <= WASM_PAGE, `the module's memory grew by ${wasm} bytes`);
  assert.ok(heap < HEAP_NOISE, `the heap grew by ${heap} bytes`);
}
