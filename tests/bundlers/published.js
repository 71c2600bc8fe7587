// What would be published: the files that are meant, and two checkers that find nothing.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { INSTALLED, packed, runIn, tool } from './project.js';
import { TARGET } from '../places.js';
import { languages } from '../../www/languages.js';

const MEANT = [
  'CHANGELOG.md', 'LICENSE-APACHE', 'LICENSE-MIT', 'README.md', 'b24pay.d.ts', 'b24pay.js', 'b24pay.wasm', 'element.d.ts', 'element.js',
  'package.json', 'slim.js',
  ...[
    'batch.js', 'bx24.js', 'chosen.js', 'copied.js', 'ends.js', 'faults.js', 'fetch.js', 'form.js', 'index.d.ts', 'index.js', 'only.js', 'payments.js',
    'refusal.js', 'replies.js',
  ].map((name) => `testing/${name}`),
  ...languages.map((language) => `words/${language}.js`),
];

test('npm pack --dry-run holds only what is meant', async () => {
  const { stdout } = await runIn(join(TARGET, 'npm'), 'npm', ['pack', '--dry-run', '--json']);
  const [{ files }] = Object.values(JSON.parse(stdout));
  assert.deepEqual(files.map(({ path }) => path).sort(), MEANT);
});

test('the installed package is self-contained, has one side effect, the element, and runs nothing when it is installed', async () => {
  const described = JSON.parse(await readFile(join(INSTALLED, 'package.json'), 'utf8'));
  const { type, sideEffects, dependencies, peerDependencies, optionalDependencies, scripts } = described;
  assert.deepEqual(
    { type, sideEffects, dependencies, peerDependencies, optionalDependencies, scripts },
    { type: 'module', sideEffects: ['./element.js'], dependencies: undefined, peerDependencies: undefined, optionalDependencies: undefined, scripts: undefined },
  );
  for (const entry of Object.values(described.exports)) {
    if (typeof entry === 'object') assert.equal(Object.keys(entry)[0], 'types', 'types come first');
  }
});

// Vite before 8 serves a package's code from another folder while one develops, and leaves b24pay.wasm behind.
test('the separate module is for production only', async () => {
  const { exports } = JSON.parse(await readFile(join(INSTALLED, 'package.json'), 'utf8'));
  assert.deepEqual(Object.entries(exports['./slim']), [
    ['types', './b24pay.d.ts'], ['node', './b24pay.js'], ['development', './b24pay.js'], ['default', './slim.js'],
  ]);
});

test('publint --strict finds nothing', async () => {
  const { stdout } = await tool(TARGET, 'publint', join(TARGET, 'npm'), '--strict', '--pack', 'npm');
  assert.match(stdout, /All good!/);
});

test('are the types wrong? No', async () => {
  const { tarball } = await packed();
  const { stdout } = await tool(TARGET, 'attw', tarball, '--profile', 'esm-only', '--exclude-entrypoints', './b24pay.wasm', '--no-emoji', '--format', 'ascii');
  for (const entry of ['b24pay', 'b24pay/slim', 'b24pay/element', 'b24pay/testing']) {
    assert.ok(stdout.includes(`"${entry}"\n\nnode16 (from ESM): OK (ESM)\nbundler: OK`), stdout);
  }
});
