// The crate as it would be published: its files, its description, and the licences of all it is built from.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../places.js';
import { programs } from '../python.js';
import { cargo, metadata } from './project.js';

const { packages } = metadata();
const crate = packages.find(({ name }) => name === 'b24pay');

test('the crate holds its sources, its example and its texts, and nothing else', () => {
  const packed = cargo('package', '--package', 'b24pay', '--allow-dirty', '--list').trim().split('\n');
  // Where the commit is noted, in a checkout.
  const others = packed.filter((file) => !file.startsWith('src/') && file !== '.cargo_vcs_info.json');
  assert.deepEqual(others.sort(), [
    'CHANGELOG.md', 'Cargo.lock', 'Cargo.toml', 'Cargo.toml.orig', 'LICENSE-APACHE', 'LICENSE-MIT', 'README.md', 'examples/ways.rs',
  ]);
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true }).filter((file) => /\.(rs|ts)$/.test(file)).map((file) => `src/${file}`);
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

test('every crate that this is built from has a licence that is allowed, comes from crates.io, and is no wildcard', () => {
  const deny = `${programs('cargo-deny')}/cargo-deny`;
  const rules = ['check', '--deny', 'warnings', 'licenses', 'bans', 'sources'];
  // Without the workspace it would look at what the crate alone is built from.
  const ended = spawnSync(deny, ['--workspace', '--locked', ...rules], { cwd: ROOT, encoding: 'utf8' });
  assert.equal(ended.status, 0, ended.stderr);
  assert.equal(ended.stdout.trim(), 'bans ok, licenses ok, sources ok');
});
