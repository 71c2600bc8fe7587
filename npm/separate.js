// The module's bytes from the file beside this one, for pages that are served strictly.

import { payError } from "./error.js";

export const bytes = async () => {
  // Written like this, bundlers find the file and carry it along.
  const address = new URL("./b24pay.wasm", import.meta.url);
  let answer;
  try {
    answer = await fetch(address);
  } catch (cause) {
    throw payError("WASM_BLOCKED", "b24pay.wasm could not be fetched", cause);
  }
  if (!answer.ok) throw payError("WASM_BLOCKED", `b24pay.wasm did not load: HTTP ${answer.status}`);
  return answer.arrayBuffer();
};
