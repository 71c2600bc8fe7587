// How the views write into the document: as text, and only where something changed.

import { reordering } from "./words.js";

/** The parts of an element that are filled in, by name. */
export const filled = (element) => (name) => element.querySelector(`[data-fill="${name}"]`);

export function write(element, text) {
  const shown = String(text).replace(reordering, "");
  if (element.textContent !== shown) element.textContent = shown;
}

export function writeAttribute(element, name, value) {
  if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
}

/** One paragraph a line. */
export function writeLines(element, lines) {
  lines.forEach((line, at) => write(element.children[at] ?? element.appendChild(document.createElement("p")), line));
  while (element.children.length > lines.length) element.lastElementChild.remove();
}

/** Lines in a square of 24. One path each: a list draws a thousand, and what a <use> refers to is copied for each. */
const shapes = {
  paid: "M2 12a10 10 0 1 0 20 0a10 10 0 1 0-20 0m5.5.5 3 3 6-6.5",
  already: "m2.5 12.5 4 4 8-9M11 15l1.5 1.5 8-9",
  unpaid: "M2 12a10 10 0 1 0 20 0a10 10 0 1 0-20 0m5.5 0h9",
  doubt: "M12 2 22 12 12 22 2 12ZM9.8 9.5a2.3 2.3 0 1 1 3.3 2.1c-.8.4-1.1.9-1.1 1.7M12 16.2v.1",
  stop: "M8 2h8l6 6v8l-6 6H8l-6-6V8ZM8.5 8.5l7 7m0-7-7 7",
  warning: "M12 3 22.5 21h-21ZM12 9.5v5.5m0 2.7v.1",
};

/** Draws one of the shapes, whose name also colours it and what is said beside it; none hides it. */
export function writeShape(shape, name) {
  shape.toggleAttribute("hidden", !name);
  writeAttribute(shape, "data-shape", name);
  if (name) writeAttribute(shape.firstElementChild, "d", shapes[name]);
}

/** The portal's own words, as text, and the details for support. */
export function renderEvidence(element, { quote, diagnostic }) {
  element.querySelector("[data-quote]").hidden = !quote;
  write(element.querySelector("blockquote"), quote);
  const details = element.querySelector("[data-diagnostic]");
  if (!diagnostic) details.open = false;
  details.hidden = !diagnostic;
  write(details.querySelector("textarea"), diagnostic);
  // What stands there now was not copied.
  const copied = details.querySelector("[data-usual]");
  if (copied) write(copied, copied.dataset.usual);
}
