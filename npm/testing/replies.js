// What the portal says to a call: the test's own answers first, then the payments, then that there is no such method.

import { batch } from "./batch.js";
import { portalTime } from "./payments.js";
import { Refusal } from "./refusal.js";

// `{ status, body }`, the body being what the JSON holds. What a test's own function throws is answered as a portal answers what its
// own code throws, and kept for the test to see.
export const replyTo = async (method, params, of) => {
  const begun = portalTime();
  try {
    if (method === "batch" && !of.answers.has(method)) {
      const { ends, result } = await batch(params, of);
      return ends ?? yes(result, begun);
    }
    return yes(await resultOf(method, params, of), begun);
  } catch (thrown) {
    let refusal = thrown;
    if (!(thrown instanceof Refusal)) {
      of.threw(thrown);
      refusal = new Refusal("ERROR_CORE", `the function given to answer("${method}") threw: ${thrown?.message ?? thrown}`);
    }
    return { status: refusal.status, body: refusal.body };
  }
};

const yes = (result, begun) => ({ status: 200, body: { result, time: { date_start: begun, date_finish: portalTime() } } });

function resultOf(method, params, { payments, answers }) {
  if (answers.has(method)) return answers.get(method)(params);
  const known = payments.methods[method];
  if (!known) throw new Refusal("ERROR_METHOD_NOT_FOUND", `Method not found! This test has no answer to ${method}`, 404);
  return known(params);
}
