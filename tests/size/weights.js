// What a page downloads, as servers send it: the package's modules one by one, and the operator's page as a whole.
//   node weights.js --write   takes the numbers as they are now

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const TARGET = process.env.B24PAY_TARGET ?? join(import.meta.dirname, '../../target');
const BUDGETS = join(import.meta.dirname, 'budgets.json');

// What is below its number by more than this share has become lighter: the number follows.
export const SLACK = 0.03;

const brotli = (file) => brotliCompressSync(readFileSync(file), { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;

function files(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map(({ parentPath, name }) => relative(folder, join(parentPath, name))).sort();
}

// The types, the texts and what only tests load are no page's burden.
const isLoaded = (file) => /\.(js|wasm)$/.test(file) && !file.startsWith('testing');

export function weights() {
  const [npm, app] = [join(TARGET, 'npm'), join(TARGET, 'app')];
  const modules = files(npm).filter(isLoaded).map((file) => [file, brotli(join(npm, file))]);
  const parts = files(app);
  const words = parts.filter((file) => file.startsWith('words/'));
  const rest = parts.filter((file) => !words.includes(file));
  const sum = rest.reduce((total, file) => total + brotli(join(app, file)), 0);
  // Of the languages a page loads one; the largest counts.
  const largest = Math.max(...words.map((file) => brotli(join(app, file))));
  return { ...Object.fromEntries(modules), 'the page': sum + largest };
}

export const budgets = () => JSON.parse(readFileSync(BUDGETS, 'utf8'));

if (process.argv.includes('--write')) {
  const { goals } = budgets();
  writeFileSync(BUDGETS, `${JSON.stringify({ brotli: weights(), goals }, null, 2)}\n`);
}
