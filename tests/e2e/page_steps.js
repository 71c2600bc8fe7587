// What a person does on the page, step by step; shared by the page's end-to-end tests.

import { HOOK } from "./plain_page.js";

/** Somebody else calls a method about a payment meanwhile. */
export const meanwhile = (sandbox, method, id) => fetch(`${sandbox.portal}${HOOK}${method}`, { method: "POST", body: new URLSearchParams({ id: String(id) }) });

/** Opens the app in the sandbox, and waits until it shows more than that it is loading. */
export const opener = (sandbox) => async (t, choices, context) => {
  const opened = await sandbox.open(t, choices, { timezoneId: "Europe/Berlin", ...context });
  opened.page.setDefaultTimeout(10_000);
  await opened.app.waitForSelector('#payments:not([data-screen="opening"], [data-screen="loading"])');
  return opened;
};
export const state = (app) => app.locator("#confirmation").getAttribute("data-state");
export const reached = (app, name) => app.waitForSelector(`#confirmation[data-state="${name}"]`, { state: "attached" });
export const told = (app) => app.locator("#confirmation").innerText();

/** All that can be read on the page. */
export const shown = async (app) => (await app.locator("#payments, dialog[open]").allInnerTexts()).join("\n");

/**
 * Waits until the frame has had the height of its content for some pictures in a row, or has stayed higher for longer than the
 * page takes to ask for less. Until then the portal's page moves what is seen, and a click aimed before lands beside it.
 */
export const atRest = (app) => app.evaluate(() => new Promise((resolve, reject) => {
  const root = document.querySelector("b24-payments")?.shadowRoot ?? document;
  let [seen, since, pictures] = [0, 0, 0];
  const began = performance.now();
  const look = (now) => {
    const parts = [...root.querySelectorAll(".page, dialog[open]")];
    const end = Math.ceil(Math.max(...parts.map((part) => part.getBoundingClientRect().bottom + scrollY))) + 16;
    if (seen !== innerHeight - end) [seen, since, pictures] = [innerHeight - end, now, 0];
    pictures += 1;
    if (pictures > 5 && (seen === 0 || (seen > 0 && now - since > 500))) return resolve();
    if (now - began > 10_000) return reject(new Error(`the frame has ${innerHeight} pixels, its content ${end}`));
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}));
/** Clicks once what is clicked stands still. */
export async function click(app, what, { twice = false } = {}) {
  await atRest(app);
  const element = typeof what === "string" ? app.locator(what) : what;
  await (twice ? element.dblclick() : element.click());
}
/** Waits until what stands in the dialog takes a press: sooner it would be one that was meant for what stood there before. */
export const answerable = (app) => app.waitForFunction(() => (
  [...document.querySelector("b24-payments").shadowRoot.querySelectorAll("dialog[open] .buttons button")].every((button) => button.getAnimations().length === 0)));
export async function enter(app, page) {
  await answerable(app);
  await page.keyboard.press("Enter");
}
export const press = (app, event) => click(app, `#confirmation [data-event="${event}"]`);
/** What has the focus. */
export const focused = (app) => app.evaluate(() => {
  const element = document.querySelector("b24-payments").shadowRoot.activeElement;
  return element && (element.dataset.event ?? element.dataset.select ?? (element.id || element.localName));
});
export const row = (app, id) => app.locator(`#payments tr[data-id="${id}"]`);

/** Opens the dialog of a payment and waits for the question. */
export async function asked(app, id) {
  await click(app, row(app, id).getByRole("button"));
  await reached(app, "asking");
}

/** Opens the dialog, confirms, and waits until the answer is told; hands back its state. */
export async function confirmed(app, id) {
  await asked(app, id);
  await press(app, "confirm");
  await app.waitForSelector('#confirmation:not([data-state="asking"], [data-state="paying"])');
  return state(app);
}

