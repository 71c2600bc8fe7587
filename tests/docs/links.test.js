// Every link of the documentation leads somewhere: to a file of the project, and to a heading of it where one is named.

import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../places.js';
import { pages, textOf } from './pages.js';

// Links outside of code. An address of the web cannot be asked for by a test, so there are only a few that are known.
const linksOf = (text) => Array.from(
  text.replace(/^```.*?^```$/gms, '').replace(/`[^`\n]*`/g, (code) => (/\]\(/.test(code) ? '' : code)).matchAll(/\]\(([^)\s]+)\)/g),
  ([, link]) => link,
);
const WEB = [/^https:\/\/api\.bitrix24\.com\//, /^https:\/\/docs\.npmjs\.com\//, /^https:\/\/doc\.rust-lang\.org\//, /^https:\/\/crates\.io\//];

// As GitHub makes them of headings.
const anchorsOf = (text) => Array.from(text.matchAll(/^#+ (.*)$/gm), ([, heading]) =>
  heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-'));

const problemWith = async (page, link) => {
  if (/^\w+:/.test(link)) return WEB.some((known) => known.test(link)) ? undefined : `${page}: ${link} is not known`;
  const [path, anchor] = link.split('#');
  const file = path === '' ? page : normalize(join(dirname(page), path));
  if (!(await stat(join(ROOT, file)).catch(() => undefined))) return `${page}: ${link} is missing`;
  if (anchor && !anchorsOf(await readFile(join(ROOT, file), 'utf8')).includes(anchor)) return `${page}: ${link} has no such heading`;
  return undefined;
};

for (const page of await pages()) {
  test(`the links of ${page} lead somewhere`, async () => {
    const problems = await Promise.all(linksOf(await textOf(page)).map((link) => problemWith(page, link)));
    assert.deepEqual(problems.filter(Boolean), []);
  });
}

test('each page of the cookbook is in the index', async () => {
  const index = await textOf('docs/README.md');
  const missing = (await pages()).filter((page) => page.startsWith('docs/') && page !== 'docs/README.md' && !index.includes(`(${page.slice(5)})`));
  assert.deepEqual(missing, []);
});
