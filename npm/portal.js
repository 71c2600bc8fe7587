// Portals as callers hold them: frozen and empty, so that nothing that prints one can print a secret.

import { payError } from "./error.js";
import { asGiven } from "./given.js";

// The ways to reach a portal, by the numbers that the module knows them by.
const FRAME = 0;
const WEBHOOK = 1;
const OAUTH = 2;
const SDK = 3;

// How each portal is made in the module, and what can begin while that is still loading.
const ways = new WeakMap();

class Portal {
  get [Symbol.toStringTag]() {
    return "Portal";
  }
}

const portal = (way, given, begin) => {
  const made = Object.freeze(new Portal());
  ways.set(made, { way, given, begin });
  return made;
};

// `BX24` answers `init` after a wait of its own, so it is asked while the module is loading. This stands for a library of which
// one has been asked already; whether it is the library that counts is for the module to say.
const asked = () => {
  try {
    const library = globalThis.BX24;
    let answer;
    const answered = new Promise((resolve) => (answer = resolve));
    library.init(answer);
    return { library, init: (ready) => answered.then(ready) };
  } catch {
    return {};
  }
};

export const frame = (options) => {
  const given = asGiven(options, "transport");
  let begun;
  return portal(FRAME, given, () => (begun ??= asked()));
};
export const webhook = (url) => portal(WEBHOOK, url);
export const oauth = (options) => portal(OAUTH, asGiven(options, "domain", "accessToken", "refresh"));

// The portal of an instance that has one, so that its token is renewed once and its limits are counted once, wherever it is named.
const instances = new WeakMap();

export const sdk = (b24) => {
  let made = instances.get(b24)?.deref();
  if (!made) {
    made = portal(SDK, b24);
    // What is no object has no place there, and is no instance. The module holds on to the instance as long as there is its portal.
    if (Object(b24) === b24) instances.set(b24, new WeakRef(made));
  }
  return made;
};

const here = /* @__PURE__ */ frame();

// The portal of a call. The message names the kind of what came and not its text, which may hold a secret.
export const portalOf = (options) => {
  let chosen;
  try {
    chosen = options?.portal;
  } catch (cause) {
    throw payError("INVALID_REQUEST", "options.portal must be readable, got a getter that throws", "never", cause);
  }
  if (chosen === undefined) return here;
  if (ways.has(chosen)) return chosen;
  throw payError("INVALID_REQUEST", `options.portal must be what frame(), webhook(), oauth() or sdk() returned, got ${kindOf(chosen)}`, "never");
};

const kindOf = (chosen) => {
  try {
    // As of `b24pay/slim` beside `b24pay`, or of two versions that a bundler has put together.
    if (chosen[Symbol.toStringTag] === "Portal") return "that of another copy of b24pay";
  } catch {
    // It is none of anybody's.
  }
  return chosen === null ? "null" : typeof chosen;
};

export const begin = (portal) => ways.get(portal).begin?.();

// One handle a portal and instance: the function by which the module is called for it.
export const handleOf = (portal, { over, handles }) => {
  let handle = handles.get(portal);
  if (!handle) {
    const { way, given } = ways.get(portal);
    handles.set(portal, (handle = over(way, given, begin(portal))));
  }
  return handle;
};
