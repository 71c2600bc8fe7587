// Hands a call to the module and settles it, also when the module breaks in the middle of it.

import { handleOf, portalOf } from "./portal.js";
import { load } from "./load.js";

// `broken` tells what a call is worth whose module has broken; without it such a call rejects.
export const invoke = async (method, subject, options, broken) => {
  const portal = portalOf(options);
  const instance = await load();
  return new Promise((resolve, reject) => {
    const stop = broken ? (cause) => resolve(broken(cause)) : reject;
    const settle = (how) => (value) => {
      instance.underWay.delete(stop);
      how(value);
    };
    instance.underWay.add(stop);
    // Inside a promise, so that what is thrown rejects.
    Promise.resolve()
      .then(() => handleOf(portal, instance)[method](...subject, options))
      .then(settle(resolve), settle(reject));
  });
};

// Nobody knows whether the payment had been sent when the module broke, so this must not reject.
export const pay = (method, subject, options) =>
  invoke(method, [subject], options, (cause) => ({ status: "unknown", cause }));
