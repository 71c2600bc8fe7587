// Every state of the flow has its title, its sentences and its buttons, and each button means something in that state.
import assert from "node:assert/strict";
import { test } from "node:test";
import { bulk, confirmation, next, underWay } from "../../www/flow.js";
import { toldBulk } from "../../www/sentences_bulk.js";
import { toldConfirmation } from "../../www/sentences_confirmation.js";
import { english, paidPayment, payment, refusal } from "./stage.js";

const session = {
  payment: payment(), shown: payment({ sum: "1" }), doubtful: new Map([[501, { over: Infinity }]]), outcome: null, error: refusal("NO_ANSWER"), faults: {}, afterword: null, longestWait: 5000,
  hasTimeline: () => true, diagnosticOf: () => "diagnostic",
  batch: { payments: [payment(), payment({ id: 502 })], changed: [], items: [], done: 0, total: 2, error: refusal("NO_ANSWER"), afterword: null },
};
const untold = /\b(title|text|button|bulk|error|row)\.\w/;

for (const state of Object.keys(confirmation).filter((name) => name !== "closed")) {
  test(`one payment, ${state}: it says what is so and offers only what the flow knows`, () => {
    const told = toldConfirmation({ ...session, confirmation: state }, english);
    assert.ok(told.lines.length > 0);
    assert.doesNotMatch([told.title, ...told.lines, ...told.buttons.map(({ text }) => text)].join("\n"), untold);
    for (const { event, look } of told.buttons) assert.equal(next(confirmation, state, event) === null, look === "busy", event);
    const isUnderWay = underWay.confirmation.has(state);
    assert.equal(told.buttons.some(({ event }) => event === "cancel"), !isUnderWay);
  });
}

for (const state of Object.keys(bulk).filter((name) => name !== "closed")) {
  test(`many payments, ${state}: it says what is so and offers only what the flow knows`, () => {
    const told = toldBulk({ ...session, bulk: state }, english);
    assert.doesNotMatch([told.title, ...told.lines, ...told.buttons.map(({ text }) => text)].join("\n"), untold);
    for (const { event, look } of told.buttons) assert.equal(next(bulk, state, event) === null, look === "busy", event);
  });
}

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

test("the amount of a payment that cannot be read is not shown as a bare currency", () => {
  assert.equal(toldConfirmation({ ...session, confirmation: "asking", payment: payment({ sum: "" }) }, english).amount, "Amount not readable");
});
