// What stands in the shadow of every element: the markup and the style of the files, with no word of the portal in them.
// Made when the first element needs them: where there is no document, importing must do nothing.

import markup from "#markup";
import style from "#style";

let template;

/** Takes out what stands in a shadow, and lays what a new view begins with. */
export function furnish(shadow) {
  if (!template) {
    // Of a document of its own: in a page that is XML the markup would have to be that, too.
    template = document.implementation.createHTMLDocument("").createElement("template");
    template.innerHTML = trusted();
  }
  // Its window's own: one of another window is refused in the document that the element was moved to.
  const sheet = new shadow.ownerDocument.defaultView.CSSStyleSheet();
  sheet.replaceSync(style);
  shadow.adoptedStyleSheets = [sheet];
  shadow.replaceChildren(document.importNode(template.content, true));
}

/** The markup, as a policy of trusted types wants it, and nothing else by that policy. */
function trusted() {
  try {
    return trustedTypes.createPolicy("b24pay", { createHTML: () => markup }).createHTML("");
  } catch {
    // There are none, or not by that name: then it is a text.
    return markup;
  }
}
