// One version, in one place; and a workflow that publishes it and nothing that can change under it.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT, TARGET } from '../places.js';
import { metadata, read } from './project.js';

test('the version stands in Cargo.toml, and the build puts it into the package', () => {
  const [{ version }] = metadata().packages.filter(({ name }) => name === 'b24pay');
  assert.equal(read('Cargo.toml').match(/^version = "(.*)"$/gm).length, 1);
  assert.equal(JSON.parse(read('npm/package.json')).version, undefined);
  assert.equal(JSON.parse(readFileSync(`${TARGET}/npm/package.json`, 'utf8')).version, version);
});

test('the changelog begins with what is not released yet, or with this version', () => {
  const [{ version }] = metadata().packages.filter(({ name }) => name === 'b24pay');
  const [, first] = read('CHANGELOG.md').match(/^## (\S+)/m);
  assert.ok(['Unreleased', version].includes(first), first);
});

for (const name of readdirSync(join(ROOT, '.github/workflows'))) {
  const workflow = read(`.github/workflows/${name}`);

  test(`every action of ${name} is pinned to a commit`, () => {
    const used = Array.from(workflow.matchAll(/uses: (\S+)(.*)/g));
    assert.ok(used.length > 0);
    for (const [line, action, comment] of used) {
      assert.match(action, /^[\w-]+\/[\w-]+@[0-9a-f]{40}$/, line);
      assert.match(comment, /^ # v\d+\.\d+\.\d+$/, line);
    }
  });

  test(`${name} gives no rights but those that it names, and keeps no token`, () => {
    assert.match(workflow, /^permissions: \{\}$/m);
    assert.deepEqual(workflow.match(/secrets\.\w+/g), null);
    assert.match(workflow, /persist-credentials: false/);
  });
}

test('the package is published with provenance', () => {
  const workflow = read('.github/workflows/publish.yml');
  assert.match(workflow, /npm publish --provenance/);
  assert.match(workflow, /id-token: write/);
});
