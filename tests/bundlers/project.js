// One project that has the packed package and every bundler installed. It lies in the build's folder, so that the sources
// stay clean; its tools come from the lock file, and a tarball that has not changed is not installed again.

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { TARGET } from '../places.js';

export const HERE = import.meta.dirname;
const run = promisify(execFile);

export const PROJECT = join(TARGET, 'bundlers');
export const INSTALLED = join(PROJECT, 'node_modules/b24pay');

// What the package is tried with, as the lock file pins it.
export const versions = JSON.parse(readFileSync(join(HERE, 'package.json'), 'utf8')).devDependencies;

// Runs a program in a folder; what it printed is in the error where it fails.
export const runIn = async (folder, program, words, options = {}) => {
  try {
    return await run(program, words, { cwd: folder, maxBuffer: 1 << 26, ...options });
  } catch (error) {
    throw new Error([error.message, error.stdout, error.stderr].join('\n'));
  }
};

// A tool of the project.
export const tool = (folder, name, ...words) => runIn(folder, join(PROJECT, 'node_modules/.bin', name), words);

let packing;
// The built package as a tarball, and what npm says is in it.
export const packed = () => (packing ??= pack());

async function pack() {
  const { stdout } = await runIn(join(TARGET, 'npm'), 'npm', ['pack', '--json', '--pack-destination', TARGET]);
  const [{ filename, files }] = Object.values(JSON.parse(stdout));
  return { tarball: join(TARGET, filename), files: files.map(({ path }) => path).sort() };
}

let installing;
// The tools and the tarball, installed once for all tests that need them.
export const installed = () => (installing ??= install());

async function install() {
  const { tarball } = await packed();
  const lock = await readFile(join(HERE, 'package-lock.json'));
  const bytes = await readFile(tarball);
  const stamp = createHash('sha256').update(lock).update(bytes).digest('hex');
  const stampFile = join(PROJECT, 'node_modules/.installed-from');
  if ((await readFile(stampFile, 'utf8').catch(() => '')) === stamp) return;
  await mkdir(PROJECT, { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) await cp(join(HERE, file), join(PROJECT, file));
  const quietly = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  await rm(stampFile, { force: true });
  await rm(INSTALLED, { recursive: true, force: true });
  await runIn(PROJECT, 'npm', ['install', '--no-save', ...quietly, tarball]);
  await writeFile(stampFile, stamp);
}

// A fixture's own folder, fresh.
export async function fixture(name, as = name) {
  const folder = join(PROJECT, 'fixtures', as);
  await rm(folder, { recursive: true, force: true });
  await cp(join(HERE, 'fixtures', name), folder, { recursive: true });
  return folder;
}
