// What is worked out once of an object, and when it is worked out anew.
import assert from "node:assert/strict";
import { test } from "node:test";
import { remembered } from "../../www/remembered.js";

test("an object is worked on once, and anew where a mark or the object is another", () => {
  let times = 0;
  const made = remembered((of, ...marks) => [(times += 1), of.id, ...marks]);
  const one = { id: 1 };
  assert.equal(made(one, "en", 2), made(one, "en", 2));
  assert.equal(times, 1);
  assert.deepEqual(made(one, "de", 2), [2, 1, "de", 2]);
  assert.deepEqual(made(one, "de", 3), [3, 1, "de", 3]);
  assert.deepEqual(made({ id: 1 }, "de", 3), [4, 1, "de", 3]);
  assert.equal(made(one, "de", 3)[0], 3);
});
