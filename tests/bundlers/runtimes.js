// The package in Deno and Bun, as npm installs it: what a server does with it. Each program ends by itself, though what it waited
// for had more time.

import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { ServedPortal } from '../e2e/served_portal.js';
import { TARGET } from '../places.js';
import { HOOK } from '../e2e/plain_page.js';
import { PROJECT, fixture, runIn, versions } from './project.js';

const PAY = 'sale.paysystem.pay.payment';
const ENV = { ...process.env, DENO_DIR: join(TARGET, 'deno'), DENO_NO_UPDATE_CHECK: '1', NO_COLOR: '1' };

// The program for this machine, beside which the package only picks it: no install script has run.
const programOf = async (scope, file) => {
  const place = join(PROJECT, 'node_modules', scope);
  const [platform] = await readdir(place);
  return join(place, platform, file);
};
const deno = (folder, ...words) => inTime(folder, programOf('@deno', 'deno'), words);
const bun = (folder, ...words) => inTime(folder, programOf('@oven', 'bin/bun'), words);
const inTime = async (folder, program, words) => runIn(folder, await program, words, { env: ENV, timeout: 20_000 });

// Nothing but the network is allowed in Deno.
const RUNTIMES = {
  [`Deno ${versions.deno}`]: (folder, ...words) => deno(folder, 'run', '--no-prompt', '--allow-net', ...words),
  [`Bun ${versions.bun}`]: bun,
};

async function served(t) {
  const portal = new ServedPortal();
  await portal.start();
  t.after(() => portal.stop());
  return portal;
}

describe('in other runtimes', { concurrency: 2 }, () => {
  for (const [name, run] of Object.entries(RUNTIMES)) {
    test(`${name} pays by a webhook and a token, and every entry of the package works there`, async (t) => {
      const folder = await fixture('runtimes', `runtimes-${name.slice(0, 3)}`);
      const portal = await served(t);
      await portal.fault({ method: PAY, fault: 'commitThenDrop' });
      await portal.fault({ method: 'scope', fault: 'hang', times: 2 });
      const { access } = await portal.tokens();
      const { stdout, stderr } = await run(folder, 'pays.ts', portal.portal + HOOK, new URL(portal.portal).host, access);
      assert.deepEqual({ ...JSON.parse(stdout), stderr }, {
        lost: ['paid', true], many: ['paid', 'paid'], paid: [501, 504, 505, 506], read: [501, true],
        codes: ['REFUSED', 'NOT_IN_PORTAL', 'NO_ANSWER', 'ABORTED'], left: [], scripted: 'paid', stderr: '',
      });
      for (const id of [501, 504, 505]) assert.equal((await portal.payments(id)).payCalls, 1);
    });
  }

  test('Deno finds the types as they are', async () => {
    const folder = await fixture('runtimes', 'runtimes-types');
    await deno(folder, 'check', 'pays.ts', 'leaves.ts');
  });

  test('Deno keeps what was under way when a program ended, and the next start sends nothing a second time', async (t) => {
    const folder = await fixture('runtimes', 'runtimes-left');
    const portal = await served(t);
    await portal.fault({ method: PAY, fault: 'commitLate', ms: 500 });
    const run = (...words) => deno(folder, 'run', '--no-prompt', '--allow-net', 'leaves.ts', portal.portal + HOOK, ...words);
    await run(`${portal.portal}/sandbox/log`);
    assert.deepEqual(JSON.parse((await run()).stdout), [[501], 'alreadyPaid']);
    assert.equal((await portal.payments(501)).payCalls, 1);
  });
});

test('the README of the package names the runtimes of these tests', async () => {
  const readme = await readFile(new URL('../../npm/README.md', import.meta.url), 'utf8');
  for (const name of Object.keys(RUNTIMES)) assert.ok(readme.includes(name), name);
});
