// The list, without a document: its order, filter and pages, what was left from before, and looking for another one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { matching, plain } from "../../www/rows.js";
import { opened, paid, payment, refusal, rest } from "./stage.js";

const numbered = (count, change = () => ({})) => Array.from({ length: count }, (_, at) => payment({ id: at + 1, accountNumber: `917/${at + 1}`, ...change(at) }));

test("unpaid ones come first, numbers are ordered as people count, and a paid one stays where it was", async () => {
  const list = [paid({ id: 4, accountNumber: "917/4" }), payment({ id: 3, accountNumber: "917/10" }), payment({ id: 501, accountNumber: "917/2" })];
  const { session, now } = await opened({ listPayments: async () => list, getPayment: async () => payment({ accountNumber: "917/2" }) });
  assert.deepEqual(now().rows.map(({ number }) => number), ["917/2", "917/10", "917/4"]);
  session.happened("open", 501);
  await rest();
  session.happened("confirm", {});
  await rest();
  assert.deepEqual(now().rows.map(({ id, state }) => [id, state]), [[501, "paid"], [3, "unpaid"], [4, "paid"]]);
});

test("each row says its state, what can be done about it, and of which payment and amount that is", async () => {
  const { session, now } = await opened({
    listPayments: async () => [payment({ id: 1 }), payment({ id: 2, returned: true }), paid({ id: 3 }), paid({ id: 4, datePaid: null }), payment({ id: 501 })],
    payPayment: async () => ({ status: "unknown", cause: refusal("NO_ANSWER"), payment: payment() }),
  });
  session.happened("open", 501);
  await rest();
  session.happened("confirm");
  await rest();
  const told = now().rows.map(({ id, stateText, stateNote, action: { event, text, label } }) => [id, stateText, stateNote.replace("\u202f", " "), event, text, label]);
  assert.deepEqual(told, [
    [1, "Unpaid", "", "open", "Confirm", "Confirm payment 917/1, €1,000.00"],
    [2, "Returned", "", "open", "Confirm", "Confirm payment 917/1, €1,000.00"],
    [501, "Not known", "", "openUnknown", "Check", "Check payment 917/1, €1,000.00"],
    [3, "Paid", "Sep 9, 2026, 10:52 PM, by user 7", "openUndo", "Undo", "Undo payment 917/1, €1,000.00"],
    [4, "Paid", "", "openUndo", "Undo", "Undo payment 917/1, €1,000.00"],
  ]);
});

test("a filter appears with more than ten payments and finds numbers, pay systems and amounts as they are shown", async () => {
  const { session, now } = await opened({ listPayments: async () => numbered(11, (at) => ({ sum: String(at * 1000), paySystemName: at % 2 ? "Kärcher" : "Cash" })) });
  assert.equal(now().filter.isShown, true);
  for (const [query, found] of [["917/11", 1], ["karcher", 5], ["€2,000.00", 1], ["cash 4000", 1], ["nothing like it", 0], ["  ", 11]]) {
    session.happened("filter", query);
    assert.equal(now().rows.length, found, query);
  }
  assert.deepEqual([now().nothingFound, now().filter.found], ["", ""]);
  session.happened("filter", " cash ");
  assert.deepEqual([now().nothingFound, now().filter.found], ["", "6 found"]);
  session.happened("filter", " nope ");
  assert.deepEqual([now().nothingFound, now().filter.found], ["No payment matches “nope”.", "0 found"]);
  const { now: ten } = await opened({ listPayments: async () => numbered(10) });
  assert.equal(ten().filter.isShown, false);
});

test("a filter finds a number in the digits of any keyboard, and what was copied with signs around it that nobody sees", async () => {
  const { session, now } = await opened({ listPayments: async () => numbered(11, (at) => ({ sum: String(at * 1000) })) });
  for (const query of ["٩١٧/١١", "۹۱۷/۱۱", "९१७/११", "๙๑๗/๑๑", "９１７／１１", "\u2068917/11\u2069", "٤٠٠٠"]) {
    session.happened("filter", query);
    assert.equal(now().rows.length, 1, query);
  }
});

test("the digits of each keyboard are ours, in their order, and nothing else becomes one", () => {
  for (const digits of ["٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९", "๐๑๒๓๔๕๖๗๘๙", "０１２３４５６７８９"]) assert.equal(plain(digits), "0123456789", digits);
  assert.equal(plain("A-77/1 № é ½ ①"), "A-77/1 № é ½ ①");
});

test("where a list becomes so short that it has no filter, no row is left out by what was typed there", async () => {
  const lists = [numbered(11), numbered(10)];
  const { session, now } = await opened({ listPayments: async () => lists.shift() });
  session.happened("filter", "917/11");
  assert.equal(now().rows.length, 1);
  session.happened("refresh");
  await rest();
  assert.deepEqual([now().filter, now().nothingFound, now().rows.length], [{ isShown: false, query: "", found: "" }, "", 10]);
});

test("a payment without a number or a pay system is found by what stands there instead", async () => {
  const unnamed = (at) => ({ id: 60_000 + at, accountNumber: at === 3 ? " " : `917/${at}`, ...(at === 5 && { paySystemId: 0, paySystemName: "" }), ...(at === 7 && { paySystemName: "", paySystemId: 4711 }) });
  const { session, now } = await opened({ listPayments: async () => numbered(11, unnamed) });
  for (const [query, number] of [["4711", "917/7"], ["no pay system", "917/5"]]) {
    session.happened("filter", query);
    assert.deepEqual(now().rows.map((row) => row.number), [number], query);
  }
  session.happened("filter", "");
  const shown = now().rows.find(({ number }) => !number.startsWith("917/")).number;
  session.happened("filter", shown);
  assert.deepEqual(now().rows.map((row) => row.number), [shown]);
});

test("a payment is looked for by the amount as it is written now, also when it was written otherwise before", () => {
  const list = [payment({ sum: "1000" })];
  assert.equal(matching(list, "1,000", () => "€1,000.00").length, 1);
  assert.equal(matching(list, "1.000", () => "1.000,00 €").length, 1);
  assert.equal(matching(list, "1,000", () => "1.000,00 €").length, 0);
});

test("a thousand payments are shown by the hundred, selected together, and all of them on paper", async () => {
  const { session, now, told } = await opened({ listPayments: async () => numbered(1000) });
  assert.equal(now().rows.length, 100);
  assert.equal(now().more, "Show 100 more");
  session.happened("more");
  assert.equal(now().rows.length, 200);
  const before = told.length;
  session.happened("selectAll", true);
  assert.equal(told.length, before + 1, "the screen is told once, not once a payment");
  assert.equal(now().selection.text, "1,000 selected");
  session.happened("everyRow");
  assert.equal(now().rows.length, 1000);
  assert.equal(now().more, "");
  session.happened("filter", "917");
  assert.equal(now().rows.length, 100, "what a filter finds begins with the first hundred again");
  for (const [count, more] of [[100, ""], [130, "Show 30 more"]]) assert.equal((await opened({ listPayments: async () => numbered(count) })).now().more, more);
});

test("what was under way when the page was closed is told by the list itself, in one request", async () => {
  const sentAt = "2026-09-10T01:50:00+03:00";
  const { now, asked, announced, session } = await opened({
    listPayments: async () => [payment(), paid({ id: 502, accountNumber: "917/2" })],
    unsettled: async () => [{ paymentId: 501, paySystemId: 11, sentAt }, { paymentId: 502, paySystemId: 11, sentAt }],
  }, { now: () => Date.parse(sentAt) + 1000 });
  assert.deepEqual(asked.map(([name]) => name), ["listPayments", "unsettled"]);
  assert.equal(now().rows[0].state, "doubtful");
  assert.match(now().notices[0], /payment 917\/1 .*unpaid so far/);
  assert.match(now().notices[1], /payment 917\/2 .*is paid\./);
  assert.equal(announced.at(-1), [...now().notices, "Not known: 1"].join(" "));
  session.happened("refresh");
  await rest();
  assert.equal(now().notices.length, 2);
  assert.equal(announced.at(-1), "Not known: 1", "a notice that stands is not spoken again");
  session.happened("dismiss");
  assert.deepEqual(now().notices, []);
});

test("what may have been an undo is told as neither, and is checked first whatever was read", async () => {
  const sentAt = "2026-09-10T01:50:00+03:00";
  const { now, session } = await opened({
    listPayments: async () => [payment(), paid({ id: 502, accountNumber: "917/2" })],
    unsettled: async () => [{ paymentId: 501, paySystemId: null, sentAt }, { paymentId: 502, paySystemId: null, sentAt }],
  });
  assert.deepEqual(now().rows.map(({ state, action: { event } }) => [state, event]), [["doubtful", "openUnknown"], ["doubtful", "openUndoUnknown"]]);
  assert.deepEqual(now().notices.map((notice) => notice.replace("\u202f", " ")), [1, 2].map((number) => (
    `A change of payment 917/${number} was sent on Sep 9, 2026, 10:50 PM, then the page was closed. Please check it before you do anything else.`)));
  session.happened("openUndoUnknown", 502);
  assert.equal(now().confirmation.state, "undoUnknown");
});

test("what was left is known again by a reading that begins when it can no longer change anything, in the dialog and by the list", async () => {
  const sentAt = "2026-09-10T01:50:00Z";
  const sent = Date.parse(sentAt);
  const both = [payment(), paid({ id: 502, accountNumber: "917/2" })];
  const left = (paySystemId) => ({
    listPayments: async () => both, getPayment: async (id) => both.find((each) => each.id === id),
    unsettled: async () => both.map(({ id }) => ({ paymentId: id, paySystemId, sentAt })),
  });
  let at = sent + 1000;
  const states = ({ rows }) => rows.map(({ state }) => state);
  const { session, now } = await opened(left(null), { settleMs: 3000, now: () => at });
  const checked = async (event, id) => {
    session.happened(event, id);
    session.happened("check");
    await rest();
    const { state } = now().confirmation;
    session.happened("cancel");
    return state;
  };
  assert.deepEqual([await checked("openUnknown", 501), await checked("openUndoUnknown", 502)], ["stillUnpaid", "paidSoFar"]);
  at = sent + 2999;
  session.happened("refresh");
  await rest();
  assert.deepEqual(states(now()), ["doubtful", "doubtful"]);
  at = sent + 3000;
  assert.deepEqual([await checked("openUnknown", 501), await checked("openUndoUnknown", 502)], ["silentlyUnpaid", "foundPaid"]);
  assert.deepEqual(states(now()), ["unpaid", "paid"]);

  at = sent + 1000;
  for (const paySystemId of [null, 11]) {
    const other = await opened(left(paySystemId), { settleMs: 3000, now: () => at });
    assert.equal(states(other.now())[0], "doubtful");
    at = sent + 5000;
    other.session.happened("refresh");
    await rest();
    assert.deepEqual(states(other.now()), ["unpaid", "paid"]);
  }
  // Told for the first time long after: it is checked once all the same.
  assert.deepEqual(states((await opened(left(null), { now: () => sent + 86_000_000 })).now()), ["doubtful", "doubtful"]);
});

for (const [how, ms] of [["ahead", 3_600_000], ["back", -3_600_000]]) {
  test(`a machine's clock that is set ${how} neither shortens nor prolongs the doubt about what was left`, async (t) => {
    const sent = Date.parse("2026-09-10T01:50:00Z");
    let [page, wall] = [5000, sent + 1000];
    t.mock.method(performance, "now", () => page);
    t.mock.method(Date, "now", () => wall);
    const left = [{ paymentId: 501, paySystemId: 11, sentAt: new Date(sent).toISOString() }];
    const { session, now } = await opened({ unsettled: async () => left }, { settleMs: 3000 });
    const stateAfter = async (passed) => {
      page += passed;
      wall += passed;
      session.happened("refresh");
      await rest();
      return now().rows[0].state;
    };
    wall += ms;
    assert.deepEqual([await stateAfter(1999), await stateAfter(1)], ["doubtful", "unpaid"]);
  });

  test(`a machine's clock that is set ${how} while a list is being read has no older list decide about the portal's yes`, async (t) => {
    let wall = Date.parse("2026-09-10T01:50:00Z");
    let page = 5000;
    t.mock.method(performance, "now", () => page);
    t.mock.method(Date, "now", () => wall);
    const answers = [];
    const lists = [async () => [payment()], () => new Promise((resolve) => answers.push(resolve)), async () => [payment()]];
    const unverified = async () => ({ status: "unverified", cause: refusal("ACCESS_DENIED") });
    const { session, now } = await opened({ listPayments: () => lists.shift()(), payPayment: unverified });
    const step = async (event, value) => {
      page += 10;
      wall += 10;
      session.happened(event, value);
      await rest();
    };
    await step("refresh");
    await step("open", 501);
    wall += ms;
    await step("confirm", {});
    await step("cancel");
    answers[0]([payment()]);
    await rest();
    assert.equal(now().rows[0].state, "doubtful");
    await step("refresh");
    assert.equal(now().rows[0].state, "unpaid");
  });
}

test("what was left at a time that is none is known again by the next reading", async () => {
  const { session, now } = await opened({ unsettled: async () => [{ paymentId: 501, paySystemId: 11, sentAt: "" }] });
  assert.equal(now().rows[0].state, "doubtful");
  session.happened("refresh");
  await rest();
  assert.equal(now().rows[0].state, "unpaid");
});

test("without a journal the list comes all the same", async () => {
  const { now } = await opened({ unsettled: async () => { throw refusal("NONSENSE"); } });
  assert.deepEqual([now().screen, now().notices], ["list", []]);
});

test("what was under way elsewhere is read by itself, and said if it cannot be", async () => {
  const left = [{ paymentId: 900, paySystemId: 11, sentAt: "x" }];
  const read = await opened({ unsettled: async () => left, getPayment: async () => paid({ id: 900, accountNumber: "1/1" }) });
  assert.match(read.now().notices[0], /payment 1\/1 .*is paid/);
  const unpaid = await opened({ unsettled: async () => left, getPayment: async () => payment({ id: 900, accountNumber: "1/1" }) });
  assert.match(unpaid.now().notices[0], /payment 1\/1 .*is unpaid so far/);
  const unread = await opened({ unsettled: async () => [{ ...left[0], paymentId: 9000 }], getPayment: async () => { throw refusal("ACCESS_DENIED"); } });
  assert.match(unread.now().notices[0], /payment 9000 .*could not be read/);
});

/** Refreshes, confirms while the list is being read, and then lets the list come as it was before. */
async function confirmedWhileReading(outcome, late) {
  const lists = [async () => [payment()], () => new Promise((resolve) => { answer = () => resolve(late); })];
  let answer;
  const at = await opened({ listPayments: () => lists.shift()(), payPayment: async () => outcome });
  at.session.happened("refresh");
  at.session.happened("open", 501);
  await rest();
  at.session.happened("confirm", {});
  await rest();
  at.session.happened("cancel");
  answer();
  await rest();
  return at.now();
}

test("a list that was read before a payment was confirmed does not take back what came of that", async () => {
  const paidNow = await confirmedWhileReading({ status: "paid", payment: paid(), recovered: false }, [payment()]);
  assert.deepEqual([paidNow.screen, paidNow.rows[0].state, paidNow.summary], ["list", "paid", "Everything is paid"]);
  const unknown = { status: "unknown", payment: payment(), cause: refusal("NO_ANSWER") };
  assert.equal((await confirmedWhileReading(unknown, [payment()])).rows[0].state, "doubtful");
  // Whichever of the two readings came later: it was not unpaid for certain.
  assert.equal((await confirmedWhileReading(unknown, [paid()])).rows[0].state, "doubtful");
});

test("each reading of the list is announced, and what came of it, also when that is the same as before", async () => {
  const { session, announced } = await opened();
  session.happened("refresh");
  await rest();
  assert.deepEqual(announced, ["Reading the payments…", "1 unpaid", "Reading the payments…", "1 unpaid"]);
  const empty = await opened({ listPayments: async () => [] });
  assert.equal(empty.announced.at(-1), "No payments found");
});

test("above the list what is not known is counted as such, and what is empty is not called paid", async () => {
  const two = [payment(), payment({ id: 502, accountNumber: "917/2" })];
  const { session, now } = await opened({ listPayments: async () => two, payPayment: async () => ({ status: "unknown", cause: refusal("NO_ANSWER") }) });
  assert.equal(now().summary, "2 unpaid");
  session.happened("open", 501);
  await rest();
  session.happened("confirm", {});
  await rest();
  assert.equal(now().summary, "1 unpaid · Not known: 1");
  assert.equal((await opened({ listPayments: async () => [paid()] })).now().summary, "Everything is paid");
  assert.equal((await opened({ listPayments: async () => [] })).now().summary, "No payments found");
});

const searching = { subject: { kind: "search" } };

test("on the app page payments are found by deal, invoice, order and payment", async () => {
  for (const [kind, name, asked] of [["deal", "listPayments", { deal: 7 }], ["invoice", "listPayments", { invoice: 7 }], ["order", "listPayments", { order: 7 }], ["payment", "getPayment", 7]]) {
    const { session, now, calls } = await opened({}, searching);
    assert.equal(now().screen, "search");
    session.happened("find", { kind, text: kind === "deal" ? " 7 " : "\u2068٧\u2069" });
    await rest();
    assert.deepEqual(calls(name)[0][1], asked);
    assert.equal(now().screen, "list");
    session.happened("search");
    assert.equal(now().screen, "search");
  }
});

test("another list begins with no filter, nothing selected, and nothing of the one before it", async () => {
  const { session, now } = await opened({ listPayments: async () => [payment(), payment({ id: 502, accountNumber: "917/2" })] }, searching);
  session.happened("find", { kind: "deal", text: "x" });
  assert.notEqual(now().search.fault, "");
  for (const kind of ["deal", "order"]) {
    session.happened("find", { kind, text: "7" });
    assert.deepEqual([now().screen, now().rows, now().filter.query, now().search.fault], ["loading", [], "", ""]);
    await rest();
    assert.equal(now().selection.text, "0 selected");
    session.happened("selectAll", true);
    session.happened("filter", "917/1");
    session.happened("search");
  }
});

test("the page says whose payments it shows, and a row of which payment and order it is", async () => {
  for (const [subject, text] of [[{ kind: "deal", id: 7 }, "Deal 7"], [{ kind: "order", id: 77 }, "Order 77"], [{ kind: "payment", number: "917/1" }, "Payment 917/1"], [{ kind: "search" }, ""]]) {
    const { now } = await opened({ call: async () => ({ payments: [{ id: 501 }] }) }, { subject });
    assert.equal(now().subject, text);
  }
  const { now } = await opened({ listPayments: async () => [payment({ orderId: 917 }), payment({ id: 502, accountNumber: "917/2", sum: "5" })] });
  assert.deepEqual(now().rows.map(({ number, order, action, select }) => [number, order, action.text, action.label, select.label]), [
    ["917/1", "Order 917", "Confirm", "Confirm payment 917/1, €1,000.00", "Select payment 917/1, €1,000.00"],
    ["917/2", "", "Confirm", "Confirm payment 917/2, €5.00", "Select payment 917/2, €5.00"],
  ]);
});

test("a payment is found by its number, too", async () => {
  const { session, now, calls } = await opened({ call: async () => ({ payments: [{ id: "501" }] }) }, searching);
  session.happened("find", { kind: "payment", text: "917/1" });
  await rest();
  assert.deepEqual(calls("call")[0].slice(1), ["sale.payment.list", { select: ["id"], filter: { "=accountNumber": "917/1" } }]);
  assert.equal(now().rows[0].number, "917/1");
  const none = await opened({ call: async () => ({ payments: [] }) }, searching);
  none.session.happened("find", { kind: "payment", text: "917/9" });
  await rest();
  assert.equal(none.now().failure.code, "NOT_FOUND");
});

test("of what the portal finds by a number only what has an id is read; a number has neither spaces nor unseen signs around it", async () => {
  for (const [answer, ids] of [[{ payments: [{}, { id: 0 }, { id: "501" }] }, [501]], [{ payments: [{ id: null }] }, []], [{}, []], [null, []]]) {
    const { session, now, calls } = await opened({ call: async () => answer }, searching);
    session.happened("find", { kind: "payment", text: " \u2068917/1\u2069\t" });
    await rest();
    assert.deepEqual(calls("call")[0][2].filter, { "=accountNumber": "917/1" });
    assert.deepEqual(calls("getPayment").map(([, id]) => id), ids);
    assert.equal(now().failure?.code, ids.length ? undefined : "NOT_FOUND");
  }
});

test("a payment that has neither id nor number is refused, and nobody else's are shown in its place", async () => {
  const getPayment = async () => { throw refusal("INVALID_PAYMENT_ID"); };
  const { now, asked } = await opened({ getPayment, call: async () => ({ payments: [{ id: 501 }] }) }, { subject: { kind: "payment", id: "" } });
  assert.equal(now().failure.code, "INVALID_REQUEST");
  assert.deepEqual(asked.filter(([name]) => name !== "unsettled"), [["getPayment", ""]]);
});

test("what is no number is not asked for, and said beside the field", async () => {
  for (const [kind, text] of [["deal", "917/1"], ["deal", ""], ["payment", "abc"], ["order", "1.5"], ["payment", "-1"]]) {
    const { session, now, asked } = await opened({}, searching);
    session.happened("find", { kind, text });
    await rest();
    assert.equal(now().screen, "search");
    assert.match(now().search.fault, kind === "payment" ? /917\/1/ : /whole number|\b8061\b/);
    assert.deepEqual(asked, []);
  }
});

test("from the search there is a way back to what was listed last, and none before anything was", async () => {
  const { session, now, calls } = await opened({ getPayment: async () => { throw refusal("ACCESS_DENIED"); } }, searching);
  assert.equal(now().search.canGoBack, false);
  session.happened("back");
  assert.deepEqual([now().screen, calls("listPayments")], ["search", []]);
  const step = async (event, value) => {
    session.happened(event, value);
    await rest();
  };
  await step("find", { kind: "deal", text: "7" });
  await step("search");
  assert.equal(now().search.canGoBack, true);
  await step("find", { kind: "payment", text: "9" });
  assert.equal(now().screen, "failed");
  await step("search");
  await step("back");
  assert.deepEqual([now().screen, now().subject, now().rows.length, now().canSearch], ["list", "Deal 7", 1, true]);
});

test("a placement that cannot have payments says so, and offers to look for some", async () => {
  const { session, now, asked } = await opened({}, { subject: { kind: "none" } });
  assert.equal(now().screen, "none");
  assert.ok(now().canSearch);
  assert.deepEqual(asked, []);
  session.happened("search");
  assert.equal(now().screen, "search");
});

test("a deal without payments has a screen of its own", async () => {
  const lists = [[], [payment()]];
  const { session, now } = await opened({ listPayments: async () => lists.shift() });
  assert.deepEqual([now().screen, now().nothingFound], ["empty", ""]);
  session.happened("refresh");
  await rest();
  assert.equal(now().screen, "list");
});

/** A page that begins with what an earlier one left, ten seconds after it was sent. */
async function leftBehind(pay, paySystemId = 11, given = {}) {
  const sentAt = "2026-09-10T01:50:00Z";
  return opened({ unsettled: async () => [{ paymentId: 501, paySystemId, sentAt }], ...pay }, { settleMs: 65_000, now: () => Date.parse(sentAt) + 10_000, ...given });
}

test("a notice of what was left says what is known by now, or nothing", async () => {
  const reads = [payment(), paid(), paid()];
  const { session, now } = await leftBehind({ getPayment: async () => reads.shift(), markUnpaid: async () => ({ status: "unpaid", payment: payment() }) });
  const step = async (event, value) => {
    session.happened(event, value);
    await rest();
  };
  await step("openUnknown", 501);
  await step("check");
  await step("cancel");
  assert.match(now().notices[0], /is unpaid so far/);
  await step("openUnknown", 501);
  await step("check");
  assert.match(now().notices[0], /is paid\.$/);
  await step("cancel");
  await step("openUndo", 501);
  await step("undo", { reason: "" });
  assert.equal(now().confirmation.state, "unpaid");
  assert.deepEqual(now().notices, []);
});

test("a change that was left needs no check any more once it is known what became of it", async () => {
  const { session, now } = await leftBehind({ getPayment: async () => paid() }, null);
  session.happened("openUnknown", 501);
  session.happened("check");
  await rest();
  assert.deepEqual([now().rows[0].state, now().notices], ["paid", []]);
});

test("what could not be read when it was told is told anew by the list that has it", async () => {
  const lists = [[payment({ id: 900, accountNumber: "1/1" })], [payment()]];
  const { session, now } = await leftBehind({ listPayments: async () => lists.shift(), getPayment: async () => { throw refusal("NO_ANSWER"); } });
  assert.match(now().notices[0], /payment 501 .*could not be read/);
  session.happened("refresh");
  await rest();
  assert.match(now().notices[0], /payment 917\/1 .*is unpaid so far/);
});

test("what was left is told by the first list that comes, also where the one before it failed", async () => {
  const lists = [async () => { throw refusal("NO_ANSWER"); }, async () => [payment()]];
  const { session, now } = await leftBehind({ listPayments: () => lists.shift()() });
  assert.equal(now().screen, "failed");
  session.happened("refresh");
  await rest();
  assert.equal(now().rows[0].state, "doubtful");
  assert.match(now().notices[0], /is unpaid so far/);
});

test("where the list cannot be read, nobody is told any more that it is being read", async () => {
  const { announced, now } = await opened({ listPayments: async () => { throw refusal("NO_ANSWER"); } });
  assert.equal(now().screen, "failed");
  assert.equal(announced.at(-1), "");
});

test("what was seen to be returned stays so after a reading that does not tell, is asked about as that, and is so no longer once it was paid", async () => {
  const pays = [];
  const { session, now } = await opened({
    listPayments: async () => [payment({ returned: true })], getPayment: async () => payment(),
    payPayment: async (_, options) => { pays.push(options); return { status: "notApplied", payment: payment() }; },
  });
  session.happened("open", 501);
  await rest();
  assert.equal(now().rows[0].state, "returned");
  assert.ok(now().confirmation.lines.includes("This payment was returned to the customer. Confirming marks it as paid again."));
  session.happened("confirm");
  await rest();
  assert.equal(pays[0].payReturned, true);
  assert.equal(now().rows[0].state, "returned");
});

test("what was seen to be returned stays so in a list that does not tell", async () => {
  const lists = [[payment({ returned: true })], [payment()], [payment({ returned: false })]];
  const { session, now } = await opened({ listPayments: async () => lists.shift() });
  for (const state of ["returned", "returned", "unpaid"]) {
    assert.equal(now().rows[0].state, state);
    session.happened("refresh");
    await rest();
  }
});

test("what was read later stands in the row, whichever reading comes first", async () => {
  for (const [first, state] of [["refresh", "paid"], ["open", "unpaid"]]) {
    let at = 0;
    let tellPayment;
    let tellList;
    const lists = [async () => [payment()], () => new Promise((resolve) => { tellList = resolve; })];
    const { session, now } = await opened(
      { listPayments: () => lists.shift()(), getPayment: () => new Promise((resolve) => { tellPayment = resolve; }) }, { now: () => at },
    );
    for (const event of [first, first === "open" ? "refresh" : "open"]) {
      at += 1;
      session.happened(event, 501);
    }
    tellPayment(paid());
    await rest();
    tellList([payment()]);
    await rest();
    assert.equal(now().rows[0].state, state, `${first} first`);
  }
});

test("what is not listed any more is not selected any more", async () => {
  const lists = [numbered(3), numbered(2), numbered(3)];
  const { session, now } = await opened({ listPayments: async () => lists.shift() });
  session.happened("selectAll", true);
  for (let refreshed = 0; refreshed < 2; refreshed += 1) {
    session.happened("refresh");
    await rest();
    assert.equal(now().selection.text, "2 selected");
  }
  session.happened("clearSelection");
  assert.equal(now().selection.text, "0 selected");
});

test("a payment that was returned since the list was shown is told as changed", async () => {
  const { session, now } = await opened({ getPayment: async () => payment({ returned: true }) });
  session.happened("open", 501);
  await rest();
  assert.equal(now().confirmation.state, "changed");
  assert.ok(now().confirmation.lines.includes("State: Unpaid was shown, now it is Returned."));
});
