// What stands in the shadow of every element: the markup and the style of the files, with no word of the portal in them.
// Made when the first element needs them: where there is no document, importing must do nothing.

import markup from "#markup";
import style from "#style";

let template;
let sheet;

/** Takes out what stands in a shadow, and lays what a new view begins with. */
export function furnish(shadow) {
  if (!template) {
    template = document.createElement("template");
    template.innerHTML = markup;
    sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
  }
  shadow.adoptedStyleSheets = [sheet];
  shadow.replaceChildren(document.importNode(template.content, true));
}
