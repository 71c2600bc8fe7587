// Loads the module on the first call: once for all callers, anew after a failure, anew after the module has broken.

import { bytes } from "#bytes";
import glue from "#glue";
import { heard, isPayError, payError } from "./error.js";

let loading;
let loaded;

// Nothing is sent before it is there, so whoever aborts meanwhile does not wait for it.
export const load = (options) =>
  loaded ??
  unless(
    options,
    (loading ??= instantiate().catch((cause) => {
      loading = undefined;
      throw isPayError(cause) ? cause : blocked(cause);
    })),
  );

const unless = (options, other) =>
  heard(
    new Promise((resolve, reject) => {
      other.then(resolve, reject);
      try {
        const { signal } = options;
        const aborted = () => reject(payError("ABORTED", "aborted before anything changed", "safe", signal.reason));
        signal.addEventListener("abort", aborted);
        other.finally(() => signal.removeEventListener("abort", aborted)).catch(() => {});
        if (signal.aborted) aborted();
      } catch {
        // What is no signal is for the module to refuse.
      }
    }),
  );

const instantiate = async () => {
  const { imports, start } = glue();
  const { instance } = await WebAssembly.instantiate(await bytes(), imports);
  const underWay = new Set();
  let broken;
  // Whatever is thrown out of the module is a trap, for refusals are returned. After one nothing of this instance runs any more, or it
  // would go on to pay for callers that were told already. The next call gets a new one.
  const guarded = (run) => (...values) => {
    if (broken) return undefined;
    try {
      return run(...values);
    } catch (cause) {
      loading = loaded = undefined;
      broken = payError("NO_ANSWER", "b24pay broke while this call was under way", "readFirst", cause);
      for (const tell of underWay) tell(broken);
      throw cause;
    }
  };
  const exports = {};
  for (const [name, value] of Object.entries(instance.exports)) {
    exports[name] = typeof value === "function" ? guarded(value) : value;
  }
  return (loaded = { over: start({ exports }), handles: new WeakMap(), underWay, isBroken: () => broken });
};

// Engines put the module's own bytes into the message of such an error, so only its name is passed on; but of what is not there,
// as in the jsdom of Jest, the name of that.
const blocked = (cause) =>
  payError(
    "WASM_BLOCKED",
    `WebAssembly did not start (${cause instanceof ReferenceError ? cause : cause?.name}); the page's Content-Security-Policy must allow 'wasm-unsafe-eval' in script-src, unless what was loaded is incomplete`,
    "never",
  );
