// The flow as a table: where every write comes from, that nothing is pressed twice, that no state is a dead end.
import assert from "node:assert/strict";
import { test } from "node:test";
import { bulk, confirmation, next, page, printed, underWay } from "../../www/flow.js";

const lines = (table) => printed(table).split("\n");
const writes = (table, effect) => lines(table).filter((line) => line.endsWith(`/ ${effect}`));

test("a payment is sent from the question and from nowhere else", () => {
  assert.deepEqual(writes(confirmation, "pay"), ["asking + confirm -> paying / pay"]);
  assert.deepEqual(writes(confirmation, "payReturned"), ["returned + confirmReturned -> paying / payReturned", "returned + markReturned -> marking / payReturned"]);
});

test("marking in CRM is offered where a payment was read as unpaid and the other way is of no use", () => {
  assert.deepEqual(writes(confirmation, "mark"), [
    "markAsking + mark -> marking / mark",
    "notApplied + mark -> marking / mark",
    "silentlyUnpaid + mark -> marking / mark",
  ]);
});

test("a payment is undone from the question and from nowhere else", () => {
  assert.deepEqual(writes(confirmation, "undo"), ["undoAsking + undo -> undoing / undo"]);
});

test("many are sent from their question, and again only from the report", () => {
  assert.deepEqual(writes(bulk, "payAll"), ["asking + confirmAll -> running / payAll", "finished + retry -> running / payAll"]);
});

test("nothing can be pressed while a write is under way, not even cancel; many can be stopped", () => {
  const presses = ["confirm", "cancel", "again", "mark", "check", "open", "review", "undo", "confirmReturned", "markReturned", "confirmAll", "retry", "openBulk"];
  for (const [machine, table] of Object.entries({ confirmation, bulk })) {
    for (const state of underWay[machine]) for (const press of presses) assert.equal(next(table, state, press), null, `${state} + ${press}`);
  }
  assert.deepEqual(next(bulk, "running", "stop"), { to: "stopping", effect: "stop" });
});

test("an unknown outcome leads to a read and never straight to a write", () => {
  assert.deepEqual(lines(confirmation).filter((line) => /^(unknown|unverified|stillUnpaid|undoUnknown|paidSoFar) /.test(line)), [
    "unverified + check -> verifying / check",
    "unverified + cancel -> closed",
    "unknown + check -> checking / check",
    "unknown + cancel -> closed",
    "stillUnpaid + check -> checking / check",
    "stillUnpaid + again -> reading / read",
    "stillUnpaid + cancel -> closed",
    "undoUnknown + check -> undoChecking / check",
    "undoUnknown + cancel -> closed",
    "paidSoFar + check -> undoChecking / check",
    "paidSoFar + again -> undoReading / check",
    "paidSoFar + cancel -> closed",
  ]);
});

for (const [name, table] of Object.entries({ page, confirmation, bulk })) {
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

/** What each state that only the work it waits for can end is waiting for, by machine. */
const waitsFor = {
  page: { loading: ["list"], refreshing: ["list"] },
  confirmation: {
    reading: ["read"], verifying: ["check"], checking: ["check"], undoReading: ["check"], undoChecking: ["check"],
    paying: ["pay", "payReturned"], marking: ["mark", "payReturned"], undoing: ["undo"],
  },
  bulk: { reading: ["readAll"], running: ["payAll"], stopping: ["stop"] },
};

for (const [machine, table] of Object.entries({ page, confirmation, bulk })) {
  test(`${machine}: whatever leads to a state that waits begins what it waits for, and nothing else begins it`, () => {
    for (const [state, events] of Object.entries(table)) {
      for (const [event, [to, effect = null]] of Object.entries(events)) {
        const expected = waitsFor[machine][to];
        const isWork = Object.values(waitsFor[machine]).flat().includes(effect);
        assert.ok(expected ? expected.includes(effect) : !isWork, `${state} + ${event} -> ${to} / ${effect}`);
      }
    }
  });
}

test("under way are the states that wait for a write", () => {
  const writing = ["pay", "payReturned", "mark", "undo", "payAll", "stop"];
  for (const machine of ["confirmation", "bulk"]) {
    const states = Object.entries(waitsFor[machine]).filter(([, effects]) => effects.some((effect) => writing.includes(effect))).map(([state]) => state);
    assert.deepEqual([...underWay[machine]].sort(), states.sort());
  }
});

test("an event that a state does not list means nothing", () => {
  assert.equal(next(confirmation, "closed", "confirm"), null);
  assert.equal(next(page, "list", "nonsense"), null);
  assert.equal(next(page, "nonsense", "refresh"), null);
});
