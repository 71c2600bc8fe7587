// Undoing and the timeline, without a document.
import assert from "node:assert/strict";
import { test } from "node:test";
import { textFor, textForMany } from "../../www/timeline.js";
import { confirmed, english, opened, paid, paidPayment, payment, refusal, rest } from "./stage.js";

const unpaid = async () => ({ status: "unpaid", payment: payment() });

async function undone(pay = {}, given = { writesTimeline: true }, typed = { reason: "wrong [customer]" }) {
  const at = await opened({ listPayments: async () => [paidPayment], getPayment: async () => paidPayment, markUnpaid: unpaid, call: async () => 1, ...pay }, given);
  at.session.happened("openUndo", 501);
  await rest();
  at.session.happened("undo", typed);
  at.session.happened("undo", typed);
  await rest();
  return at;
}

test("a payment is undone once, after it was read and asked", async () => {
  const { calls, now } = await undone();
  assert.equal(calls("markUnpaid").length, 1);
  assert.equal(calls("markUnpaid")[0][1], 501);
  assert.equal(now().confirmation.state, "unpaid");
  assert.equal(now().rows[0].state, "unpaid");
});

test("the reason goes to the timeline, without markup, and the page says that it is there", async () => {
  const { calls, now } = await undone();
  assert.deepEqual(calls("call")[0].slice(1, 3), ["crm.timeline.comment.add", { fields: {
    ENTITY_ID: 7, ENTITY_TYPE: "deal", COMMENT: "Payment 917/1 was marked as unpaid: €1,000.00, pay system Card.\nReason: wrong (customer)",
  } }]);
  assert.ok(now().confirmation.lines.includes("The reason stands in the timeline."));
});

test("the reason is that of the press that undid", async () => {
  const { session, now, calls } = await opened({ listPayments: async () => [paidPayment], getPayment: async () => paidPayment, markUnpaid: unpaid }, { writesTimeline: true });
  session.happened("openUndo", 501);
  await rest();
  session.happened("undo", { reason: "wrong customer" });
  session.happened("undo", { reason: "" });
  await rest();
  assert.match(calls("call")[0][2].fields.COMMENT, /\nReason: wrong customer$/);
  assert.ok(now().confirmation.lines.includes("The reason stands in the timeline."));
});

test("a reason that could not be kept is said to be lost, and the outcome stays", async () => {
  const { now } = await undone({ call: async () => { throw refusal("ACCESS_DENIED"); } });
  assert.equal(now().confirmation.state, "unpaid");
  assert.ok(now().confirmation.lines.includes("The reason was not written to the timeline."));
});

test("while a reason is being written nothing is said of it, and what becomes of it is told in its own dialog only", async () => {
  const failing = [];
  const { session, now } = await undone({ call: () => new Promise((_, reject) => failing.push(reject)) });
  const said = () => [now().confirmation.state, /timeline/.test(now().confirmation.lines.join(" "))];
  assert.deepEqual(said(), ["unpaid", false]);
  for (const event of ["cancel", "openUndo", "undo"]) {
    session.happened(event, event === "openUndo" ? 501 : { reason: "wrong again" });
    await rest();
  }
  failing[0](refusal("ACCESS_DENIED"));
  await rest();
  assert.deepEqual(said(), ["unpaid", false]);
  failing[1](refusal("ACCESS_DENIED"));
  await rest();
  assert.deepEqual(said(), ["unpaid", true]);
});

test("of a reason of spaces nothing is written or said", async () => {
  const { now, calls } = await undone({}, { writesTimeline: true }, { reason: " \n " });
  assert.equal(calls("call")[0][2].fields.COMMENT, "Payment 917/1 was marked as unpaid: €1,000.00, pay system Card.");
  assert.doesNotMatch(now().confirmation.lines.join(" "), /reason/i);
});

test("a confirmation whose entry in the timeline failed is paid all the same, and says so", async () => {
  const { now } = await confirmed({ call: async () => { throw refusal("MISSING_SCOPE"); } }, { writesTimeline: true });
  assert.equal(now().confirmation.state, "paid");
  assert.ok(now().confirmation.lines.includes("The timeline entry could not be written. The outcome stays as it is."));
});

test("without a timeline there is no field for a reason, and the page says why", async () => {
  const { session, now, calls } = await opened({ listPayments: async () => [paidPayment], getPayment: async () => paidPayment, markUnpaid: unpaid });
  session.happened("openUndo", 501);
  await rest();
  assert.equal(now().confirmation.fields, "");
  assert.ok(now().confirmation.lines.includes("There is no timeline here to keep a reason."));
  session.happened("undo", { reason: "" });
  await rest();
  assert.equal(calls("call").length, 0);
});

test("what was unpaid meanwhile is told, and nothing is sent", async () => {
  const { now, calls } = await undone({ getPayment: async () => payment() });
  assert.equal(now().confirmation.state, "alreadyUnpaid");
  assert.equal(calls("markUnpaid").length, 0);
});

for (const [answer, state] of [
  [async () => ({ status: "notApplied", payment: paidPayment }), "stillPaid"],
  [async () => ({ status: "notApplied", payment: paidPayment, cause: refusal("NO_ANSWER") }), "silentlyPaid"],
  [async () => ({ status: "unknown", cause: refusal("NO_ANSWER") }), "undoUnknown"],
  [async () => { throw refusal("ACCESS_DENIED"); }, "undoRefused"],
  [async () => { throw refusal("LIMITED", { retry: "safe" }); }, "undoRetryable"],
]) {
  test(`an undo that ends otherwise is told as ${state}, and nothing goes to the timeline`, async () => {
    const { now, calls } = await undone({ markUnpaid: answer });
    assert.equal(now().confirmation.state, state);
    assert.equal(calls("call").length, 0);
  });
}

test("after an undo of which nothing is known the row says so, whatever is read as still paid, until it is read as unpaid", async () => {
  const reads = [paidPayment, paidPayment, payment()];
  const { session, now, calls } = await undone({ getPayment: async () => reads.shift(), markUnpaid: async () => ({ status: "unknown", payment: paidPayment, cause: refusal("NO_ANSWER") }) });
  const row = () => [now().rows[0].state, now().rows[0].stateText, now().rows[0].stateNote, now().rows[0].action.event];
  const doubtful = ["doubtful", "Not known", "", "openUndoUnknown"];
  assert.deepEqual(row(), doubtful);
  session.happened("cancel");
  session.happened("refresh");
  await rest();
  assert.deepEqual(row(), doubtful);
  assert.equal(now().summary, "Not known: 1");
  session.happened("openUndoUnknown", 501);
  assert.equal(now().confirmation.state, "undoUnknown");
  session.happened("check");
  await rest();
  assert.equal(now().confirmation.state, "paidSoFar");
  assert.deepEqual(row(), doubtful);
  session.happened("check");
  await rest();
  assert.deepEqual([now().confirmation.state, now().rows[0].state], ["unpaid", "unpaid"]);
  assert.equal(calls("markUnpaid").length, 1);
});

test("after an undo whose answer never came no rule of the portal is blamed, and it can be tried again, read first", async () => {
  const { session, now } = await undone({ markUnpaid: async () => ({ status: "notApplied", payment: paidPayment, cause: refusal("NO_ANSWER") }) });
  assert.deepEqual(now().confirmation.lines, ["No answer came in time.", "Payment 917/1 was read back as paid.", "The reason was not written to the timeline."]);
  session.happened("again");
  assert.equal(now().confirmation.state, "undoReading");
  await rest();
  assert.equal(now().confirmation.state, "undoAsking");
});

test("a confirmation is told to the timeline of a deal, an invoice and an order", async () => {
  for (const [kind, type] of [["deal", "deal"], ["invoice", "smart_invoice"], ["order", "order"]]) {
    const { calls } = await confirmed({ call: async () => 1 }, { writesTimeline: true, subject: { kind, id: 7 } });
    assert.deepEqual(calls("call")[0][2].fields, { ENTITY_ID: 7, ENTITY_TYPE: type, COMMENT: "Payment 917/1 was confirmed: €1,000.00, pay system Card." });
  }
});

test("a payment without a pay system, or with one that has no name, is told to the timeline as that", () => {
  const nameless = { paySystemName: "", paySystemId: 11 };
  const none = { paySystemName: "", paySystemId: 0 };
  assert.equal(textFor("mark", payment(none), "", english), "Payment 917/1 was marked as paid in CRM: €1,000.00, no pay system.");
  assert.equal(textFor("undo", payment(none), "", english), "Payment 917/1 was marked as unpaid: €1,000.00, no pay system.");
  assert.equal(textFor("pay", payment(nameless), "", english), "Payment 917/1 was confirmed: €1,000.00, pay system 11.");
  assert.equal(textForMany([payment(), payment(nameless), payment(none)], english), [
    "3 payments were confirmed:", "917/1: €1,000.00, pay system Card", "917/1: €1,000.00, pay system 11", "917/1: €1,000.00, no pay system",
  ].join("\n"));
});

test("nothing is told where it was switched off, where nothing was paid, and where there is no timeline", async () => {
  const call = async () => 1;
  const off = await confirmed({ call });
  const notPaid = await confirmed({ call, payPayment: async () => ({ status: "notApplied", payment: payment() }) }, { writesTimeline: true });
  const single = await confirmed({ call }, { writesTimeline: true, subject: { kind: "payment", id: 501 } });
  for (const { calls } of [off, notPaid, single]) assert.equal(calls("call").length, 0);
});

test("where it is not known whether the timeline got its entry, nobody says that it did not", async () => {
  for (const code of ["NO_ANSWER", "NONSENSE"]) {
    const call = async () => { throw refusal(code, { retry: "readFirst" }); };
    const reason = await undone({ call });
    assert.ok(reason.now().confirmation.lines.includes("Whether the timeline got its entry is not known. Please look there."), code);
    const pay = await confirmed({ call }, { writesTimeline: true });
    assert.ok(pay.now().confirmation.lines.includes("Whether the timeline got its entry is not known. Please look there."), code);
  }
});

test("a reason that was given for nothing is not believed to stand in the timeline", async () => {
  for (const answer of [
    { status: "alreadyUnpaid", payment: payment() }, { status: "notApplied", payment: paidPayment }, { status: "unknown", cause: refusal("NO_ANSWER") },
    refusal("REFUSED"), refusal("LIMITED", { retry: "safe" }),
  ]) {
    const { now, calls } = await undone({ markUnpaid: async () => { if (answer instanceof Error) throw answer; return answer; } });
    assert.equal(calls("call").length, 0);
    assert.ok(now().confirmation.lines.includes("The reason was not written to the timeline."), answer.status ?? answer.code);
  }
});

test("the reason of an undo, and what became of it, is of that undo alone", async () => {
  const doubtful = new Map([[502, { event: "openUndoUnknown", over: Infinity }]]);
  const { session, now, calls } = await undone({
    listPayments: async () => [paidPayment, paid({ id: 502 }), payment({ id: 503, accountNumber: "917/3" })],
    getPayment: async (id) => (id === 503 ? payment({ id, accountNumber: "917/3" }) : paid({ id })), markUnpaid: async () => { throw refusal("REFUSED"); },
  }, { writesTimeline: true, known: { doubtful, notices: [] } });
  const said = () => [now().confirmation.state, /timeline/i.test(now().confirmation.lines.join(" "))];
  assert.deepEqual(said(), ["undoRefused", true]);
  session.happened("cancel", {});
  session.happened("openUndoUnknown", 502);
  assert.deepEqual(said(), ["undoUnknown", false]);
  session.happened("cancel", {});
  session.happened("open", 503);
  await rest();
  session.happened("confirm", {});
  await rest();
  assert.deepEqual(said(), ["paid", false]);
  assert.equal(calls("call")[0][2].fields.COMMENT, "Payment 917/3 was confirmed: €1,000.00, pay system Card.");
});
