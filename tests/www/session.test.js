// The operator's session without a document: a scripted b24pay, a view that remembers, and what was asked of both.
import { test } from "node:test";
import assert from "node:assert/strict";
import { confirmed, english, opened, paidPayment, payment, refusal, rest } from "./stage.js";

test("the list takes one request", async () => {
  const { asked, now } = await opened();
  assert.deepEqual(asked, [["listPayments", { deal: 7 }], ["unsettled"]]);
  assert.deepEqual([now().screen, now().canSearch], ["list", false]);
  assert.equal(now().rows[0].amount, "€1,000.00");
});

test("confirming pays the payment by its pay system, with what was read and what was shown", async () => {
  const { calls, now } = await confirmed();
  const [[, request, { signal, ...options }], ...others] = calls("payPayment");
  assert.deepEqual([request, options, others], [{ paymentId: 501, paySystemId: 11 }, { known: payment(), expect: { sum: "1000", currency: "EUR" }, settleMs: 3000 }, []]);
  assert.equal(now().confirmation.state, "paid");
  assert.equal(now().rows[0].state, "paid");
});

for (const [shown, expect] of [[{ sum: "" }, { currency: "EUR" }], [{ currency: "" }, { sum: "1000" }], [{ sum: "", currency: "" }, undefined]]) {
  test(`of an amount shown as ${JSON.stringify(shown)} ${JSON.stringify(expect)} is expected`, async () => {
    const unread = async () => payment(shown);
    const { calls } = await confirmed({ listPayments: async () => [await unread()], getPayment: unread });
    assert.deepEqual(calls("payPayment")[0][2].expect, expect);
  });
}

test("while it waits it says for how long at most, which is what its own question and the crate's own test of the longest call take", async () => {
  const { now } = await confirmed({ payPayment: () => new Promise(() => {}) }, { settleMs: 65_000, deadlineMs: 30_000 });
  assert.match(now().confirmation.lines.join(" "), /at most 8 minutes/);
});

test("it waits no less than the longer of silence and settling", async () => {
  for (const [settleMs, deadlineMs, longest] of [[3000, 2000, 29], [2000, 3000, 37]]) {
    const { now } = await confirmed({ payPayment: () => new Promise(() => {}) }, { settleMs, deadlineMs });
    assert.match(now().confirmation.lines.join(" "), new RegExp(`at most ${longest} seconds`));
  }
});

test("a page is at rest where no dialog stands open, and busy while something is sent", async () => {
  const two = [payment(), payment({ id: 502 })];
  const { session } = await opened({ listPayments: async () => two, payPayment: () => new Promise(() => {}), payPayments: () => new Promise(() => {}) });
  const is = () => [session.isAtRest(), session.isUnderWay()];
  assert.deepEqual(is(), [true, false]);
  session.happened("selectAll", true);
  session.happened("openBulk");
  assert.deepEqual(is(), [false, false]);
  session.happened("cancel");
  assert.deepEqual(is(), [true, false]);
  session.happened("open", 501);
  await rest();
  assert.deepEqual(is(), [false, false]);
  session.happened("confirm");
  assert.deepEqual(is(), [false, true]);
});

test("pressing twice in one tick is one call", async () => {
  const { session, calls } = await opened();
  session.happened("open", 501);
  session.happened("open", 501);
  await rest();
  session.happened("confirm");
  session.happened("confirm");
  await rest();
  session.happened("confirm");
  assert.equal(calls("payPayment").length, 1);
  assert.equal(calls("getPayment").length, 1);
});

test("that money went back is asked for where the list does not tell, and is asked about then", async () => {
  const outcome = { status: "paid", payment: { ...paidPayment }, recovered: false };
  const { session, now, calls } = await opened({ returnedOf: async (ids) => new Set(ids), payPayment: async () => outcome });
  session.happened("open", 501);
  await rest();
  assert.deepEqual(calls("returnedOf"), [["returnedOf", [501]]]);
  assert.deepEqual([now().confirmation.state, now().rows[0].state], ["changed", "returned"]);
  session.happened("confirm");
  assert.equal(calls("payPayment").length, 0);
  session.happened("review");
  session.happened("confirm");
  await rest();
  assert.equal(calls("payPayment")[0][2].payReturned, true);
  assert.deepEqual(outcome.payment, paidPayment, "what is paid again is not told as returned, to the page around the element either");
});

test("that money went back since an order's list told that it had not is asked for, too", async () => {
  const { session, now, calls } = await opened({
    listPayments: async () => [payment({ returned: false })], returnedOf: async (ids) => new Set(ids),
  }, { subject: { kind: "order", id: 7 } });
  session.happened("open", 501);
  await rest();
  assert.deepEqual(calls("returnedOf"), [["returnedOf", [501]]]);
  assert.deepEqual([now().confirmation.state, now().rows[0].state], ["changed", "returned"]);
});

test("where the question stood open for long, whether money went back is asked for once more before anything is sent", async () => {
  const clocks = [["now", "wall"], ["wall", "now"]]; // the other one stands still: the machine has slept, or the wall clock was set
  for (const [[press, write, paySystemId], [goes, stands]] of [["confirm", "payPayment", 11], ["mark", "markPaid", 0]].flatMap((way) => clocks.map((clock) => [way, clock]))) {
    for (const [stood, answers, asked] of [[10_000, [[]], 1], [10_001, [[], []], 2], [60_000, [[], [501]], 2]]) {
      let time = 5000;
      const { session, now, calls } = await opened({
        listPayments: async () => [payment({ paySystemId })], getPayment: async () => payment({ paySystemId }),
        returnedOf: async () => new Set(answers.shift()), markPaid: async () => ({ status: "paid", payment: paidPayment, recovered: false }),
      }, { [goes]: () => time, [stands]: () => 0 });
      session.happened("open", 501);
      await rest();
      time += stood;
      session.happened(press);
      await rest();
      assert.deepEqual([calls("returnedOf").map(([, ids]) => ids), answers.length], [Array(asked).fill([501]), 0]);
      const isReturned = stood === 60_000;
      assert.deepEqual([now().confirmation.state, calls(write).length], isReturned ? ["returned", 0] : ["paid", 1]);
      assert.deepEqual(calls("notSent").map(([, id, { code }, action]) => [id, code, action]), isReturned ? [[501, "RETURNED", write === "markPaid" ? "markPaid" : "pay"]] : []);
      if (!isReturned) continue;
      session.happened("confirmReturned");
      await rest();
      assert.deepEqual([now().confirmation.state, calls(write)[0][2].payReturned, calls("returnedOf").length], ["paid", true, 2]);
    }
  }
});

test("where it is known that money went back, it is not asked for, and of what is paid it says nothing", async () => {
  const told = async () => payment({ returned: true });
  const { session: returned, calls } = await opened({ listPayments: async () => [await told()], getPayment: told });
  returned.happened("open", 501);
  await rest();
  assert.deepEqual(calls("returnedOf"), [["returnedOf", []]]);
  const { session, now } = await opened({ getPayment: async () => paidPayment, returnedOf: async (ids) => new Set(ids) });
  session.happened("open", 501);
  await rest();
  assert.deepEqual([now().confirmation.state, now().rows[0].state], ["alreadyPaid", "paid"]);
});

test("an amount that changed since it was shown stops the confirmation and is shown as before and after", async () => {
  const { session, now, calls } = await opened({ getPayment: async () => payment({ sum: "1200" }) });
  session.happened("open", 501);
  await rest();
  assert.equal(now().confirmation.state, "changed");
  assert.ok(now().confirmation.lines.includes("Amount: €1,000.00 was shown, now it is €1,200.00."));
  session.happened("confirm");
  assert.equal(calls("payPayment").length, 0);
  session.happened("review");
  session.happened("confirm");
  await rest();
  assert.equal(calls("payPayment")[0][2].expect.sum, "1200");
});

test("a payment that has no pay system any more is asked about as one to be marked in CRM", async () => {
  const { session, now, calls } = await opened({ getPayment: async () => payment({ paySystemId: 0, paySystemName: "" }) });
  session.happened("open", 501);
  await rest();
  assert.equal(now().confirmation.state, "changed");
  session.happened("review");
  assert.equal(now().confirmation.state, "markAsking");
  session.happened("confirm");
  assert.equal(calls("payPayment").length, 0);
});

test("the same sum in another currency is another amount, and what was accepted as changed is not told as changed again", async () => {
  const limited = async () => { throw refusal("LIMITED", { retry: "safe" }); };
  const { session, now } = await opened({ getPayment: async () => payment({ currency: "USD" }), payPayment: limited });
  session.happened("open", 501);
  await rest();
  assert.equal(now().confirmation.state, "changed");
  session.happened("review");
  session.happened("confirm");
  await rest();
  session.happened("again");
  await rest();
  assert.equal(now().confirmation.state, "asking");
});

test("a payment that was paid meanwhile is told as paid, and nothing is sent", async () => {
  const { session, now, calls } = await opened({ getPayment: async () => paidPayment });
  session.happened("open", 501);
  await rest();
  assert.equal(now().confirmation.state, "alreadyPaid");
  assert.equal(calls("payPayment").length, 0);
});

test("the answer of a read whose dialog was closed changes nothing", async () => {
  const answers = [];
  const { session, now } = await opened({ getPayment: () => new Promise((resolve) => answers.push(resolve)) });
  session.happened("open", 501);
  session.happened("cancel");
  session.happened("open", 501);
  answers[0](paidPayment);
  await rest();
  assert.equal(now().confirmation.state, "reading");
  answers[1](payment());
  await rest();
  assert.equal(now().confirmation.state, "asking");
});

test("the failure of a read whose dialog was closed changes nothing either", async () => {
  const answers = [];
  const { session, now } = await opened({ getPayment: () => new Promise((_, reject) => answers.push(reject)) });
  session.happened("open", 501);
  session.happened("cancel");
  session.happened("open", 501);
  answers[0](refusal("NO_ANSWER"));
  await rest();
  assert.equal(now().confirmation.state, "reading");
});

const outcomes = [
  [{ status: "paid", payment: paidPayment, recovered: false }, "paid", english.say("text.paid", { number: "917/1" })],
  [{ status: "paid", payment: paidPayment, recovered: true }, "paid", english.say("text.recovered", { number: "917/1" })],
  [{ status: "alreadyPaid", payment: paidPayment, sent: true }, "alreadyPaid", english.say("text.alreadyPaidSent", { number: "917/1" })],
  [{ status: "notApplied", payment: payment() }, "notApplied"],
  [{ status: "notApplied", payment: payment(), cause: refusal("NO_ANSWER") }, "silentlyUnpaid"],
  [{ status: "unverified", cause: refusal("ACCESS_DENIED") }, "unverified"],
  [{ status: "unknown", cause: refusal("NO_ANSWER"), payment: payment() }, "unknown"],
];
for (const [outcome, state, sentence] of outcomes) {
  test(`the outcome ${outcome.status}${outcome.cause ? ` after ${outcome.cause.code}` : outcome.recovered ? ", recovered," : ""} is told as ${state}`, async () => {
    const { now } = await confirmed({ payPayment: async () => outcome });
    assert.equal(now().confirmation.state, state);
    if (sentence) assert.deepEqual(now().confirmation.lines, [sentence, "Paid: Sep 9, 2026, 10:52 PM, by user 7"]);
    assert.equal(now().rows[0].state === "paid", Boolean(outcome.payment?.paid));
  });
}

const rejections = [
  [refusal("REFUSED", { portalText: "Заказ №77 отменен\n<img src=x onerror=1>" }), "refused"],
  [refusal("ACCESS_DENIED"), "refused"],
  [refusal("LIMITED", { retry: "safe" }), "retryable"],
  [refusal("UNDER_WAY", { retry: "safe" }), "retryable"],
  [refusal("RETURNED"), "returned"],
  [new TypeError("something of ours"), "refused"],
];
for (const [error, state] of rejections) {
  test(`the rejection ${error.code ?? error.name} is told as ${state}, never as paid`, async () => {
    const { now } = await confirmed({ payPayment: async () => { throw error; } });
    assert.equal(now().confirmation.state, state);
    assert.equal(now().confirmation.quote, error.portalText ?? "");
    assert.equal(now().rows[0].state, "unpaid");
  });
}

test("while another tab is confirming the same payment, nobody says that nothing is paid", async () => {
  const { now } = await confirmed({ payPayment: async () => { throw refusal("UNDER_WAY", { retry: "safe" }); } });
  assert.equal(now().confirmation.title, "Nothing was carried out");
  const limited = await confirmed({ payPayment: async () => { throw refusal("LIMITED", { retry: "safe" }); } });
  assert.equal(limited.now().confirmation.title, "Nothing was paid");
  limited.session.happened("again");
  assert.equal(limited.now().confirmation.title, "Mark €1,000.00 as paid?");
});

test("an amount or a pay system that changed between reading and sending is read again and shown", async () => {
  for (const [code, change] of [["AMOUNT_CHANGED", { sum: "999" }], ["OTHER_PAY_SYSTEM", { paySystemId: 6, paySystemName: "Cash" }]]) {
    const reads = [payment(), payment(change)];
    const { now } = await confirmed({ getPayment: async () => reads.shift(), payPayment: async () => { throw refusal(code); } });
    assert.equal(now().confirmation.state, "changed", code);
    assert.ok(now().confirmation.lines.includes("Nothing was carried out."), code);
  }
});

test("an unknown outcome is checked by reading, and its row asks to be checked", async () => {
  const reads = [payment(), payment(), paidPayment];
  const { session, now, calls } = await confirmed({ getPayment: async () => reads.shift(), payPayment: async () => ({ status: "unknown", cause: refusal("NO_ANSWER") }) });
  assert.equal(now().rows[0].action.event, "openUnknown");
  session.happened("check");
  await rest();
  assert.equal(now().confirmation.state, "stillUnpaid");
  assert.equal(now().confirmation.lines[1], "Its row says “Not known” until the request has had its effect or the page is reloaded.");
  session.happened("check");
  await rest();
  assert.equal(now().confirmation.state, "foundPaid");
  assert.equal(now().rows[0].state, "paid");
  assert.equal(calls("payPayment").length, 1);
});

test("what could not be read back and then is read as unpaid is unpaid, in its row too", async () => {
  const reads = [payment(), refusal("ACCESS_DENIED"), payment()];
  const getPayment = async () => {
    const read = reads.shift();
    if (read instanceof Error) throw read;
    return read;
  };
  const { session, now } = await confirmed({ getPayment, payPayment: async () => ({ status: "unverified", cause: refusal("ACCESS_DENIED") }) });
  assert.equal(now().rows[0].state, "doubtful");
  session.happened("check");
  await rest();
  assert.deepEqual([now().confirmation.state, now().rows[0].state], ["unverified", "doubtful"]);
  session.happened("check");
  await rest();
  assert.deepEqual([now().confirmation.state, now().rows[0].state], ["notApplied", "unpaid"]);
});

test("what could not be read back opens as that again, and a list read later decides about it", async () => {
  const lists = [payment(), payment()].map((each) => async () => [each]);
  const unverified = async () => ({ status: "unverified", cause: refusal("ACCESS_DENIED") });
  const { session, now } = await confirmed({ listPayments: () => lists.shift()(), payPayment: unverified });
  session.happened("cancel");
  assert.deepEqual([now().rows[0].state, now().rows[0].action.event], ["doubtful", "openUnverified"]);
  session.happened("openUnverified", 501);
  assert.equal(now().confirmation.state, "unverified");
  session.happened("cancel");
  session.happened("refresh");
  await rest();
  assert.equal(now().rows[0].state, "unpaid");
});

test("a list that was asked for before the portal's yes decides nothing about it", async () => {
  let answer;
  let at = 0;
  const lists = [async () => [payment()], () => new Promise((resolve) => { answer = resolve; })];
  const { session, now } = await opened({ listPayments: () => lists.shift()(), payPayment: async () => ({ status: "unverified", cause: refusal("ACCESS_DENIED") }) }, { now: () => at });
  session.happened("refresh");
  session.happened("open", 501);
  await rest();
  at = 1;
  session.happened("confirm", {});
  await rest();
  session.happened("cancel");
  answer([payment()]);
  await rest();
  assert.deepEqual([now().screen, now().rows[0].state], ["list", "doubtful"]);
});

test("what the portal ignored can be marked in CRM, once", async () => {
  const { session, now, calls } = await confirmed({
    payPayment: async () => ({ status: "notApplied", payment: payment() }),
    markPaid: async () => ({ status: "paid", payment: paidPayment, recovered: false }),
  });
  session.happened("mark");
  session.happened("mark");
  await rest();
  assert.equal(calls("markPaid").length, 1);
  assert.equal(now().confirmation.state, "paid");
});

test("marking in CRM expects what was shown, and pays again what was shown as returned", async () => {
  for (const [change, more] of [[{}, {}], [{ returned: true }, { payReturned: true }]]) {
    const shown = async () => payment({ paySystemId: 0, paySystemName: "", ...change });
    const { session, calls } = await opened({ listPayments: async () => [await shown()], getPayment: shown, markPaid: () => new Promise(() => {}) });
    session.happened("open", 501);
    await rest();
    session.happened("mark");
    await rest();
    const [[, id, { signal, ...options }], ...others] = calls("markPaid");
    assert.deepEqual([id, options, others], [501, { ...more, known: await shown(), expect: { sum: "1000", currency: "EUR" }, settleMs: 3000 }, []]);
  }
});

test("a write that takes longer than was told is stopped then: nothing was carried out, or what it did is not known", async () => {
  const stopped = refusal("ABORTED", { retry: "safe" });
  const sentences = (now) => [now().confirmation.title, ...now().confirmation.lines].join(" ");
  const writes = [
    ["payPayment", payment(), ["open", "confirm"], { status: "unknown", cause: stopped }, "retryable", "unknown"],
    ["markPaid", payment({ paySystemId: 0 }), ["open", "mark"], { status: "unknown", cause: stopped }, "retryable", "unknown"],
    ["markUnpaid", paidPayment, ["openUndo", "undo"], { status: "unknown", cause: stopped }, "undoRetryable", "undoUnknown"],
  ];
  for (const [write, known, [open, confirm], outcome, rejected, resolved] of writes) {
    for (const isSent of [false, true]) {
      const waits = new Set();
      const over = (ms, work) => {
        const wait = { ms, work };
        waits.add(wait);
        return () => waits.delete(wait);
      };
      const held = (_, { signal }) => new Promise((resolve, reject) => { signal.addEventListener("abort", () => (isSent ? resolve(outcome) : reject(stopped))); });
      const { session, now } = await opened({ [write]: held, listPayments: async () => [known], getPayment: async () => known }, { over });
      session.happened(open, 501);
      await rest();
      session.happened(confirm, { reason: "" });
      await rest();
      const [{ ms, work }] = waits;
      assert.match(sentences(now), new RegExp(`at most ${english.duration(ms)}`));
      work();
      await rest();
      assert.equal(now().confirmation.state, isSent ? resolved : rejected);
      assert.equal(/carried out/.test(sentences(now)), !isSent, sentences(now));
      assert.equal(waits.size, 0, "nothing waits any more");
    }
  }
});

test("details are those of the press that confirmed, also when a returned payment is paid again", async () => {
  const details = { invoiceId: "A-1" };
  const { session, now, calls } = await opened({ payPayment: async (_, { payReturned }) => {
    if (!payReturned) throw refusal("RETURNED");
    return { status: "paid", payment: paidPayment, recovered: false };
  } });
  session.happened("open", 501);
  session.happened("confirm", { invoiceId: "0" });
  await rest();
  session.happened("confirm", details);
  session.happened("confirm", { invoiceId: "0" });
  assert.deepEqual([now().confirmation.state, now().confirmation.faults], ["paying", {}]);
  await rest();
  session.happened("confirmReturned");
  await rest();
  assert.deepEqual(calls("payPayment").map(([, request]) => request), Array(2).fill({ paymentId: 501, paySystemId: 11, details }));
});

test("a returned payment is paid again only when that was said", async () => {
  const { session, now, calls } = await confirmed({ payPayment: async (_, { payReturned }) => {
    if (!payReturned) throw refusal("RETURNED");
    return { status: "paid", payment: paidPayment, recovered: false };
  } });
  session.happened("confirmReturned");
  assert.equal(now().confirmation.state, "paying");
  await rest();
  assert.deepEqual(calls("payPayment").map(([, , options]) => options.payReturned), [undefined, true]);
});

test("a returned payment that is marked again is marked, and where that does nothing marking is not offered once more", async () => {
  const { session, now, calls } = await opened({ listPayments: async () => [payment({ paySystemId: 0 })], getPayment: async () => payment({ paySystemId: 0 }), markPaid: async (_, { payReturned }) => {
    if (!payReturned) throw refusal("RETURNED");
    return { status: "notApplied", payment: payment({ paySystemId: 0 }) };
  } });
  session.happened("open", 501);
  await rest();
  session.happened("mark");
  await rest();
  assert.equal(now().confirmation.state, "returned");
  session.happened("confirmReturned");
  assert.equal(now().confirmation.state, "marking");
  await rest();
  assert.equal(now().confirmation.state, "notMarked");
  assert.deepEqual(calls("markPaid").map(([, , options]) => options.payReturned), [undefined, true]);
});

const failures = [
  [refusal("ACCESS_DENIED"), "ACCESS_DENIED", "refresh"],
  [refusal("MISSING_SCOPE", { scope: "crm" }), "MISSING_SCOPE", "refresh"],
  [refusal("NO_ANSWER"), "NO_ANSWER", "refresh, reload"],
  [refusal("AUTH_EXPIRED"), "AUTH_EXPIRED", "reload"],
  [refusal("NOT_LOADED"), "NOT_LOADED", "reload"],
  [refusal("WASM_BLOCKED"), "WASM_BLOCKED", "reload"],
  [refusal("NOT_IN_PORTAL"), "NOT_IN_PORTAL", "reload"],
  [refusal("NO_LIBRARY"), "NO_LIBRARY", "reload"],
  [refusal("NO_HANDSHAKE"), "NO_HANDSHAKE", "reload"],
  [refusal("NOT_FOUND"), "NOT_FOUND", "refresh"],
  [refusal("UNDER_WAY"), "UNDER_WAY", "refresh"],
  [new TypeError("ours"), "UNEXPECTED", "reload"],
];
for (const [error, code, way] of failures) {
  test(`a list that fails with ${code} has a screen with its words and a way on: ${way}`, async () => {
    const { now } = await opened({ listPayments: async () => { throw error; } });
    assert.equal(now().screen, "failed");
    assert.deepEqual([now().failure.code, now().failure.ways.join(", ")], [code, way]);
    if (error.scope) assert.match(now().failure.text, /“crm”/);
  });
}

test("where payments are looked for, a failure leads back to that, unless only a fresh page helps", async () => {
  for (const [error, code, way] of failures) {
    const { session, now } = await opened({ listPayments: async () => { throw error; } }, { subject: { kind: "search" } });
    session.happened("find", { kind: "deal", text: "7" });
    await rest();
    assert.deepEqual([now().failure.code, now().canSearch], [code, way !== "reload"]);
  }
});

const silence = refusal("NO_ANSWER", { retry: "readFirst" });
const unknown = { status: "unknown", cause: silence, payment: payment() };

/** Confirms, learns nothing, reads it as unpaid so far, and tries again, which is answered by what the test gives. */
async function triedAgain(reads, payments = []) {
  const ends = [async () => unknown, ...payments];
  const answers = [async () => payment(), async () => payment(), ...reads];
  const at = await confirmed({ payPayment: () => ends.shift()(), getPayment: () => answers.shift()() });
  at.session.happened("check");
  await rest();
  assert.equal(at.now().confirmation.state, "stillUnpaid");
  at.session.happened("again");
  await rest();
  return at;
}

test("what failed has a title of its own, the portal's words, and details for support where somebody can do something", async () => {
  const titles = {};
  for (const code of ["NOT_IN_PORTAL", "NOT_FOUND", "ACCESS_DENIED", "UNDER_WAY"]) {
    const { now } = await opened({ listPayments: async () => { throw refusal(code, code === "ACCESS_DENIED" ? { portalText: "no" } : {}); } });
    const { title, quote, diagnostic } = now().failure;
    titles[code] = [title, quote, diagnostic];
  }
  assert.deepEqual(titles, {
    NOT_IN_PORTAL: ["Open this page in Bitrix24", "", ""], NOT_FOUND: ["Nothing found", "", ""],
    ACCESS_DENIED: ["Not allowed", "no", "ACCESS_DENIED"], UNDER_WAY: ["Something went wrong", "", "UNDER_WAY"],
  });
});

test("once something was sent, no later sentence about that payment says that nothing was", async () => {
  const said = ({ now }) => [now().confirmation.title, ...now().confirmation.lines].join(" ");
  const fails = async () => { throw silence; };
  for (const [reads, state] of [[[async () => paidPayment], "alreadyPaid"], [[fails], "unread"], [[async () => payment({ sum: "1200" })], "changed"]]) {
    const at = await triedAgain(reads);
    assert.equal(at.now().confirmation.state, state);
    assert.doesNotMatch(said(at), /nothing was/i);
  }
  for (const [outcome, state] of [
    [async () => ({ status: "alreadyPaid", payment: paidPayment, sent: false }), "alreadyPaid"],
    [async () => { throw refusal("RETURNED"); }, "returned"],
  ]) {
    const at = await triedAgain([async () => payment()], [outcome]);
    at.session.happened("confirm");
    await rest();
    assert.equal(at.now().confirmation.state, state);
    assert.doesNotMatch(said(at), /nothing was/i);
  }
});

test("while an earlier request may still have an effect, a later refusal is not told as if nothing was paid", async () => {
  for (const error of [refusal("LIMITED", { retry: "safe" }), refusal("UNDER_WAY", { retry: "safe" }), refusal("REFUSED"), refusal("ACCESS_DENIED")]) {
    const at = await triedAgain([async () => payment(), async () => payment()], [async () => { throw error; }]);
    at.session.happened("confirm");
    await rest();
    assert.equal(at.now().confirmation.state, "unknown");
    assert.equal(at.now().confirmation.title, "Not known");
    assert.equal(at.now().rows[0].state, "doubtful");
    assert.deepEqual(at.now().confirmation.lines.length, 2, "what was said now is told, too");
  }
});

test("after a refusal of this page nobody says that nothing was sent", async () => {
  const ends = [refusal("LIMITED", { retry: "safe" }), refusal("UNDER_WAY", { retry: "safe" })];
  const { session, now } = await confirmed({ payPayment: async () => { throw ends.shift(); } });
  for (const event of ["again", "confirm"]) {
    session.happened(event);
    await rest();
  }
  assert.deepEqual([now().confirmation.state, now().confirmation.title], ["retryable", "Not known"]);
});

test("nor is it said of what was left unknown before this page was opened", async () => {
  const reads = [async () => payment(), async () => { throw silence; }];
  const doubtful = new Map([[501, { event: "openUnknown", over: Infinity }]]);
  const { session, now } = await opened({ getPayment: () => reads.shift()() }, { known: { doubtful, notices: [] } });
  for (const [event, state] of [["openUnknown", "unknown"], ["check", "stillUnpaid"], ["again", "unread"]]) {
    session.happened(event, 501);
    await rest();
    assert.equal(now().confirmation.state, state);
  }
  assert.doesNotMatch(now().confirmation.lines.join(" "), /nothing was/i);
});

test("a dialog says nothing of what the one before it was about", async () => {
  const two = () => [payment(), payment({ id: 502, accountNumber: "917/2" })];
  const told = async (outcome, next, nextRead) => {
    const reads = [async () => payment(), nextRead];
    const { session, now } = await opened({ listPayments: async () => two(), getPayment: () => reads.shift()(), payPayment: outcome },
      { known: { doubtful: new Map([[502, { event: "openUnknown", over: Infinity }]]), notices: [] } });
    for (const event of ["open", "confirm", "cancel"]) {
      session.happened(event, event === "open" ? 501 : {});
      await rest();
    }
    session.happened(next, 502);
    await rest();
    return now().confirmation;
  };
  const paid = async () => ({ ...paidPayment, id: 502, accountNumber: "917/2" });
  const sent = await told(async () => ({ status: "alreadyPaid", payment: paidPayment, sent: true }), "open", paid);
  assert.equal(sent.lines[0], english.say("text.alreadyPaid", { number: "917/2" }));
  const refused = await told(async () => { throw refusal("REFUSED", { portalText: "no" }); }, "openUnknown");
  assert.deepEqual([refused.state, refused.quote, refused.diagnostic, refused.lines.length], ["unknown", "", "", 1]);
});

test("a row that is not in the list any more opens nothing", async () => {
  const { session, now } = await opened();
  session.happened("open", 999);
  assert.equal(now().confirmation.state, "closed");
});

test("a check that has no answer says so", async () => {
  const reads = [async () => payment(), async () => { throw silence; }];
  const { session, now } = await confirmed({ payPayment: async () => unknown, getPayment: () => reads.shift()() });
  session.happened("check");
  await rest();
  assert.equal(now().confirmation.state, "unknown");
  assert.equal(now().confirmation.lines.at(-1), "No answer came in time.");
});

test("what failed is told by itself, and no longer once the payment was read", async () => {
  const fails = (portalText) => async () => { throw refusal("ACCESS_DENIED", { portalText }); };
  const said = ({ now }) => [now().confirmation.state, now().confirmation.quote, now().confirmation.diagnostic];
  const reads = [fails("one"), fails("two"), async () => payment(), fails("four"), async () => payment(), async () => paidPayment];
  const unknown = { status: "unknown", cause: refusal("NONSENSE", { portalText: "three" }) };
  const at = await opened({ getPayment: () => reads.shift()(), payPayment: async () => unknown });
  for (const [event, ...told] of [
    ["open", "unread", "one", "ACCESS_DENIED"], ["again", "unread", "two", "ACCESS_DENIED"], ["again", "asking", "", ""],
    ["confirm", "unknown", "three", "NONSENSE"], ["check", "unknown", "four", "ACCESS_DENIED"], ["check", "stillUnpaid", "", ""],
    ["check", "foundPaid", "", ""],
  ]) {
    at.session.happened(event, event === "open" ? 501 : undefined);
    await rest();
    assert.deepEqual(said(at), told);
  }
});

test("that nothing was carried out is said of what somebody else has paid, unless something was sent", async () => {
  for (const sent of [false, true]) {
    const { now } = await confirmed({ payPayment: async () => ({ status: "alreadyPaid", payment: paidPayment, sent }) });
    assert.equal(/Nothing was carried out/.test(now().confirmation.lines.join(" ")), !sent);
  }
});

test("that the portal did not answer in time is said where that is what happened, and nowhere else", async () => {
  const lines = async (cause) => (await confirmed({ payPayment: async () => ({ status: "notApplied", payment: payment(), cause }) })).now().confirmation.lines;
  const unpaid = "Payment 917/1 was read afterwards and is unpaid; the request can no longer change that.";
  assert.deepEqual(await lines(silence), ["No answer came in time.", unpaid]);
  assert.deepEqual(await lines(refusal("NONSENSE", { retry: "readFirst" })), ["The portal, or something between, answered with something unexpected.", unpaid]);
});

test("what failed of the list is not told to support as if it were of the payment looked at before", async () => {
  const lists = [async () => [payment()], async () => { throw silence; }];
  const of = [];
  const { session, now } = await opened({ listPayments: () => lists.shift()() }, { diagnosticOf: (error, about) => (of.push(about?.id), "diagnostic") });
  session.happened("open", 501);
  await rest();
  session.happened("cancel");
  session.happened("refresh");
  await rest();
  assert.equal(now().screen, "failed");
  assert.equal(of.at(-1), undefined);
});

test("a later call to which the portal said yes does not end what is not known of an earlier one", async () => {
  const at = await triedAgain([async () => payment(), async () => payment()], [async () => ({ status: "unverified", cause: refusal("ACCESS_DENIED") })]);
  at.session.happened("confirm");
  await rest();
  assert.equal(at.now().confirmation.state, "unverified");
  at.session.happened("check");
  await rest();
  assert.deepEqual([at.now().confirmation.state, at.now().rows[0].state], ["stillUnpaid", "doubtful"]);
});

test("while another confirmation is under way after one of this page, the title says neither that nothing was sent nor that nothing was paid", async () => {
  const ends = [async () => ({ status: "notApplied", payment: payment(), cause: silence }), async () => { throw refusal("UNDER_WAY", { retry: "safe" }); }];
  const { session, now } = await confirmed({ payPayment: () => ends.shift()() });
  session.happened("again");
  await rest();
  session.happened("confirm");
  await rest();
  assert.deepEqual([now().confirmation.state, now().confirmation.title], ["retryable", "Not known"]);
});
