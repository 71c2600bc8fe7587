// What is looked for on every screen; the functions run in the frame of the app.

import { readFile } from "node:fs/promises";

/** The source of axe; evaluated in a frame it is there as `window.axe`. */
export const axe = await readFile(new URL("../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");

/** Whatever axe finds, as one line each; by all of its rules where none are named. Behind an open dialog is what other screens show. */
export const found = (rules = []) => {
  const isOpen = document.querySelector("b24-payments")?.shadowRoot.querySelector("dialog[open]");
  const where = isOpen ? { fromShadowDom: ["b24-payments", "dialog[open]"] } : document;
  return window.axe.run(where, { resultTypes: ["violations"], ...(rules.length && { runOnly: rules }) }).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} ${target.join(" ")} ${failureSummary.replace(/\s+/g, " ")}`)));
};

/** What is marked as hidden and shown nevertheless, because a style says so. */
export function shownThoughHidden() {
  const root = document.querySelector("b24-payments").shadowRoot;
  return [...root.querySelectorAll("[hidden]")].filter((element) => element.checkVisibility()).map((element) => `hidden and shown: ${element.outerHTML.slice(0, 60)}`);
}

/** The visible elements that stick out of the frame sideways, words that do, and the buttons whose words do not fit. */
export function misfits() {
  const root = document.querySelector("b24-payments")?.shadowRoot ?? document;
  const visible = [...root.querySelectorAll(".page *, dialog[open] *")]
    .filter((element) => element.checkVisibility() && !element.closest(".unseen, thead, svg"));
  const width = document.documentElement.clientWidth;
  const out = visible.filter((element) => {
    const { left, right } = element.getBoundingClientRect();
    return right > width + 1 || left < -1;
  });
  const cut = visible.filter((element) => element.matches("button") && element.scrollWidth > element.clientWidth + 1);
  const inside = (element) => {
    if (getComputedStyle(element).overflowX === "clip") return element.getBoundingClientRect();
    const range = document.createRange();
    range.selectNodeContents(element);
    return range.getBoundingClientRect();
  };
  const overlap = visible.filter((element) => element.matches("td, th") && [...element.parentElement.children].some((other) => {
    if (other === element || !other.checkVisibility() || other.closest(".pick")) return false;
    const [one, two] = [inside(element), inside(other)];
    return one.left < two.right - 1 && two.left < one.right - 1 && one.top < two.bottom - 1 && two.top < one.bottom - 1;
  }));
  const { scrollWidth } = document.documentElement;
  return [
    ...[...out, ...cut, ...overlap].map((element) => `${element.tagName} ${element.textContent.trim().slice(0, 40)}`),
    ...(scrollWidth > width ? [`what is shown is ${scrollWidth} pixels wide`] : []),
  ];
}

/** Keeps in `window.spoken` what live regions have said since: a region speaks when its content changes after it was there and rendered,
 *  and with a dialog open only inside of that. */
export function listen() {
  const root = document.querySelector("b24-payments").shadowRoot;
  const rendered = () => new Set([...root.querySelectorAll('[aria-live="polite"], [role="status"]')].filter((region) => region.checkVisibility()));
  let regions = rendered();
  window.spoken = [];
  window.listening?.disconnect();
  window.listening = new MutationObserver((changes) => {
    const modal = root.querySelector("dialog[open]");
    const changed = new Set(changes.map(({ target }) => (target.closest ? target : target.parentElement)?.closest("[aria-live], [role=status]")));
    for (const region of changed) if (regions.has(region) && (!modal || modal.contains(region))) window.spoken.push(region.textContent);
    regions = rendered();
  });
  window.listening.observe(root, { subtree: true, childList: true, characterData: true, attributes: true });
}
