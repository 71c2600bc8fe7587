// How fast the operator's page answers with a thousand payments, on a quarter of the machine, by the browser's own event
// timing: from the press until it was seen to be taken. The rows that a letter leaves come a picture later, which is measured, too.

import { TARGET } from '../places.js';
import { WHOLE } from '../e2e/chromium.js';
import { Sandbox } from '../e2e/harness.js';
import { spread } from './statistics.js';

const PRESSES = 9;
const SLOWED = 4;
// Event timing leaves out what is quicker, and rounds to 8 ms.
const NOTICED_MS = 16;

export async function answers() {
  const sandbox = new Sandbox();
  await sandbox.start({ app: `${TARGET}/app`, program: WHOLE });
  const user = await sandbox.browser.newContext();
  try {
    await sandbox.reset({ scenario: 'many' });
    const { deals: [deal] } = await (await fetch(`${sandbox.portal}/sandbox/desk`)).json();
    const { page, app } = await sandbox.openIn(user, { id: String(deal.id) });
    await app.waitForSelector('#payments[data-screen="list"]');
    const engine = await user.newCDPSession(app);
    await engine.send('Emulation.setCPUThrottlingRate', { rate: SLOWED });
    return await pressed(page, app);
  } finally {
    await user.close();
    await sandbox.stop();
  }
}

async function pressed(page, app) {
  const filter = app.locator('#filter');
  await filter.focus();
  await watchRows(app);
  const took = { 'a letter in the filter': await durations(app, (n) => page.keyboard.press(n % 2 ? 'Backspace' : '9')) };
  took['the rows that the letter leaves'] = spread(await app.evaluate(() => window.rowsAfter));
  await filter.fill('');
  await app.waitForSelector('#payments table[aria-busy="false"]');
  await app.locator('#payments tbody tr').first().getByRole('checkbox').focus();
  took['a payment selected'] = await durations(app, () => page.keyboard.press('Space'));
  await app.getByRole('checkbox', { name: 'Select all' }).focus();
  took['all selected'] = await durations(app, () => page.keyboard.press('Space'));
  return took;
}

// Milliseconds from a key until the first rows that it changed were painted.
function watchRows(app) {
  return app.locator('#payments tbody').evaluate((body) => {
    let pressedAt;
    window.rowsAfter = [];
    window.addEventListener('keydown', ({ timeStamp }) => { pressedAt = timeStamp; }, true);
    new MutationObserver(() => {
      const at = pressedAt;
      pressedAt = undefined;
      if (at !== undefined) requestAnimationFrame(() => setTimeout(() => window.rowsAfter.push(performance.now() - at)));
    }).observe(body, { childList: true });
  });
}

async function durations(app, press) {
  await app.evaluate((durationThreshold) => {
    window.watching?.disconnect();
    window.seen = [];
    window.watching = new PerformanceObserver((list) => window.seen.push(...list.getEntries()));
    window.watching.observe({ type: 'event', durationThreshold });
  }, NOTICED_MS);
  const took = [];
  for (let n = 0; n < PRESSES; n += 1) {
    await press(n);
    took.push(await app.evaluate((least) => new Promise((resolve) => {
      // The entry comes after the paint, and the rows have come.
      requestAnimationFrame(() => setTimeout(() => {
        const entries = window.seen.splice(0).concat(window.watching.takeRecords());
        resolve(Math.max(least, ...entries.filter(({ interactionId }) => interactionId).map(({ duration }) => duration)));
      }, 400));
    }), NOTICED_MS));
  }
  return spread(took);
}
