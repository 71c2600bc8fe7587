// What was thrown may be anything.

export function asError(thrown) {
  return thrown instanceof Object ? thrown : new Error(String(thrown));
}
