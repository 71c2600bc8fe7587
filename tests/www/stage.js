// A stage for the operator's session: scripted answers of b24pay, a view that remembers what it was told. No document.
import { readFileSync } from "node:fs";
import { createSession } from "../../www/session.js";
import { speaker } from "../../www/words.js";

const sentences = JSON.parse(readFileSync(new URL("../../www/words/en.json", import.meta.url)));
export const english = speaker({ language: "en", sentences }, "UTC");

export const payment = (change = {}) => ({
  id: 501, accountNumber: "917/1", paid: false, datePaid: null, paidBy: null,
  paySystemId: 11, paySystemName: "Card", sum: "1000", currency: "EUR", ...change,
});
export const paid = (change = {}) => payment({ paid: true, datePaid: "2026-09-10T01:52:39+03:00", paidBy: 7, ...change });
export const paidPayment = paid();
export const refusal = (code, more = {}) => Object.assign(new Error(code), { name: "PayError", code, retry: "never", ...more });

/** Lets every settled promise have its say. */
export const rest = () => new Promise((resolve) => setImmediate(resolve));

/** A session whose answers are given by the test; `pay` replaces single functions, `given` what else the session gets. */
export async function opened(pay = {}, given = {}) {
  const asked = [];
  const told = [];
  const saved = [];
  const announced = [];
  const usual = {
    listPayments: async () => [payment()], getPayment: async () => payment(),
    payPayment: async () => ({ status: "paid", payment: paidPayment, recovered: false }),
    payPayments: async () => ({ items: [] }), call: async () => 1, unsettled: async () => [], returnedOf: async () => new Set(), notSent() {},
  };
  const recorded = Object.fromEntries(Object.entries({ ...usual, ...pay }).map(([name, answer]) => [name, (...args) => {
    asked.push([name, ...args]);
    return answer(...args);
  }]));
  const session = createSession({
    pay: recorded, speaker: english, settleMs: 3000, deadlineMs: 2000, subject: { kind: "deal", id: 7 }, writesTimeline: false,
    view: { render: (now) => told.push(now), announce: (text) => announced.push(text), save: (...file) => saved.push(file), print() {} },
    diagnosticOf: (error) => error.code, soon: (work) => void work(), over: () => () => {}, wall: given.now, ...given,
  });
  session.open();
  await rest();
  return { session, asked, saved, told, announced, now: () => told.at(-1), calls: (name) => asked.filter(([each]) => each === name) };
}

/** Opens the dialog of 501, waits for the question, and confirms. */
export async function confirmed(pay, given) {
  const at = await opened(pay, given);
  at.session.happened("open", 501);
  await rest();
  at.session.happened("confirm");
  await rest();
  return at;
}
