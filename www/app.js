// The page in a portal's frame: tells the element what the portal says about the frame, fits the frame to it, and warns before it is
// closed. What is shown is the element's.

import { deadlineAsked } from "./attributes.js";
import { subjectOf } from "./placement.js";
import { frameFitter, openPortal } from "./portal.js";
import { languageOf } from "./language.js";

const payments = document.querySelector("b24-payments");
const set = (name, value) => payments.setAttribute(name, value);

/** Waiting times come from the server that serves the page, never from an address or a message. */
for (const name of ["settle-ms", "deadline-ms"]) {
  const given = document.querySelector(`meta[name="b24pay-${name}"]`)?.content;
  if (given) set(name, given);
}

/** Sets what the frame says about the page; the element's own portal, this page's BX24, is then ready. */
async function frameOpened() {
  const deadlineMs = deadlineAsked((name) => payments.getAttribute(name));
  const { language, placement, options, domain, writesTimeline } = await openPortal(window, { patienceMs: Math.min(10_000, deadlineMs) });
  const { kind, id } = subjectOf(placement, options);
  if (kind !== "search") set(kind, id ?? "");
  if (writesTimeline) set("timeline", "");
  set("language", languageOf(language, navigator.languages));
  payments.facts = { portal: domain, placement };
}

// The address carries the portal's language, so that the words load while BX24 does; BX24's own word decides.
set("language", languageOf(new URLSearchParams(location.search).get("LANG"), navigator.languages));
payments.portal = frameOpened();
// It is the element that says so; nothing is to be said before that is there.
payments.portal.catch(() => {});

const fit = frameFitter(window);
// In a tab that is not seen it has none; seen again it would begin with a frame that shows nothing.
payments.addEventListener("b24pay-height", ({ detail: { bottom } }) => bottom > 0 && fit(bottom + 16));
payments.addEventListener("b24pay-language", ({ detail: { language, direction, title } }) => {
  Object.assign(document.documentElement, { lang: language, dir: direction });
  document.title = title;
});

const warn = (event) => event.preventDefault();
payments.addEventListener("b24pay-busy", ({ detail }) => {
  if (detail.busy) window.addEventListener("beforeunload", warn);
  else window.removeEventListener("beforeunload", warn);
});

// Last: what stands at the element by now is what it begins with. Without it the page says so in the words it came with.
import("./element.js").catch(() => {
  for (const part of payments.querySelectorAll("[data-on]")) part.hidden = part.dataset.on !== "failed";
});
