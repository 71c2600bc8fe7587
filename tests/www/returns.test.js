// Whether money went back: what is asked of the portal, and what is made of its answer.
import assert from "node:assert/strict";
import { test } from "node:test";
import { askingReturns } from "../../www/returns.js";
import { refusal } from "./stage.js";

const ids = (count) => Array.from({ length: count }, (_, at) => at + 1);

/** Asks for some, and says which were told as returned and what was asked of the portal. */
function asked(answer, deadlineMs = 30_000) {
  const calls = [];
  const returnedOf = askingReturns(async (...given) => {
    calls.push(given);
    return answer(...given);
  }, deadlineMs);
  return { calls, of: async (...some) => [...await returnedOf(...some)] };
}

test("those with any sign of a return are told, by one request for fifty", async () => {
  const signs = { 1: "Y", 2: "N", 3: "P", 4: "", 51: "Y" };
  const { calls, of } = asked((_, { filter }) => ({ payments: filter["@id"].map((id) => ({ id, isReturn: signs[id] ?? "N" })) }));
  assert.deepEqual(await of(ids(51)), [1, 3, 51]);
  assert.deepEqual(calls, [
    ["sale.payment.list", { select: ["id", "isReturn"], filter: { "@id": ids(50) } }, { deadlineMs: 5000 }],
    ["sale.payment.list", { select: ["id", "isReturn"], filter: { "@id": [51] } }, { deadlineMs: 5000 }],
  ]);
  assert.deepEqual(await of([]), []);
  assert.equal(calls.length, 2);
});

test("no longer than anything else is waited for", async () => {
  const { calls, of } = asked(() => ({ payments: [] }), 2000);
  await of([1]);
  assert.equal(calls[0][2].deadlineMs, 2000);
});

test("when it is stopped it asks no more, and tells what it knows", async () => {
  const stop = new AbortController();
  const { calls, of } = asked(async () => {
    if (stop.signal.aborted) throw refusal("ABORTED", { retry: "safe" });
    stop.abort();
    return { payments: [{ id: 1, isReturn: "Y" }] };
  });
  assert.deepEqual(await of(ids(200), { signal: stop.signal }), [1]);
  assert.deepEqual(calls.map(([, , { signal }]) => signal), [stop.signal, stop.signal]);
});

for (const code of ["MISSING_SCOPE", "ACCESS_DENIED"]) {
  test(`after ${code} nothing more is asked`, async () => {
    const { calls, of } = asked(() => { throw refusal(code); });
    assert.deepEqual([await of(ids(60)), await of([1])], [[], []]);
    assert.equal(calls.length, 1);
  });
}

for (const [what, answer] of [
  ["silence", () => { throw refusal("NO_ANSWER", { retry: "readFirst" }); }],
  ["an answer that is none", () => ({ payments: null })],
]) {
  test(`after ${what} what is known so far is told, and the next time it is asked for again`, async () => {
    const { calls, of } = asked(answer);
    assert.deepEqual([await of(ids(60)), await of([1])], [[], []]);
    assert.equal(calls.length, 2);
  });
}
