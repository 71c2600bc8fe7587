// Loads the page anew. A portal opens it by a form and its policy sends no forms, so a mere reload would be refused without a word.

export function reload() {
  // An address with a fragment would only be scrolled to; no portal opens one.
  if (location.hash) location.reload();
  else location.replace(location.href);
}
