// One page: a fresh copy of the built package, a clock of its own, and what stands in `globalThis.BX24`.

import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';
import { TARGET } from '../places.js';
import { PageClock } from './page-clock.js';
import { ScriptedBx24 } from './scripted-bx24.js';

const PACKAGE = pathToFileURL(`${TARGET}/npm/`);

export const PAY = 'sale.paysystem.pay.payment';
export const GET = 'crm.item.payment.get';
export const SALE_GET = 'sale.payment.get';
export const MARK = 'crm.item.payment.pay';

// A file of the built package.
export const packageFile = (name) => new URL(name, PACKAGE);

let pages = 0;

// Another copy of the package, with nothing loaded and nothing remembered.
export const freshCopy = (file = 'b24pay.js') => import(`${packageFile(file)}?page=${++pages}`);

// A page inside a portal that answers by the script. When the test ends, the script must be used up.
export async function portalPage(t, script, options) {
  const page = await barePage(t);
  page.bx24 = new ScriptedBx24(script, page.clock, options);
  globalThis.BX24 = page.bx24.library;
  t.after(() => page.bx24.assertOver());
  return page;
}

// A copy that is compiled. That takes real time, in which the clock of the page must not run. Nothing is asked of BX24 for this.
export async function compiledCopy() {
  const b24pay = await freshCopy();
  await b24pay.getPayment(0, { portal: b24pay.webhook('https://shop.bitrix24.example/rest/1/secret/') }).catch(() => {});
  return b24pay;
}

// The browser's `navigator` while a test runs.
export function navigator(t, value) {
  const own = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', { configurable: true, value });
  t.after(() => {
    delete globalThis.navigator;
    if (own) Object.defineProperty(globalThis, 'navigator', own);
  });
}

// A page whose BX24 the test sets, or does not.
export async function barePage(t) {
  const clock = new PageClock();
  const b24pay = await compiledCopy();
  clock.install();
  t.after(() => {
    clock.restore();
    delete globalThis.BX24;
  });
  return { b24pay, clock, settled: (promise) => clock.until(promise) };
}

// What every identifier has to be, as errors say it.
export const WHOLE = 'must be a positive whole number up to 2^53 - 1, or its plain digits';

// Everything of an error that a caller can see, but the stack.
export const seen = (error) => ({ ...error, message: error.message });

// A rejection with a PayError of exactly these properties; `name` and, where it is "never", `retry` are understood.
export async function rejects(promise, expected) {
  const error = await promise.then(
    (value) => assert.fail(`resolved with ${JSON.stringify(value)}`),
    (reason) => reason,
  );
  assertPayError(error, expected);
  return error;
}

export function assertPayError(error, expected) {
  assert.ok(error instanceof Error, 'a PayError is a real Error');
  assert.deepEqual(seen(error), { name: 'PayError', retry: 'never', ...expected });
}
