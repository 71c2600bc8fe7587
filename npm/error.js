// The loader's own errors, of the same shape as those that the module makes.

export const payError = (code, message, retry, cause) =>
  Object.assign(
    new Error(message),
    { name: "PayError", code, retry },
    cause === undefined ? {} : { cause },
  );

// The same promise, listened to already. An await listens to that of a page whose `Promise` is no browser's a turn later, and zone.js tells
// what was refused meanwhile as unhandled.
export const heard = (promise) => {
  promise.then(undefined, () => {});
  return promise;
};

// By name, since instanceof fails across frames; a value that cannot even be asked is none.
export const isPayError = (value) => {
  try {
    return value.name === "PayError";
  } catch {
    return false;
  }
};
