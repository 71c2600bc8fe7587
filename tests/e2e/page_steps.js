// What a person does on the page, step by step; shared by the page's end-to-end tests.

/** Opens the app in the sandbox, and waits until it shows more than that it is loading. */
export const opener = (sandbox) => async (t, choices, context) => {
  const opened = await sandbox.open(t, choices, { timezoneId: "Europe/Berlin", ...context });
  opened.page.setDefaultTimeout(10_000);
  await opened.app.waitForSelector('main:not([data-screen="opening"], [data-screen="loading"])');
  return opened;
};
export const state = (app) => app.locator("#confirmation").getAttribute("data-state");
export const reached = (app, name) => app.waitForSelector(`#confirmation[data-state="${name}"]`, { state: "attached" });
export const told = (app) => app.locator("#confirmation").innerText();
export const press = (app, event) => app.click(`#confirmation [data-event="${event}"]`);
export const row = (app, id) => app.locator(`main tr[data-id="${id}"]`);

/** Opens the dialog of a payment and waits for the question. */
export async function asked(app, id) {
  await row(app, id).getByRole("button").click();
  await reached(app, "asking");
}

/** Opens the dialog, confirms, and waits until the answer is told; hands back its state. */
export async function confirmed(app, id) {
  await asked(app, id);
  await press(app, "confirm");
  await app.waitForSelector('#confirmation:not([data-state="asking"], [data-state="paying"])');
  return state(app);
}

