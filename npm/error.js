// The loader's own errors, of the same shape as those that the module makes.

export const payError = (code, message, retry, cause) =>
  Object.assign(
    new Error(message),
    { name: "PayError", code, retry },
    cause === undefined ? {} : { cause },
  );

// By name, since instanceof fails across frames; a value that cannot even be asked is none.
export const isPayError = (value) => {
  try {
    return value.name === "PayError";
  } catch {
    return false;
  }
};
