// The stage of the end-to-end tests: a sandbox portal of its own for each test file, and one headless Chromium in which
// each test opens the portal page with the app in a frame. It plays nothing itself.
//
//   const sandbox = harness({ settleMs: 1500, deadlineMs: 500 });
//   test('…', async (t) => {
//     const { page, app } = await sandbox.open(t, { lang: 'ru' });
//     await sandbox.fault({ method: 'sale.paysystem.pay.payment', fault: 'hang' });
//   });

import { after, before, beforeEach } from 'node:test';
import { launch } from './chromium.js';
import { ServedPortal } from './served_portal.js';

// Call once in a test file, or once for each portal that it needs. The waiting times are those of the app, which can be
// another one; every test begins with the state of the demo, and with whatever else a reset is to know.
export function harness({ settleMs, deadlineMs, latencyMs, app, upload, ...state } = {}) {
  const sandbox = new Sandbox();
  before(async () => {
    await sandbox.start({ settleMs, deadlineMs, latencyMs, app, upload });
  });
  beforeEach(() => sandbox.reset({ scenario: 'demo', ...state }));
  after(() => sandbox.stop());
  return sandbox;
}

// One browser serves all the portals of a test file; it ends with the last of them.
let browser;
let users = 0;

function opened(program) {
  users += 1;
  return (browser ??= launch(program));
}

async function left() {
  users -= 1;
  if (users > 0) return;
  await (await browser).close();
  browser = undefined;
}

export class Sandbox extends ServedPortal {
  // For tests that need more than one page of one user: contexts share nothing, pages of one context do.
  browser;
  #errors = new WeakMap();
  #started;

  // Once: who needs it standing earlier than the tests, in a `before` of its own, waits for the same start. `program` is the
  // browser, where it is to be another than the headless shell.
  start({ program, ...options } = {}) {
    return (this.#started ??= super.start(options).then(async () => { this.browser = await opened(program); }));
  }

  async stop() {
    if (this.browser) await left();
    await super.stop();
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
    return this.openAnew(await context.newPage(), choices);
  }

  // The same in a page that is there already. It costs a third of a new one, and remembers nothing but its storage.
  async openAnew(page, choices = {}) {
    const errors = this.#errorsOf(page);
    errors.length = 0;
    await page.goto(this.address(choices));
    const app = await this.appFrame(page);
    return { page, app, errors };
  }

  #errorsOf(page) {
    if (!this.#errors.has(page)) {
      const errors = [];
      page.on('pageerror', (error) => errors.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') errors.push(message.text());
      });
      this.#errors.set(page, errors);
    }
    return this.#errors.get(page);
  }

  // The frame of the app, once its page has loaded; a reload replaces what is in it. `at` is where the app is served.
  async appFrame(page, at = this.app) {
    const element = await page.waitForSelector('iframe[id^="appframe_"]', { state: 'attached' });
    const frame = await element.contentFrame();
    await frame.waitForURL((address) => address.href.startsWith(at));
    return frame;
  }
}
