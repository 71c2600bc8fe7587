// Puts the installer together: portal, language, b24pay and the document. What is done in the portal stands in install/installing.js.

import { call as ask } from "./b24pay.js";
import { wordsOf } from "./languages.js";
import { frameFitter, openPortal } from "./portal.js";
import { codeOf, reasonOf } from "./sentences_common.js";
import { reload } from "./reload.js";
import { languageOf } from "./language.js";
import { readWords, speaker } from "./words.js";
import { whenOver } from "./when_over.js";
import { filled, write } from "./view_write.js";
import { carryOut, handlerBeside, places, scopes, survey } from "./install/installing.js";

const main = document.querySelector("main");
const form = document.querySelector("#setup");
const at = filled(main);
const fit = frameFitter(window);
const call = (method, params) => ask(method, params);
/** How long the portal may take to keep an option; where it does not answer, it may have kept it all the same. */
const optionMs = 5_000;
/** How long it may take to load its page anew. */
const finishMs = 15_000;
/** The sign before what came of it. */
const signs = { good: "✓", bad: "✗", doubt: "?" };

let say = (key) => key;
let knows;
let apart;
let facts;
/** The places that were chosen, once they were: what is tried again is the same. */
let wanted;

async function readJson(name) {
  const answer = await fetch(new URL(`install/${name}.json`, import.meta.url));
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return answer.json();
}

/** The page's own sentences and the installer's, in one language. */
const sentencesOf = async (language) => ({
  ...(await wordsOf(language)), ...(await readJson(`words/${language}`)),
});

async function start() {
  const opened = await openPortal(window).then((value) => ({ value }), (error) => ({ error }));
  const language = languageOf(opened.value?.language ?? new URLSearchParams(location.search).get("LANG"), navigator.languages);
  const speaking = speaker(await readWords(language, sentencesOf));
  ({ say, knows, apart } = speaking);
  speak(speaking);
  if (opened.error) return fail(opened.error);
  if (!window.BX24.isAdmin()) return show("failed", { failureTitle: say("install.title"), failureText: say("install.notAdmin") });
  form.elements.timeline.checked = opened.value.writesTimeline;
  await offer();
}

function speak({ language, direction }) {
  document.documentElement.lang = language;
  document.documentElement.dir = direction;
  for (const element of document.querySelectorAll("[data-word]")) write(element, say(element.dataset.word));
}

/** Shows what can be chosen. */
async function offer() {
  show("opening");
  try {
    facts = await survey(call);
  } catch (error) {
    return fail(error);
  }
  at("places").replaceChildren(...places.map(choice));
  at("scopes").replaceChildren(...scopes.map(scope));
  show("form");
}

function choice({ code, usual, needs }) {
  const isThere = facts.possible.includes(code);
  const wasBound = facts.bound.some(({ placement }) => placement === code);
  // What is bound stays until somebody takes it back, though the portal would not offer it any more.
  const isOpen = isThere || wasBound;
  const box = Object.assign(document.createElement("input"), {
    type: "checkbox", id: code, name: "place", value: code, disabled: !isOpen, checked: isOpen && (wanted?.includes(code) ?? (wasBound || (usual && !facts.isInstalled))),
  });
  const label = Object.assign(document.createElement("label"), { htmlFor: code });
  label.append(nameOf(code));
  return line(box, label, isThere ? "" : whyAbsent(needs));
}

/** A portal offers an app only the places that belong to its scopes. */
function whyAbsent(needs) {
  const missing = needs.find((name) => !facts.given.includes(name));
  return missing ? say("error.MISSING_SCOPE.text", { scope: missing }) : say("install.absent");
}

function scope(name) {
  const has = facts.given.includes(name);
  const text = document.createElement("span");
  text.append(`${apart(name)}: ${say(has ? "install.has" : "install.misses")}`);
  // Where it was set up before, what was bound then cannot be read.
  const costs = name === "placement" && facts.isInstalled ? "" : `${say(`install.without.${name}`)} `;
  return line(sign(has ? "good" : "bad"), text, has ? "" : costs + say("error.MISSING_SCOPE.next"));
}

function nameOf(code) {
  const { kind, entity } = places.find((one) => one.code === code);
  return say(`install.${kind}`, { entity: entity && say(`search.${entity}`) });
}

function sign(name) {
  const sign = document.createElement("span");
  sign.className = "sign";
  sign.dataset.is = name;
  sign.setAttribute("aria-hidden", "true");
  sign.textContent = signs[name];
  return sign;
}

function line(first, text, note) {
  const item = document.createElement("li");
  const told = document.createElement("span");
  told.append(text);
  if (note) told.append(Object.assign(document.createElement("span"), { className: "note", textContent: note }));
  item.append(first, told);
  return item;
}

async function setUp() {
  wanted = [...form.querySelectorAll("[name=place]:checked")].map(({ value }) => value);
  show("working");
  let title;
  try {
    const titles = await readJson("titles");
    // From here on something may have been changed.
    title = "install.unclear";
    const timeline = keepTimeline(form.elements.timeline.checked ? "on" : "off");
    const handler = handlerBeside(document.baseURI);
    const done = facts.given.includes("placement") ? await carryOut(call, { wanted, handler, titles }) : [];
    report(done, await timeline);
  } catch (error) {
    fail(error, title);
  }
}

/** Keeps the choice for all operators. Says why it is not known whether it was kept, or nothing; the portal answers or stays silent. */
function keepTimeline(value) {
  return new Promise((resolve) => {
    const giveUp = whenOver(window, optionMs, () => resolve({ code: "NO_ANSWER" }));
    const end = (doubt) => {
      giveUp();
      resolve(doubt);
    };
    try {
      window.BX24.appOption.set("timeline", value, () => end());
    } catch {
      end({ code: "UNEXPECTED" });
    }
  });
}

function report(done, timelineDoubt) {
  const all = done.map(({ code, ...came }) => ({ what: nameOf(code), ...came }));
  if (timelineDoubt) all.push({ what: say("install.timeline"), state: "unknown", error: timelineDoubt });
  const lines = all.map(({ what, state, error }) => line(
    sign({ failed: "bad", unknown: "doubt" }[state] ?? "good"),
    `${what}: ${say(state === "unknown" ? "title.unknown" : `install.${state}`)}`,
    error?.portalText ? apart(error.portalText) : reasonOf(error, { say, knows }),
  ));
  // However well the rest went, without them the page cannot do all of its work.
  lines.push(...scopes.filter((name) => !facts.given.includes(name)).map(scope));
  at("results").replaceChildren(...lines);
  const worst = ["bad", "doubt"].find((name) => at("results").querySelector(`[data-is="${name}"]`));
  const isNowhere = !done.some(({ code, state }) => state !== "removed" && code !== "REST_APP_URI");
  const title = { bad: "install.partly", doubt: "install.unclear" }[worst] ?? (isNowhere ? "install.without.placement" : "install.done");
  main.querySelector('[data-event="again"]').hidden = title === "install.done";
  main.querySelector('[data-event="finish"]').hidden = facts.isInstalled;
  show("result", { summary: say(title) });
}

function fail(error, title = `error.${codeOf(error, knows)}.title`) {
  const quote = main.querySelector("[data-quote]");
  quote.hidden = !error.portalText;
  write(quote.querySelector("blockquote"), error.portalText ?? "");
  show("failed", { failureTitle: say(title), failureText: reasonOf(error, { say, knows }) });
}

function show(screen, texts = {}) {
  for (const [name, text] of Object.entries(texts)) write(at(name), text);
  main.dataset.screen = screen;
  main.setAttribute("aria-busy", String(screen === "opening" || screen === "working"));
  for (const part of main.querySelectorAll("[data-on]")) part.hidden = !part.dataset.on.split(" ").includes(screen);
  const go = main.querySelector('[data-part="go"]');
  go.setAttribute("aria-disabled", String(screen === "working"));
  write(go, say(screen === "working" ? "install.working" : "install.go"));
  write(at("status"), screen === "working" ? say("install.working") : "");
  // The focus goes where the news is.
  if (screen === "result" || screen === "failed") main.querySelector(`[data-on="${screen}"] h2`).focus();
  fit(Math.ceil(main.getBoundingClientRect().bottom + window.scrollY) + 16);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (main.dataset.screen === "form") setUp();
});
const events = {
  finish() {
    const button = main.querySelector('[data-event="finish"]');
    button.setAttribute("aria-disabled", "true");
    for (const told of [button, at("status")]) write(told, say("install.working"));
    main.querySelector('[data-event="again"]').hidden = true;
    whenOver(window, finishMs, () => fail({ code: "NO_ANSWER" }));
    // Looked up at each use: the library replaces it.
    window.BX24.installFinish();
  },
  again() {
    // The button goes.
    main.querySelector("h1").focus();
    offer();
  },
  reload,
};
main.addEventListener("click", ({ target }) => events[target.closest('[data-event]:not([aria-disabled="true"])')?.dataset.event]?.());

start().catch(() => show("failed"));
