// The end of a wait in a page that may stand still meanwhile: frozen, asleep, or busy.
// Knows nothing of what is waited for.

/** How long it may take, at the most, until what arrived while the page stood still is delivered, in milliseconds. */
const tellingMs = 1000;

/**
 * Runs the work where something else has not come in time; returns what calls that off. In a page that was frozen or busy the timer can
 * fire before what arrived meanwhile is delivered: so that gets more time, once, as long as the timer is late, and at the most `moreMs`.
 */
export function whenOver(window, ms, work, moreMs = tellingMs) {
  const until = window.performance.now() + ms;
  let timer = window.setTimeout(() => {
    timer = window.setTimeout(work, Math.min(window.performance.now() - until, moreMs));
  }, ms);
  return () => window.clearTimeout(timer);
}
