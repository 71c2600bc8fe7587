// What cargo knows about the project, for the tests of a release.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../places.js';

export const read = (path) => readFileSync(join(ROOT, path), 'utf8');

export const cargo = (...words) => execFileSync('cargo', words, { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 26, stdio: ['ignore', 'pipe', 'ignore'] });

export const metadata = () => JSON.parse(cargo('metadata', '--format-version', '1', '--locked'));
