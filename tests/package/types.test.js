// The types as a strict project sees them, by two generations of the compiler and without skipping library checks.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { MODULES, TARGET } from '../places.js';

const run = promisify(execFile);
const HERE = import.meta.dirname;

let project;

// A project of its own that has the package installed under its name.
before(async () => {
  project = await mkdtemp(join(tmpdir(), 'b24pay-types-'));
  await mkdir(join(project, 'node_modules'));
  await symlink(join(TARGET, 'npm'), join(project, 'node_modules/b24pay'), 'dir');
  for (const file of ['tsconfig.json', 'valid.ts', 'invalid.ts']) await cp(join(HERE, file), join(project, file));
  await cp(join(HERE, 'project.json'), join(project, 'package.json'));
});

after(() => rm(project, { recursive: true, force: true }));

// What the compiler has to say about the project: nothing where all is as it should be.
async function complaints(compiler) {
  const tsc = join(MODULES, compiler, 'bin/tsc');
  return run(process.execPath, [tsc, '--project', project, '--pretty', 'false']).then(
    ({ stdout }) => stdout,
    ({ stdout, message }) => stdout || message,
  );
}

for (const compiler of ['typescript', 'typescript-5']) {
  test(`${compiler} takes each use and refuses each misuse`, async () => {
    assert.equal(await complaints(compiler), '');
  });
}

test('each misuse says why it is one', async () => {
  const source = await readFile(join(HERE, 'invalid.ts'), 'utf8');
  const bare = source.split('\n').filter((line) => /@ts-expect-error\s*$/.test(line));
  assert.deepEqual(bare, []);
});
