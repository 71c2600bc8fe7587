// The comparison itself: it compares what it says, and what it says of b24pay besides times is so.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { afterALoss, requests } from './cold.js';
import { CONTENDERS, layContenders, leadTo, weight } from './contenders.js';
import { openStage } from './stage.js';
import { beyond, shown, spread } from './statistics.js';
import { inTurn } from './turns.js';
import { overheads, stubServer } from './warm.js';

let folder;
let sandbox;

before(async () => {
  folder = await layContenders();
  sandbox = await openStage(folder);
  leadTo(sandbox.portal);
});

after(() => sandbox?.close());

test('a bare call is one request for everybody, and a verified payment three', async () => {
  const counted = await requests(sandbox, 0, 0);
  for (const { name, act } of CONTENDERS) assert.equal(counted.get(name).requests, act === 'verified' ? 3 : 1, name);
});

test('when the answer is lost after the payment, payPayment says that it is paid, after one pay call', async () => {
  const verifying = CONTENDERS.filter(({ act }) => act === 'verified');
  const told = await afterALoss(sandbox, 10_000, verifying);
  assert.equal(told.size, 2);
  for (const said of told.values()) assert.deepEqual(said, { said: 'paid, recovered', calls: 1 });
});

test('what goes through BX24 is measured, and only that', async () => {
  const stub = await stubServer(folder);
  const measured = await overheads(sandbox.browser, stub.address, 1, { pay: 500, verified: 2 });
  stub.close();
  assert.deepEqual([...measured.keys()], CONTENDERS.filter(({ name }) => name !== 'sdk').map(({ name }) => name));
  // A bare promise is quicker than the page's clock.
  const [bare, verified] = ['bare', 'verified'].map((name) => measured.get(name).median);
  assert.ok(verified > bare && verified > 10, `${verified} µs, ${bare} µs`);
});

test('compressed is smaller than raw, and the module beside slim counts', () => {
  const [whole, parts] = ['call', 'slim'].map((name) => weight(CONTENDERS.find((one) => one.name === name)));
  for (const { raw, gzip, brotli } of [whole, parts]) assert.ok(brotli < gzip && gzip < raw);
  assert.ok(parts.brotli > whole.brotli / 2);
});

test('a spread is the median and the middle half', () => {
  assert.deepEqual(spread([5, 1, 3, 2, 4]), { median: 3, low: 2, high: 4, samples: 5 });
  assert.equal(shown(spread([1, 2]), 2), '1.50 (1.25 to 1.75)');
});

test('what is beyond the floor is told round by round, so that a busy round does not count', () => {
  assert.deepEqual(beyond([110, 510, 115], [100, 500, 100]), { median: 10, low: 10, high: 12.5, samples: 3 });
});

test('each contender follows each other one equally often, and each has its turn in every round', () => {
  for (const count of [7, 8]) {
    const all = Array.from({ length: count }, (_, at) => at);
    const rounds = count % 2 ? 2 * count : count;
    const follows = new Map();
    for (let round = 0; round < rounds; round += 1) {
      const order = inTurn(all, round);
      assert.deepEqual([...order].sort((one, other) => one - other), all);
      for (const [at, one] of order.slice(1).entries()) {
        const pair = `${order[at]} then ${one}`;
        follows.set(pair, (follows.get(pair) ?? 0) + 1);
      }
    }
    assert.equal(follows.size, count * (count - 1));
    assert.deepEqual([...new Set(follows.values())], [rounds / count]);
  }
});
