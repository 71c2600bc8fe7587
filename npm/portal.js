// Portals as callers hold them: frozen and empty, so that nothing that prints one can print a secret.

import { payError } from "./error.js";

// How to make the module's own object for a portal.
const makers = new WeakMap();

class Portal {
  get [Symbol.toStringTag]() {
    return "Portal";
  }
}

// What the caller handed over is read now, as it is now. What throws there is told by the first call.
export const portal = (kind, read) => {
  let given;
  let unreadable;
  try {
    given = read();
  } catch (cause) {
    unreadable = payError("INVALID_REQUEST", `the options of ${kind}() could not be read`, cause);
  }
  const made = Object.freeze(new Portal());
  makers.set(made, (PortalHandle) => {
    if (unreadable) throw unreadable;
    return PortalHandle[kind](given);
  });
  return made;
};

const here = /* @__PURE__ */ portal("frame", () => "bx24");

// The portal of a call. The message names the kind of what came and not its text, which may be a webhook's address.
export const portalOf = (options) => {
  let chosen;
  try {
    chosen = options?.portal;
  } catch (cause) {
    throw payError("INVALID_REQUEST", "options.portal could not be read", cause);
  }
  if (chosen === undefined) return here;
  if (makers.has(chosen)) return chosen;
  const came = chosen === null ? "null" : typeof chosen;
  throw payError("INVALID_REQUEST", `options.portal must be what frame() returned, got ${came}`);
};

// One handle a portal and instance.
export const handleOf = (portal, { PortalHandle, handles }) => {
  let handle = handles.get(portal);
  if (!handle) handles.set(portal, (handle = makers.get(portal)(PortalHandle)));
  return handle;
};
