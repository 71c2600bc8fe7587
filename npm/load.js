// Loads the module on the first call: once for all callers, anew after a failure, anew after the module has broken.

import glue from "#glue";
import { bytes } from "#bytes";
import { isPayError, payError } from "./error.js";

let loading;

export const load = () =>
  (loading ??= start().catch((cause) => {
    loading = undefined;
    // Engines put the module's own bytes into such a message: only its kind is passed on.
    throw isPayError(cause)
      ? cause
      : payError("WASM_BLOCKED", `the page's Content-Security-Policy must allow 'wasm-unsafe-eval' in script-src: the module was not accepted (${cause?.name})`);
  }));

const start = async () => {
  const { imports, start } = glue();
  const { instance } = await WebAssembly.instantiate(await bytes(), imports);
  const underWay = new Set();
  // A trap leaves the instance unusable and its promises pending for ever. The next call starts a new one.
  const broke = (cause) => {
    loading = undefined;
    const error = payError("NO_ANSWER", "the module broke while this call was under way", cause, "readFirst");
    for (const stop of underWay) stop(error);
    underWay.clear();
  };
  const exports = {};
  for (const [name, value] of Object.entries(instance.exports)) {
    exports[name] = typeof value === "function" ? guarded(value, broke) : value;
  }
  return { PortalHandle: start({ exports }), handles: new WeakMap(), underWay };
};

// Whatever is thrown out of the module is a trap: its refusals are returned.
const guarded = (run, broke) => (...values) => {
  try {
    return run(...values);
  } catch (cause) {
    broke(cause);
    throw cause;
  }
};
