// A `fetch` that answers for the portal under test and hands every other address on.

import { fromQuery } from "./form.js";

export const fetchOf = (domain, receive, real) => async (input, init) => {
  // An address may be relative to the page; it is not ours then. Making a request of it would use up its body.
  const { host, pathname, search } = new URL(input.url ?? input, `https://elsewhere.${domain}/`);
  if (host !== domain) return real(input, init);
  const request = new Request(input, init);
  const { auth, ...params } = { ...fromQuery(search), ...given(request.headers.get("Content-Type"), await request.text()) };
  const method = decodeURIComponent(pathname).split("/").at(-1).replace(/\.json$/, "");
  const reply = await Promise.race([receive(method, params), aborted(request.signal)]);
  if (reply.lost) throw new TypeError("fetch failed");
  return new Response(reply.text ?? JSON.stringify(reply.body), {
    status: reply.status,
    headers: { "Content-Type": reply.text === undefined ? "application/json" : "text/html" },
  });
};

// As a portal reads a body: JSON by this type alone, without a charset, and JSON that is none says nothing.
function given(type, text) {
  if (type !== "application/json" && !type?.includes("+json")) return fromQuery(text);
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

const aborted = (signal) =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
