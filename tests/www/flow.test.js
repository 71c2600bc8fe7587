// The flow as a table: where every write comes from, that nothing is pressed twice, that no state is a dead end.
import assert from "node:assert/strict";
import { test } from "node:test";
import { confirmation, next, page, printed, underWay } from "../../www/flow.js";

const lines = (table) => printed(table).split("\n");
const writes = (effect) => lines(confirmation).filter((line) => line.endsWith(`/ ${effect}`));

test("a payment is sent from the question and from nowhere else", () => {
  assert.deepEqual(writes("pay"), ["asking + confirm -> paying / pay"]);
  assert.deepEqual(writes("payReturned"), ["returned + confirmReturned -> paying / payReturned"]);
});

test("marking in CRM is only offered where the payment was read back as unpaid", () => {
  assert.deepEqual(writes("mark"), ["notApplied + mark -> marking / mark", "silentlyUnpaid + mark -> marking / mark"]);
});

test("nothing can be pressed while a write is under way, not even cancel", () => {
  for (const state of underWay) {
    for (const press of ["confirm", "cancel", "again", "mark", "check", "open", "review"]) assert.equal(next(confirmation, state, press), null);
  }
});

test("an unknown outcome leads to a read and never straight to a write", () => {
  assert.deepEqual(lines(confirmation).filter((line) => /^(unknown|unverified|stillUnpaid) /.test(line)), [
    "unverified + check -> verifying / check",
    "unverified + cancel -> closed",
    "unknown + check -> checking / check",
    "unknown + cancel -> closed",
    "stillUnpaid + check -> checking / check",
    "stillUnpaid + again -> reading / read",
    "stillUnpaid + cancel -> closed",
  ]);
});

for (const [name, table] of Object.entries({ page, confirmation })) {
  test(`${name}: every state can be reached, and left`, () => {
    const reached = new Set(Object.values(table).flatMap((events) => Object.values(events).map(([to]) => to)));
    const first = Object.keys(table)[0];
    for (const state of Object.keys(table)) {
      assert.ok(state === first || reached.has(state), `${state} is never reached`);
      assert.ok(Object.keys(table[state]).length > 0, `${state} is never left`);
    }
    for (const state of reached) assert.ok(table[state], `${state} has no row`);
  });
}

test("an event that a state does not list means nothing", () => {
  assert.equal(next(confirmation, "closed", "confirm"), null);
  assert.equal(next(page, "list", "nonsense"), null);
  assert.equal(next(page, "nonsense", "refresh"), null);
});
