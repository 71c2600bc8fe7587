// Every fault by name, through BX24 in the portal's frame: what a payment comes to, how long that takes, how many pay calls
// reach the portal. What was seen is written to target/faults.md, which the README quotes.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { ServedPortal } from '../e2e/served_portal.js';
import { TARGET } from '../places.js';
import { ENGINES } from './driver.js';
import { FAULTS, SILENT, TIMES } from './faults.js';
import { until } from '../until.js';
import { call, pay } from './paying.js';
import { onEngines, PAY, READ } from './stage.js';

const seen = [];

onEngines(ENGINES, TIMES, ({ playOn }, engine) => {
  for (const row of FAULTS.filter(({ engines }) => engines.includes(engine))) {
    playOn(`${row.fault}: ${row.told[engine] ?? row.told}`, async ({ sandbox, tab }) => {
      await arm(sandbox, row);
      const outcome = await paid(tab, row);
      const truth = await sandbox.payments(501);
      const log = await sandbox.log();

      if (/^(paid|alreadyPaid)$/.test(outcome.status)) assert.equal(truth.paid, 'Y', 'told as paid and not paid');
      if (/^(rejected|notApplied)$/.test(outcome.status)) assert.equal(truth.paid, 'N', 'told as unpaid and paid');
      if (row.calls !== 'any') assert.equal(truth.payCalls, row.calls ?? 1, 'pay calls');
      const told = said(outcome);
      const wanted = row.told[engine] ?? row.told;
      if (wanted instanceof RegExp) assert.match(told, wanted);
      else assert.equal(told, wanted, outcome.message);
      if (row.readWithin1s?.includes(engine)) {
        const after = readBackAfter(log);
        assert.ok(after < 1000, `the first read-back came after ${after} ms`);
      }
      seen.push({ engine, fault: row.fault, told, ms: outcome.ms, calls: truth.payCalls });
    }, { isApart: row.isApart ?? row.options === SILENT });
  }
});

onEngines(['chromium'], TIMES, ({ play }) => {
  play('a call that runs after the window is told as unknown, never as unpaid', async ({ sandbox, open }) => {
    const tab = await open();
    await sandbox.fault({ method: PAY, fault: 'commitLate', ms: 2000 });
    const outcome = await pay(tab, undefined, { settleMs: 800, deadlineMs: 500 });
    assert.deepEqual([outcome.status, outcome.cause, outcome.payment.paid], ['unknown', 'NO_ANSWER', false]);
    await until(async () => (await sandbox.payments(501)).paid === 'Y', 'the portal did not run the call');
  });

  play('a call that hangs does not end with one that another copy of the module sends at the same moment', async ({ sandbox, open }) => {
    const tab = await open();
    await sandbox.fault({ method: PAY, fault: 'hang' });
    const told = await tab.run(async (options) => {
      const copies = await Promise.all([import('/b24pay.js?one'), import('/b24pay.js?other')]);
      const ids = [501, 505];
      const outcomes = await Promise.all(copies.map(({ payPayment }, at) => payPayment({ paymentId: ids[at], paySystemId: 11 }, options)));
      return outcomes.map(({ status }) => status);
    }, SILENT);
    assert.deepEqual(told.sort(), ['paid', 'unknown']);
  });
});

test('the table has every fault of the portal', async (t) => {
  const sandbox = new ServedPortal();
  await sandbox.start();
  t.after(() => sandbox.stop());
  const known = await sandbox.fault({ fault: 'none of these' }).catch((error) => error.message.match(/known are ([\w, ]+)/)[1]);
  assert.deepEqual(FAULTS.map(({ fault }) => fault).sort(), known.split(', ').sort());
});

test('the README quotes what was seen', () => {
  const [, quoted] = readFileSync(new URL('../../README.md', import.meta.url), 'utf8').split(/<!-- \/?faults -->/);
  const rows = quoted.trim().split('\n').slice(2).map((line) => line.split('|').map((cell) => cell.trim()));
  // Times depend on the machine, and how often a browser repeats a request by itself is its own affair.
  const told = seen.filter(({ engine }) => engine === 'chromium').map(({ fault, told, calls }) => [fault, told, calls]);
  const without = ([fault, told, calls]) => [fault, told, fault === 'dropReusedSocket' ? 'any' : String(calls)];
  assert.deepEqual(rows.map(([, fault, told, , calls]) => without([fault.replaceAll('`', ''), told, calls])), told.map(without));
});

after(() => {
  const others = seen.filter(({ engine }) => engine !== 'chromium');
  const row = ({ fault, told, ms, calls }) => `| \`${fault}\` | ${told} | ${Math.round(ms / 100) * 100} | ${calls} |`;
  writeFileSync(`${TARGET}/faults.md`, [
    '| fault | outcome | settled after, ms | pay calls |',
    '|---|---|---|---|',
    ...seen.filter(({ engine }) => engine === 'chromium').map(row),
    '',
    '| engine | fault | outcome | settled after, ms | pay calls |',
    '|---|---|---|---|---|',
    ...others.map((one) => `| ${one.engine} ${row(one)}`),
    '',
  ].join('\n'));
});

async function arm(sandbox, { fault, with: other, method = PAY, ms }) {
  if (other) await sandbox.fault({ method, fault: other });
  await sandbox.fault({ method, fault, ms });
}

async function paid(tab, { options = TIMES, isBulk }) {
  if (!isBulk) return pay(tab, undefined, options);
  const requests = [501, 504].map((paymentId) => ({ paymentId, paySystemId: 11 }));
  const { items, ms } = await call(tab, 'payPayments', [requests, options]);
  return { ...items[0], ms };
}

function said({ status, code, recovered }) {
  if (status === 'rejected') return `rejects ${code}`;
  return recovered ? `${status}, recovered` : status;
}

// How long after the pay call the first read reached the portal, by the portal's own clock.
function readBackAfter(log) {
  const sent = log.find(({ method }) => method === PAY);
  const read = log.find(({ method, n }) => method === READ && n > sent.n);
  return read ? read.atMs - sent.atMs : Infinity;
}
