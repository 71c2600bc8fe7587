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

/** What the work that each state waits for can come to: what is not listed there would leave the state waiting for ever. */
const paid = ["paid", "alreadyPaid", "notApplied", "notSettledInTime", "unverified", "unknown", "refused", "retryable", "returned", "differs", "invalid"];
const comesTo = {
  page: { opening: ["opened", "search", "none", "failed"], loading: ["listed", "empty", "failed"], refreshing: ["listed", "empty", "failed"] },
  confirmation: {
    reading: ["same", "markOnly", "changed", "foundPaid", "unread"], paying: paid, marking: paid,
    // A doubt about a payment ends when it is read as paid, one about undoing when it is read as unpaid.
    verifying: ["isPaid", "isUnpaid", "isUnpaidSoFar", "unread"], checking: ["isPaid", "isUnpaid", "isUnpaidSoFar", "unread"],
    undoReading: ["isPaid", "isPaidSoFar", "isUnpaid", "unread"], undoChecking: ["isPaid", "isPaidSoFar", "isUnpaid", "unread"],
    undoing: ["unpaid", "alreadyUnpaid", "notApplied", "notSettledInTime", "unknown", "refused", "retryable", "differs"],
  },
  bulk: { reading: ["same", "changed", "nothingLeft", "unread"], running: ["finished"], stopping: ["finished"] },
};

for (const [machine, table] of Object.entries({ page, confirmation, bulk })) {
  test(`${machine}: a state that waits goes on whatever comes of it`, () => {
    assert.deepEqual(Object.keys(waitsFor[machine]).filter((state) => !comesTo[machine][state]), []);
    for (const [state, events] of Object.entries(comesTo[machine])) {
      for (const event of events) assert.ok(next(table, state, event), `${state} + ${event}`);
    }
  });
}

test("an outcome leads to the state of its name, and one that was read to what it was read as", () => {
  const to = (state, event) => next(confirmation, state, event).to;
  for (const state of ["paying", "marking"]) {
    for (const event of ["paid", "alreadyPaid", "unverified", "unknown", "refused", "retryable", "returned"]) assert.equal(to(state, event), event);
  }
  for (const event of ["unpaid", "alreadyUnpaid"]) assert.equal(to("undoing", event), event);
  assert.deepEqual(["verifying", "checking", "undoChecking"].map((state) => to(state, "isPaid")), ["foundPaid", "foundPaid", "foundPaid"]);
  assert.deepEqual(["verifying", "checking"].map((state) => to(state, "isUnpaidSoFar")), ["stillUnpaid", "stillUnpaid"]);
  assert.deepEqual(["verifying", "checking", "undoChecking", "undoing"].map((state) => to(state, state === "undoing" ? "unknown" : "unread")), ["unverified", "unknown", "undoUnknown", "undoUnknown"]);
  assert.deepEqual(["isUnpaid", "isPaidSoFar"].map((event) => to("undoChecking", event)), ["unpaid", "paidSoFar"]);
});

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
