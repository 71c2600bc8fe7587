// Every attribute is a property, too: what frameworks set there stands at the element afterwards.
import assert from "node:assert/strict";
import { test } from "node:test";
import { attributes } from "../../www/attributes.js";
import { properties } from "../../www/properties.js";

/** An element with attributes and nothing else. */
function element() {
  const standing = new Map();
  return Object.defineProperties({
    standing,
    getAttribute: (name) => standing.get(name) ?? null,
    setAttribute: (name, value) => void standing.set(name, String(value)),
    removeAttribute: (name) => void standing.delete(name),
  }, properties);
}

test("each attribute has one property, in the spelling of JavaScript", () => {
  assert.deepEqual(Object.keys(properties), ["deal", "invoice", "order", "payment", "none", "language", "settleMs", "deadlineMs", "timeline"]);
  assert.equal(Object.keys(properties).length, attributes.length);
  const set = element();
  for (const name of Object.keys(properties)) set[name] = "7";
  assert.deepEqual([...set.standing.keys()], attributes);
});

for (const [value, text] of [[7, "7"], ["917/1", "917/1"], ["", ""], [0, "0"], [NaN, "NaN"], [true, ""]]) {
  test(`${JSON.stringify(value)} stands there as ${JSON.stringify(text)}, and is read as that`, () => {
    const given = element();
    given.payment = value;
    assert.deepEqual([[...given.standing], given.payment], [[["payment", text]], text]);
  });
}

for (const nothing of [undefined, null, false]) {
  test(`${nothing} takes the attribute away`, () => {
    const given = element();
    given.deal = 7;
    given.deal = nothing;
    assert.deepEqual([[...given.standing], given.deal], [[], null]);
  });
}

test("those that say yes or no are read as that, whatever stands there", () => {
  const given = element();
  for (const [value, isOn] of [[true, true], [false, false], ["", true], ["false", false], ["true", true], [undefined, false]]) {
    Object.assign(given, { timeline: value, none: value });
    assert.deepEqual([given.timeline, given.none], [isOn, isOn], String(value));
  }
});
