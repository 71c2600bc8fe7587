// Examples of the documentation, pasted as they stand: the quick start into an empty Vite project, the app for a deal's card
// beside a copy of the package, the page around the element, the list of many payments and what a server does into Node, and the test into Vitest.

import assert from 'node:assert/strict';
import { cp, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { lay } from '../docs/pages.js';
import { ServedPortal } from '../e2e/served_portal.js';
import { confirmInList, payIn } from './frame.js';
import { INSTALLED, PROJECT, runIn, tool } from './project.js';

async function empty(name) {
  const folder = join(PROJECT, 'fixtures', name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  return folder;
}

test('the quick start, pasted into an empty Vite project, pays 501', async () => {
  const folder = await empty('quick-start');
  await lay('npm/README.md', ['index.html', 'src/main.js'], folder);
  await tool(folder, 'vite', 'build', '--logLevel', 'warn');
  const act = (app) => app.getByRole('button').click();
  const { said, paid, errors } = await payIn({ folder: join(folder, 'dist'), act });
  assert.deepEqual({ said, paid, errors }, { said: 'paid', paid: true, errors: [] });
});

test('the app for the card of a deal lists its payments and pays 501', async () => {
  const folder = await empty('placement-app');
  await lay('docs/cookbook/placement-app.md', ['index.html', 'app.js'], folder);
  await cp(INSTALLED, join(folder, 'b24pay'), { recursive: true });
  const act = (app) => app.getByRole('listitem').filter({ hasText: /^917\/1:/ }).getByRole('button', { name: 'Mark as paid' }).click();
  const { said, paid, errors } = await payIn({ folder, act });
  assert.deepEqual({ said, paid, errors }, { said: '917/1 is paid', paid: true, errors: [] });
});

test('the page around the list of payments pays 501 and shows what came of it, in its own colours', async () => {
  const folder = await empty('element-example');
  await lay('docs/cookbook/element.md', ['index.html', 'src/main.js', 'src/page.css'], folder);
  await tool(folder, 'vite', 'build', '--logLevel', 'warn');
  let colour;
  const act = async (app) => {
    await confirmInList(app);
    colour = await app.locator('#confirmation [data-event="cancel"]').evaluate((button) => getComputedStyle(button).backgroundColor);
  };
  const { said, paid, errors } = await payIn({ folder: join(folder, 'dist'), act });
  assert.deepEqual({ said, paid, errors }, { said: '501: paid', paid: true, errors: [] });
  assert.equal(colour, 'rgb(0, 105, 92)');
});

test('the example of many payments sorts them by what is known', async () => {
  const folder = await empty('bulk');
  await lay('docs/cookbook/bulk.md', ['src/many.js'], folder);
  await symlink(join(PROJECT, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await writeFile(join(folder, 'run.js'), `
    import { installPortal } from "b24pay/testing";
    import { payAll } from "./src/many.js";
    const portal = installPortal({ payments: [501, 502, 503].map((id) => ({ id, paySystemId: 11, paid: id === 502 })) });
    portal.fault("yesButUnpaid", { method: "sale.paysystem.pay.payment", nth: 2 });
    const told = [];
    const requests = [501, 502, 503].map((paymentId) => ({ paymentId, paySystemId: 11 }));
    const ids = (some) => some.map(({ paymentId }) => paymentId);
    const { paid, unpaid, open } = await payAll(requests, { progress: (line) => told.push(line) });
    console.log(JSON.stringify({ paid: ids(paid), unpaid: ids(unpaid), open: ids(open), last: told.at(-1) }));
  `);
  const { stdout } = await runIn(folder, process.execPath, ['run.js']);
  assert.deepEqual(JSON.parse(stdout), { paid: [501, 502], unpaid: [503], open: [], last: '3 of 3' });
});

test('the example for a server says as plain data what is known, and what a worker does then', async () => {
  const folder = await empty('server');
  await lay('docs/cookbook/server.md', ['src/confirm.js', 'src/next.js'], folder);
  await symlink(join(PROJECT, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await writeFile(join(folder, 'run.js'), `
    import assert from "node:assert/strict";
    import { installPortal } from "b24pay/testing";
    const PAY = "sale.paysystem.pay.payment";
    const portal = installPortal({ payments: [501, 502, 503, 504, 505].map((id) => ({ id, paySystemId: 11, sum: 68.12 })) });
    process.env.B24_WEBHOOK = portal.webhookUrl;
    const { confirm } = await import("./src/confirm.js");
    const { next } = await import("./src/next.js");
    const told = [];
    const tell = async (paymentId, sum = "68.12") => {
      const known = await confirm({ paymentId, paySystemId: 11, sum });
      assert.deepEqual(structuredClone(known), known);
      assert.equal(JSON.parse(JSON.stringify(known)).cause?.message, known.cause?.message);
      told.push([known.status, known.cause?.code, next(known)]);
    };
    await tell(501);
    await tell(501);
    await tell(502, "70");
    portal.fault("yesButUnpaid", { method: PAY });
    await tell(503);
    portal.fault("operationLimit", { method: PAY });
    await tell(504);
    portal.fault("denied", { method: "crm.item.payment.get", nth: 2, times: 99 });
    portal.refuse("sale.payment.get", "ACCESS_DENIED");
    await tell(505);
    told.push(next({ status: "unknown", cause: { code: "NO_ANSWER" } }));
    console.log(JSON.stringify(told));
  `);
  const { stdout } = await runIn(folder, process.execPath, ['run.js']);
  assert.deepEqual(JSON.parse(stdout), [
    ['paid', null, 'done'], ['alreadyPaid', null, 'done'], ['rejected', 'AMOUNT_CHANGED', 'look'], ['notApplied', null, 'look'],
    ['rejected', 'LIMITED', 'again'], ['unverified', 'ACCESS_DENIED', 'look'], 'again',
  ]);
});

test('the example for an app on a server renews its token once, keeps what came of that, and pays', async (t) => {
  const folder = await empty('server-token');
  await lay('docs/cookbook/server.md', ['src/portal_of.js'], folder);
  await symlink(join(PROJECT, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await writeFile(join(folder, 'run.js'), `
    import { getPayment, payPayment } from "b24pay";
    import { portalOf } from "./src/portal_of.js";
    const saved = [];
    const portal = portalOf(JSON.parse(process.argv[2]), async (kept) => { saved.push({ ...kept }); });
    const reads = await Promise.all([501, 504].map((id) => getPayment(id, { portal })));
    const { status } = await payPayment({ paymentId: 501, paySystemId: 11 }, { portal });
    console.log(JSON.stringify({ read: reads.map(({ id }) => id), status, saved }));
  `);
  const sandbox = new ServedPortal();
  await sandbox.start();
  t.after(() => sandbox.stop());
  const { refresh } = await sandbox.tokens();
  const kept = { domain: new URL(sandbox.portal).host, server_endpoint: `${sandbox.portal}/rest/`, access_token: 'of an hour ago', refresh_token: refresh };
  const env = { ...process.env, B24_CLIENT_ID: 'app', B24_CLIENT_SECRET: 'secret' };
  const { stdout } = await runIn(folder, process.execPath, ['run.js', JSON.stringify(kept)], { env, timeout: 20_000 });
  const { saved: [renewed, ...more], ...others } = JSON.parse(stdout);
  assert.deepEqual({ ...others, more }, { read: [501, 504], status: 'paid', more: [] });
  assert.deepEqual([renewed.domain, renewed.access_token === kept.access_token, renewed.refresh_token === refresh], [kept.domain, false, false]);
});

test('the examples for Vitest are green, all five tests of them', async () => {
  const folder = await empty('testing');
  await lay('docs/cookbook/testing.md', ['src/confirm.js', 'src/confirm.test.js', 'src/silence.test.js'], folder);
  const { stdout } = await tool(folder, 'vitest', 'run', '--root', '.', '--reporter=json');
  const { success, numPassedTests } = JSON.parse(stdout);
  assert.deepEqual({ success, numPassedTests }, { success: true, numPassedTests: 5 });
});

test('the example for node:test is green', async () => {
  const folder = await empty('testing by node');
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await lay('docs/cookbook/testing.md', ['src/confirm.js', 'src/time.test.js'], folder);
  // As somebody runs it who is in no test.
  const { stdout } = await runIn(folder, process.execPath, ['src/time.test.js'], { env: { ...process.env, NODE_TEST_CONTEXT: undefined }, timeout: 20_000 });
  assert.match(stdout, /\bpass 1\n/);
});
