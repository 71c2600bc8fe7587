// The stage of the tests over engines: a sandbox portal for each test file, one engine at a time, and a user of its own
// for each test. It starts and ends things, and knows what the portal counted; what is expected stands in the tests.

import { after, before, describe, test } from 'node:test';
import { ServedPortal } from '../e2e/served_portal.js';
import { ENGINES, launch } from './driver.js';

export const PAY = 'sale.paysystem.pay.payment';
export const MARK = 'crm.item.payment.pay';
export const READ = 'crm.item.payment.get';

// Call once in a test file; `write({ play, playOn }, name)` writes the tests of one engine with `play(title, async ({ user, sandbox, open }) => …)`
// or, on one tab for all of them, `playOn(title, async ({ tab, sandbox }) => …)`.
export function onEngines(names, times, write) {
  const sandbox = new ServedPortal();
  before(() => sandbox.start(times));
  after(() => sandbox.stop());
  for (const name of names ?? ENGINES) {
    describe(name, () => {
      let engine;
      let kept;
      before(async () => { engine = await launch(name); });
      after(async () => {
        await letGo();
        await engine?.close();
      });
      const play = (title, act) => test(title, async () => {
        await sandbox.reset();
        const user = await engine.user();
        try {
          await act({ user, sandbox, open: () => user.open(sandbox.address()) });
        } finally {
          await user.close();
        }
      });
      const letGo = async () => {
        const { user } = kept ?? {};
        kept = undefined;
        await user?.close();
      };
      const opened = async () => {
        const user = await engine.user();
        kept = { user };
        kept.tab = await user.open(sandbox.address());
      };
      // The tab stays open as long as it is as good as new; `isApart` says that the test needs one of its own.
      const playOn = (title, act, { isApart = false } = {}) => test(title, async () => {
        if (kept && (isApart || !await isAsNew(kept.tab))) await letGo();
        await sandbox.reset({ scenario: 'demo', keepTokens: true });
        let isGood = false;
        try {
          if (!kept) await opened();
          await act({ sandbox, tab: kept.tab });
          isGood = !isApart;
        } finally {
          if (!isGood) await letGo();
        }
      });
      write({ play, playOn }, name);
    });
  }
}

// Nothing is locked or noted any more. Firefox tells a frame of another site nothing of its locks.
const isAsNew = (tab) => tab.run(async () => {
  const { held, pending } = await navigator.locks.query().catch(() => ({ held: [], pending: [] }));
  return held.length + pending.length + localStorage.length === 0;
});
