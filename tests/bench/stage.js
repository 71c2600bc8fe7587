// The stage of the comparison outside of Node's test runner: one sandbox portal that serves the contenders, one browser.

import { WHOLE } from '../e2e/chromium.js';
import { Sandbox } from '../e2e/harness.js';

export async function openStage(app) {
  const sandbox = new Sandbox();
  await sandbox.start({ app, program: WHOLE });
  return Object.assign(sandbox, { close: () => sandbox.stop() });
}
