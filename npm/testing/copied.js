// What a call was given, as it is when the call is made: lists and plain objects are copied, everything else is kept. Some environments of
// tests have no structuredClone, and that copies no function.

export const copied = (given) => {
  if (Array.isArray(given)) return given.map(copied);
  if (!isPlain(given)) return given;
  return Object.fromEntries(Object.entries(given).map(([name, member]) => [name, copied(member)]));
};

// Of any realm.
const isPlain = (given) => {
  if (typeof given !== "object" || given === null) return false;
  const parent = Object.getPrototypeOf(given);
  return parent === null || Object.getPrototypeOf(parent) === null;
};
