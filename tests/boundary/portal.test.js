// Portals as callers hold them, and `options.portal`.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { GET, barePage, freshCopy, portalPage, rejects } from './page.js';
import { payment, result } from './replies.js';

test('a portal shows nothing and can be given nothing', async () => {
  const { frame } = await freshCopy();
  const portal = frame();
  assert.equal(JSON.stringify(portal), '{}');
  assert.equal(String(portal), '[object Portal]');
  assert.match(inspect(portal), /^\w+ \[Portal\] \{\}$/);
  assert.deepEqual(Reflect.ownKeys(portal), []);
  assert.ok(Object.isFrozen(portal));
});

test('the portal of this frame is the one of a call that names none', async (t) => {
  const page = await portalPage(t, [[GET, result(payment())], [GET, result(payment())]]);
  const { frame, getPayment } = page.b24pay;
  assert.equal((await page.settled(getPayment(501))).id, 501);
  assert.equal((await page.settled(getPayment(501, { portal: frame() }))).id, 501);
});

test('what is no portal of ours is named by its kind, never by its text', async () => {
  const { getPayment } = await freshCopy();
  const webhook = 'https://shop.bitrix24.example/rest/1/SECRET/';
  for (const [portal, came] of [[webhook, 'string'], [null, 'null'], [{}, 'object'], [7, 'number'], [() => {}, 'function']]) {
    await rejects(getPayment(501, { portal }), {
      code: 'INVALID_REQUEST',
      message: `options.portal must be what frame(), webhook(), oauth() or sdk() returned, got ${came}`,
    });
  }
});

test('a portal of another copy of the package is none of ours', async () => {
  const { frame } = await freshCopy();
  const { getPayment } = await freshCopy();
  await rejects(getPayment(501, { portal: frame() }), {
    code: 'INVALID_REQUEST',
    message: 'options.portal must be what frame(), webhook(), oauth() or sdk() returned, got object',
  });
});

test('a portal that throws when it is read rejects, with what was thrown', async () => {
  const { payPayment } = await freshCopy();
  const cause = new Error('hostile');
  await rejects(payPayment({ paymentId: 501, paySystemId: 11 }, { get portal() { throw cause; } }), {
    code: 'INVALID_REQUEST',
    message: 'options.portal must be readable, got a getter that throws',
    cause,
  });
});

test('no function throws synchronously, and every promise settles', async (t) => {
  const { b24pay, settled } = await barePage(t);
  const { isPayError, frame, ...functions } = b24pay;
  const hostile = new Proxy({}, { get() { throw new Error('hostile'); }, ownKeys() { throw new Error('hostile'); } });
  for (const [name, run] of Object.entries(functions)) {
    for (const given of [[], [null, null], [hostile, hostile], [hostile, { portal: hostile }], [Symbol('s'), 7]]) {
      const promise = run(...given);
      assert.ok(promise instanceof Promise, name);
      const error = await settled(promise).then(() => assert.fail(`${name} resolved`), (reason) => reason);
      assert.ok(isPayError(error), `${name}: ${error.message}`);
    }
  }
});
