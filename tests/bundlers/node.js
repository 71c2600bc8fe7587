// The package in Node: no document, no frame, a module that can also be required.

import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { ServedPortal } from '../e2e/served_portal.js';
import { PROJECT, runIn } from './project.js';

// The webhook that every demo has.
const HOOK = '/rest/7/b7p2d6h1c4n9s8ya/';

const use = `
  const portal = webhook(process.argv[2]);
  payPayment({ paymentId: 501, paySystemId: 11 }, { portal }).then(({ status }) => console.log(status));
`;

const WAYS = {
  'import.mjs': `import { payPayment, webhook } from "b24pay"; ${use}`,
  'import-slim.mjs': `import { payPayment, webhook } from "b24pay/slim"; ${use}`,
  'require.cjs': `const { payPayment, webhook } = require("b24pay"); ${use}`,
  'require-slim.cjs': `const { payPayment, webhook } = require("b24pay/slim"); ${use}`,
};

for (const [file, source] of Object.entries(WAYS)) {
  test(`Node pays 501 by a webhook: ${file}`, async (t) => {
    const folder = join(PROJECT, 'fixtures/node');
    await mkdir(folder, { recursive: true });
    t.after(() => rm(join(folder, file)));
    await writeFile(join(folder, file), source);
    const portal = new ServedPortal();
    await portal.start();
    t.after(() => portal.stop());
    const { stdout, stderr } = await runIn(folder, process.execPath, [file, portal.portal + HOOK]);
    assert.deepEqual({ stdout, stderr, paid: (await portal.payments(501)).paid }, { stdout: 'paid\n', stderr: '', paid: 'Y' });
  });
}

test('importing does nothing and needs no document', async () => {
  const source = `
    const before = Object.keys(globalThis).length;
    await import("b24pay"); await import("b24pay/slim"); await import("b24pay/testing"); await import("b24pay/element");
    console.log(typeof document, Object.keys(globalThis).length - before);
  `;
  const { stdout } = await runIn(PROJECT, process.execPath, ['--input-type=module', '--eval', source]);
  assert.equal(stdout, 'undefined 0\n');
});

test('the element can be required where there is no document, too', async () => {
  const source = 'console.log(typeof require("b24pay/element").B24Payments, typeof document)';
  const { stdout, stderr } = await runIn(PROJECT, process.execPath, ['--input-type=commonjs', '--eval', source]);
  assert.deepEqual({ stdout, stderr }, { stdout: 'function undefined\n', stderr: '' });
});

test('the wasm and the description can be addressed', async () => {
  const source = 'console.log(["b24pay/b24pay.wasm", "b24pay/package.json"].map((name) => import.meta.resolve(name).split("/").at(-1)).join())';
  const { stdout } = await runIn(PROJECT, process.execPath, ['--input-type=module', '--eval', source]);
  assert.equal(stdout, 'b24pay.wasm,package.json\n');
});
