// What the portal says to a call: the test's own answers first, then the payments, then that there is no such method.

import { fromQuery } from "./form.js";
import { portalTime } from "./payments.js";
import { Refusal } from "./refusal.js";

// `{ status, body }`, the body being what the JSON holds. What a test's own function throws is the test's to see.
export const replyTo = async (method, params, payments, answers) => {
  const begun = portalTime();
  try {
    const result = method === "batch" && !answers.has(method)
      ? await batch(params, payments, answers)
      : await resultOf(method, params, payments, answers);
    return { status: 200, body: { result, time: { date_start: begun, date_finish: portalTime() } } };
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    return { status: refusal.status, body: refusal.body };
  }
};

function resultOf(method, params, payments, answers) {
  if (answers.has(method)) return answers.get(method)(params);
  const known = payments.methods[method];
  if (!known) throw new Refusal("ERROR_METHOD_NOT_FOUND", `Method not found! This test has no answer to ${method}`, 404);
  return known(params);
}

async function batch({ cmd }, payments, answers) {
  const whole = { result: {}, result_error: {}, result_total: {}, result_next: {}, result_time: {} };
  for (const [key, command] of Object.entries(cmd ?? {})) {
    const [method, ...query] = command.split("?");
    const { status, body } = await replyTo(method, fromQuery(query.join("?")), payments, answers);
    if (status === 200) {
      whole.result[key] = body.result;
      whole.result_time[key] = body.time;
    } else whole.result_error[key] = body;
  }
  // The portal writes an empty map as an empty list.
  return Object.fromEntries(Object.entries(whole).map(([name, map]) => [name, Object.keys(map).length ? map : []]));
}
