// The module's bytes from the file beside this one, for pages that are served strictly.

import { payError } from "./error.js";

export const bytes = async () => {
  let answer;
  try {
    // Written like this, bundlers find the file and carry it along.
    answer = await fetch(new URL("./b24pay.wasm", import.meta.url));
  } catch (cause) {
    throw payError("WASM_BLOCKED", "b24pay.wasm could not be fetched", "never", cause);
  }
  if (!answer.ok) {
    throw payError("WASM_BLOCKED", `b24pay.wasm did not load, HTTP status ${answer.status}`, "never");
  }
  return answer.arrayBuffer();
};
