// A page of some developer on a server of its own: the built package beside it, a policy as strict as it can be, nothing of a portal.

import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { TARGET } from "../places.js";

// The webhook that every demo has; who has a page that others can read has none in it.
export const HOOK = "/rest/7/b7p2d6h1c4n9s8ya/";
const TYPES = { ".js": "text/javascript", ".html": "text/html; charset=utf-8", ".xhtml": "application/xhtml+xml" };

const page = (body) => `<!doctype html><html lang="en-GB"><title>Mine</title><link rel="icon" href="data:,"><body>${body}<script type="module" src="/page.js"></script>`;

// `open24(attributes, id)` adds an element, `heard` holds the events that reached the document. `listening()` says how many listeners
// outside of shadow roots and how many observed elements there are, from `countListeners()` on; `ticking()` says what the element's
// timers that still run are to do, from `countTimers()` on.
const script = (portal) => `
  import { webhook } from "/b24pay.js";
  import "/element.js";
  window.heard = [];
  for (const type of ["b24pay-outcome", "b24pay-busy"]) {
    document.addEventListener(type, ({ detail, target }) => window.heard.push({ type, detail: JSON.parse(JSON.stringify(detail, (key, value) => value instanceof Error ? { ...value, code: value.code } : value)), at: target.nodeName }));
  }
  window.open24 = (attributes, id) => {
    const element = document.createElement("b24-payments");
    if (id) element.id = id;
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.portal = webhook("${portal}${HOOK}");
    document.body.append(element);
  };
  window.countListeners = () => {
    const live = new Set();
    const observed = new Set();
    const { addEventListener, removeEventListener } = EventTarget.prototype;
    for (const target of [window, document]) {
      target.addEventListener = (type, heard, options) => {
        const entry = { type, heard };
        live.add(entry);
        options?.signal?.addEventListener("abort", () => live.delete(entry));
        addEventListener.call(target, type, heard, options);
      };
      target.removeEventListener = (type, heard, options) => {
        for (const entry of live) if (entry.type === type && entry.heard === heard) live.delete(entry);
        removeEventListener.call(target, type, heard, options);
      };
    }
    const { observe, disconnect } = ResizeObserver.prototype;
    ResizeObserver.prototype.observe = function (...given) { observed.add(this); observe.apply(this, given); };
    ResizeObserver.prototype.disconnect = function () { observed.delete(this); disconnect.apply(this); };
    window.listening = () => ({ outside: live.size, observed: observed.size });
  };
  window.countTimers = () => {
    const live = new Map();
    const { setTimeout, clearTimeout } = window;
    window.setTimeout = (work, ...given) => {
      const isElements = new Error().stack.split("\\n").find((line) => !line.includes("/page.js") && line.includes("/"))?.includes("/element.js");
      const timer = setTimeout((...values) => {
        live.delete(timer);
        work(...values);
      }, ...given);
      if (isElements) live.set(timer, String(work));
      return timer;
    };
    window.clearTimeout = (timer) => {
      live.delete(timer);
      clearTimeout(timer);
    };
    window.ticking = () => [...live.values()];
  };
`;

// The same as XML, without the script.
const XHTML = '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>Mine</title><link rel="icon" href="data:," /></head><body></body></html>';

/** Serves it until it is stopped: `{ address, stop }`. Scripts may make no markup of a text. */
export async function served(body, portal) {
  const policy = `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src data:; connect-src 'self' ${portal}; require-trusted-types-for 'script'; trusted-types 'none'`;
  const answers = { "/": page(body), "/page.xhtml": XHTML, "/page.js": script(portal) };
  const server = createServer(async ({ url }, response) => {
    const path = normalize(new URL(url, "http://page").pathname);
    const content = answers[path] ?? (await readFile(join(TARGET, "npm", path)).catch(() => undefined));
    response.writeHead(content === undefined ? 404 : 200, { "Content-Type": TYPES[extname(path)] ?? TYPES[".html"], "Content-Security-Policy": policy });
    response.end(content);
  });
  await new Promise((resolve) => { server.listen(0, "127.0.0.1", resolve); });
  return {
    address: `http://127.0.0.1:${server.address().port}/`,
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => { server.close(resolve); });
    },
  };
}
