// How the views write into the document: as text, and only where something changed.

export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** One paragraph a line. */
export function writeLines(element, lines) {
  lines.forEach((line, at) => write(element.children[at] ?? element.appendChild(document.createElement("p")), line));
  while (element.children.length > lines.length) element.lastElementChild.remove();
}

/** Chooses one of the shapes drawn in the document; none hides it. */
export function writeShape(shape, name) {
  shape.toggleAttribute("hidden", !name);
  if (name) shape.querySelector("use").setAttribute("href", `#shape-${name}`);
}

/** The portal's own words, as text, and the details for support. */
export function renderEvidence(element, { quote, diagnostic }) {
  element.querySelector("[data-quote]").hidden = !quote;
  write(element.querySelector("blockquote"), quote);
  const details = element.querySelector("[data-diagnostic]");
  if (!diagnostic) details.open = false;
  details.hidden = !diagnostic;
  write(details.querySelector("textarea"), diagnostic);
}
