// Puts the page together: portal, language, b24pay, flow and view. Holds no rule of its own.

import { diagnostic } from "./diagnostic.js";
import { subjectOf } from "./placement.js";
import { frameFitter, openPortal } from "./portal.js";
import { createSession } from "./session.js";
import { createView } from "./view.js";
import { languageOf, readWords, speaker } from "./words.js";

/** Waiting times come from the server that serves the page, never from an address or a message. */
function waitingTime(name, usual) {
  const given = document.querySelector(`meta[name="b24pay-${name}-ms"]`)?.content ?? "";
  return /^\d{1,7}$/.test(given) ? Number(given) : usual;
}

async function readJson(language) {
  const answer = await fetch(new URL(`words/${language}.json`, import.meta.url));
  if (!answer.ok) throw new Error(`words of ${language}: ${answer.status}`);
  return answer.json();
}

async function start() {
  const settleMs = waitingTime("settle", 65_000);
  const deadlineMs = waitingTime("deadline", 30_000);
  let session = null;
  const view = createView(document, {
    happened: (event, value) => (session ? session.happened(event, value) : event === "reload" && location.reload()),
    heightChanged: frameFitter(window),
  });

  // The address carries the portal's language, so that the words load while BX24 does; BX24's own word decides.
  const guess = languageOf(new URLSearchParams(location.search).get("LANG"), navigator.languages);
  const guessed = readWords(guess, readJson);
  const paying = import("./b24pay.js");
  // Both are awaited below; a failure meanwhile is not unhandled.
  for (const promise of [guessed, paying]) promise.catch(() => {});
  const opened = await settled(openPortal(window, { patienceMs: Math.min(10_000, deadlineMs) }));
  const language = opened.value ? languageOf(opened.value.language, navigator.languages) : guess;
  const words = await settled(language === guess ? guessed : readWords(language, readJson));
  const pay = await settled(paying);
  if (!words.value) return view.renderBroken();

  const speaking = speaker(words.value);
  view.speak(speaking);
  const { placement = "", options, domain = "" } = opened.value ?? {};
  session = createSession({
    pay: pay.value, view, speaker: speaking, settleMs, deadlineMs,
    subject: subjectOf(placement, options), writesTimeline: opened.value?.writesTimeline ?? false,
    diagnosticOf: (error, payment) => diagnostic({ error, payment, placement, domain, language, at: new Date() }),
    soon: (work) => setTimeout(work, 100),
    reload: () => location.reload(),
  });
  window.addEventListener("beforeunload", (event) => {
    if (session.isUnderWay()) event.preventDefault();
  });
  if (opened.error) session.fail(opened.error);
  else if (pay.error) session.fail(pay.error);
  else session.open();
}

async function settled(promise) {
  try {
    return { value: await promise };
  } catch (error) {
    return { error };
  }
}

start();
