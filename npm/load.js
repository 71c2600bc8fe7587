// Loads the module on the first call: once for all callers, anew after a failure, anew after the module has broken.

import { bytes } from "#bytes";
import glue from "#glue";
import { isPayError, payError } from "./error.js";

let loading;

export const load = () =>
  (loading ??= instantiate().catch((cause) => {
    loading = undefined;
    throw isPayError(cause) ? cause : blocked(cause);
  }));

const instantiate = async () => {
  const { imports, start } = glue();
  const { instance } = await WebAssembly.instantiate(await bytes(), imports);
  const underWay = new Set();
  const own = loading;
  // After a trap nothing of this instance settles any more. The next call gets a new one.
  const broke = (cause) => {
    // An instance that has broken may do so again when the next one has been there for long.
    if (loading === own) loading = undefined;
    const error = payError("NO_ANSWER", "b24pay broke while this call was under way", "readFirst", cause);
    for (const stop of underWay) stop(error);
    underWay.clear();
  };
  const exports = {};
  for (const [name, value] of Object.entries(instance.exports)) {
    exports[name] = typeof value === "function" ? guarded(value, broke) : value;
  }
  return { over: start({ exports }), handles: new WeakMap(), underWay };
};

// Whatever is thrown out of the module is a trap, for refusals are returned.
const guarded = (run, broke) => (...values) => {
  try {
    return run(...values);
  } catch (cause) {
    broke(cause);
    throw cause;
  }
};

// Engines put the module's own bytes into the message of such an error, so only its name is passed on.
const blocked = (cause) =>
  payError(
    "WASM_BLOCKED",
    `WebAssembly did not start (${cause?.name}); the page's Content-Security-Policy must allow 'wasm-unsafe-eval' in script-src`,
    "never",
  );
