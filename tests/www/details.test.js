// The optional fields: the portal's limits, checked before anything is sent.
import assert from "node:assert/strict";
import { test } from "node:test";
import { checked } from "../../www/details.js";
import { opened, paid, payment, refusal, rest } from "./stage.js";

test("what was filled in is sent without the blanks around it, what was not is not sent", () => {
  assert.deepEqual(checked({ invoiceId: " 77-A ", statusMessage: "", statusDescription: "   " }), { details: { invoiceId: "77-A" }, faults: {} });
  assert.deepEqual(checked({}), { details: undefined, faults: {} });
  assert.deepEqual(checked(undefined), { details: undefined, faults: {} });
});

for (const [name, limit] of [["invoiceId", 255], ["statusMessage", 250], ["statusDescription", 512]]) {
  test(`${name} may have ${limit} characters, counted as people count them`, () => {
    assert.deepEqual(checked({ [name]: "😀".repeat(limit) }).faults, {});
    assert.deepEqual(checked({ [name]: "x".repeat(limit + 1) }).faults, { [name]: { fault: "long", limit, count: limit + 1 } });
  });
}

test("a single 0, which the portal drops, is a fault", () => {
  assert.equal(checked({ invoiceId: "0" }).faults.invoiceId.fault, "zero");
});

async function typed(given, pay = {}) {
  const at = await opened(pay);
  at.session.happened("open", 501);
  await rest();
  at.session.happened("confirm", given);
  await rest();
  return at;
}

test("details go with the payment", async () => {
  const { calls } = await typed({ invoiceId: "77-A" });
  assert.deepEqual(calls("payPayment")[0][1], { paymentId: 501, paySystemId: 11, details: { invoiceId: "77-A" } });
});

test("over a limit nothing is sent, and the field says the limit", async () => {
  const { now, calls } = await typed({ invoiceId: "x".repeat(256) });
  assert.equal(now().confirmation.state, "asking");
  assert.deepEqual(now().confirmation.faults, { invoiceId: "At most 255 characters; this has 256." });
  assert.equal(calls("payPayment").length, 0);
});

test("details that b24pay refuses lead back to the question", async () => {
  const { session, now } = await typed({ invoiceId: "77-A" }, { payPayment: async () => { throw refusal("INVALID_DETAILS"); } });
  assert.equal(now().confirmation.state, "asking");
  assert.equal(now().confirmation.lines[0], "One of the additional fields is too long or not allowed.");
  assert.equal(now().confirmation.diagnostic, "INVALID_DETAILS");
  session.happened("confirm", {});
  assert.deepEqual([now().confirmation.state, now().confirmation.diagnostic], ["paying", ""]);
});

test("a payment without a pay system is marked in CRM, after a question", async () => {
  const bare = payment({ paySystemId: 0, paySystemName: "" });
  const { session, now, calls } = await opened({ listPayments: async () => [bare], getPayment: async () => bare, markPaid: async () => ({ status: "paid", payment: { ...bare, paid: true } }) });
  session.happened("open", 501);
  await rest();
  assert.equal(now().confirmation.state, "markAsking");
  session.happened("confirm");
  session.happened("mark");
  await rest();
  assert.equal(calls("payPayment").length, 0);
  assert.equal(calls("markPaid").length, 1);
});

test("what was typed and not sent stands there when the payment is asked about again; what was sent does not, nor at another payment", async () => {
  const { session, now } = await opened({ listPayments: async () => [payment(), payment({ id: 502 })], getPayment: async (id) => payment({ id }), payPayment: async () => { throw refusal("REFUSED"); } });
  const fieldsAtFault = [];
  const left = async (id, answers, read = rest) => {
    session.happened("open", id);
    await read();
    const { draft, faults } = now().confirmation;
    fieldsAtFault.push(Object.keys(faults));
    for (const [event, typed] of answers) {
      session.happened(event, typed);
      await rest();
    }
    return draft;
  };
  assert.deepEqual(await left(501, [["cancel", { invoiceId: "77-A" }]]), {});
  assert.deepEqual(await left(502, [["cancel", {}]]), {});
  assert.deepEqual(await left(501, [["cancel", {}]], () => {}), { invoiceId: "77-A" }, "left before the question came");
  assert.deepEqual(await left(501, [["confirm", { invoiceId: "0" }], ["cancel", { invoiceId: "0" }]]), { invoiceId: "77-A" });
  assert.deepEqual(await left(502, [["cancel", {}]]), {});
  assert.deepEqual(fieldsAtFault, [[], [], [], [], []], "nor what was wrong with it");
  assert.deepEqual(await left(501, [["confirm", { invoiceId: "77-B" }], ["cancel", {}]]), { invoiceId: "0" });
  assert.deepEqual(await left(501, []), {});
});

test("a reason that was not sent stands there again, one that was does not", async () => {
  const { session, now } = await opened({ listPayments: async () => [paid()], getPayment: async () => paid(), markUnpaid: async () => { throw refusal("REFUSED"); } }, { writesTimeline: true });
  for (const [event, draft] of [["cancel", {}], ["undo", { reason: "twice" }], ["cancel", {}]]) {
    session.happened("openUndo", 501);
    await rest();
    assert.deepEqual(now().confirmation.draft, draft);
    session.happened(event, { reason: "twice" });
    await rest();
    if (event === "undo") session.happened("cancel", { reason: "twice" });
  }
});
