// What stands in the shadow of every element: the markup and the style of the files, with no word of the portal in them.

import markup from "#markup";
import style from "#style";

/** Takes out what stands in a shadow, and lays what a new view begins with. */
export function furnish(shadow) {
  // Its window's own: one of another window is refused in the document that the element was moved to.
  const sheet = new shadow.ownerDocument.defaultView.CSSStyleSheet();
  sheet.replaceSync(style);
  shadow.adoptedStyleSheets = [sheet];
  shadow.replaceChildren();
  lay(shadow);
}

/**
 * The markup as elements. It is read here, as well formed as it is written: a page may let no text become markup, and one that is XML
 * would read it otherwise. The build leaves out the name of what ends.
 */
function lay(shadow) {
  const open = [shadow];
  for (const [, isEnd, name, attributes, text] of markup.matchAll(/<(\/?)(\w*)([^>]*)>([^<]*)/g)) {
    if (isEnd) open.pop();
    else {
      const space = /svg|path/.test(name) ? "http://www.w3.org/2000/svg" : shadow.host.namespaceURI;
      const element = shadow.ownerDocument.createElementNS(space, name);
      for (const [, key, value = ""] of attributes.matchAll(/([\w-]+)(?:="([^"]*)")?/g)) element.setAttribute(key, value);
      open.at(-1).append(element);
      if (!/path|input/.test(name)) open.push(element.content ?? element);
    }
    if (text) open.at(-1).append(text);
  }
}
