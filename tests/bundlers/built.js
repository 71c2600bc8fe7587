// Every bundler with each entry: built without a configuration, run in the portal's frame, and 501 is paid.

import assert from 'node:assert/strict';
import { cp, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { confirmInList, payIn } from './frame.js';
import { INSTALLED, fixture } from './project.js';
import { inMarkdown, quotedIn } from './table.js';
import { development } from './development.js';
import { ROWS } from './rows.js';

// Each with its fixture, and what a person does in it.
const ENTRIES = {
  '.': { name: 'whole' },
  './slim': { name: 'slim' },
  './element': { name: 'element', act: confirmInList },
};
const README = new URL('../../npm/README.md', import.meta.url);

// What the README says of each row, by entry, as the tests below find it.
const found = new Map();

// One is built while the other is played.
describe('without a configuration, and 501 is paid', { concurrency: 2 }, () => {
  for (const [at, row] of ROWS.entries()) {
    for (const [entry, { name, act }] of Object.entries(ENTRIES)) {
      test(`${row.name} builds ${entry}`, async () => {
        const folder = await fixture(name, `${name}-${at}`);
        await row.build(folder);
        const dist = join(folder, 'dist');
        const needs = await needsOf(dist, entry);
        if (needs.wasm) await cp(join(INSTALLED, 'b24pay.wasm'), join(dist, 'b24pay.wasm'));
        await paysIn({ folder: dist, act, context: { bypassCSP: needs.map } });
        record(row.name, entry, needs);
      });
    }
  }
});

for (const [entry, { name, act }] of Object.entries(ENTRIES)) {
  test(`${development.name} serves ${entry} without a configuration, and 501 is paid`, async (t) => {
    const server = await development.serve(name);
    t.after(server.stop);
    await paysIn({ port: server.port, act });
    record(development.name, entry, {});
  });
}

test('the table in the README of the package is what was found', async () => {
  const rows = [...ROWS, development].map(({ name }) => ({ name, cells: found.get(name) ?? {} }));
  assert.equal(quotedIn(await readFile(README, 'utf8')), inMarkdown(rows));
});

async function paysIn(options) {
  const { said, paid, errors } = await payIn(options);
  assert.deepEqual({ said, paid, errors }, { said: 'paid', paid: true, errors: [] });
}

// What the bundler left to do: a wasm that it did not carry along, a map that stands in the page.
async function needsOf(dist, entry) {
  const files = await readdir(dist, { recursive: true });
  const html = await readFile(join(dist, 'index.html'), 'utf8');
  return {
    wasm: entry === './slim' && !files.some((file) => file.endsWith('.wasm')),
    map: html.includes('type="importmap"') || html.includes('type=importmap'),
  };
}

function record(name, entry, { wasm, map }) {
  const notes = [wasm && 'copy `b24pay.wasm` beside the bundle', map && 'a policy has to allow the import map, an inline script'];
  const cells = found.get(name) ?? {};
  cells[entry] = ['works', ...notes.filter(Boolean)].join('; ');
  found.set(name, cells);
}
