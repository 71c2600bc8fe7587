// All that a script in a page can read of it, as one text, to look for a secret in. Runs in the page; decides nothing.

/** Adds `window.readable`, which tells everything of a value, `window.shown`, which tells everything that stands in a document, and
 *  `window.holding`, which tells everything that the page keeps and shows. */
export const watching = () => {
  const unhandled = [];
  for (const type of ['error', 'unhandledrejection']) addEventListener(type, (event) => unhandled.push(event.reason ?? event.error ?? event.message));

  // Hidden and inherited members included, such as the stack and the cause of an error.
  window.readable = (value) => {
    const texts = [];
    const seen = new Set([window, document]);
    const read = (what) => {
      if (Object(what) !== what) return void texts.push(String(what));
      if (seen.has(what)) return;
      seen.add(what);
      try {
        texts.push(String(what), JSON.stringify(what));
      } catch {
        // It has no such text.
      }
      for (let owner = what; owner && owner !== Object.prototype && owner !== Function.prototype; owner = Object.getPrototypeOf(owner)) {
        for (const key of Reflect.ownKeys(owner)) {
          texts.push(String(key));
          try {
            read(what[key]);
          } catch {
            // What throws gives nothing away, or what it throws is read.
          }
        }
      }
    };
    read(value);
    return texts.join('\n');
  };

  window.shown = (root) => [...root.querySelectorAll('*')].flatMap((element) => [
    ...element.getAttributeNames().map((name) => element.getAttribute(name)), element.value, element.shadowRoot && shown(element.shadowRoot),
  ]).concat(root.textContent).join('\n');

  window.holding = async () => [
    shown(document), document.title, document.cookie, document.referrer, location.href, window.name, readable(history.state),
    JSON.stringify({ ...localStorage, ...sessionStorage }), JSON.stringify(await indexedDB.databases()), (await caches.keys()).join(),
    performance.getEntries().map((entry) => JSON.stringify(entry)).join('\n'), readable(unhandled),
  ].join('\n');
};
