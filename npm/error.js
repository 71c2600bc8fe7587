// The loader's own errors, of the same shape as those that the module makes.

export const payError = (code, message, retry, cause) =>
  Object.assign(
    new Error(message),
    { name: "PayError", code, retry },
    cause === undefined ? {} : { cause },
  );

// The same promise, with a listener already. Where something has replaced the browser's `Promise`, an await listens a turn later, and
// zone.js reports what was rejected until then as unhandled.
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
