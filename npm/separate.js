// The module's bytes from the file beside this one, for pages that are served strictly.

import { payError } from "./error.js";

// How long the file may take, in milliseconds.
const LONGEST = 30_000;

export const bytes = async () => {
  let status;
  try {
    // Written like this, bundlers find the file and carry it along.
    const answer = await fetch(new URL("./b24pay.wasm", import.meta.url), { signal: AbortSignal.timeout?.(LONGEST) });
    if (answer.ok) return await answer.arrayBuffer();
    status = answer.status;
  } catch (cause) {
    throw payError("WASM_BLOCKED", "b24pay.wasm could not be fetched", "never", cause);
  }
  throw payError("WASM_BLOCKED", `b24pay.wasm did not load, HTTP status ${status}`, "never");
};
