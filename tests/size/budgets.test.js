// Nothing gets heavier without a line in budgets.json that says so, and what got lighter stays so.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NOISE, SLACK, budgets, weights } from './weights.js';

const HOW = '`cargo xtask size --write` takes the weights as they are';
const { brotli, goals } = budgets();
const now = weights();

test('every file that a page loads has its number', () => {
  assert.deepEqual(Object.keys(now).sort(), Object.keys(brotli).sort(), HOW);
});

for (const [what, weight] of Object.entries(now)) {
  test(`${what} weighs what its number says`, (t) => {
    const number = brotli[what];
    assert.ok(weight <= number * (1 + NOISE), `${what} weighs ${weight} bytes (brotli 11), ${weight - number} more than ${number}; ${HOW}`);
    assert.ok(weight >= number * (1 - SLACK), `${what} weighs ${weight} bytes (brotli 11), ${number - weight} less than ${number}; ${HOW}`);
    const goal = goals[what];
    if (goal) t.diagnostic(`${what}: ${weight} of ${goal} bytes, ${weight <= goal ? 'reached' : `${weight - goal} too many`}`);
  });
}
