// `cargo xtask bench` runs this: all contenders in one run, printed as the table that the README quotes.
//   node bench.js [--rounds 16] [--long] [--virtual "<requests> requests in <seconds> s"]

import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { TARGET } from '../places.js';
import { afterALoss, coldPages, requests } from './cold.js';
import { CONTENDERS, layContenders, leadTo, weight } from './contenders.js';
import { fiveHundred } from './many.js';
import { openStage } from './stage.js';
import { answers } from './rows.js';
import { shown } from './statistics.js';
import { grown, overheads, stubServer } from './warm.js';

const LATENCY_MS = 50;
const SLOW_MS = 300;
const PATIENCE_MS = 20_000;

const { values: { rounds, long, virtual } } = parseArgs({
  options: { rounds: { type: 'string', default: '16' }, long: { type: 'boolean', default: false }, virtual: { type: 'string' } },
});

const folder = await layContenders();
const sandbox = await openStage(folder);
leadTo(sandbox.portal);
const stub = await stubServer(folder);
const say = (what) => console.error(`… ${what}`);

say('cold pages');
const cold = await coldPages(sandbox, Number(rounds), LATENCY_MS);
say('requests');
const counted = await requests(sandbox, SLOW_MS);
say('overhead of a call');
const overhead = await overheads(sandbox.browser, stub.address, Number(rounds));
say('memory');
const memory = await grown(sandbox.browser, stub.address);
say('a lost answer');
const lost = await afterALoss(sandbox, PATIENCE_MS);
say('a thousand rows');
const presses = await answers();
if (long) say('five hundred payments in a real page, about five minutes');
const bulk = long ? await fiveHundred(sandbox, SLOW_MS) : undefined;
stub.close();
const browser = sandbox.browser.version();
await sandbox.close();

const number = (value) => value.toLocaleString('en');
const over = ({ name }) => {
  if (!overhead.has(name)) return 'not by BX24';
  const { median } = overhead.get('bare');
  const { low, high, median: own } = overhead.get(name);
  return name === 'bare' ? '0' : shown({ median: own - median, low: low - median, high: high - median });
};
const held = ({ name }) => {
  if (!memory.has(name)) return '';
  const { bytes, calls } = memory.get(name);
  return `${(bytes / 1024).toFixed(0)} after ${number(calls)}`;
};
const row = (contender) => {
  const { raw, gzip, brotli } = weight(contender);
  const { name, what } = contender;
  const { requests: count, ms } = counted.get(name);
  const { said, calls } = lost.get(name);
  return [
    what, number(raw), number(gzip), number(brotli), shown(cold.get(name).page, 0), name === 'floor' ? '0' : shown(cold.get(name).beyond, 0), over(contender), held(contender),
    `${count}, ${(ms / 1000).toFixed(2)}`, said, calls,
  ];
};
const lines = [
  `Measured by \`cargo xtask bench${long ? ' --long' : ''}\` on ${cpus().length} cores of ${cpus()[0].model.trim()}, Chromium ${browser}, Node ${process.versions.node}, `
  + `${rounds} rounds in turn, each figure a median with the middle half of its samples. A cold page is a fresh context in which the portal's page has`
  + ` stood for a second; its clock runs from the navigation of the app's frame until the first call is settled, ${LATENCY_MS} ms a request; what it takes beyond the first row is compared round by round. What a call adds is measured against a BX24 that answers at once,`
  + ' over the bare promise. The official SDK does not go through BX24.',
  '',
  '| | raw | gzip -9 | brotli 11 | cold page to first outcome, ms | beyond the first row, ms | a call adds, µs | heap grows by, KiB'
  + ` | requests, and seconds at ${SLOW_MS} ms each | the answer is lost: it says | and sent pay calls |`,
  '|---|---|---|---|---|---|---|---|---|---|---|',
  ...CONTENDERS.map((contender) => `| ${row(contender).join(' | ')} |`),
  '',
  `Five hundred payments by \`payPayments\`, ${SLOW_MS} ms a request, with the portal's limits (2 requests a second after the first 50):`,
  '',
  ...(virtual ? [`- ${virtual}, under a virtual clock over the sandbox portal's rules`] : []),
  ...(bulk ? [`- ${bulk.requests} requests in ${bulk.seconds.toFixed(1)} s, in Chromium through BX24, ${bulk.paid} paid`] : []),
  '',
  'The operator\'s page with a thousand payments, on a quarter of the machine, until a press was seen to be taken (event timing, at least 16 ms):',
  '',
  ...Object.entries(presses).map(([what, took]) => `- ${what}: ${shown(took, 0)} ms`),
];
const text = `${lines.join('\n')}\n`;
writeFileSync(join(TARGET, 'bench.md'), text);
console.log(`\n${text}`);
