// The portal page around the frame: whether it is there, what it says about this page, and how high it makes the frame.
// Nothing that pays passes here; payments go through b24pay only.

import { whenOver } from "./when_over.js";

/** The library answers within seconds or not at all; silence has many causes and no event. */
const handshakeMs = 10_000;

/**
 * Waits for BX24 and its first answer.
 * @returns {Promise<{ placement: string, options: unknown, language: string, domain: string, writesTimeline: boolean }>} rejects with `{ code }`
 */
export async function openPortal(window, { patienceMs = handshakeMs } = {}) {
  await scriptsDone(window, patienceMs);
  const bx24 = window.BX24;
  if (bx24 === undefined) throw failure("NO_LIBRARY");
  if (!bx24 || typeof bx24.init !== "function") throw failure("NOT_IN_PORTAL");
  await new Promise((resolve, reject) => {
    const giveUp = whenOver(window, patienceMs, () => reject(failure("NO_HANDSHAKE")));
    bx24.init(() => {
      giveUp();
      resolve();
    });
  });
  return {
    ...placementOf(window),
    language: attempt(() => window.BX24.getLang()) ?? "",
    domain: attempt(() => window.BX24.getDomain()) ?? "",
    // Chosen at installation, for all operators.
    writesTimeline: attempt(() => window.BX24.appOption.get("timeline")) !== "off",
  };
}

/** The library's script is deferred: it has run, or failed, when the document is done. */
function scriptsDone(window, patienceMs) {
  const { document } = window;
  const opened = window.performance.getEntriesByType("navigation")[0];
  if (window.BX24 !== undefined || document.readyState === "complete" || opened?.domContentLoadedEventEnd > 0) return undefined;
  return new Promise((resolve) => {
    const done = () => {
      giveUp();
      document.removeEventListener("DOMContentLoaded", done);
      resolve();
    };
    const giveUp = whenOver(window, patienceMs, done);
    document.addEventListener("DOMContentLoaded", done);
  });
}

function placementOf(window) {
  const info = attempt(() => window.BX24.placement.info());
  return { placement: info?.placement ?? "DEFAULT", options: info?.options };
}

/** Old versions of the library lack some functions, others throw; none of that may stop the page. */
function attempt(question) {
  try {
    return question();
  } catch {
    return undefined;
  }
}

function failure(code) {
  return Object.assign(new Error(`the portal is not usable: ${code}`), { code });
}

/** A frame grows at once and shrinks when things have come to rest, so that it does not flicker between two screens. */
const restMs = 250;

/**
 * Fits the frame to the content. The portal may refuse (in a slider it does) or say nothing, so nothing waits for an answer,
 * and a height is asked for once: the resizing that it causes asks for nothing new but the width.
 */
export function frameFitter(window) {
  let asked = 0;
  let isWidthKept = false;
  let resting;
  const ask = (height) => {
    asked = height;
    isWidthKept = true;
    // The width is the one the frame has: "100%" would become 100 pixels.
    attempt(() => window.BX24.resizeWindow(window.innerWidth, height));
  };
  // It would keep that width in a window that becomes another. `fitWindow` gives it all there is, but can only make it higher, so that
  // comes when it has its height; at a zoom that is not quite the one asked for.
  window.addEventListener("resize", () => {
    if (!isWidthKept || Math.abs(window.innerHeight - asked) > 1) return;
    isWidthKept = false;
    attempt(() => window.BX24.fitWindow());
  });
  return (height) => {
    window.clearTimeout(resting);
    if (height === asked || height === window.innerHeight) return;
    if (height > window.innerHeight) ask(height);
    else resting = window.setTimeout(ask, restMs, height);
  };
}
