// Hands a call to the module and settles it, also when the module breaks in the middle of it.

import { heard } from "./error.js";
import { asOptions } from "./given.js";
import { load } from "./load.js";
import { begin, handleOf, portalOf } from "./portal.js";

// `number` is the module's for the function. `broken` says what a call resolves with whose module has broken; without it such a call rejects.
export const call = async (number, given, params, options, broken) => {
  const taken = asOptions(options);
  const portal = portalOf(taken);
  begin(portal);
  let instance;
  // One that broke before this call was handed over has sent nothing of it.
  do instance = await load(taken);
  while (instance.isBroken());
  // Awaited, since a promise that is returned takes two turns more.
  return await heard(
    new Promise((resolve, reject) => {
      const stop = broken ? (cause) => resolve(broken(cause)) : reject;
      const settle = (how) => (value) => {
        instance.underWay.delete(stop);
        how(value);
      };
      instance.underWay.add(stop);
      handleOf(portal, instance)([number, given, params, taken, settle(resolve), settle(reject)]);
    }),
  );
};
