// An app that is only the module beside BX24: it asks the portal nothing by itself, and is there at once.

import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { TARGET } from '../places.js';

const PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>bare</title><link rel="icon" href="data:,"></head>
<body><script src="https://api.bitrix24.com/api/v1/"></script></body></html>
`;

// The folder of the app, which is there until the tests of this file are over.
export function bareApp() {
  const folder = mkdtempSync(join(tmpdir(), 'b24pay-app-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'index.html'), PAGE);
  copyFileSync(join(TARGET, 'npm/b24pay.js'), join(folder, 'b24pay.js'));
  return folder;
}
