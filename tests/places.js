// Where things lie that tests of every folder need: names of files, which a place in the form of an address is not where it has a
// space or a letter beyond ASCII.

import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..');
// The tests' own libraries.
export const MODULES = join(import.meta.dirname, 'node_modules');
export const TARGET = process.env.B24PAY_TARGET ?? join(ROOT, 'target');
export const PORTAL = process.env.B24PAY_PORTAL_BIN ?? join(TARGET, 'debug/portal');
