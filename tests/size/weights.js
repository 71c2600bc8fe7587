// What a page downloads, as servers send it: the package's modules one by one, and the operator's page as a whole.
//   node weights.js --write   takes the numbers as they are now

import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { TARGET } from '../places.js';

const BUDGETS = join(import.meta.dirname, 'budgets.json');

// What is below its number by more than this share has become lighter: the number follows.
export const SLACK = 0.03;

// The same sources and tools were seen to give a module 0.13 % heavier on another machine.
export const NOISE = 0.003;

const brotli = (file) => brotliCompressSync(readFileSync(file), { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;

function files(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map(({ parentPath, name }) => relative(folder, join(parentPath, name))).sort();
}

// The types, the texts and what only tests load are no page's burden.
const isLoaded = (file) => /\.(js|wasm)$/.test(file) && !/^(testing|words)/.test(file);

// A file's own words for another file beside it: what a document links to, what a module imports or fetches.
const NAMES = /(?:\b(?:src|href)=|\bfrom\s*|\bimport\s*\(?\s*|\bnew URL\(\s*)"([^":#?]+)"/g;

// All that a document leads to, without the words, of which it loads one language.
function loadedBy(folder, document) {
  const found = new Set([document]);
  for (const file of found) {
    if (!/\.(html|js)$/.test(file)) continue;
    for (const [, name] of readFileSync(join(folder, file), 'utf8').matchAll(NAMES)) {
      const other = join(dirname(file), name);
      if (!other.startsWith('words/') && existsSync(join(folder, other)) && statSync(join(folder, other)).isFile()) found.add(other);
    }
  }
  return [...found];
}

export function weights() {
  const [npm, app] = [join(TARGET, 'npm'), join(TARGET, 'app')];
  const modules = files(npm).filter(isLoaded).map((file) => [file, brotli(join(npm, file))]);
  const page = loadedBy(app, 'index.html').map((file) => brotli(join(app, file)));
  // The largest language counts.
  const words = Math.max(...files(join(app, 'words')).map((file) => brotli(join(app, 'words', file))));
  return { ...Object.fromEntries(modules), 'the page': page.reduce((sum, weight) => sum + weight, words) };
}

export const budgets = () => JSON.parse(readFileSync(BUDGETS, 'utf8'));

if (process.argv.includes('--write')) {
  const { goals } = budgets();
  writeFileSync(BUDGETS, `${JSON.stringify({ brotli: weights(), goals }, null, 2)}\n`);
}
