// What is said in one language: its sentences with plurals, its amounts, dates and durations.
// The sentences themselves are data, in words/*.json.

import { moneyText } from "./money.js";

/** Letters that are written from right to left, and signs that turn the direction of what follows them. */
const turning = /[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufefc]/;

/** Signs that show what follows them in another order than it is written: a number would read as another one. */
export const reordering = /[\u202a-\u202e]/g;

/** What turns the direction in a text turns it there only: what it left open is closed, what it did not open is not closed by it. */
function closed(text) {
  let open = 0;
  const kept = text.replace(/[\u2066-\u2069]/g, (sign) => {
    open += sign === "\u2069" ? -1 : 1;
    if (open >= 0) return sign;
    open = 0;
    return "";
  });
  return kept + "\u2069".repeat(open);
}

/** Whose numbers and dates are written alike, for a browser that knows a language by its code alone, as Chromium knows Kazakh. */
const alike = { kk: "ru" };

/** Right to left or left to right. */
export function directionOf(language) {
  return language === "ar" ? "rtl" : "ltr";
}

/** Reads a language's sentences; English where they cannot be had; rejects where neither can. */
export async function readWords(language, readJson) {
  try {
    return { language, sentences: await readJson(language) };
  } catch {
    return { language: "en", sentences: await readJson("en") };
  }
}

const named = { dateStyle: "medium", timeStyle: "short" };
const numbered = { day: "2-digit", month: "2-digit", year: "numeric", hour: "2-digit", minute: "2-digit" };

/** The language that numbers and dates are written in; where months have no name in the browser, as in "M09", it is one that is written alike. */
function writtenIn(language) {
  const isKnown = !alike[language] || !/M\d/.test(new Intl.DateTimeFormat(language, { month: "short" }).format(0));
  return isKnown ? language : alike[language];
}

/** Everything that is said in one language; zone is for tests, the browser's own otherwise. */
export function speaker({ language, sentences }, zone) {
  const plural = once(() => new Intl.PluralRules(language));
  const locale = once(() => writtenIn(language));
  const counted = once(() => new Intl.NumberFormat(locale()));
  const dates = once(() => new Intl.DateTimeFormat(locale(), { ...(locale() === language ? named : numbered), timeZone: zone }));
  const direction = directionOf(language);
  /** A portal's name or number beside words of the other direction must not reorder them, nor they it. */
  const apart = (text) => (direction === "rtl" || turning.test(text) ? `\u2068${closed(text)}\u2069` : text);

  function say(key, values = {}) {
    const found = sentences[key];
    const pattern = typeof found === "object" ? (found[plural().select(values.count)] ?? found.other) : found;
    if (pattern === undefined) return key;
    return pattern.replace(/\{(\w+)\}/g, (_, name) => {
      const value = values[name];
      return apart(typeof value === "number" ? counted().format(value) : String(value ?? ""));
    });
  }

  return {
    language, direction, say, apart,
    get locale() {
      return locale();
    },
    /** Makes what numbers and dates are written with, which otherwise the first of them does. */
    prepare() {
      counted();
      dates();
    },
    knows: (key) => key in sentences,
    money: (sum, currency) => moneyText(sum, currency, locale()),
    date(iso) {
      // Of anything else browsers make a date, too, and not the one that was meant: of 30 February the second of March.
      const [day] = /^\d{4}-\d\d-\d\d(?=T)/.exec(iso) ?? [];
      const at = new Date(new Date(day).toJSON()?.startsWith(day) ? iso : NaN);
      return Number.isNaN(at.getTime()) ? String(iso) : dates().format(at);
    },
    /** At most so long: whole seconds below two minutes, else minutes, rounded up. */
    duration(ms) {
      const [count, unit] = ms < 120_000 ? [Math.ceil(ms / 1000), "second"] : [Math.ceil(ms / 60_000), "minute"];
      return new Intl.NumberFormat(locale(), { style: "unit", unit, unitDisplay: "long" }).format(count);
    },
  };
}

/** A browser's first number and first date take as long as all else that opens the page, so nothing makes them sooner than it must. */
function once(make) {
  let made;
  return () => (made ??= make());
}
