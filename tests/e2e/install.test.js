// The installer in the sandbox portal, in Chromium: an administrator chooses, and the portal then holds what the page says.
import assert from "node:assert/strict";
import { test } from "node:test";
import { harness } from "./harness.js";
import { axe, found, misfits } from "./inspection.js";
import { click } from "./page_steps.js";
import { until } from "../until.js";

const sandbox = harness();
const ADMIN = "1";

async function openInstaller(t, choices = {}, context = {}) {
  const opened = await sandbox.open(t, { placement: "DEFAULT", operator: ADMIN, install: "1", ...choices }, context);
  await opened.app.waitForSelector('main:not([data-screen="opening"])');
  return opened;
}

const screen = (app) => app.locator("main").getAttribute("data-screen");
const goOn = async (app) => {
  await click(app, '[data-part="go"]');
  await app.waitForSelector('main[data-screen="result"]');
};
const results = (app) => app.locator('[data-fill="results"] li').allInnerTexts();
const calls = async (method) => (await sandbox.log()).filter((call) => call.method === method);

test("the usual places are bound to the page under its own address, and the portal is told that it is done", async (t) => {
  const { page, app, errors } = await openInstaller(t);
  assert.equal(await screen(app), "form");
  assert.deepEqual(await app.locator("[name=place]:checked").evaluateAll((boxes) => boxes.map(({ value }) => value)), [
    "CRM_DEAL_DETAIL_TAB", "CRM_SMART_INVOICE_DETAIL_TAB", "CRM_ORDER_DETAIL_TAB", "REST_APP_URI",
  ]);
  // What is there and what was given needs no note.
  assert.deepEqual(await app.locator("#setup li").allInnerTexts(), [
    "Deal: tab", "Invoice: tab", "Order: tab", "Deal: button at the top", "Invoice: button at the top",
    "Deal: action in the timeline", "Invoice: action in the timeline", "Order: action in the timeline", "Links to a payment",
    "✓\npay_system: given", "✓\ncrm: given", "✓\nsale: given", "✓\nplacement: given",
  ]);
  // Pressed twice it is done once.
  await click(app, '[data-part="go"]', { twice: true });
  await app.waitForSelector('main[data-screen="result"]');
  assert.equal((await results(app)).length, 4);
  assert.deepEqual([await app.locator('.sign[aria-hidden="true"]').count(), await app.locator(".sign").count()], [8, 8]);
  const bound = await calls("placement.bind");
  assert.deepEqual(bound.map(({ params, status }) => [params.PLACEMENT, params.HANDLER, status]), [
    ["CRM_DEAL_DETAIL_TAB", `${sandbox.app}/index.html`, 200],
    ["CRM_SMART_INVOICE_DETAIL_TAB", `${sandbox.app}/index.html`, 200],
    ["CRM_ORDER_DETAIL_TAB", `${sandbox.app}/index.html`, 200],
    ["REST_APP_URI", `${sandbox.app}/index.html`, 200],
  ]);
  assert.match(await app.locator("h2:visible").innerText(), /Everything is set up/);
  assert.equal(await app.locator('[data-event="again"]').isVisible(), false);
  assert.deepEqual(await app.evaluate(() => [document.activeElement.dataset.fill, BX24.appOption.get("timeline")]), ["summary", "on"]);
  await click(app, '[data-event="finish"]');
  await page.waitForURL(/install_finished=Y/);
  const list = await sandbox.appFrame(page);
  await list.waitForSelector('#payments[data-screen="search"]');
  assert.deepEqual(errors, []);
});

test("before it has finished the app appears nowhere, then where it was bound, by the address that was bound", async (t) => {
  const { page, app } = await openInstaller(t);
  await app.locator("#CRM_SMART_INVOICE_DETAIL_TAB").uncheck();
  await goOn(app);
  const offered = async () => {
    const other = await page.context().newPage();
    await other.goto(sandbox.address({ open: "" }));
    await other.locator("body[data-state=ready]").waitFor();
    return other.locator("[name=placement] option").evaluateAll((options) => options.map(({ value }) => value));
  };
  assert.deepEqual(await offered(), ["DEFAULT"]);
  await click(app, '[data-event="finish"]');
  await page.waitForURL(/install_finished=Y/);
  assert.deepEqual(await offered(), ["DEFAULT", "CRM_DEAL_DETAIL_TAB", "CRM_ORDER_DETAIL_TAB", "REST_APP_URI"]);
  const { app: tab } = await sandbox.openIn(page.context(), { operator: "7" });
  await tab.waitForSelector('#payments[data-screen="list"]');
  assert.equal(new URL(tab.url()).pathname, "/index.html");
  assert.equal(await tab.locator("#payments tbody tr").count(), 6);
});

test("a second visit shows what is there, adds nothing twice, and takes back what is no longer chosen", async (t) => {
  const first = await openInstaller(t);
  await first.app.locator("#REST_APP_URI").uncheck();
  await goOn(first.app);
  await click(first.app, '[data-event="finish"]');
  await first.page.waitForURL(/install_finished=Y/);
  const { app } = await openInstaller(t, { install: "", app: "/install.html" });
  assert.equal(await app.locator("#REST_APP_URI").isChecked(), false);
  await app.locator("#CRM_DEAL_DETAIL_TAB").uncheck();
  await app.locator("#CRM_DEAL_DETAIL_TOOLBAR").check();
  await goOn(app);
  assert.deepEqual(await results(app), [
    "✓\nDeal: tab: removed", "✓\nInvoice: tab: was there already", "✓\nOrder: tab: was there already",
    "✓\nDeal: button at the top: added",
  ]);
  assert.equal((await calls("placement.bind")).length, 4);
  assert.equal(await app.locator('[data-event="finish"]').isVisible(), false);
});

test("a missing scope is named with what it costs and how it is given", async (t) => {
  const { app } = await openInstaller(t, { scopes: "pay_system,crm,placement" });
  const told = await app.locator('[data-fill="scopes"]').innerText();
  assert.match(told, /sale: missing\s+Payments of orders cannot be listed.*An administrator can give it in the app’s settings\./);
  assert.match(told, /pay_system: given/);
});

test("where a scope is missing, not everything is set up", async (t) => {
  for (const missing of ["pay_system", "crm", "sale"]) {
    await sandbox.reset();
    const given = ["pay_system", "crm", "sale", "placement"].filter((name) => name !== missing);
    const { app } = await openInstaller(t, { scopes: given.join() });
    await goOn(app);
    assert.match(await app.locator("h2:visible").innerText(), /Some of it did not work/, missing);
    const told = await results(app);
    assert.equal(told.filter((line) => line.startsWith("✗")).length, 1, missing);
    assert.match(told.at(-1), new RegExp(`^✗\\n${missing}: missing\\s.*An administrator can give it in the app’s settings\\.$`));
    assert.ok(await app.locator('[data-event="again"]').isVisible());
  }
});

test("where the app appears in no deal, invoice or order, because none was chosen or the last was taken back, it says so", async (t) => {
  const { app } = await openInstaller(t);
  const usual = await app.locator("[name=place]:checked").evaluateAll((boxes) => boxes.map(({ id }) => id));
  for (const id of usual) await app.locator(`#${id}`).uncheck();
  await goOn(app);
  assert.equal(await app.locator("h2:visible").innerText(), "The app appears in no deal, invoice or order.");
  assert.deepEqual(await results(app), []);
  // What was told goes at once: it is asked anew.
  const shown = await app.locator('[data-event="again"]').evaluate((button) => (button.click(), document.querySelector("main").dataset.screen));
  assert.equal(shown, "opening");
  await app.waitForSelector('main[data-screen="form"]');
  await app.locator("#CRM_ORDER_DETAIL_TAB").check();
  await app.locator("#REST_APP_URI").check();
  await sandbox.fault({ method: "placement.bind", nth: 2, times: 1, fault: "denied" });
  await goOn(app);
  assert.match((await results(app)).join("\n"), /^✓\nOrder: tab: added\n✗\nLinks to a payment: did not work/);
  await click(app, '[data-event="again"]');
  await app.waitForSelector('main[data-screen="form"]');
  await app.locator("#CRM_ORDER_DETAIL_TAB").uncheck();
  await goOn(app);
  assert.equal(await app.locator("h2:visible").innerText(), "The app appears in no deal, invoice or order.");
  assert.deepEqual(await results(app), ["✓\nOrder: tab: removed", "✓\nLinks to a payment: added"]);
});

test("where it was set up before and the scope for placements is missing now, nobody says that it appears nowhere", async (t) => {
  const { app } = await openInstaller(t, { install: "", app: "/install.html", scopes: "pay_system,crm,sale" });
  assert.match(await app.locator("#setup").innerText(), /placement: missing\s+An administrator can give it/);
  await goOn(app);
  const told = await app.locator("main").innerText();
  assert.match(told, /Some of it did not work\s+✗\s+placement: missing\s+An administrator can give it/);
});

test("while the portal finishes it is seen; pressed twice it is asked once, and where nothing comes of it, that is said", async (t) => {
  const { page, app } = await openInstaller(t);
  await goOn(app);
  await app.evaluate(() => { BX24.installFinish = () => { window.times = (window.times ?? 0) + 1; }; });
  await page.clock.install();
  await click(app, '[data-event="finish"]', { twice: true });
  const finish = app.locator('[data-event="finish"]');
  assert.deepEqual([await finish.getAttribute("aria-disabled"), await finish.innerText(), await app.evaluate(() => window.times)], ["true", "Setting up…", 1]);
  await page.clock.fastForward(15_000);
  await app.waitForSelector('main[data-screen="failed"]');
  assert.match(await app.locator("main").innerText(), /The portal does not answer\s+No answer came in time\.\s+Reload the page$/);
});

test("without the scope for placements nothing is bound, and it says so", async (t) => {
  const { app } = await openInstaller(t, { scopes: "pay_system,crm" });
  assert.equal(await app.locator("[name=place]:enabled").count(), 0);
  const told = await app.locator("#setup li:has([name=place])").allInnerTexts();
  assert.equal(told.length, 9);
  for (const line of told) assert.match(line, /\s+The app needs the permission “\u2068?placement\u2069?”\.$/);
  await goOn(app);
  assert.match((await results(app)).join(), /The app appears in no deal/);
  assert.equal((await calls("placement.bind")).length, 0);
});

test("a place that is not offered says why: the scope that the app lacks, or that this portal has no such place", async (t) => {
  const note = (app, code) => app.locator(`li:has(#${code}) .note`).allInnerTexts();
  const { app } = await openInstaller(t, { scopes: "pay_system,sale,placement" });
  assert.deepEqual([await note(app, "CRM_DEAL_DETAIL_TAB"), await note(app, "REST_APP_URI")], [["The app needs the permission “crm”."], []]);
  const context = await sandbox.browser.newContext();
  t.after(() => context.close());
  await context.route("**/rest/placement.list*", (route) => route.fulfill({ headers: { "Access-Control-Allow-Origin": "*" }, json: { result: ["REST_APP_URI"] } }));
  const { app: poor } = await sandbox.openIn(context, { placement: "DEFAULT", operator: ADMIN, install: "1" });
  await poor.waitForSelector('main[data-screen="form"]');
  assert.deepEqual([await note(poor, "CRM_DEAL_DETAIL_TAB"), await note(poor, "REST_APP_URI")], [["This portal does not offer it."], []]);
});

test("where the scope for CRM was taken away, what is bound stays until it is taken back", async (t) => {
  await goOn((await openInstaller(t)).app);
  const { app } = await openInstaller(t, { scopes: "pay_system,sale,placement" });
  const boxes = () => app.locator("[name=place]:enabled").evaluateAll((all) => all.map(({ value, checked }) => [value, checked]));
  assert.deepEqual(await boxes(), [
    ["CRM_DEAL_DETAIL_TAB", true], ["CRM_SMART_INVOICE_DETAIL_TAB", true], ["CRM_ORDER_DETAIL_TAB", true], ["REST_APP_URI", true],
  ]);
  await app.locator("#CRM_ORDER_DETAIL_TAB").uncheck();
  await goOn(app);
  const told = await results(app);
  assert.deepEqual(told.slice(0, 4), [
    "✓\nDeal: tab: was there already", "✓\nInvoice: tab: was there already", "✓\nOrder: tab: removed", "✓\nLinks to a payment: was there already",
  ]);
  assert.deepEqual((await calls("placement.unbind")).map(({ params }) => params.PLACEMENT), ["CRM_ORDER_DETAIL_TAB"]);
});

test("what the portal refuses is told with its words, and can be tried again", async (t) => {
  const { app } = await openInstaller(t);
  await sandbox.fault({ method: "placement.bind", nth: 2, times: 1, fault: "denied" });
  await app.evaluate(() => { BX24.appOption.set = () => { throw new Error("no"); }; });
  await goOn(app);
  const told = await results(app);
  assert.match(told[1], /Invoice: tab: did not work\s+\S/);
  assert.match(told.at(-1), /Not known/);
  // What certainly did not work comes before what is not known.
  assert.match(await app.locator("h2:visible").innerText(), /Some of it did not work/);
  await click(app, '[data-event="again"]');
  await app.waitForSelector('main[data-screen="form"]');
  await goOn(app);
  assert.match((await results(app))[1], /Invoice: tab: added/);
});

test("what is tried again is what was chosen, and the keyboard goes on from the heading", async (t) => {
  const { page, app } = await openInstaller(t);
  const chosen = () => app.locator("[name=place]:checked").evaluateAll((boxes) => boxes.map(({ value }) => value));
  await app.locator("#CRM_DEAL_DETAIL_TAB").uncheck();
  await app.locator("#CRM_DEAL_DETAIL_TOOLBAR").check();
  await sandbox.fault({ method: "placement.bind", nth: 3, times: 1, fault: "denied" });
  const before = await chosen();
  await goOn(app);
  assert.match((await results(app))[2], /Deal: button at the top: did not work/);
  await app.locator('[data-event="again"]').focus();
  await page.keyboard.press("Enter");
  await app.waitForSelector('main[data-screen="form"]');
  assert.deepEqual(await chosen(), before);
  assert.equal(await app.evaluate(() => document.activeElement.localName), "h1");
  await goOn(app);
  assert.match((await results(app))[2], /Deal: button at the top: added/);
  assert.match(await app.locator("h2:visible").innerText(), /Everything is set up/);
});

test("where the portal is silent about the timeline, whether that was kept is not known", async (t) => {
  const { page, app } = await openInstaller(t, { lang: "de" });
  await app.evaluate(() => { BX24.appOption.set = () => { window.isAsked = true; }; });
  await page.clock.install();
  await click(app, '[data-part="go"]');
  await app.waitForFunction(() => window.isAsked);
  const said = await app.locator('[data-fill="status"]').innerText();
  const isBusy = () => app.locator("main").getAttribute("aria-busy");
  assert.equal(await isBusy(), "true");
  const go = app.locator('[data-part="go"]');
  assert.deepEqual([said, await go.innerText(), await go.getAttribute("aria-disabled")], ["Wird eingerichtet\u00a0…", "Wird eingerichtet\u00a0…", "true"]);
  await page.clock.fastForward(5_000);
  await app.waitForSelector('main[data-screen="result"]');
  assert.deepEqual([await isBusy(), await app.locator('[data-fill="status"]').innerText()], ["false", ""]);
  assert.equal(await app.locator("h2:visible").innerText(), "Ob alles geklappt hat, ist nicht bekannt");
  assert.match((await results(app)).at(-1), /^\?\n.*: Nicht bekannt\s+Es kam keine rechtzeitige Antwort\.$/);
  assert.ok(await app.locator('[data-event="again"]').isVisible());
});

test("where the portal's library cannot take the timeline's choice, that is not known, and the places are told", async (t) => {
  for (const spoil of [() => { delete BX24.appOption; }, () => { BX24.appOption.set = () => { throw new Error("no"); }; }]) {
    await sandbox.reset();
    const { app, errors } = await openInstaller(t);
    await app.evaluate(spoil);
    await goOn(app);
    assert.match(await app.locator("h2:visible").innerText(), /Whether all of it worked is not known/);
    const told = await results(app);
    assert.match(told[0], /Deal: tab: added/);
    assert.match(told.at(-1), /^\?\nWrite to the timeline who confirmed or undid what: Not known\s+\S/);
    assert.deepEqual(errors, []);
  }
});

test("where what was done cannot be read, whether it worked is not known", async (t) => {
  const { app } = await openInstaller(t);
  await sandbox.fault({ method: "placement.get", nth: 2, times: 1, fault: "denied" });
  await click(app, '[data-part="go"]');
  await app.waitForSelector('main[data-screen="failed"]');
  assert.match(await app.locator("main").innerText(), /Whether all of it worked is not known\s+You have no right/);
  assert.equal(await app.evaluate(() => document.activeElement.dataset.fill), "failureTitle");
  assert.equal((await calls("placement.bind")).length, 4);
});

test("an installer whose opening takes long says so, and offers to be loaded again", async (t) => {
  await sandbox.fault({ method: "scope", nth: 1, times: 1, fault: "hang" });
  const { app } = await sandbox.open(t, { placement: "DEFAULT", operator: ADMIN, install: "1" });
  const late = app.locator(".late a");
  assert.equal(await late.isVisible(), false);
  await app.evaluate(() => document.getAnimations().find(({ animationName }) => animationName === "late").finish());
  assert.match(await app.locator("main").innerText(), /This takes longer than usual\. Reload the page/);
  await click(app, late);
  await app.waitForSelector('main[data-screen="form"]');
});

test("an installer to which the portal's library never comes says so, in the language of its address", async (t) => {
  const context = await sandbox.browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  await page.clock.install();
  await page.route("**/api/v1/", () => {});
  await page.goto(sandbox.address({ placement: "DEFAULT", operator: ADMIN, install: "1", lang: "de" }), { waitUntil: "commit" });
  const app = page.frameLocator('iframe[id^="appframe_"]');
  const title = app.getByRole("heading", { name: "Ein Teil von Bitrix24 wurde nicht geladen" });
  await until(async () => {
    await page.clock.fastForward(1_000);
    return title.isVisible();
  }, "that the library did not come");
});

test("an installer whose words do not come says that it failed", async (t) => {
  const context = await sandbox.browser.newContext();
  t.after(() => context.close());
  await context.route("**/words/*", (route) => route.abort());
  const { app } = await sandbox.openIn(context, { placement: "DEFAULT", operator: ADMIN, install: "1" });
  await app.waitForSelector('main[data-screen="failed"]');
  assert.match(await app.locator("main").innerText(), /This page did not load completely/);
  assert.equal(await app.evaluate(() => document.activeElement.dataset.fill), "failureTitle");
});

test("where a file of the installer does not come, nothing was changed and that is not called unclear", async (t) => {
  const { app } = await openInstaller(t);
  await app.page().route("**/titles.json", (route) => route.fulfill({ status: 404, json: { error: "Not found" } }));
  await click(app, '[data-part="go"]');
  await app.waitForSelector('main[data-screen="failed"]');
  assert.match(await app.locator("main").innerText(), /Something went wrong\s+This is a fault of the page\.\s+Reload the page$/);
  assert.equal((await calls("placement.bind")).length, 0);
});

test("outside of a portal the installer says where to open it, in the language of its address or else of the browser", async (t) => {
  for (const [address, locale] of [["?LANG=de", "fr"], ["", "de"]]) {
    const page = await sandbox.browser.newPage({ locale });
    t.after(() => page.close());
    // Another library of this name knows nothing of administrators.
    if (!address) await page.addInitScript(() => Object.defineProperty(window, "BX24", { value: { isAdmin: () => false } }));
    await page.goto(`${sandbox.app}/install.html${address}`);
    await page.getByRole("heading", { name: "Öffnen Sie diese Seite in Bitrix24" }).waitFor();
    assert.match(await page.locator("main").innerText(), /nur in einem Bitrix24-Portal/);
  }
});

test("an answer that was lost after the portal had bound the place is told as added", async (t) => {
  const { app } = await openInstaller(t);
  await sandbox.fault({ method: "placement.bind", nth: 1, times: 1, fault: "commitThenDrop" });
  await goOn(app);
  assert.match((await results(app))[0], /Deal: tab: added/);
});

test("whether the timeline is written is kept for all operators", async (t) => {
  const { page, app } = await openInstaller(t);
  await app.locator("#timeline").uncheck();
  await goOn(app);
  await click(app, '[data-event="finish"]');
  await page.waitForURL(/install_finished=Y/);
  const { app: again } = await sandbox.open(t, { operator: "7" });
  await again.waitForSelector('#payments[data-screen="list"]');
  assert.equal(await again.evaluate(() => BX24.appOption.get("timeline")), "off");
  assert.equal(await again.locator("b24-payments").getAttribute("timeline"), null);
  // Another visit would switch it on again unnoticed.
  const { app: visited } = await openInstaller(t, { install: "", app: "/install.html" });
  assert.equal(await visited.locator("#timeline").isChecked(), false);
});

test("what the survey is refused is told in words and with the portal's own", async (t) => {
  await sandbox.fault({ method: "app.info", nth: 1, times: 1, fault: "missingScope" });
  const { app } = await openInstaller(t);
  assert.equal(await screen(app), "failed");
  const told = await app.locator("main").innerText();
  assert.match(told, /The app lacks a permission\s+The app needs the permission “\w+”\.\s+The portal’s words\s+The request requires higher privileges/);
  await click(app, app.getByRole("button", { name: "Reload the page" }));
  await app.waitForSelector('main[data-screen="form"]');
});

test("somebody who is no administrator is told so, and nothing is asked", async (t) => {
  const { app } = await openInstaller(t, { operator: "7" });
  assert.match(await app.locator("main").innerText(), /Only an administrator/);
  assert.deepEqual(await sandbox.log(), []);
});

for (const colorScheme of ["light", "dark"]) {
  test(`axe finds nothing in ${colorScheme}, and German fits into 320 pixels`, async (t) => {
    const { app } = await openInstaller(t, { lang: "de", scopes: "pay_system,crm,placement" }, { viewport: { width: 372, height: 900 }, colorScheme });
    await app.evaluate(axe);
    const isFine = async (what) => assert.deepEqual([await app.evaluate(found), await app.evaluate(misfits)], [[], []], what);
    await isFine("the form");
    await sandbox.fault({ method: "placement.bind", nth: 1, times: 1, fault: "denied" });
    await goOn(app);
    await isFine("the result");
  });
}

test("with the keyboard alone, in Arabic, dark and narrow", async (t) => {
  const { page, app } = await openInstaller(t, { lang: "ar" }, { viewport: { width: 372, height: 900 }, colorScheme: "dark" });
  assert.deepEqual(await app.evaluate(() => [document.documentElement.lang, getComputedStyle(document.body).direction]), ["ar", "rtl"]);
  assert.deepEqual(await app.evaluate(misfits), []);
  await app.locator("#CRM_DEAL_DETAIL_TAB").focus();
  await page.keyboard.press("Space");
  await sandbox.fault({ method: "placement.bind", nth: 1, times: 1, fault: "denied" });
  await page.keyboard.press("Enter");
  await app.waitForSelector('main[data-screen="result"]');
  assert.equal((await calls("placement.bind")).length, 3);
  // The sign at the end of the portal's words stays at their end, as names of scopes stand apart.
  assert.match((await results(app))[0], /\u2068Access denied[.!]\u2069/);
  assert.match(await app.locator('[data-fill="scopes"]').textContent(), /\u2068pay_system\u2069/);
});
