// What stands at the element, and what it means.
import assert from "node:assert/strict";
import { test } from "node:test";
import { asked, attributes, languageAsked } from "../../www/attributes.js";

const read = (given) => (name) => {
  assert.ok(attributes.includes(name), `${name} is not watched`);
  return given[name] ?? null;
};
const subjects = [
  [{}, { kind: "search" }],
  [{ deal: "7" }, { kind: "deal", id: 7 }],
  [{ invoice: " 31 " }, { kind: "invoice", id: 31 }],
  [{ order: "917" }, { kind: "order", id: 917 }],
  [{ payment: "501" }, { kind: "payment", id: 501 }],
  [{ payment: "917/1" }, { kind: "payment", number: "917/1" }],
  [{ payment: "" }, { kind: "payment", id: "" }],
  [{ deal: "917/1" }, { kind: "deal", id: "917/1" }],
  [{ deal: "" }, { kind: "deal", id: "" }],
  [{ none: "", deal: "7" }, { kind: "none" }],
  [{ none: "true" }, { kind: "none" }],
  [{ none: "false", deal: "7" }, { kind: "deal", id: 7 }],
];
for (const [given, subject] of subjects) {
  test(`${JSON.stringify(given)} shows ${JSON.stringify(subject)}`, () => assert.deepEqual(asked(read(given)).subject, subject));
}

test("waiting times are whole milliseconds, else the usual ones", () => {
  const times = (settle, deadline) => {
    const { settleMs, deadlineMs } = asked(read({ "settle-ms": settle, "deadline-ms": deadline }));
    return [settleMs, deadlineMs];
  };
  assert.deepEqual(times("1500", "500"), [1500, 500]);
  for (const odd of [undefined, "", "0", "soon", "1e3", " 500 ", "-1", "1.5", "12345678"]) assert.deepEqual(times(odd, odd), [65_000, 30_000], odd);
});

test("the timeline is written to where the attribute stands and is not `false`", () => {
  assert.deepEqual([{}, { timeline: "" }, { timeline: "true" }, { timeline: "false" }].map((given) => asked(read(given)).writesTimeline), [false, true, true, false]);
});

test("the attribute's language is taken before the portal's, the portal's before the browser's, and one that is not there is English", () => {
  assert.equal(languageAsked(read({ language: "pt" }), "ru", ["de"]), "pt-BR");
  assert.equal(languageAsked(read({ language: "sv" }), "ru", ["de"]), "en");
  assert.equal(languageAsked(read({ language: "" }), "ua", ["de"]), "uk");
  assert.equal(languageAsked(read({}), "", ["sv", "de"]), "de");
});
