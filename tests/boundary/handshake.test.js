// A page outside a portal, a library that did not load, a handshake that never ends: each is told within seconds.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GET, barePage, portalPage, rejects } from './page.js';
import { ScriptedBx24 } from './scripted-bx24.js';
import { payment, result } from './replies.js';

const NOT_IN_PORTAL = 'expected to run in a Bitrix24 portal\'s frame with BX24 loaded, but ';

const within = (page, ms) => {
  const begun = page.clock.now;
  return () => assert.ok(page.clock.now - begun <= ms, `took ${page.clock.now - begun} ms`);
};

for (const [what, BX24, found] of [
  ['null, as outside of a portal', null, 'BX24 is null, as it is outside of a portal\'s frame; open the app from the portal'],
  ['an object of somebody else', {}, 'BX24 has no callMethod and init; something else uses that name'],
  ['an object without init', { callMethod() {} }, 'BX24 has no callMethod and init; something else uses that name'],
  ['an object without callMethod', { init() {} }, 'BX24 has no callMethod and init; something else uses that name'],
  ['a text', 'BX24', 'BX24 has no callMethod and init; something else uses that name'],
]) {
  test(`BX24 is ${what}`, async (t) => {
    const page = await barePage(t);
    globalThis.BX24 = BX24;
    const inTime = within(page, 0);
    await rejects(page.settled(page.b24pay.getPayment(501)), {
      code: 'NOT_IN_PORTAL', retry: 'safe', message: NOT_IN_PORTAL + found,
    });
    inTime();
  });
}

test('BX24 throws when it is looked up', async (t) => {
  const page = await barePage(t);
  Object.defineProperty(globalThis, 'BX24', { configurable: true, get() { throw new Error('hostile'); } });
  await rejects(page.settled(page.b24pay.getPayment(501)), {
    code: 'NOT_IN_PORTAL', retry: 'safe', message: `${NOT_IN_PORTAL}looking BX24 up threw`,
  });
});

test('the script of BX24 did not load', async (t) => {
  const page = await barePage(t);
  const inTime = within(page, 5_000);
  await rejects(page.settled(page.b24pay.getPayment(501)), {
    code: 'NOT_IN_PORTAL', retry: 'safe',
    message: `${NOT_IN_PORTAL}BX24 is not there; load https://api.bitrix24.com/api/v1/ before the first call, or give options.portal`,
  });
  inTime();
});

test('the script of BX24 loads a little after the first call', async (t) => {
  const page = await barePage(t);
  const bx24 = new ScriptedBx24([[GET, result(payment())]], page.clock);
  page.clock.after(700, () => { globalThis.BX24 = bx24.library; });
  assert.equal((await page.settled(page.b24pay.getPayment(501))).id, 501);
  bx24.assertOver();
});

test('a handshake that never ends, as before the installation is finished', async (t) => {
  const page = await portalPage(t, [], { answersInit: false });
  const inTime = within(page, 7_000);
  await rejects(page.settled(page.b24pay.payPayment({ paymentId: 501, paySystemId: 11 })), {
    code: 'NO_HANDSHAKE', retry: 'safe',
    message: 'the portal did not answer BX24.init within 7000 ms; open the app from the portal, and check that its address does not redirect to another origin',
  });
  inTime();
});

test('a handshake that takes its time, as of a portal that is busy', async (t) => {
  const page = await portalPage(t, [[GET, result(payment())]]);
  const { init } = globalThis.BX24;
  globalThis.BX24.init = (run) => void page.clock.after(6_900, () => init(run));
  assert.equal((await page.settled(page.b24pay.getPayment(501))).id, 501);
});

test('BX24.init throws', async (t) => {
  const page = await barePage(t);
  globalThis.BX24 = { callMethod() {}, init() { throw new Error('no'); } };
  await rejects(page.settled(page.b24pay.getPayment(501)), {
    code: 'NOT_IN_PORTAL', retry: 'safe', message: `${NOT_IN_PORTAL}BX24.init threw`,
  });
});

test('after a handshake that failed, the next call tries again', async (t) => {
  const page = await barePage(t);
  globalThis.BX24 = null;
  await page.settled(page.b24pay.getPayment(501)).catch(() => {});
  const bx24 = new ScriptedBx24([[GET, result(payment())]], page.clock);
  globalThis.BX24 = bx24.library;
  assert.equal((await page.settled(page.b24pay.getPayment(501))).id, 501);
  bx24.assertOver();
});

// Counts how often a library is asked for its handshake, also after it has replaced `init`.
function counted(library) {
  let { init } = library;
  const count = { asked: 0 };
  Object.defineProperty(library, 'init', {
    get: () => (run) => { count.asked += 1; init(run); },
    set: (next) => { init = next; },
  });
  return count;
}

test('BX24.init is called before the module is waited for, and not again', async (t) => {
  const page = await portalPage(t, [[GET, result(payment())], [GET, result(payment())]]);
  const count = counted(globalThis.BX24);
  const first = page.b24pay.getPayment(501);
  assert.equal(count.asked, 1);
  await page.settled(first);
  await page.settled(page.b24pay.getPayment(501));
  assert.equal(count.asked, 1);
});

test('a library that takes the place of the one that was asked is asked itself', async (t) => {
  const page = await portalPage(t, [[GET, result(payment())]]);
  const { library } = page.bx24;
  globalThis.BX24 = new ScriptedBx24([], page.clock).library;
  const reading = page.b24pay.getPayment(501);
  globalThis.BX24 = library;
  const count = counted(library);
  assert.equal((await page.settled(reading)).id, 501);
  assert.equal(count.asked, 1);
});

test('a library that has forgotten whom to answer is asked again by the next call', async (t) => {
  const page = await portalPage(t, [[GET, result(payment())]]);
  const { init } = globalThis.BX24;
  globalThis.BX24.init = () => { globalThis.BX24.init = init; };
  const error = await page.settled(page.b24pay.getPayment(501)).catch((reason) => reason);
  assert.equal(error.code, 'NO_HANDSHAKE');
  assert.equal((await page.settled(page.b24pay.getPayment(501))).id, 501);
});

test('a portal by HTTP asks nothing of BX24', async (t) => {
  const page = await portalPage(t, []);
  const count = counted(globalThis.BX24);
  const portal = page.b24pay.webhook('https://shop.bitrix24.example/rest/1/secret/');
  await page.settled(page.b24pay.getPayment(0, { portal })).catch(() => {});
  assert.equal(count.asked, 0);
});

test('Node without BX24 and without a document is told so, and nothing else breaks', async (t) => {
  const page = await barePage(t);
  assert.equal(typeof document, 'undefined');
  const error = await page.settled(page.b24pay.listPayments({ deal: 7 })).catch((reason) => reason);
  assert.equal(error.code, 'NOT_IN_PORTAL');
});
