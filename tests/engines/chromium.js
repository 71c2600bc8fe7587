// Debian's Chromium, by playwright-core.

import { launch } from '../e2e/chromium.js';
import { PATIENCE_MS } from '../until.js';
import { FRAME, READY } from './frame.js';

export async function chromium() {
  const browser = await launch();
  return {
    async user() {
      const context = await browser.newContext();
      context.setDefaultTimeout(PATIENCE_MS);
      return {
        open: (address) => open(context, address),
        close: () => context.close(),
      };
    },
    close: () => browser.close(),
  };
}

async function open(context, address) {
  const page = await context.newPage();
  await page.goto(address);
  const element = await page.waitForSelector(FRAME, { state: 'attached' });
  const frame = await element.contentFrame();
  await frame.waitForSelector(READY);
  return {
    run: (work, given) => frame.evaluate(work, given),
    click: (selector) => frame.click(selector),
    press: (key) => page.keyboard.press(key),
    screenshot: (path) => page.screenshot({ path }),
    close: () => page.close(),
    // For what only this engine can be asked.
    page,
  };
}
