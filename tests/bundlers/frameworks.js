// The examples of the documentation for React, Vue and Svelte: built by Vite, pressed twice in the portal's frame, one call.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { payIn } from './frame.js';
import { fixture, tool } from './project.js';
import { blockOf, lay } from '../docs/pages.js';

const PAGE = 'docs/cookbook/frameworks.md';
// React's button stands in the list of the same page, in the row of payment 501.
const EXAMPLES = {
  react: { files: ['src/PayButton.jsx', 'src/Payments.jsx'], row: (app) => app.locator('#app > div', { hasText: /^917\/1:/ }) },
  vue: { files: ['src/PayButton.vue'] },
  svelte: { files: ['src/PayButton.svelte'] },
};

for (const [framework, { files, row = (app) => app }] of Object.entries(EXAMPLES)) {
  test(`the ${framework} example pays 501, however often it is pressed`, async () => {
    const folder = await fixture(framework);
    await lay(PAGE, files, folder);
    await tool(folder, 'vite', 'build', '--logLevel', 'warn');
    const act = (app) => row(app).getByRole('button').dblclick();
    const { said, paid, errors, payCalls } = await payIn({ folder: join(folder, 'dist'), act });
    assert.deepEqual({ said, paid, errors, payCalls }, { said: 'paid', paid: true, errors: [], payCalls: 1 });
  });

  test(`the ${framework} example is short`, async () => {
    const lines = (await blockOf(PAGE, files[0])).split('\n').filter((line) => line.trim());
    assert.ok(lines.length <= 16, `it has ${lines.length} lines`);
  });
}
