// The uploaded page: out of the zip, opened by GET, without any header of ours. What it may do stands in the page alone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { harness } from "./harness.js";
import { click, confirmed, opener, row, told } from "./page_steps.js";

const sandbox = harness({ upload: true });
const open = opener(sandbox);
const uploaded = { mode: "static" };
const place = async (t) => (await open(t, uploaded)).app.url();

test("the uploaded page lists a deal's payments and confirms 501, and its policy stands in nothing's way", async (t) => {
  const { app, errors } = await open(t, uploaded);
  const address = new URL(app.url());
  assert.match(address.pathname, /^\/.+\/index\.html$/);
  assert.deepEqual([...address.searchParams.keys()], ["DOMAIN", "PROTOCOL", "LANG", "APP_SID"]);
  assert.equal(await app.locator("#payments tbody tr").count(), 6);
  assert.equal(await confirmed(app, 501), "paid");
  assert.match(await told(app), /€1,000\.00 paid/);
  assert.equal(await row(app, 501).getAttribute("data-state"), "paid");
  const truth = await sandbox.payments(501);
  assert.deepEqual([truth.paid, truth.payCalls], ["Y", 1]);
  assert.deepEqual(errors, []);
});

test("the rules in the uploaded page are those that the served page has in its header, but for frame-ancestors", async (t) => {
  const rules = (policy) => new Map(policy.split(";").map((rule) => rule.trim().split(/\s+/)).map(([name, ...values]) => [name, values.sort()]));
  const inPage = rules(await (await open(t, uploaded)).app.locator("meta[http-equiv=Content-Security-Policy]").getAttribute("content"));
  const inHeader = rules((await fetch(sandbox.app)).headers.get("content-security-policy"));
  assert.deepEqual(inHeader.get("frame-ancestors"), [sandbox.portal]);
  inHeader.delete("frame-ancestors");
  // Which portal opens it is not known when the page is built; every one is reached by https.
  assert.ok(inPage.get("connect-src").includes("https:"));
  inPage.set("connect-src", inPage.get("connect-src").filter((source) => source !== "https:"));
  const inOrder = (policy) => [...policy].sort();
  assert.deepEqual(inOrder(inPage), inOrder(inHeader));
});

test("the installer out of the zip binds the places to the page beside it, and a place then opens that page", async (t) => {
  const { page, app, errors } = await sandbox.open(t, { ...uploaded, placement: "DEFAULT", operator: "1", install: "1" });
  await app.waitForSelector('main[data-screen="form"]');
  await click(app, '[data-part="go"]');
  await app.waitForSelector('main[data-screen="result"]');
  const list = new URL("index.html", app.url()).href.replace(/\?.*/, "");
  const bound = (await sandbox.log()).filter(({ method }) => method === "placement.bind").map(({ params }) => params.HANDLER);
  assert.deepEqual(bound, [list, list, list, list]);
  await click(app, '[data-event="finish"]');
  await page.waitForURL(/install_finished=Y/);
  const start = await sandbox.appFrame(page);
  await start.waitForSelector('#payments[data-screen="search"]');
  const { app: tab } = await sandbox.openAnew(page, { operator: "7" });
  await tab.waitForSelector('#payments[data-screen="list"]');
  assert.equal(tab.url().replace(/\?.*/, ""), list);
  assert.deepEqual(errors, []);
});

test("a static host answers by GET only, and with no header that the page could need", async (t) => {
  const address = await place(t);
  const got = await fetch(address);
  const names = [...got.headers.keys()].filter((name) => !["connection", "keep-alive", "date"].includes(name));
  assert.deepEqual([got.status, names], [200, ["content-length", "content-type"]]);
  assert.equal((await fetch(address, { method: "POST", body: "AUTH_ID=1" })).status, 405);
  assert.equal((await fetch(new URL("missing.js", address))).status, 404);
});

test("opened without a portal around it and without its four parameters, the uploaded page says where to open it", async (t) => {
  const address = new URL(await place(t));
  address.search = "";
  const context = await sandbox.browser.newContext({ locale: "de-DE" });
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(address.href);
  await page.waitForSelector('#payments[data-screen="failed"]');
  const said = await page.locator("#payments").innerText();
  assert.match(said, /Bitrix24/);
  assert.equal(await page.evaluate(() => document.documentElement.lang), "de");
  assert.deepEqual(await sandbox.payments(501).then(({ payCalls }) => payCalls), 0);
});

test("in a portal's frame the four parameters may be missing: the frame's name says enough", async (t) => {
  const { page, app } = await open(t, uploaded);
  const bare = new URL(app.url());
  bare.search = "";
  await app.goto(bare.href);
  await app.waitForSelector('#payments:not([data-screen="opening"], [data-screen="loading"])');
  assert.equal(await page.locator("iframe").count(), 1);
  assert.equal(await row(app, 501).locator(".amount").innerText(), "€1,000.00");
});
