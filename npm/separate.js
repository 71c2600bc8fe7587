// The module's bytes from the file beside this one, for pages that are served strictly.

import { payError } from "./error.js";

// How long the file may take, in milliseconds.
const LONGEST = 30_000;

export const bytes = async () => {
  let came;
  try {
    // Written like this, bundlers find the file and carry it along.
    const answer = await fetch(new URL("./b24pay.wasm", import.meta.url), { signal: AbortSignal.timeout?.(LONGEST) });
    came = `HTTP status ${answer.status}`;
    if (answer.ok) {
      const bytes = await answer.arrayBuffer();
      // Many servers answer with their page where there is no such file. A module begins with a zero, no page does.
      if (new Uint8Array(bytes)[0] === 0) return bytes;
      came = "another file came from its address";
    }
  } catch (cause) {
    throw payError("WASM_BLOCKED", "b24pay.wasm could not be fetched", "never", cause);
  }
  throw payError("WASM_BLOCKED", `b24pay.wasm did not load, ${came}`, "never");
};
