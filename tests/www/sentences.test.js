// Every state of the flow has its title, its sentences and its buttons, and each button means something in that state.
import assert from "node:assert/strict";
import { test } from "node:test";
import { bulk, confirmation, next, underWay } from "../../www/flow.js";
import { toldBulk } from "../../www/sentences_bulk.js";
import { beside } from "../../www/sentences_common.js";
import { toldConfirmation } from "../../www/sentences_confirmation.js";
import { textFor } from "../../www/timeline.js";
import { english, opened, paidPayment, payment, refusal, rest } from "./stage.js";

const session = {
  payment: payment(), shown: payment({ sum: "1" }), doubtful: new Map([[501, { over: Infinity }]]), outcome: null, error: refusal("NO_ANSWER"), faults: {}, afterword: null, longestWait: 5000,
  hasTimeline: () => true, diagnosticOf: () => "diagnostic",
  batch: { payments: [payment(), payment({ id: 502 })], changed: [], items: [], done: 0, total: 2, error: refusal("NO_ANSWER"), afterword: null },
};
/** A name of words instead of them, or none at all. */
const untold = /\b(title|text|button|bulk|error|row)\.(\w|$)|^$/m;

for (const state of Object.keys(confirmation).filter((name) => name !== "closed")) {
  test(`one payment, ${state}: it says what is so and offers only what the flow knows`, () => {
    const told = toldConfirmation({ ...session, confirmation: state }, english);
    assert.ok(told.lines.length > 0);
    assert.doesNotMatch([told.title, ...told.lines, ...told.buttons.map(({ text }) => text)].join("\n"), untold);
    for (const { event, look } of told.buttons) assert.equal(next(confirmation, state, event) === null, look === "busy", event);
    const isUnderWay = underWay.confirmation.has(state);
    assert.equal(told.buttons.some(({ event }) => event === "cancel"), !isUnderWay);
    // What has begun asks nothing any more.
    if (isUnderWay) assert.equal(told.title, told.buttons[0].text);
  });
}

for (const state of Object.keys(bulk).filter((name) => name !== "closed")) {
  test(`many payments, ${state}: it says what is so and offers only what the flow knows`, () => {
    const told = toldBulk({ ...session, bulk: state }, english);
    assert.doesNotMatch([told.title, ...told.lines, ...told.buttons.map(({ text }) => text)].join("\n"), untold);
    for (const { event, look } of told.buttons) assert.equal(next(bulk, state, event) === null, look === "busy", event);
  });
}

test("each state of one payment has its shape, its fields and its buttons, the way out first", () => {
  const looks = (state) => {
    const { shape, fields, buttons } = toldConfirmation({ ...session, confirmation: state }, english);
    return [shape, fields, ...buttons.map(({ event, look }) => (look ? `${event} ${look}` : event))].filter(Boolean).join(", ");
  };
  const states = Object.keys(confirmation).filter((name) => name !== "closed");
  assert.deepEqual(Object.fromEntries(states.map((state) => [state, looks(state)])), {
    reading: "cancel, confirm busy", unread: "warning, cancel, again main", changed: "warning, cancel, review main",
    asking: "details, cancel, confirm main", markAsking: "cancel, mark main", paying: "confirm busy", paid: "paid, cancel main",
    alreadyPaid: "already, cancel main", foundPaid: "paid, cancel main", notApplied: "unpaid, cancel, mark main",
    silentlyUnpaid: "unpaid, cancel, mark, again main", marking: "mark busy", notMarked: "unpaid, cancel main",
    unverified: "doubt, cancel, check main", verifying: "doubt, cancel, check busy", unknown: "doubt, cancel, check main",
    checking: "doubt, cancel, check busy", stillUnpaid: "unpaid, cancel, again, check main", refused: "stop, cancel main",
    retryable: "stop, cancel, again main", returned: "warning, cancel, confirmReturned main",
    undoReading: "cancel, undo busy", undoUnread: "warning, cancel, again main", undoAsking: "reason, cancel, undo main", undoing: "undo busy",
    unpaid: "unpaid, cancel main", alreadyUnpaid: "unpaid, cancel main", stillPaid: "paid, cancel main", silentlyPaid: "paid, cancel, again main",
    undoUnknown: "doubt, cancel, check main", undoChecking: "doubt, cancel, check busy", paidSoFar: "paid, cancel, again, check main",
    undoRefused: "stop, cancel main", undoRetryable: "stop, cancel, again main",
  });
});

test("each state of one payment has its title and its sentences, the most important first", () => {
  const tells = { why: "error.LIMITED.text", advice: "error.LIMITED.text error.LIMITED.next", after: "timeline.failed" };
  const short = (key) => Object.keys(tells).find((name) => tells[name] === key) ?? key.replace(/^(title|text)\./, "");
  const names = { ...english, say: (key) => key, knows: () => true };
  const all = { payment: { ...paidPayment, returned: true }, error: refusal("LIMITED"), afterword: "failed", hasTimeline: () => false };
  const said = (state) => {
    const { title, lines } = toldConfirmation({ ...session, ...all, confirmation: state }, names);
    return `${short(title)}: ${lines.map(short).join(", ")}`;
  };
  const states = Object.keys(confirmation).filter((name) => name !== "closed");
  assert.deepEqual(Object.fromEntries(states.map((state) => [state, said(state)])), {
    reading: "question: reading",
    unread: "unread: nothingDone, advice",
    changed: "changed: changed, nothingDone, change.amount, change.state",
    asking: "question: why, asking, returnedBefore, warning",
    markAsking: "markQuestion: markAsking, returnedBefore, warning",
    paying: "button.confirming: waiting",
    paid: "paid: paid, when, after",
    alreadyPaid: "alreadyPaid: alreadyPaid, nothingDone, when",
    foundPaid: "paid: foundPaid, when",
    notApplied: "stillUnpaid: notApplied, notAppliedWhy, markOffer",
    silentlyUnpaid: "stillUnpaid: why, silentlyUnpaid",
    marking: "button.confirming: waiting",
    notMarked: "stillUnpaid: notApplied, askAdministrator",
    unverified: "unverified: unverified, why",
    verifying: "unverified: reading",
    unknown: "unknown: unknown, why",
    checking: "unknown: reading",
    stillUnpaid: "unpaidSoFar: unpaidSoFar, stays",
    refused: "nothingPaid: advice",
    retryable: "nothingPaid: advice",
    returned: "returned: returned, nothingDone",
    undoReading: "undoQuestion: reading",
    undoUnread: "unread: nothingDone, advice",
    undoAsking: "undoQuestion: undoAsking, when, undoWarning, noTimeline",
    undoing: "button.undoing: waiting",
    unpaid: "unpaid: unpaid, after",
    alreadyUnpaid: "alreadyUnpaid: alreadyUnpaid, after",
    stillPaid: "stillPaid: stillPaid, askAdministrator, after",
    silentlyPaid: "stillPaid: why, stillPaid, after",
    undoUnknown: "unknown: undoUnknown, why, after",
    undoChecking: "unknown: reading",
    paidSoFar: "paidSoFar: paidSoFar, stays, after",
    undoRefused: "nothingChanged: advice, after",
    undoRetryable: "nothingChanged: advice, after",
  });
});

test("a title is that of its state, whatever went wrong before; details are offered with a timeline and without, a reason only with one", () => {
  const told = (state, change) => toldConfirmation({ ...session, confirmation: state, ...change }, english);
  for (const state of ["unread", "asking", "unknown", "silentlyUnpaid"]) assert.equal(told(state, { error: refusal("UNDER_WAY") }).title, told(state).title, state);
  for (const has of [true, false]) assert.deepEqual(["asking", "undoAsking"].map((state) => told(state, { hasTimeline: () => has }).fields), ["details", has ? "reason" : ""]);
  for (const has of [true, false]) assert.equal(told("undoAsking", { hasTimeline: () => has }).lines.includes(english.say("text.noTimeline")), !has);
});

test("how it came to be paid is said: by this call, by one whose answer was lost, by somebody faster, or before", () => {
  const first = (state, outcome) => toldConfirmation({ ...session, confirmation: state, outcome }, english).lines[0];
  const text = (name) => english.say(`text.${name}`, { number: "917/1" });
  assert.deepEqual(
    [first("paid", { recovered: false }), first("paid", { recovered: true }), first("alreadyPaid", { sent: true }), first("alreadyPaid", { sent: false }), first("alreadyPaid", null)],
    ["paid", "recovered", "alreadyPaidSent", "alreadyPaid", "alreadyPaid"].map(text),
  );
});

test("an amount in a narrow column breaks beside its currency, and nowhere in the number", () => {
  const cases = [["1\u00a0000,00\u00a0€", "1\u00a0000,00 €"], ["KWD\u00a012.345", "KWD 12.345"], ["€1,000.00", "€1,000.00"], ["-1\u00a0000\u00a0₽", "-1\u00a0000 ₽"]];
  for (const [amount, expected] of cases) assert.equal(beside(amount), expected);
});

test("whatever can be done about many payments has its button, the way out first", () => {
  const offered = (state) => toldBulk({ ...session, bulk: state }, english).buttons.map(({ event, look }) => (look ? `${event} ${look}` : event));
  assert.deepEqual(Object.fromEntries(Object.keys(bulk).filter((name) => name !== "closed").map((state) => [state, offered(state)])), {
    reading: ["cancel", "confirmAll busy"], unread: ["cancel", "again main"], changed: ["cancel", "review main"], nothingLeft: ["cancel main"],
    asking: ["cancel", "confirmAll main"], running: ["stop"], stopping: ["stop busy"], finished: ["save", "print", "cancel main"],
  });
});

test("each outcome of many has its name and its shape, and what is no outcome has none but a warning", () => {
  const items = [
    { status: "unknown" }, { status: "unverified" }, { status: "rejected", error: refusal("REFUSED") }, { status: "rejected", error: refusal("UNDER_WAY") },
    { status: "notApplied" }, { status: "notStarted" }, { status: "alreadyPaid" }, { status: "paid" },
  ].map((item, at) => ({ ...item, payment: payment({ id: at + 1 }) }));
  const { rows, counts, sums } = toldBulk({ ...session, bulk: "finished", batch: { ...session.batch, items } }, english);
  assert.deepEqual(rows.map(({ id, outcome, shape }) => [id, outcome, shape]), [
    [1, "Not known", "doubt"], [2, "Request accepted, outcome not verified", "doubt"], [3, "Nothing was paid", "stop"], [5, "Still unpaid", "unpaid"],
    [4, "Nothing was carried out", "unpaid"], [6, "Nothing was carried out", "unpaid"], [7, "Already paid", "already"], [8, "Paid", "paid"],
  ]);
  assert.deepEqual(counts.map(({ text, shape }) => `${text} ${shape}`), [
    "Not known: 1 doubt", "Request accepted, outcome not verified: 1 doubt", "Nothing was paid: 1 stop", "Still unpaid: 1 unpaid", "Nothing was carried out: 2 unpaid",
    "Already paid: 1 already", "Paid: 1 paid",
  ]);
  assert.deepEqual(sums, [], "what became of them is no sum");
  const shapes = Object.keys(bulk).filter((name) => name !== "closed").map((state) => [state, toldBulk({ ...session, bulk: state }, english).shape]);
  assert.deepEqual(shapes.filter(([, shape]) => shape), [["unread", "warning"], ["changed", "warning"], ["nothingLeft", "warning"]]);
  assert.deepEqual(toldBulk({ ...session, bulk: "running" }, english).sums, ["€2,000.00"]);
});

test("the question about many shows them, their sum and what it means; tried again, only what is tried", () => {
  const told = (state, batch = {}) => toldBulk({ ...session, bulk: state, batch: { ...session.batch, ...batch } }, english);
  for (const state of ["reading", "asking"]) assert.deepEqual([told(state).rows.map(({ id }) => id), told(state).sums], [[501, 502], ["€2,000.00"]], state);
  for (const state of ["unread", "changed", "nothingLeft", "running", "stopping"]) assert.deepEqual(told(state).rows, [], state);
  assert.deepEqual(told("asking").lines, [english.say("bulk.asking"), english.say("text.warning")]);
  assert.deepEqual(told("unread").lines, [english.say("text.nothingDone"), `${english.say("error.NO_ANSWER.text")} ${english.say("error.NO_ANSWER.next")}`]);
  const items = [{ status: "notStarted", payment: payment() }, { status: "paid", payment: paidPayment }];
  assert.deepEqual(told("running", { items, total: 1 }).sums, []);
  for (const state of ["running", "stopping"]) assert.deepEqual(told(state, { done: 1 }).progress, { done: 1, total: 2, text: "1 of 2" }, state);
  assert.deepEqual([told("asking").progress, told("asking").counts], [null, []]);
  assert.deepEqual(told("finished", { items }).buttons.map(({ event, text, look }) => [event, text, look]), [
    ["save", "Save as CSV", ""], ["print", "Print", ""], ["cancel", "Close", ""], ["retry", "Try 1 again", "main"],
  ]);
});

test("a dialog of many payments shows what the portal said where they could not be read, and nowhere else", () => {
  const batch = { ...session.batch, error: refusal("ACCESS_DENIED", { portalText: "no" }) };
  for (const state of Object.keys(bulk).filter((name) => name !== "closed")) {
    const { quote, diagnostic } = toldBulk({ ...session, batch, bulk: state }, english);
    assert.deepEqual([quote, diagnostic], state === "unread" ? ["no", "diagnostic"] : ["", ""], state);
  }
});

test("that a payment was returned before is said wherever it is asked about, and only of such a one", () => {
  const said = (state, change) => toldConfirmation({ ...session, confirmation: state, payment: payment(change) }, english).lines.filter((line) => /returned/.test(line)).length;
  for (const state of ["asking", "markAsking"]) assert.deepEqual([said(state, { returned: true }), said(state, { returned: false }), said(state, {})], [1, 0, 0], state);
});

test("when and by whom it was paid is said of what is paid, where it is known", () => {
  const lines = (change) => toldConfirmation({ ...session, confirmation: "foundPaid", payment: { ...paidPayment, ...change } }, english).lines.slice(1).map((line) => line.replace("\u202f", " "));
  assert.deepEqual(lines({}), ["Paid: Sep 9, 2026, 10:52 PM, by user 7"]);
  assert.deepEqual(lines({ paidBy: null }), ["Paid: Sep 9, 2026, 10:52 PM"]);
  assert.deepEqual(lines({ datePaid: null }), []);
  assert.deepEqual(lines({ paid: false }), []);
});

test("the number of a user or of a pay system without a name is no amount", () => {
  const of = (change) => toldConfirmation({ ...session, confirmation: "foundPaid", payment: { ...paidPayment, ...change } }, english);
  assert.equal(of({ paySystemName: "", paySystemId: 1234 }).paySystem, "1234");
  assert.match(of({ paidBy: 1234 }).lines.at(-1), /by user 1234$/);
  const shown = payment({ paySystemName: "", paySystemId: 1234 });
  assert.ok(toldConfirmation({ ...session, confirmation: "changed", shown, payment: payment() }, english).lines.includes("Pay system: 1234 was shown, now it is Card."));
});

test("a doubt that ends only with a reload says so, one that is over by itself does not", () => {
  const lines = (over) => toldConfirmation({ ...session, confirmation: "stillUnpaid", doubtful: new Map(over ? [[501, { over }]] : []) }, english).lines.slice(1);
  assert.deepEqual(lines(Infinity), ["Its row says “Not known” until the request has had its effect or the page is reloaded."]);
  assert.deepEqual([lines(5), lines()], [[], []]);
});

test("a failure has its reason and its advice; a request that cannot be has the words of all such, what has none those of our own fault", () => {
  const lines = (error) => toldConfirmation({ ...session, confirmation: "refused", error }, english).lines[0];
  const invalid = "The page asked for something that cannot be. Please report this with the details below.";
  assert.equal(lines(refusal("LIMITED")), "The portal takes no more requests for now. Wait a minute, then try again.");
  for (const code of ["INVALID_REQUEST", "INVALID_PAYMENT_ID", "INVALID_PAY_SYSTEM_ID"]) assert.equal(lines(refusal(code)), invalid);
  assert.equal(lines(refusal("REFUSED")), english.say("error.REFUSED.text"), "where there is no advice there is none");
  for (const code of ["", "NEW_CODE", 7, undefined]) assert.equal(lines(refusal(code)), lines(new Error("ours")));
});

test("where an outcome is not known, nobody is told to try again", () => {
  for (const state of ["unknown", "unverified", "undoUnknown", "checking", "verifying"]) {
    const { lines } = toldConfirmation({ ...session, confirmation: state }, english);
    assert.doesNotMatch(lines.join("\n"), /try again/i, state);
  }
});

test("no two outcomes look or read alike, with or without colour", () => {
  const outcomes = ["paid", "alreadyPaid", "notApplied", "unverified", "unknown", "refused"];
  const told = outcomes.map((state) => toldConfirmation({ ...session, payment: paidPayment, confirmation: state }, english));
  assert.equal(new Set(told.map(({ title }) => title)).size, outcomes.length);
  assert.ok(new Set(told.map(({ shape }) => shape)).size >= 5);
});

test("the amount of a payment that cannot be read is not shown as a bare currency, and the title names the payment instead", () => {
  const unreadable = payment({ sum: "" });
  assert.equal(toldConfirmation({ ...session, confirmation: "asking", payment: unreadable }, english).amount, "Amount not readable");
  const titles = ["asking", "markAsking", "undoAsking", "paid", "unpaid"].map((confirmation) => toldConfirmation({ ...session, confirmation, payment: unreadable }, english).title);
  assert.deepEqual(titles, ["Mark 917/1 as paid?", "Mark 917/1 as paid in CRM?", "Mark 917/1 as unpaid?", "917/1 paid", "917/1 unpaid"]);
});

for (const unseen of ["", "  ", "\t\n\u00a0", "\u200b", "\u2060\ufe0f", "\u202e ", "\u3164", "\u00ad\u034f", "\u2800", "\0\u0007", "\u{e0020}"]) {
  test(`a name of which nothing is seen is none: ${JSON.stringify(unseen)}`, async () => {
    const nameless = payment({ accountNumber: unseen, paySystemName: unseen });
    const asking = toldConfirmation({ ...session, confirmation: "asking", payment: nameless }, english);
    assert.deepEqual([asking.payment, asking.paySystem], ["501", "11"]);
    assert.match(asking.lines.join(" "), /Payment 501 by pay system 11 /);
    assert.match(textFor("pay", nameless, "", english), /Payment 501 .*pay system 11\./);
    const none = { ...nameless, id: 502, paySystemId: 0 };
    const { session: opening, saved, now } = await opened({
      listPayments: async () => [nameless, { ...nameless, id: 503 }, none],
      payPayments: async (requests) => ({ items: requests.map((request) => ({ request, status: "notStarted" })) }),
      unsettled: async () => [{ paymentId: 501, paySystemId: 11, sentAt: "2026-09-10T01:52:39Z" }],
    });
    assert.match(now().notices[0], / 501 /);
    assert.deepEqual(now().rows.map(({ number, paySystem }) => [number, paySystem]), [["501", "11"], ["503", "11"], ["502", "No pay system"]]);
    assert.equal(now().rows[1].action.label, "Confirm payment 503, €1,000.00");
    opening.happened("selectAll", true);
    for (const event of ["openBulk", "confirmAll", "save"]) {
      opening.happened(event);
      await rest();
    }
    assert.deepEqual(now().bulk.rows.map(({ number, paySystem }) => [number, paySystem]), [["503", "11"]]);
    assert.match(saved[0][1], /\n"503","503","","11",/);
  });
}

test("a name of which anything is seen stays as it is", () => {
  for (const name of [" Card ", "\u200bX", "0", ".", "\u2067\u05d0", "👍\ufe0f", "\u0301", "\u0600"]) {
    const asking = toldConfirmation({ ...session, confirmation: "asking", payment: payment({ accountNumber: name, paySystemName: name }) }, english);
    assert.deepEqual([asking.payment, asking.paySystem], [name, name]);
  }
});
