// The code blocks of a page of the documentation. A block that names a file (```js src/main.js) is that file, as it stands.

import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ROOT } from '../places.js';

const BLOCK = /^```(\w*)(?: (\S+))?\n(.*?)^```$/gms;

// Every page that users read.
export const pages = async () => {
  const docs = (await readdir(join(ROOT, 'docs'), { recursive: true })).filter((name) => name.endsWith('.md')).sort();
  return ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'npm/README.md', ...docs.map((name) => `docs/${name}`)];
};

export const textOf = (page) => readFile(join(ROOT, page), 'utf8');

// `[{ language, file, code }]`
export const blocksOf = async (page) =>
  Array.from((await textOf(page)).matchAll(BLOCK), ([, language, file, code]) => ({ language, file, code }));

// The one block of a page that is this file.
export async function blockOf(page, file) {
  const named = (await blocksOf(page)).filter((block) => block.file === file);
  if (named.length !== 1) throw new Error(`${page} has ${named.length} blocks for ${file}`);
  return named[0].code;
}

// Lays the files of a page into a folder.
export async function lay(page, files, folder) {
  for (const file of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), await blockOf(page, file));
  }
}
