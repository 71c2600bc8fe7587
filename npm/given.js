// What callers hand in, as it is when the call is made: the module reads it later, and an object that is used again for the next
// call must not change the one before. What is wrong with it is said by the module, which then gets it as it is.

import { payError } from "./error.js";

// Of a class of its own, of which a copy would know nothing.
const isOfClass = (given) => {
  const parent = Object.getPrototypeOf(given);
  return parent && Object.getPrototypeOf(parent);
};

// An object's own members, and these of its prototype's, each read once. What the module refuses stays what it is: what is of a class
// and has none of these, such as a promise, a Map, or a portal in the place of options.
export const asGiven = (given, ...names) => {
  try {
    if (typeof given !== "object" || Array.isArray(given)) return given;
    if (isOfClass(given) && !names.some((name) => name in given)) return given;
    return copied(given, names, (member) => member);
  } catch {
    return given;
  }
};

const copied = (given, names, as) =>
  Object.fromEntries([...new Set([...names, ...Reflect.ownKeys(given)])].map((name) => [name, as(given[name])]));

export const asRequest = (request) => {
  const now = asGiven(request, "paymentId", "paySystemId", "details");
  if (!Object.is(now, request)) {
    now.details = asGiven(now.details, "invoiceId", "sum", "currency", "statusCode", "statusMessage", "statusDescription");
  }
  return now;
};

export const asOptions = (options) => {
  const now = asGiven(
    options, "portal", "signal", "deadlineMs", "settleMs", "known", "expect", "detailsMayDiffer", "payReturned", "concurrency",
    "onProgress",
  );
  if (!Object.is(now, options)) now.expect = asGiven(now.expect, "sum", "currency");
  return now;
};

export const asList = (requests) => {
  try {
    return Array.isArray(requests) ? Array.from(requests) : requests;
  } catch (cause) {
    throw payError("INVALID_REQUEST", "requests must be readable, got a getter that throws", "never", cause);
  }
};

// As deep as the module looks.
const DEEPEST = 17;

// Plain data all through.
export const asData = (params) => {
  const taken = (given, depth) => {
    if (typeof given !== "object" || given === null) return given;
    if (depth === 0) throw given;
    const inner = (member) => taken(member, depth - 1);
    if (Array.isArray(given)) return Array.from(given, inner);
    // Which the module refuses.
    if (isOfClass(given)) return given;
    return copied(given, [], inner);
  };
  try {
    return taken(params, DEEPEST);
  } catch {
    return params;
  }
};
