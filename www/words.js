// What is said in one language: its sentences with plurals, its amounts, dates and durations.
// The sentences themselves are data, in words/*.json.

import { moneyText } from "./money.js";

/** Letters that are written from right to left, and signs that turn the direction of what follows them. */
const turning = /[\u0590-\u08ff\u202a-\u202e\u2066-\u2069\ufb1d-\ufefc]/;

/** Right to left or left to right. */
export function directionOf(language) {
  return language === "ar" ? "rtl" : "ltr";
}

/** Reads a language's sentences; English where they cannot be had; rejects where neither can. */
export async function readWords(language, readJson) {
  try {
    return { language, sentences: await readJson(language) };
  } catch (failure) {
    if (language === "en") throw failure;
    return { language: "en", sentences: await readJson("en") };
  }
}

/** Everything that is said in one language; zone is for tests, the browser's own otherwise. */
export function speaker({ language, sentences }, zone) {
  const plural = new Intl.PluralRules(language);
  const counted = new Intl.NumberFormat(language);
  const dates = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short", timeZone: zone });
  const direction = directionOf(language);
  // A portal's name or number inside a sentence of the other direction must not reorder the sentence.
  const apart = (text) => (direction === "rtl" || turning.test(text) ? `\u2068${text}\u2069` : text);

  function say(key, values = {}) {
    const found = sentences[key];
    const pattern = found && typeof found === "object" ? (found[plural.select(values.count ?? 0)] ?? found.other) : found;
    if (pattern === undefined) return key;
    return pattern.replace(/\{(\w+)\}/g, (_, name) => {
      const value = values[name];
      return apart(typeof value === "number" ? counted.format(value) : String(value ?? ""));
    });
  }

  return {
    language, direction, say,
    knows: (key) => key in sentences,
    money: (sum, currency) => moneyText(sum, currency, language),
    number: (count) => counted.format(count),
    date(iso) {
      const at = new Date(iso);
      return Number.isNaN(at.getTime()) ? String(iso) : dates.format(at);
    },
    /** At most so long: whole seconds below two minutes, else minutes, rounded up. */
    duration(ms) {
      const [count, unit] = ms < 120_000 ? [Math.ceil(ms / 1000), "second"] : [Math.ceil(ms / 60_000), "minute"];
      return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(count);
    },
  };
}
