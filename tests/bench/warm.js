// What a call costs where the portal costs nothing: microseconds a call, and the heap after a hundred thousand of them.

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { CONTENDERS } from './contenders.js';
import { spread } from './statistics.js';
import { inTurn } from './turns.js';

const TYPES = { html: 'text/html', js: 'text/javascript', wasm: 'application/wasm' };
// A payment locks, keeps a journal and makes three calls, so it gets fewer turns.
const COUNT = { pay: 2000, verified: 200 };
const CALLS = { pay: 100_000, verified: 10_000 };
const stubbed = CONTENDERS.filter((contender) => contender.stubbed);

// Serves the contenders beside a page with the stub; bitrix24-library finds an empty script in the place of BX24.
export async function stubServer(folder) {
  const server = createServer((request, response) => {
    const path = new URL(request.url, 'http://localhost').pathname;
    const [type, body] = served(path, folder);
    response.writeHead(200, { 'Content-Type': type }).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { address: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

function served(path, folder) {
  if (path === '/') return [TYPES.html, '<!doctype html><title>warm</title><link rel="icon" href="data:,"><script type="module" src="/warm-page.js"></script>'];
  if (path === '/api/v1/') return [TYPES.js, ''];
  const file = path === '/warm-page.js' ? new URL('warm-page.js', import.meta.url) : join(folder, path);
  const body = readFileSync(file);
  const isLibrary = path === '/library.js';
  return [TYPES[path.split('.').at(-1)], isLibrary ? String(body).replaceAll(/https?:\/\/[\w.:]+(?=\/api\/v1\/)/g, '') : body];
}

async function pageOf(browser, address) {
  const page = await browser.newPage();
  await page.goto(address);
  await page.waitForFunction(() => typeof window.sample === 'function');
  return page;
}

const sample = (page, { file, act }, count) => page.evaluate((given) => window.sample(...given), [file, act, count]);

// All contenders in one page, in turn.
export async function overheads(browser, address, rounds, count = COUNT) {
  const page = await pageOf(browser, address);
  const samples = new Map(stubbed.map(({ name }) => [name, []]));
  for (let round = -2; round < rounds; round += 1) {
    for (const contender of inTurn(stubbed, round + 2)) {
      const microseconds = await sample(page, contender, count[contender.act]);
      // The first rounds are those in which the engine compiles.
      if (round >= 0) samples.get(contender.name).push(microseconds);
    }
  }
  await page.close();
  return new Map([...samples].map(([name, times]) => [name, spread(times)]));
}

// How many bytes more the heap holds after all calls than after the first thousand, in a page of its own.
export async function grown(browser, address) {
  const bytes = new Map();
  for (const contender of stubbed) {
    const page = await pageOf(browser, address);
    const engine = await page.context().newCDPSession(page);
    await sample(page, contender, 1000);
    const first = await used(page, engine);
    await sample(page, contender, CALLS[contender.act]);
    bytes.set(contender.name, { bytes: await used(page, engine) - first, calls: CALLS[contender.act] });
    await page.close();
  }
  return bytes;
}

async function used(page, engine) {
  // What the first collection finds dead has finalizers; what those let go is found by the second.
  for (let times = 0; times < 2; times += 1) {
    await engine.send('HeapProfiler.collectGarbage');
    await page.evaluate(() => new Promise((resolve) => { requestAnimationFrame(resolve); }));
  }
  return (await engine.send('Runtime.getHeapUsage')).usedSize;
}
