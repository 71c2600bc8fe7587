// The crate as it would be published: its files, its description, and the licences of all it is built from.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { ROOT, cargo, metadata, read } from './project.js';

const { packages } = metadata();
const crate = packages.find(({ name }) => name === 'b24pay');

test('the crate holds its sources and its texts, and nothing else', () => {
  const packed = cargo('package', '--package', 'b24pay', '--allow-dirty', '--list').trim().split('\n');
  // Where the commit is noted, in a checkout.
  const others = packed.filter((file) => !file.startsWith('src/') && file !== '.cargo_vcs_info.json');
  assert.deepEqual(others.sort(), [
    'CHANGELOG.md', 'Cargo.lock', 'Cargo.toml', 'Cargo.toml.orig', 'LICENSE-APACHE', 'LICENSE-MIT', 'README.md',
  ]);
  const sources = readdirSync(`${ROOT}src`, { recursive: true }).filter((file) => /\.(rs|ts)$/.test(file)).map((file) => `src/${file}`);
  assert.deepEqual(packed.filter((file) => file.startsWith('src/')).sort(), sources.sort());
});

test('the crate says what the registries show', () => {
  const { description, license, readme, categories, keywords, documentation, rust_version: rust, metadata: extra } = crate;
  for (const said of [description, license, readme, documentation, rust]) assert.ok(said);
  assert.ok(categories.length > 0 && categories.length <= 5 && keywords.length > 0 && keywords.length <= 5);
  assert.ok(extra.docs.rs.targets.length === 1);
});

test('only the crate can be published', () => {
  const ours = packages.filter(({ source }) => source === null);
  assert.deepEqual(ours.filter(({ publish }) => publish === null).map(({ name }) => name), ['b24pay']);
});

// `A AND B`, `A OR B`, `A/B` with brackets, as crates write them.
function isAllowed(expression, allowed) {
  const text = expression.replaceAll('/', ' OR ');
  const parts = (operator) => {
    let depth = 0;
    const found = [''];
    for (const word of text.split(/( AND | OR |[()])/)) {
      if (word === '(') depth += 1;
      if (word === ')') depth -= 1;
      if (depth === 0 && word.trim() === operator) found.push('');
      else found[found.length - 1] += word;
    }
    return found;
  };
  if (parts('OR').length > 1) return parts('OR').some((part) => isAllowed(part, allowed));
  if (parts('AND').length > 1) return parts('AND').every((part) => isAllowed(part, allowed));
  const alone = text.trim();
  return alone.startsWith('(') ? isAllowed(alone.slice(1, -1), allowed) : allowed.includes(alone);
}

test('a licence is allowed as its words say', () => {
  const allowed = ['MIT', 'Zlib'];
  const said = ['MIT', 'MIT/GPL-3.0', 'GPL-3.0 OR MIT', '(MIT OR GPL-3.0) AND Zlib', 'MIT AND GPL-3.0', '(MIT OR Zlib) AND GPL-3.0', 'GPL-3.0', ''];
  assert.deepEqual(said.map((one) => isAllowed(one, allowed)), [true, true, true, true, false, false, false, false]);
});

test('every crate that this is built from has a licence that is allowed', () => {
  const [, list] = read('deny.toml').match(/^allow = \[(.*)\]$/m);
  const allowed = list.split(',').map((name) => name.trim().slice(1, -1));
  const others = packages.filter(({ license }) => !isAllowed(license ?? '', allowed)).map(({ name, license }) => `${name}: ${license}`);
  assert.deepEqual(others, []);
  assert.ok(packages.length > 50);
});

test('every crate comes from crates.io', () => {
  const elsewhere = packages.filter(({ source }) => source && source !== 'registry+https://github.com/rust-lang/crates.io-index');
  assert.deepEqual(elsewhere.map(({ name }) => name), []);
});
