// Hands a call to the module and settles it, also when the module breaks in the middle of it.

import { load } from "./load.js";
import { asGiven, begin, handleOf, portalOf } from "./portal.js";

// Options as they are now, since the module reads them later.
const asTaken = (options) => {
  const now = asGiven(
    options, "portal", "signal", "deadlineMs", "settleMs", "known", "expect", "detailsMayDiffer", "payReturned", "concurrency", "onProgress",
  );
  if (now !== options) now.expect = asGiven(now.expect, "sum", "currency");
  return now;
};

// `number` is the module's for the function. `broken` says what a call resolves with whose module has broken; without it such a call rejects.
export const call = async (number, given, params, options, broken) => {
  const taken = asTaken(options);
  const portal = portalOf(taken);
  begin(portal);
  const instance = await load();
  // Awaited, since a promise that is returned takes two turns more.
  return await new Promise((resolve, reject) => {
    const stop = broken ? (cause) => resolve(broken(cause)) : reject;
    const settle = (how) => (value) => {
      instance.underWay.delete(stop);
      how(value);
    };
    instance.underWay.add(stop);
    try {
      handleOf(portal, instance)([number, given, params, taken, settle(resolve), settle(reject)]);
    } catch (cause) {
      settle(reject)(cause);
    }
  });
};
