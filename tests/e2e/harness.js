// The stage of the end-to-end tests: a sandbox portal of its own for each test file, and one headless Chromium in which
// each test opens the portal page with the app in a frame. It plays nothing itself.
//
//   const sandbox = harness({ settleMs: 1500, deadlineMs: 500 });
//   test('…', async (t) => {
//     const { page, app } = await sandbox.open(t, { lang: 'ru' });
//     await sandbox.fault({ method: 'sale.paysystem.pay.payment', fault: 'hang' });
//   });

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { after, before, beforeEach } from 'node:test';
import { chromium } from 'playwright-core';

const TARGET = process.env.B24PAY_TARGET ?? new URL('../../target', import.meta.url).pathname;
const PORTAL = process.env.B24PAY_PORTAL_BIN ?? `${TARGET}/debug/portal`;
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';

// No sandbox, since containers run as root; nothing that asks the network by itself.
const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

const OPENED = { placement: 'CRM_DEAL_DETAIL_TAB', id: '7', lang: 'en', open: '1' };

// Call once in a test file. The waiting times are those of the app; every test begins with the state of the demo.
export function harness({ settleMs, deadlineMs, latencyMs, scenario = 'demo' } = {}) {
  const sandbox = new Sandbox();
  before(async () => {
    await sandbox.start({ settleMs, deadlineMs, latencyMs });
  });
  beforeEach(() => sandbox.reset({ scenario }));
  after(() => sandbox.stop());
  return sandbox;
}

class Sandbox {
  // `http://localhost:N` and `http://127.0.0.1:M`, once the tests run.
  portal;
  app;
  // For tests that need more than one page of one user: contexts share nothing, pages of one context do.
  browser;
  #program;

  async start(times) {
    this.#program = await startPortal(times);
    this.portal = this.#program.addresses.portal;
    this.app = this.#program.addresses.app;
    this.browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  }

  async stop() {
    await this.browser?.close();
    await this.#program?.stop();
  }

  // Opens the portal page in a fresh context, and the app in its frame. `choices` are the members of the portal page's
  // address, `context` are Playwright's options, such as a viewport. What goes wrong in either page is in `errors`.
  async open(t, choices = {}, context = {}) {
    const fresh = await this.browser.newContext(context);
    t.after(() => fresh.close());
    return this.openIn(fresh, choices);
  }

  // The same in a context that is there already: another tab of the same user.
  async openIn(context, choices = {}) {
    const page = await context.newPage();
    const errors = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    await page.goto(`${this.portal}/?${new URLSearchParams({ ...OPENED, ...choices })}`);
    const app = await this.appFrame(page);
    return { page, app, errors };
  }

  // The frame of the app, once its page has loaded; a reload replaces what is in it.
  async appFrame(page) {
    const element = await page.waitForSelector('iframe[id^="appframe_"]', { state: 'attached' });
    const frame = await element.contentFrame();
    await frame.waitForURL((address) => address.href.startsWith(this.app));
    return frame;
  }

  // The truth about one payment, or about all.
  payments(id) {
    return this.#steer(id === undefined ? '/sandbox/payments' : `/sandbox/payments/${id}`);
  }

  // Every REST call received, in order.
  log() {
    return this.#steer('/sandbox/log');
  }

  // Arms a fault: `{method, nth, times, fault, ms}`.
  fault(fault) {
    return this.#steer('/sandbox/faults', fault);
  }

  // Fresh state.
  reset(wanted = { scenario: 'demo' }) {
    return this.#steer('/sandbox/reset', wanted);
  }

  async #steer(path, posted) {
    const request = posted && {
      method: 'POST', body: JSON.stringify(posted), headers: { 'Content-Type': 'application/json' },
    };
    const answer = await fetch(this.portal + path, request);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${text}`);
    return text && JSON.parse(text);
  }
}

// Starts the program on free ports and waits for the two addresses that it prints. It ends with this process, since it
// ends when its input does.
async function startPortal({ settleMs, deadlineMs, latencyMs }) {
  const options = Object.entries({ settle: settleMs, deadline: deadlineMs, latency: latencyMs })
    .filter(([, ms]) => ms !== undefined)
    .flatMap(([name, ms]) => [`--${name}-ms`, String(ms)]);
  const program = spawn(
    PORTAL,
    ['--port', '0', '--app-port', '0', '--app', `${TARGET}/app`, ...options, '--until-stdin-closes'],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const ended = new Promise((resolve, reject) => {
    program.once('exit', resolve);
    program.once('error', reject);
  });
  const addresses = {};
  const printed = (async () => {
    for await (const line of createInterface({ input: program.stdout })) {
      const [, name, address] = line.match(/^(portal|app): (http:\S+)$/) ?? [];
      if (name) addresses[name] = address;
      if (addresses.portal && addresses.app) return;
    }
    throw new Error(`${PORTAL} ended without its addresses; cargo xtask build and cargo build --bins make what it needs`);
  })();
  await Promise.race([printed, ended.then(() => printed)]);
  program.stdout.resume();
  return {
    addresses,
    stop() {
      program.stdin.end();
      return ended;
    },
  };
}
