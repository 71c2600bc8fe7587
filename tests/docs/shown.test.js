// The tests that SECURITY.md names are there, by these names.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textOf } from './pages.js';

test('every test that SECURITY.md names is there', async () => {
  const [, table] = (await textOf('SECURITY.md')).match(/^## What shows it\n(.*?)^## /ms);
  const named = Array.from(table.matchAll(/`(tests\/[^`]+)`: ((?:\*[^*]+\*(?:, )?)+)/g), ([, file, titles]) =>
    Array.from(titles.matchAll(/\*([^*]+)\*/g), ([, title]) => ({ file, title }))).flat();
  assert.ok(named.length > 20);
  for (const { file, title } of named) {
    // What differs from case to case is filled in by the test's file.
    const parts = title.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    assert.match(await textOf(file), new RegExp(`(test|play|fn)[ (]['"\`]?${parts.join('\\$\\{[\\w.]+\\}')}['"\`(]`), title);
  }
});
