// Plays many random histories: `node tests/pages/soak.js [how many] [first seed]`. One that breaks a promise is printed, and all go on.

import { inspect } from 'node:util';
import { judge } from './judge.js';
import { play } from './play.js';

const [count = 10_000, first = Math.floor(Date.now() / 1_000)] = process.argv.slice(2).map(Number);
console.log(`${count} histories from seed ${first}`);
let failed = 0;
for (let seed = first; seed < first + count; seed += 1) {
  const played = await play(seed);
  const broken = judge(played);
  if (count === 1) tell(played);
  if (!broken.length) continue;
  failed += 1;
  console.log(`history ${seed}\n  ${broken.join('\n  ')}`);
}
console.log(`${failed} of ${count} histories broke a promise`);
process.exitCode = failed ? 1 : 0;

// The whole of a single history.
function tell({ history, world }) {
  console.log(inspect(history, { depth: 5 }));
  for (const { page, method, params, trip, handedAt, startedAt, ranAt, endedAt, answeredAt, shown } of world.wires) {
    console.log(page.plan.number, method, JSON.stringify(params), { handedAt, startedAt, ranAt, endedAt, answeredAt }, inspect(trip, { breakLength: Infinity }), JSON.stringify(shown));
  }
}
