// The types are the contract: everything in them is documented, and the reference that is made from them is up to date.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ENTRIES, declared } from './declared.js';
import { PAGE, inMarkdown } from './reference.js';
import { attributes } from '../../www/attributes.js';
import { subjectOf } from '../../www/placement.js';

for (const [entry, path] of Object.entries(ENTRIES)) {
  test(`every export of ${entry} and every member of it is documented`, () => {
    assert.deepEqual(declared(path).flatMap(({ undocumented }) => undocumented), []);
  });
}

test('the reference is what the types say; node tests/docs/reference.js writes it anew', () => {
  assert.equal(readFileSync(PAGE, 'utf8'), inMarkdown());
});

test('the README of the package names every function of it', () => {
  const readme = readFileSync(new URL('../../npm/README.md', import.meta.url), 'utf8');
  const functions = declared(ENTRIES.b24pay).filter(({ declaration }) => declaration.startsWith('export function')).map(({ name }) => name);
  assert.ok(functions.length > 10);
  assert.deepEqual(functions.filter((name) => !readme.includes(name)), []);
});

test('the README of the package has a row for every code, and no other', () => {
  const readme = readFileSync(new URL('../../npm/README.md', import.meta.url), 'utf8');
  const { declaration } = declared(ENTRIES.b24pay).find(({ name }) => name === 'PayErrorCode');
  const codes = Array.from(declaration.matchAll(/\| "(\w+)"/g), ([, code]) => code);
  const [, table] = readme.match(/^## Errors\n(.*?)^## /ms);
  const told = Array.from(table.matchAll(/`([A-Z_]{6,})`/g), ([, code]) => code);
  assert.deepEqual(told.sort(), codes.sort());
});

test('both READMEs say the same of the codes', () => {
  const [here, there] = ['README.md', 'npm/README.md'].map((path) =>
    readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8').match(/^\| `code` \| when \| `retry` \|\n(\|.*\n)+/m)[0]);
  assert.equal(there, here);
});

test('the README of the package has each custom property of the element with the value that it usually has, and no other', () => {
  const [readme, ...styles] = ['npm/README.md', 'www/ground.css', 'www/base.css'].map((path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'));
  // Each value stands there once more for browsers that know one of the two only.
  const usual = styles.join('').replace(/^@supports not .*?^}/gms, '');
  const values = Array.from(usual.matchAll(/var\((--b24pay-[\w-]+), (.+)\);/g), ([, name, value]) => [name, value.match(/^light-dark\((.+), (.+)\)$/)?.slice(1) ?? [value]]);
  const told = Array.from(readme.matchAll(/^\| `(--b24pay-[\w-]+)` \| .+? \| (.+) \|$/gm), ([, name, cell]) => [name, cell.slice(1, -1).split('`, `')]);
  assert.ok(values.length > 10);
  assert.deepEqual(told.sort(), values.sort());
});

test('the README of the package names every attribute and every event of the element', () => {
  const readme = readFileSync(new URL('../../npm/README.md', import.meta.url), 'utf8');
  const events = Array.from(readFileSync(new URL('../../npm/element.d.ts', import.meta.url), 'utf8').matchAll(/"(b24pay-\w+)": CustomEvent/g), ([, name]) => name);
  assert.ok(events.length > 2);
  assert.deepEqual([...attributes, ...events].filter((name) => !readme.includes(`\`${name}\``)), []);
});

test('the README names each link that the page understands, and no other', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const named = Array.from(readme.matchAll(/params\[(\w+)\]/g), ([, name]) => subjectOf('REST_APP_URI', { [name]: '501' }));
  assert.deepEqual(named, ['payment', 'order', 'invoice', 'deal'].map((kind) => ({ kind, id: 501 })));
});
