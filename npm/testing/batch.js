// A batch: its commands one after the other, as a portal runs them.

import { fromQuery } from "./form.js";

const MOST = 50;
const NOT_ALLOWED = ["batch", "upload", "download"];
const FALSE = [undefined, null, false, 0, "", "0"];
const REFERENCE = /\$(result|error|total|next|time)\[/;

// `{ result }`, or `{ ends }`: the reply of a fault that ends all of it. `command` runs one, `threw` keeps what a test has to see.
export const batch = async ({ cmd, halt }, { command: run, threw }) => {
  const whole = { result: {}, result_error: {}, result_total: {}, result_next: {}, result_time: {} };
  // What is no text is passed over.
  const commands = Object.entries(cmd ?? {}).filter(([, command]) => typeof command === "string");
  for (const [at, [key, command]] of commands.entries()) {
    const { ends, status, body } = at < MOST ? await ran(command, run, threw) : refused("ERROR_BATCH_LENGTH_EXCEEDED", "Max batch length exceeded");
    if (ends) return { ends };
    if (status === 200) {
      whole.result[key] = body.result;
      whole.result_time[key] = body.time;
    } else {
      whole.result_error[key] = body;
      if (!FALSE.includes(halt)) break;
    }
  }
  // The portal writes an empty map as an empty list.
  return { result: Object.fromEntries(Object.entries(whole).map(([name, map]) => [name, Object.keys(map).length ? map : []])) };
};

const refused = (error, error_description) => ({ status: 400, body: { error, error_description } });

async function ran(command, run, threw) {
  const [method, ...query] = command.split("?");
  if (NOT_ALLOWED.includes(method)) return refused("ERROR_BATCH_METHOD_NOT_ALLOWED", "Method is not allowed for batch usage");
  const params = fromQuery(query.join("?"));
  if (!REFERENCE.test(JSON.stringify(params))) return run(method, params);
  // Left as it is, it would be a value like another.
  const error = new Error(`a portal under test puts no result of one command into another, as in ${command}`);
  threw(error);
  return refused("ERROR_CORE", error.message);
}
