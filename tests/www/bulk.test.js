// Many payments at once, without a document: what may be selected, one question, one run, a report that tells every row.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { readWords, speaker } from "../../www/words.js";
import { opened, paid, payment, refusal, rest } from "./stage.js";

const four = () => [payment({ id: 1, accountNumber: "917/1" }), payment({ id: 2, accountNumber: "917/2", sum: "0.1" }),
  payment({ id: 3, accountNumber: "917/3", sum: "68.12", currency: "USD" }), paid({ id: 4, accountNumber: "917/4" })];
const outcome = (request, rest) => ({ request, ...rest });
const all = async (requests, { onProgress }) => {
  const items = requests.map((request) => outcome(request, { status: "paid", recovered: false, payment: paid({ id: request.paymentId, accountNumber: `917/${request.paymentId}` }) }));
  items.forEach((item, at) => onProgress(at + 1, items.length, item));
  return { items };
};

/** Selects all, opens the dialog, waits for the question. */
async function asked(pay = {}, given) {
  const at = await opened({ listPayments: async () => four(), payPayments: all, ...pay }, given);
  at.session.happened("selectAll", true);
  at.session.happened("openBulk");
  await rest();
  return at;
}

async function run(pay, given) {
  const at = await asked(pay, given);
  at.session.happened("confirmAll");
  await rest();
  return at;
}

test("only what can be confirmed can be selected, and totals are per currency", async () => {
  const { session, now } = await opened({ listPayments: async () => four() });
  assert.deepEqual(now().rows.map(({ id, select }) => [id, Boolean(select)]), [[1, true], [2, true], [3, true], [4, false]]);
  session.happened("selectAll", true);
  assert.equal(now().selection.all, "all");
  assert.equal(now().selection.text, "3 selected");
  assert.deepEqual(now().selection.sums, ["€1,000.10", "$68.12\u00a0USD"]);
  session.happened("select", { id: 2, isOn: false });
  assert.equal(now().selection.all, "some");
});

test("all that is selected is what the filter shows, by its amount as it is written, too", async () => {
  const { session, now } = await opened({ listPayments: async () => four() });
  session.happened("filter", "€1,000.00");
  session.happened("selectAll", true);
  session.happened("filter", "");
  assert.deepEqual(now().rows.map(({ select }) => select?.isOn), [true, false, false, undefined]);
  assert.deepEqual([now().selection.all, now().selection.isEmpty, now().selection.text], ["some", false, "1 selected"]);
  session.happened("clearSelection");
  assert.deepEqual([now().selection.all, now().selection.isEmpty], ["none", true]);
  // Of nothing that is found all would be selected, too.
  session.happened("filter", "nothing like it");
  assert.equal(now().selection.all, "none");
});

test("one payment alone needs no selecting", async () => {
  const { now } = await opened();
  assert.equal(now().selection, false);
  assert.equal(now().rows[0].select, null);
});

test("all are paid by one call, each with its own pay system, after the list was read again", async () => {
  const { now, calls } = await run();
  // One before the question and one after it.
  assert.deepEqual(calls("listPayments").map(([, of]) => of), Array(3).fill({ deal: 7 }));
  assert.equal(calls("payPayments").length, 1);
  assert.deepEqual(calls("payPayments")[0][1], [1, 2, 3].map((paymentId) => ({ paymentId, paySystemId: 11 })));
  assert.equal(calls("payPayments")[0][2].settleMs, 3000);
  assert.equal(calls("call").length, 0, "where no timeline is wanted");
  assert.equal(now().bulk.state, "finished");
  assert.deepEqual(now().bulk.counts.map(({ text }) => text), ["Paid: 3"]);
  assert.deepEqual(now().rows.map(({ state }) => state), ["paid", "paid", "paid", "paid"]);
});

test("pressing twice is one run", async () => {
  const { session, now, calls } = await opened({ listPayments: async () => four(), payPayments: all });
  session.happened("openBulk");
  assert.equal(now().bulk.state, "closed", "of nothing");
  session.happened("selectAll", true);
  session.happened("openBulk");
  session.happened("openBulk");
  await rest();
  session.happened("openBulk");
  session.happened("confirmAll");
  session.happened("confirmAll");
  await rest();
  session.happened("confirmAll");
  assert.equal(calls("payPayments").length, 1);
});

test("what changed since it was shown is shown before anything is sent; what was paid meanwhile is left out", async () => {
  const lists = [four(), four().map((each) => (each.id === 1 ? paid({ id: 1, accountNumber: "917/1" }) : each.id === 2 ? { ...each, sum: "5" } : each))];
  const { session, now, calls } = await asked({ listPayments: async () => (lists.length > 1 ? lists.shift() : lists[0]) });
  assert.equal(now().bulk.state, "changed");
  assert.deepEqual(now().bulk.lines.slice(1), [
    "917/1: State: Unpaid was shown, now it is Paid.",
    "917/2: Amount: €0.10 was shown, now it is €5.00.",
  ]);
  session.happened("confirmAll");
  assert.equal(calls("payPayments").length, 0);
  session.happened("review");
  session.happened("confirmAll");
  await rest();
  assert.deepEqual(calls("payPayments")[0][1].map(({ paymentId }) => paymentId), [2, 3]);
});

test("whose amount changed while the question stood open is not sent, and says so; the others are", async () => {
  const dearer = four().map((each) => (each.id === 2 ? { ...each, sum: "5" } : each));
  const lists = [four(), four(), dearer];
  const { now, calls } = await run({ listPayments: async () => lists.shift() });
  assert.deepEqual(calls("payPayments")[0][1].map(({ paymentId }) => paymentId), [1, 3]);
  assert.deepEqual(now().bulk.rows.map(({ id, kind, amount, note }) => [id, kind, amount, note]).at(0), [2, "rejected", "€5.00", "The amount is no longer the one that was shown."]);
  assert.deepEqual(now().bulk.counts.map(({ text }) => text), ["Nothing was paid: 1", "Paid: 2"]);
  assert.equal(now().rows.find(({ id }) => id === 2).amount, "€5.00");
  assert.deepEqual(calls("notSent").map(([, id, { code }]) => [id, code]), [[2, "AMOUNT_CHANGED"]]);
});

test("where nothing can be read when the run begins, each is told as not sent; what was left out by a stop is not", async () => {
  for (const [stops, told] of [[false, [1, 2, 3]], [true, []]]) {
    const lists = [async () => four(), async () => four(), async () => {
      if (stops) session.happened("stop");
      throw refusal(stops ? "ABORTED" : "NO_ANSWER", { retry: "readFirst" });
    }];
    const { session, calls } = await asked({ listPayments: () => lists.shift()() });
    session.happened("confirmAll");
    await rest();
    assert.deepEqual(calls("notSent").map(([, id]) => id), told);
    assert.equal(calls("payPayments").length, 0);
  }
});

test("whose money went back while the question stood open is not sent, where the list tells it", async () => {
  const told = (returned) => four().map((each) => ({ ...each, returned: each.id === 2 && returned }));
  const lists = [told(false), told(false), told(true)];
  const { now, calls } = await run({ listPayments: async () => lists.shift() }, { subject: { kind: "order", id: 7 } });
  assert.deepEqual(calls("payPayments")[0][1].map(({ paymentId }) => paymentId), [1, 3]);
  assert.deepEqual(now().bulk.rows.map(({ id, kind, note }) => [id, kind, note]).at(0), [2, "rejected", "The money of this payment went back to the customer."]);
  assert.deepEqual(now().bulk.buttons.some(({ event }) => event === "retry"), false);
  assert.equal(now().rows.find(({ id }) => id === 2).state, "returned");
});

test("nor where only another request tells it, which is asked once more when the run begins", async () => {
  const returned = [[], [2]];
  const { now, calls } = await run({ returnedOf: async () => new Set(returned.shift()) });
  assert.deepEqual(calls("returnedOf").map(([, ids]) => ids), [[1, 2, 3], [1, 2, 3]]);
  assert.deepEqual(calls("payPayments")[0][1].map(({ paymentId }) => paymentId), [1, 3]);
  assert.deepEqual(now().bulk.rows.map(({ id, kind, note }) => [id, kind, note]).at(0), [2, "rejected", "The money of this payment went back to the customer."]);
});

test("of those whose list tells whether money went back, nobody asks", async () => {
  const list = async () => four().map((each) => (each.id === 2 ? each : { ...each, returned: false }));
  const { calls } = await run({ listPayments: list });
  assert.deepEqual(calls("returnedOf").map(([, ids]) => ids), [[2], [2]]);
});

test("what is not there any more when the run begins is b24pay's to judge, and keeps nobody from being paid", async () => {
  const lists = [four(), four(), four().slice(1)];
  const { now, calls } = await run({ listPayments: async () => lists.shift() });
  assert.deepEqual(calls("payPayments")[0][1].map(({ paymentId }) => paymentId), [1, 2, 3]);
  assert.deepEqual(now().bulk.rows.map(({ id, kind }) => [id, kind]), [[1, "paid"], [2, "paid"], [3, "paid"]]);
});

test("progress counts what was not sent because it changed", async () => {
  const lists = [four(), four(), four().map((each) => (each.id === 2 ? { ...each, sum: "5" } : each))];
  const { now } = await run({ listPayments: async () => lists.shift(), payPayments: (requests, { onProgress }) => {
    onProgress(1, 2, outcome(requests[0], { status: "paid", recovered: false, payment: paid({ id: 1 }) }));
    return new Promise(() => {});
  } });
  assert.deepEqual(now().bulk.progress, { done: 2, total: 3, text: "2 of 3" });
});

test("whose money went back is left out, and said to be, also where only another request tells", async () => {
  const { session, now, calls } = await asked({ returnedOf: async (ids) => new Set(ids.filter((id) => id === 1)) });
  assert.deepEqual(calls("returnedOf").map(([, ids]) => ids), [[1, 2, 3]]);
  assert.equal(now().bulk.state, "changed");
  assert.ok(now().bulk.lines.includes("917/1: State: Unpaid was shown, now it is Returned."));
  session.happened("review");
  session.happened("confirmAll");
  await rest();
  assert.deepEqual(calls("payPayments")[0][1].map(({ paymentId }) => paymentId), [2, 3]);
});

test("to ask whether money went back of thousands takes long: a stop ends that, too, and so does the next question for that of a closed one", async () => {
  const untilStopped = (_, { signal }) => new Promise((resolve) => { signal.addEventListener("abort", () => resolve(new Set())); });
  const notStarted = async (requests, { signal }) => ({ items: requests.map((request) => outcome(request, { status: signal.aborted ? "notStarted" : "paid" })) });
  const answers = [untilStopped, async () => new Set(), untilStopped];
  const { session, now, calls } = await asked({ returnedOf: (...given) => answers.shift()(...given), payPayments: notStarted });
  const signals = () => calls("returnedOf").map(([, , { signal }]) => signal.aborted);
  assert.equal(now().bulk.state, "reading");
  session.happened("cancel");
  session.happened("openBulk");
  await rest();
  assert.deepEqual([now().bulk.state, signals()], ["asking", [true, false]]);
  session.happened("confirmAll");
  await rest();
  assert.deepEqual([now().bulk.state, signals()], ["running", [true, false, false]]);
  session.happened("stop");
  await rest();
  assert.deepEqual([now().bulk.state, signals()], ["finished", [true, false, true]]);
  assert.deepEqual(now().bulk.counts.map(({ text }) => text), ["Nothing was carried out: 3"]);
});

test("where all that was selected is paid by now, nothing is left to ask about", async () => {
  const lists = [four(), four().map((each) => paid({ ...each, paid: true }))];
  const { session, now, calls } = await asked({ listPayments: async () => lists.shift() });
  assert.equal(now().bulk.state, "nothingLeft");
  assert.deepEqual(now().rows.map(({ state }) => state), ["paid", "paid", "paid", "paid"]);
  session.happened("confirmAll");
  assert.equal(calls("payPayments").length, 0);
});

test("where the selection cannot be read, that is said, and it can be read again", async () => {
  const lists = [async () => four(), async () => { throw refusal("NO_ANSWER", { retry: "readFirst" }); }, async () => four()];
  const { session, now } = await asked({ listPayments: () => lists.shift()() });
  assert.equal(now().bulk.state, "unread");
  assert.ok(now().bulk.lines.join(" ").includes("No answer came in time."), now().bulk.lines.join());
  session.happened("again");
  await rest();
  assert.equal(now().bulk.state, "asking");
});

test("a reading whose dialog was closed decides nothing about the next one, whether it fails or not", async () => {
  for (const end of [(resolve) => resolve([]), (_, reject) => reject(refusal("NO_ANSWER"))]) {
    const waiting = [];
    const lists = [async () => four()];
    const { session, now } = await asked({ listPayments: () => lists.shift()?.() ?? new Promise((...ends) => waiting.push(ends)) });
    session.happened("cancel");
    session.happened("openBulk");
    await rest();
    end(...waiting[0]);
    await rest();
    assert.equal(now().bulk.state, "reading");
    waiting[1][0](four());
    await rest();
    assert.equal(now().bulk.state, "asking");
  }
});

test("where the list cannot be read again after the question, nothing is sent", async () => {
  const lists = [async () => four(), async () => four(), async () => { throw refusal("NO_ANSWER", { retry: "readFirst" }); }];
  const { now, calls } = await run({ listPayments: () => lists.shift()() });
  assert.equal(calls("payPayments").length, 0);
  assert.deepEqual(now().bulk.counts.map(({ text }) => text), ["Nothing was paid: 3"]);
});

test("progress is told while it runs, and stop reaches the run", async () => {
  let finish;
  let options;
  const { session, now } = await run({ payPayments: (requests, given) => {
    options = given;
    given.onProgress(1, 3, outcome(requests[0], { status: "paid", recovered: false, payment: paid({ id: 1 }) }));
    return new Promise((resolve) => { finish = () => resolve({ items: requests.map((request, at) => outcome(request, at ? { status: "notStarted" } : { status: "paid", payment: paid({ id: 1 }) })) }); });
  } });
  assert.deepEqual(now().bulk.progress, { done: 1, total: 3, text: "1 of 3" });
  assert.ok(session.isUnderWay());
  session.happened("cancel");
  assert.equal(now().bulk.state, "running");
  session.happened("stop");
  assert.ok(options.signal.aborted);
  assert.equal(now().bulk.state, "stopping");
  // What was sent goes on without the page, and nobody tells it what becomes of that.
  assert.deepEqual(now().bulk.lines, ["Nothing new is sent. What was already sent may still have an effect."]);
  finish();
  await rest();
  assert.ok(!session.isUnderWay());
  assert.deepEqual(now().bulk.counts.map(({ text }) => text), ["Nothing was carried out: 2", "Paid: 1"]);
});

test("what is not known of one is shown while the others are still under way, also where nothing could be read of it", async () => {
  let end;
  const { session, now } = await run({ payPayments: (requests, { onProgress }) => {
    onProgress(1, 3, outcome(requests[0], { status: "unknown", cause: refusal("NO_ANSWER") }));
    return new Promise((resolve) => { end = resolve; });
  } });
  assert.equal(session.isUnderWay(), true);
  assert.deepEqual(now().rows.map(({ id, state }) => [id, state]), [[1, "doubtful"], [2, "unpaid"], [3, "unpaid"], [4, "paid"]]);
  session.happened("stop");
  assert.equal(session.isUnderWay(), true);
  end({ items: [] });
  await rest();
  assert.equal(session.isUnderWay(), false);
});

test("what was not sent does not take back what a list said of it meanwhile", async () => {
  let end;
  const lists = [four(), four(), four(), four().map((each) => (each.id === 2 ? paid({ id: 2, accountNumber: "917/2" }) : each))];
  const { session, now } = await run({ listPayments: async () => lists.shift(), payPayments: () => new Promise((resolve) => { end = resolve; }) });
  session.happened("refresh");
  await rest();
  end({ items: [1, 2, 3].map((paymentId) => outcome({ paymentId }, { status: "notStarted" })) });
  await rest();
  assert.equal(now().rows.find(({ id }) => id === 2).state, "paid");
});

test("stopped while the payments are read once more, the run ends at once, and nothing was sent", async () => {
  const silent = (_, { signal } = {}) => new Promise((resolve, reject) => { signal?.addEventListener("abort", () => reject(refusal("ABORTED", { retry: "safe" }))); });
  const lists = [async () => four(), async () => four(), silent];
  const { session, now, calls } = await run({ listPayments: (...given) => lists.shift()(...given) });
  session.happened("stop");
  await rest();
  assert.equal(now().bulk.state, "finished");
  assert.deepEqual(now().bulk.counts.map(({ text }) => text), ["Nothing was carried out: 3"]);
  assert.equal(now().bulk.rows[0].note, "It was stopped before anything was carried out.");
  assert.equal(calls("payPayments").length, 0);
});

const mixed = [
  { status: "unknown", cause: refusal("NO_ANSWER", { retry: "readFirst" }) },
  { status: "rejected", error: refusal("LIMITED", { retry: "safe" }) },
  { status: "rejected", error: refusal("REFUSED", { portalText: "=cmd()" }) },
];

test("only those that certainly did not run are tried again", async () => {
  const runs = [mixed, [{ status: "paid", recovered: false, payment: paid({ id: 2 }) }]];
  const { session, now, calls, announced } = await run({ payPayments: async (requests) => ({ items: requests.map((request, at) => outcome(request, runs[0][at])) }) });
  assert.deepEqual(now().bulk.counts.map(({ text }) => text), ["Not known: 1", "Nothing was paid: 2"]);
  assert.equal(now().bulk.buttons.find(({ event }) => event === "retry").text, "Try 1 again");
  assert.equal(announced.at(-1), "Not known: 1 · Nothing was paid: 2");
  runs.shift();
  session.happened("retry");
  await rest();
  assert.deepEqual(calls("payPayments")[1][1].map(({ paymentId }) => paymentId), [2]);
  assert.deepEqual(now().bulk.counts.map(({ text }) => text), ["Not known: 1", "Nothing was paid: 1", "Paid: 1"]);
  assert.equal(now().bulk.buttons.some(({ event }) => event === "retry"), false);
});

test("what was not sent stays selected, what was sent does not; what was refused is shown as it was read last", async () => {
  const reads = [four(), four(), four().map((each) => (each.id === 2 ? { ...each, paySystemName: "Card, renamed" } : each))];
  const ends = [{ status: "notApplied", payment: four()[0] }, mixed[1], { status: "notStarted" }];
  const { session, now } = await run({ listPayments: async () => reads.shift(), payPayments: async (requests) => ({ items: requests.map((request, at) => outcome(request, ends[at])) }) });
  session.happened("cancel");
  assert.equal(now().selection.text, "2 selected");
  assert.deepEqual(now().rows.map(({ id, select }) => [id, select?.isOn]), [[1, false], [2, true], [3, true], [4, undefined]]);
  assert.equal(now().rows[1].paySystem, "Card, renamed");
});

test("what needs a look comes first, and each row says when it was paid, or why not", async () => {
  const ends = [{ status: "paid", recovered: false, payment: paid({ id: 1, accountNumber: "917/1" }) }, { status: "alreadyPaid", sent: false, payment: paid({ id: 2, accountNumber: "917/2", paidBy: null }) }, mixed[1]];
  const { now } = await run({ payPayments: async (requests) => ({ items: requests.map((request, at) => outcome(request, ends[at])) }) });
  assert.deepEqual(now().bulk.rows.map(({ number, outcome: told, shape, note }) => [number, told, shape, note.replace("\u202f", " ")]), [
    ["917/3", "Nothing was paid", "stop", "The portal takes no more requests for now."],
    ["917/2", "Already paid", "already", "Sep 9, 2026, 10:52 PM"],
    ["917/1", "Paid", "paid", "Sep 9, 2026, 10:52 PM, by user 7"],
  ]);
});

test("what is not there any more when it is read again is left out, and said to be gone", async () => {
  const lists = [four(), four().slice(1)];
  const { now } = await asked({ listPayments: async () => lists.shift() });
  assert.equal(now().bulk.state, "changed");
  assert.deepEqual(now().bulk.lines.slice(1), ["917/1: no longer there."]);
  assert.match(now().bulk.title, /changed/);
});

test("those that were stopped before they were sent are tried again", async () => {
  const runs = [[{ status: "notStarted" }, mixed[2], mixed[0]], [{ status: "paid", recovered: false, payment: paid({ id: 1 }) }]];
  const { session, calls } = await run({ payPayments: async (requests) => ({ items: requests.map((request, at) => outcome(request, runs[0][at])) }) });
  runs.shift();
  session.happened("retry");
  await rest();
  assert.deepEqual(calls("payPayments")[1][1].map(({ paymentId }) => paymentId), [1]);
});

test("what another tab is confirming is told as not carried out, in the report, too, and can be tried again", async () => {
  const error = refusal("UNDER_WAY", { retry: "safe" });
  const { session, now, saved } = await run({ payPayments: async (requests) => ({ items: requests.map((request, at) => outcome(request, at ? mixed[2] : { status: "rejected", error })) }) });
  assert.deepEqual(now().bulk.counts.map(({ kind, text }) => [kind, text]), [["rejected", "Nothing was paid: 2"], ["notStarted", "Nothing was carried out: 1"]]);
  const told = now().bulk.rows.find(({ id }) => id === 1);
  assert.deepEqual([told.kind, told.outcome, told.note], ["notStarted", "Nothing was carried out", "Another confirmation has not ended yet, perhaps in another tab or window."]);
  assert.ok(now().bulk.buttons.some(({ event }) => event === "retry"));
  session.happened("save");
  assert.match(saved[0][1], /"917\/1",.*"Nothing was carried out","Another confirmation/);
});

test("those whose first read had no answer were not sent: they are tried again, too, and read first", async () => {
  const unread = [...mixed.slice(0, 2), { status: "rejected", error: refusal("NO_ANSWER", { retry: "readFirst" }) }];
  const { session, now, calls } = await run({ payPayments: async (requests) => ({ items: requests.map((request, at) => outcome(request, unread[at])) }) });
  assert.equal(now().bulk.buttons.find(({ event }) => event === "retry").text, "Try 2 again");
  const reads = calls("listPayments").length;
  session.happened("retry");
  await rest();
  assert.equal(calls("listPayments").length, reads + 1);
  assert.deepEqual(calls("payPayments")[1][1].map(({ paymentId }) => paymentId), [2, 3]);
});

test("a run that ends as the one before it did says so again", async () => {
  const { session, announced } = await run({ payPayments: async (requests) => ({ items: requests.map((request) => outcome(request, { status: "rejected", error: refusal("LIMITED", { retry: "safe" }) })) }) });
  session.happened("retry");
  await rest();
  // A region speaks what is new in it.
  assert.deepEqual(announced.slice(-3), ["Nothing was paid: 3", "", "Nothing was paid: 3"]);
});

test("an unknown outcome gives no advice to try again, and its row asks to be checked", async () => {
  const { now } = await run({ payPayments: async (requests) => ({ items: requests.map((request, at) => outcome(request, mixed[at])) }) });
  assert.equal(now().bulk.rows[0].note, "No answer came in time.");
  assert.equal(now().rows.find(({ id }) => id === 1).action.event, "openUnknown");
});

test("what could not be read back is checked as that, and being read as unpaid later it is unpaid in its row too", async () => {
  const unverified = { status: "unverified", cause: refusal("ACCESS_DENIED") };
  const given = { payPayments: async (requests) => ({ items: requests.map((request) => outcome(request, unverified)) }), getPayment: async (id) => four().find((each) => each.id === id) };
  const { session, now } = await run(given);
  session.happened("cancel");
  const row = (id) => now().rows.find((each) => each.id === id);
  assert.deepEqual([1, 2, 3].map((id) => [row(id).state, row(id).action.event]), Array(3).fill(["doubtful", "openUnverified"]));
  session.happened("openUnverified", 1);
  session.happened("check");
  await rest();
  assert.deepEqual([now().confirmation.state, row(1).state, row(2).state], ["notApplied", "unpaid", "doubtful"]);
  session.happened("cancel");
  session.happened("refresh");
  await rest();
  assert.deepEqual([1, 2, 3].map((id) => row(id).state), ["unpaid", "unpaid", "unpaid"]);
});

test("a run that cannot begin is told as nothing paid", async () => {
  const { now } = await run({ payPayments: async () => { throw refusal("WASM_BLOCKED"); } });
  assert.deepEqual(now().bulk.counts.map(({ text }) => text), ["Nothing was paid: 3"]);
});

test("after a run the advice is that of what came of it", async () => {
  const doubt = "Some outcomes are not known. Please check these payments in the list before you do anything else.";
  const mark = "Payments that are still unpaid can be marked as paid in CRM, one by one: press “Confirm” in the list.";
  const notApplied = { status: "notApplied", payment: four()[2] };
  const unverified = { status: "unverified", cause: refusal("ACCESS_DENIED") };
  const done = { status: "paid", recovered: false, payment: paid({ id: 2 }) };
  for (const [ends, advice] of [
    [[done, done, done], []], [[mixed[1], mixed[2], { status: "notStarted" }], []], [[done, mixed[0], done], [doubt]],
    [[unverified, done, done], [doubt]], [[done, notApplied, done], [mark]], [[mixed[0], notApplied, unverified], [doubt, mark]],
  ]) {
    const { now } = await run({ payPayments: async (requests) => ({ items: requests.map((request, at) => outcome(request, ends[at])) }) });
    assert.deepEqual(now().bulk.lines, advice);
  }
});

test("the report has a row for every payment, amounts as numbers, and runs no formula", async () => {
  const list = async () => four().map((each) => (each.id === 2 ? { ...each, orderId: 1917, paySystemName: "" } : each));
  const { session, saved } = await run({ listPayments: list, payPayments: async (requests) => ({ items: requests.map((request, at) => outcome(request, mixed[at])) }) });
  session.happened("save");
  const [[name, text]] = saved;
  assert.equal(name, "b24pay-deal-7.csv");
  assert.deepEqual(text.split("\r\n"), [
    '\ufeff"Payment","ID","Order","Pay system","Amount","Currency","Outcome","Note","Paid on","User"',
    '"917/1","1","","Card",1000,"EUR","Not known","No answer came in time.","",""',
    '"917/2","2","1917","11",0.1,"EUR","Nothing was paid","The portal takes no more requests for now.","",""',
    '"917/3","3","","Card",68.12,"USD","Nothing was paid","The portal refused the request. =cmd()","",""',
    "",
  ]);
});

test("the report says when and by whom each was paid", async () => {
  const { session, saved } = await run();
  session.happened("save");
  assert.equal(saved[0][1].split("\r\n")[1], '"917/1","1","","Card",1000,"EUR","Paid","","2026-09-10T01:52:39+03:00","7"');
});

test("the report has a time of payment only where the page says that one was paid", async () => {
  // A portal that rolled the payment back, and one that gave the money back, leave the time and the user.
  const left = { datePaid: "2026-09-10T01:52:39+03:00", paidBy: 7 };
  for (const item of [
    { status: "notApplied" }, { status: "unverified", cause: refusal("ACCESS_DENIED") }, { status: "unknown", cause: refusal("NO_ANSWER") },
    { status: "rejected", error: refusal("REFUSED") }, { status: "notStarted" },
  ]) {
    const { session, saved, now } = await run({ payPayments: async (requests) => ({ items: requests.map((request) => outcome(request, { ...item, payment: payment({ id: request.paymentId, ...left }) })) }) });
    session.happened("save");
    assert.match(saved[0][1].split("\r\n")[1], /,"",""$/, item.status);
    assert.doesNotMatch(now().bulk.rows[0].note, /2026/, item.status);
  }
});

test("an outcome is called in the report as it is on the page, and each cell says what its row does", async () => {
  for (const item of [
    { status: "notApplied" }, { status: "unverified", cause: refusal("ACCESS_DENIED") }, { status: "unknown", cause: refusal("ABORTED") }, { status: "notStarted" },
    { status: "rejected", error: refusal("UNDER_WAY", { retry: "safe" }) }, { status: "rejected", error: refusal("ABORTED", { retry: "safe" }) },
    { status: "alreadyPaid", sent: true }, { status: "paid", recovered: true },
  ]) {
    const made = item.status.endsWith("aid") ? paid : payment;
    const { session, saved, now } = await run({ payPayments: async (requests) => ({ items: requests.map((request) => outcome(request, { ...item, payment: made({ id: request.paymentId, paySystemName: "" }) })) }) });
    session.happened("save");
    const { outcome: said, paySystem } = now().bulk.rows[0];
    const line = saved[0][1].split("\r\n")[1];
    assert.ok(line.startsWith(`"917/1","1","","${paySystem}",1000,"EUR","${said}",`), line);
  }
});

test("a secret that the portal repeats is not in the report, which is passed on", async () => {
  const portalText = "expired: auth=s3cretToken, refresh_token: s3cretToken, https://demo.example/rest/1/s3cretToken/sale.payment.get 0123456789abcdef0123456789abcdef";
  for (const item of [{ status: "rejected", error: refusal("REFUSED", { portalText }) }, { status: "unknown", cause: refusal("NO_ANSWER", { portalText }) }]) {
    const { session, saved } = await run({ payPayments: async (requests) => ({ items: requests.map((request) => outcome(request, item)) }) });
    session.happened("save");
    assert.match(saved[0][1], /expired: auth=\*\*\*, /);
    assert.doesNotMatch(saved[0][1], /s3cret|0123456789/);
  }
});

test("an amount that nobody can read is no nothing in the report", async () => {
  const list = async () => [payment({ id: 1, sum: "" }), payment({ id: 2 })];
  const { session, saved } = await run({ listPayments: list, payPayments: async (requests) => ({ items: requests.map((request) => outcome(request, { status: "notStarted" })) }) });
  session.happened("save");
  assert.match(saved[0][1], /"Card","Amount not readable","EUR"/);
});

test("a report is written for the spreadsheets of its language", async () => {
  const { sentences } = await readWords("de", async (language) => JSON.parse(await readFile(new URL(`../../www/words/${language}.json`, import.meta.url))));
  const notSent = async (requests) => ({ items: requests.map((request) => outcome(request, { status: "notStarted" })) });
  const { session, saved } = await run({ payPayments: notSent }, { speaker: speaker({ language: "de", sentences }, "UTC") });
  session.happened("save");
  assert.match(saved[0][1].split("\r\n")[2], /;0,1;"EUR";/);
});

test("the portal's words beside ours turn neither around, and stand in the report as they are", async () => {
  const portalText = "77 הזמנה, 100 ₪ (5)";
  const { session, now, saved } = await run({ payPayments: async (requests) => ({ items: requests.map((request) => outcome(request, { status: "rejected", error: refusal("REFUSED", { portalText }) })) }) });
  assert.equal(now().bulk.rows[0].note, `The portal refused the request. \u2068${portalText}\u2069`);
  session.happened("save");
  assert.ok(saved[0][1].includes(`"The portal refused the request. ${portalText}"`));
});

test("in a language that is written from the right, a note without the portal's words has none", async () => {
  const sentences = JSON.parse(await readFile(new URL("../../www/words/ar.json", import.meta.url)));
  const { now } = await run({ payPayments: async (requests) => ({ items: requests.map((request) => outcome(request, { status: "rejected", error: refusal("LIMITED") })) }) },
    { speaker: speaker({ language: "ar", sentences }) });
  assert.deepEqual(now().bulk.rows.map(({ note }) => note), Array(3).fill(sentences["error.LIMITED.text"]));
});

test("one comment tells the timeline of all that were paid, and its failure changes nothing", async () => {
  const { now, calls } = await run({ call: async () => { throw refusal("MISSING_SCOPE"); } }, { writesTimeline: true });
  assert.equal(calls("call").length, 1);
  const [, method, { fields }] = calls("call")[0];
  assert.equal(method, "crm.timeline.comment.add");
  assert.equal(fields.ENTITY_TYPE, "deal");
  assert.match(fields.COMMENT, /^3 payments were confirmed:\n917\/1: /);
  assert.deepEqual(now().bulk.counts.map(({ text }) => text), ["Paid: 3"]);
  assert.ok(now().bulk.lines.includes("The timeline entry could not be written. The outcome stays as it is."));
});

test("the timeline is told of those that were paid, and of nothing where none was", async () => {
  const given = { writesTimeline: true };
  const ends = [mixed[0], { status: "paid", recovered: false, payment: paid({ id: 2, accountNumber: "917/2" }) }, { status: "alreadyPaid", sent: false, payment: paid({ id: 3, accountNumber: "917/3" }) }];
  const one = await run({ payPayments: async (requests) => ({ items: requests.map((request, at) => outcome(request, ends[at])) }) }, given);
  assert.equal(one.calls("call")[0][2].fields.COMMENT, "1 payment was confirmed:\n917/2: €1,000.00, pay system Card");
  const none = await run({ payPayments: async (requests) => ({ items: requests.map((request, at) => outcome(request, mixed[at])) }) }, given);
  assert.equal(none.calls("call").length, 0);
});

test("of two comments the one that is certainly missing is told, and not that of the other nobody knows", async () => {
  const missing = refusal("MISSING_SCOPE");
  const silent = refusal("NO_ANSWER", { retry: "readFirst" });
  for (const failures of [[missing, silent], [silent, missing]]) {
    const runs = [[mixed[1], mixed[1], { status: "paid", recovered: false, payment: paid({ id: 3 }) }], Array(2).fill({ status: "paid", recovered: false, payment: paid({ id: 1 }) })];
    const { session, now } = await run({
      call: async () => { throw failures.shift(); },
      payPayments: async (requests) => ({ items: runs.shift().map((end, at) => outcome(requests[at], end)) }),
    }, { writesTimeline: true });
    session.happened("retry");
    await rest();
    assert.equal(failures.length, 0);
    assert.deepEqual(now().bulk.lines, ["The timeline entry could not be written. The outcome stays as it is."]);
  }
});

test("a comment that failed is told, whether its failure comes before what is left is tried again, during that or after", async () => {
  const failed = "The timeline entry could not be written. The outcome stays as it is.";
  for (const fails of ["before", "during", "after"]) {
    const runs = [[mixed[1], mixed[1], { status: "paid", recovered: false, payment: paid({ id: 3 }) }], Array(2).fill({ status: "paid", recovered: false, payment: paid({ id: 1 }) })];
    let fail;
    let go;
    const first = new Promise((_, reject) => (fail = () => reject(refusal("MISSING_SCOPE"))));
    const gate = new Promise((resolve) => (go = resolve));
    const comments = [() => first, async () => 1];
    const { session, now } = await run({
      call: () => comments.shift()(),
      payPayments: async (requests) => {
        const ends = runs.shift();
        if (runs.length === 0) await gate;
        return { items: requests.map((request, at) => outcome(request, ends[at])) };
      },
    }, { writesTimeline: true });
    if (fails === "before") fail();
    await rest();
    session.happened("retry");
    await rest();
    if (fails === "during") fail();
    await rest();
    go();
    await rest();
    if (fails === "after") fail();
    await rest();
    assert.deepEqual([now().bulk.state, now().bulk.lines], ["finished", [failed]], fails);
    session.happened("cancel");
    session.happened("select", { id: 2, isOn: true });
    session.happened("openBulk");
    await rest();
    assert.ok(!now().bulk.lines.includes(failed), fails);
  }
});

test("a comment that fails once another run is asked about is not told of that one", async () => {
  let fail;
  const { session, now } = await run({ call: () => new Promise((_, reject) => (fail = () => reject(refusal("MISSING_SCOPE")))) }, { writesTimeline: true });
  const failsThen = fail;
  session.happened("cancel");
  session.happened("refresh");
  await rest();
  session.happened("selectAll", true);
  session.happened("openBulk");
  await rest();
  failsThen();
  await rest();
  session.happened("confirmAll");
  await rest();
  assert.deepEqual([now().bulk.state, now().bulk.lines], ["finished", []]);
});

test("the timeline names fifty of many, and how many more there are", async () => {
  for (const [count, last] of [[50, /^917\/50: /], [51, /\b1\b/], [53, /\b3\b/]]) {
    const many = Array.from({ length: count }, (_, at) => payment({ id: at + 1, accountNumber: `917/${at + 1}` }));
    const { calls } = await run({ listPayments: async () => many }, { writesTimeline: true });
    const lines = calls("call")[0][2].fields.COMMENT.split("\n");
    assert.equal(lines.length, 1 + Math.min(count, 51));
    assert.match(lines.at(-1), last);
  }
});

test("a call that was under way when the run was stopped is not known, and nobody says that it was not sent", async () => {
  const stopped = { code: "ABORTED", message: "aborted", retry: "readFirst" };
  const { now } = await run({ payPayments: async ([first, ...others]) => ({
    items: [outcome(first, { status: "unknown", cause: stopped }), ...others.map((request) => outcome(request, { status: "notStarted" }))],
  }) });
  assert.deepEqual(now().bulk.rows.map(({ outcome: told, note }) => [told, note]), [["Not known", ""], ["Nothing was carried out", ""], ["Nothing was carried out", ""]]);
});

test("a selection holds only what can still be confirmed with others, in its count, its sums and its question", async () => {
  const unknown = async () => ({ status: "unknown", cause: refusal("NO_ANSWER"), payment: four()[0] });
  const { session, now } = await opened({ listPayments: async () => four(), getPayment: async () => four()[0], payPayment: unknown });
  session.happened("selectAll", true);
  session.happened("open", 1);
  await rest();
  session.happened("confirm");
  await rest();
  session.happened("cancel");
  assert.equal(now().rows[0].state, "doubtful");
  assert.equal(now().selection.text, "2 selected");
  assert.deepEqual(now().selection.sums, ["€0.10", "$68.12\u00a0USD"]);
  session.happened("openBulk");
  assert.match(now().bulk.title, /2 payments/);
});

test("what a refreshed list says was returned, or without a pay system, is not selected any more", async () => {
  const later = four().map((each) => ({ ...each, ...{ 1: { returned: true }, 2: { paySystemId: 0 } }[each.id] }));
  const lists = [four(), later];
  const { session, now } = await opened({ listPayments: async () => lists.shift() });
  session.happened("selectAll", true);
  session.happened("refresh");
  await rest();
  assert.equal(now().selection, false);
  session.happened("openBulk");
  assert.match(now().bulk.title ?? "", /1 payment/);
});

test("whatever is left out of what was selected is said before the question", async () => {
  for (const [change, line] of [
    [{ returned: true }, "917/1: State: Unpaid was shown, now it is Returned."],
    [{ paySystemId: 0, paySystemName: "" }, "917/1: Pay system: Card was shown, now it is No pay system."],
  ]) {
    const lists = [four(), four().map((each) => (each.id === 1 ? { ...each, ...change } : each))];
    const { session, now } = await opened({ listPayments: async () => lists.shift() });
    session.happened("selectAll", true);
    session.happened("openBulk");
    await rest();
    assert.equal(now().bulk.state, "changed");
    assert.ok(now().bulk.lines.includes(line), now().bulk.lines.join());
    assert.doesNotMatch(now().bulk.lines[0], /already paid is left out/);
  }
});

test("a sum does not look whole where an amount could not be read", async () => {
  const { session, now } = await opened({ listPayments: async () => [...four().slice(0, 2), payment({ id: 5, accountNumber: "917/5", sum: "" })] });
  session.happened("selectAll", true);
  assert.deepEqual(now().selection.sums, ["€1,000.10", "Amount not readable"]);
});

test("the report of payments that were found by their number is named after it", async () => {
  const { session, saved } = await opened({
    call: async () => ({ payments: [{ id: 1 }, { id: 2 }] }), getPayment: async (id) => four()[id - 1], payPayments: all,
  }, { subject: { kind: "payment", number: "917/1" } });
  session.happened("selectAll", true);
  for (const event of ["openBulk", "confirmAll", "save"]) {
    session.happened(event);
    await rest();
  }
  assert.equal(saved[0][0], "b24pay-payment-917/1.csv");
});

test("progress begins at nothing, again where it is tried again, and is told as often as it is due", async () => {
  let run = [];
  const due = [];
  const answers = [(requests, { onProgress }) => {
    requests.forEach((request, at) => onProgress(at + 1, 3, outcome(request, { status: "notStarted" })));
    return { items: requests.map((request) => outcome(request, { status: "notStarted" })) };
  }, (requests, { onProgress }) => {
    run = requests.map((request, at) => () => onProgress(at + 1, requests.length, outcome(request, { status: "paid", recovered: false, payment: paid({ id: request.paymentId }) })));
    return new Promise(() => {});
  }];
  const { session, now } = await asked({ payPayments: async (...args) => answers.shift()(...args) }, { soon: (work) => (due.push(work), () => {}) });
  const told = () => now().bulk.progress;
  assert.deepEqual(now().bulk.rows.map(({ number, paySystem, amount, outcome: none }) => [number, paySystem, amount, none]), [
    ["917/1", "Card", "€1,000.00", ""], ["917/2", "Card", "€0.10", ""], ["917/3", "Card", "$68.12 USD", ""],
  ]);
  session.happened("confirmAll");
  assert.deepEqual(told(), { done: 0, total: 3, text: "0 of 3" });
  await rest();
  session.happened("retry");
  assert.deepEqual(told(), { done: 0, total: 3, text: "0 of 3" });
  await rest();
  due.length = 0;
  for (const done of [1, 2]) {
    run.shift()();
    due.shift()();
    assert.equal(told().done, done);
  }
});

test("a run leaves no progress to be shown behind it", async () => {
  const waiting = new Set();
  const { now } = await run({}, { soon: (work) => (waiting.add(work), () => waiting.delete(work)) });
  assert.equal(now().bulk.state, "finished");
  assert.equal(waiting.size, 0);
});
