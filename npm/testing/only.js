// A misspelt name would be a default unnoticed, and a wrong number no fault at all: a test that is green for nothing.

export const only = (what, given, names) => {
  if (typeof given !== "object" || given === null) throw new TypeError(`${what} expects an object, got ${given}`);
  const other = Object.keys(given).find((name) => !names.includes(name));
  if (other !== undefined) throw new TypeError(`${what} has no "${other}"; there are ${names.join(", ")}`);
};

export const counted = (what, given) => {
  if (!(Number.isSafeInteger(given) && given > 0)) throw new TypeError(`${what} must be a positive whole number, got ${shown(given)}`);
};

export const named = (what, method) => {
  if (typeof method !== "string" || !method) throw new TypeError(`${what} expects the name of a method, got ${shown(method)}`);
};

// Without a code a refusal would be a success, and one whose text is its status another refusal.
export const refusalOf = (what, error, text, status) => {
  if (typeof error !== "string" && typeof error !== "number") {
    throw new TypeError(`${what} expects the portal's code, such as "ACCESS_DENIED" or 0, got ${shown(error)}`);
  }
  if (typeof text !== "string") throw new TypeError(`${what} expects a text after the code, got ${shown(text)}`);
  if (!(Number.isInteger(status) && status >= 200 && status <= 599)) {
    throw new TypeError(`${what} expects an HTTP status after the text, got ${shown(status)}`);
  }
};

export const shown = (value) => (typeof value === "string" ? `"${value}"` : String(value));
