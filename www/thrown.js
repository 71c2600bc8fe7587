// What was thrown may be anything; what the page itself refuses has the form of b24pay's rejections.

export function asError(thrown) {
  return thrown instanceof Object ? thrown : new Error(String(thrown));
}

/** Why what was shown is not acted on: it is not so any more. Nothing was sent. */
export const outdated = (code) => Object.assign(new Error("it changed since it was shown"), { code, retry: "never" });

/** Why a part of the page is not there: its connection broke, something blocks it, or its host has a newer one by now. */
export const notLoaded = (cause) => Object.assign(new Error("a part of the page was not loaded", { cause }), { code: "NOT_LOADED" });
