// Cold pages: a fresh context each, a contender's page in the frame of the portal's page, until the first call is settled.

import { CONTENDERS } from './contenders.js';
import { beyond, spread } from './statistics.js';
import { inTurn } from './turns.js';

const PAY = 'sale.paysystem.pay.payment';
// So long the portal's page stands before the app is opened in it, as before an operator's press: what a new window and that page
// cost is over then, and is nobody's.
const STANDS_MS = 1000;

// Opens the page of a contender as nobody has opened it before; hands back what was told and when, or `null` after `patienceMs`.
async function opened(sandbox, { name }, { patienceMs = 30_000, standsMs = 0 }) {
  const user = await sandbox.browser.newContext({ bypassCSP: true });
  try {
    const page = await user.newPage();
    await page.goto(sandbox.address({ app: `/${name}.html`, open: '' }));
    await page.waitForTimeout(standsMs);
    await page.getByRole('button', { name: 'Open the app', exact: true }).click();
    const app = await sandbox.appFrame(page);
    const told = await app.waitForFunction(() => window.told, null, { timeout: patienceMs, polling: 100 }).catch(() => null);
    return told && await told.jsonValue();
  } finally {
    await user.close();
  }
}

// Milliseconds from the navigation of the frame to the first outcome, all contenders in turn.
export async function coldPages(sandbox, rounds, latencyMs) {
  const samples = new Map(CONTENDERS.map(({ name }) => [name, []]));
  for (let round = -1; round < rounds; round += 1) {
    for (const contender of inTurn(CONTENDERS, round + CONTENDERS.length)) {
      await sandbox.reset({ scenario: 'demo', latencyMs });
      const told = await opened(sandbox, contender, { standsMs: STANDS_MS });
      if (!/^(true|paid)$/.test(told?.said)) throw new Error(`${contender.name} said ${told?.said}`);
      // The first round warms the browser's own files.
      if (round >= 0) samples.get(contender.name).push(told.ms);
    }
  }
  const floor = samples.get('floor');
  return new Map([...samples].map(([name, times]) => [name, { page: spread(times), beyond: beyond(times, floor) }]));
}

// What each says when the portal paid and its answer was lost, and how often the portal was asked to pay.
export async function afterALoss(sandbox, patienceMs, contenders = CONTENDERS) {
  const told = new Map();
  for (const contender of contenders) {
    await sandbox.reset({ scenario: 'demo', latencyMs: 0 });
    await sandbox.fault({ method: PAY, fault: 'commitThenDrop', times: 9 });
    const said = await opened(sandbox, contender, { patienceMs });
    const calls = (await sandbox.log()).filter(({ method }) => method === PAY).length;
    told.set(contender.name, { said: said?.said ?? `nothing within ${patienceMs / 1000} s`, calls });
  }
  return told;
}

// The requests of one first outcome, and how long they take where each takes `latencyMs`.
export async function requests(sandbox, latencyMs, standsMs = STANDS_MS) {
  const counted = new Map();
  for (const contender of CONTENDERS) {
    await sandbox.reset({ scenario: 'demo', latencyMs });
    const { ms } = await opened(sandbox, contender, { standsMs });
    const methods = (await sandbox.log()).map(({ method }) => method);
    counted.set(contender.name, { requests: methods.length, ms });
  }
  return counted;
}
