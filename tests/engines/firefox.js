// Debian's Firefox, by puppeteer-core over WebDriver BiDi, which needs no driver program.

import puppeteer from 'puppeteer-core';
import { PATIENCE_MS, until } from '../until.js';
import { FRAME, IN_APP, READY } from './frame.js';

const FIREFOX = process.env.FIREFOX ?? '/usr/bin/firefox-esr';

export async function firefox() {
  const browser = await puppeteer.launch({ browser: 'firefox', executablePath: FIREFOX, headless: true });
  return {
    async user() {
      const context = await browser.createBrowserContext();
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
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(address);
  const element = await page.waitForSelector(FRAME);
  const frame = await element.contentFrame();
  // Asked anew each time: who waits in the frame while the app's page takes the place of the empty one may wait for ever.
  const isReady = (host, ready) => Boolean(document.querySelector(host)?.shadowRoot?.querySelector(ready));
  await until(() => frame.evaluate(isReady, IN_APP, READY).catch(() => false), 'the app did not get ready');
  return {
    run: (work, given) => frame.evaluate(work, given),
    click: (selector) => frame.locator(`${IN_APP} >>> ${selector}`).click(),
    press: (key) => press(page.keyboard, key),
    screenshot: (path) => page.screenshot({ path }),
    close: () => page.close(),
  };
}

const SIGNS = { Space: ' ' };

// With `Shift+` before it, a key is pressed while that one is held.
async function press(keyboard, key) {
  const [name, ...held] = key.split('+').reverse();
  for (const each of held) await keyboard.down(each);
  await keyboard.press(SIGNS[name] ?? name);
  for (const each of held) await keyboard.up(each);
}
