// A misspelt name would be a default unnoticed, and a wrong number no fault at all: a test that is green for nothing.

export const only = (what, given, names) => {
  if (typeof given !== "object" || given === null) throw new TypeError(`${what} expects an object, got ${given}`);
  const other = Object.keys(given).find((name) => !names.includes(name));
  if (other !== undefined) throw new TypeError(`${what} has no "${other}"; there are ${names.join(", ")}`);
};

export const counted = (what, given) => {
  if (!(Number.isSafeInteger(given) && given > 0)) throw new TypeError(`${what} must be a positive whole number, got ${shown(given)}`);
};

export const shown = (value) => (typeof value === "string" ? `"${value}"` : value);
