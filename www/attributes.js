// What stands at the element: whose payments it shows, in which language, how long it waits. Texts in, facts out.

import { languageOf } from "./language.js";
import { idOf, numberOf } from "./placement.js";

const kinds = ["deal", "invoice", "order", "payment"];

/** Those that say yes or no. */
export const switches = ["none", "timeline"];

/** Every attribute that means something; when one of them changes, the element opens anew. */
export const attributes = [...kinds, "none", "language", "settle-ms", "deadline-ms", "timeline"];

/** @param {(name: string) => string | null} read gives an attribute, `null` where it is not set */
export function asked(read) {
  return {
    subject: subjectIn(read),
    settleMs: milliseconds(read("settle-ms"), 65_000),
    deadlineMs: deadlineAsked(read),
    writesTimeline: isOn(read("timeline")),
  };
}

export function deadlineAsked(read) {
  return milliseconds(read("deadline-ms"), 30_000);
}

/** The attribute's language, else the portal's, else the browser's. */
export function languageAsked(read, portalCode, browserLanguages) {
  const given = read("language");
  return given ? languageOf("", [given]) : languageOf(portalCode, browserLanguages);
}

/** Frameworks write what is not so as the text `false`. */
export const isOn = (text) => text !== null && text !== "false";

function subjectIn(read) {
  if (isOn(read("none"))) return { kind: "none" };
  const kind = kinds.find((name) => read(name) !== null);
  if (!kind) return { kind: "search" };
  const text = read(kind);
  const number = kind === "payment" && numberOf(text);
  // What is no id is handed on as it is: b24pay refuses it and says what it expected.
  return number ? { kind, number } : { kind, id: idOf(text) ?? text };
}

function milliseconds(text, usual) {
  return /^[1-9]\d{0,6}$/.test(text) ? Number(text) : usual;
}
