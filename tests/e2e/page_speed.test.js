// How the page loads: nothing waits for what it does not need, and nothing jumps. How much a press costs is counted here;
// how long it takes, `cargo xtask bench` measures.
import assert from "node:assert/strict";
import { test } from "node:test";
import { harness } from "./harness.js";
import { atRest, opener } from "./page_steps.js";

const sandbox = harness();
const open = opener(sandbox);

test("the portal's script, the module and the words are under way at the same time", async (t) => {
  const user = await sandbox.browser.newContext();
  t.after(() => user.close());
  // Each is held back for longer than the page needs to ask for the others.
  const heldMs = 1000;
  for (const slow of ["**/api/v1/", "**/b24pay.js", "**/words/*.js"]) {
    await user.route(slow, (route) => setTimeout(() => route.continue(), heldMs));
  }
  const { app } = await sandbox.openIn(user, { lang: "de" });
  await app.waitForSelector('#payments[data-screen="list"]');
  const loads = await app.evaluate(() => performance.getEntriesByType("resource").map(({ name, startTime, responseEnd }) => ({ name: new URL(name).pathname, startTime, responseEnd })));
  const three = ["/api/v1/", "/b24pay.js", "/words/de.js"].map((path) => loads.find(({ name }) => name === path) ?? assert.fail(`${path} was not loaded`));
  const firstEnd = Math.min(...three.map(({ responseEnd }) => responseEnd));
  for (const { name, startTime } of three) assert.ok(startTime < firstEnd, `${name} waited for another: ${startTime} ms, ${firstEnd} ms`);
  assert.equal(loads.filter(({ name }) => name.startsWith("/words/")).length, 1, "one language");
});

test("what writes numbers and dates is made while the portal is waited for, and asks for no likely script", async (t) => {
  const user = await sandbox.browser.newContext();
  t.after(() => user.close());
  await user.route("**/rest/crm.item.payment.list*", (route) => setTimeout(() => route.continue(), 1000));
  await user.addInitScript(() => {
    globalThis.made = [];
    const note = (what) => globalThis.made.push([what, performance.now()]);
    for (const name of ["NumberFormat", "DateTimeFormat", "PluralRules"]) {
      Intl[name] = new Proxy(Intl[name], { construct: (own, given) => (note(name), Reflect.construct(own, given)) });
    }
    const { maximize } = Intl.Locale.prototype;
    Intl.Locale.prototype.maximize = function noted() {
      note("maximize");
      return maximize.call(this);
    };
  });
  const { app } = await sandbox.openIn(user);
  await app.waitForSelector('#payments[data-screen="list"]');
  const { made, request } = await app.evaluate(() => {
    const [{ startTime, responseEnd }] = performance.getEntriesByType("resource").filter(({ name }) => name.includes("crm.item.payment.list"));
    return { made: globalThis.made, request: { startTime, responseEnd } };
  });
  const waited = made.filter(([, at]) => at > request.startTime && at < request.responseEnd).map(([what]) => what);
  assert.deepEqual(waited.slice(0, 2), ["NumberFormat", "DateTimeFormat"]);
  assert.deepEqual(made.filter(([what, at]) => at < request.startTime || what === "maximize"), []);
});

test("from the first paint to the list nothing moves", async (t) => {
  const { app } = await open(t);
  await app.waitForSelector('#payments[data-screen="list"]');
  await atRest(app);
  const shifts = await app.evaluate(() => new Promise((resolve) => {
    new PerformanceObserver((list) => resolve(list.getEntries().map(({ value, startTime, sources }) => (
      { value, startTime, moved: sources.map(({ node }) => node?.outerHTML?.slice(0, 60) ?? String(node?.nodeName)) }
    )))).observe({ type: "layout-shift", buffered: true });
    setTimeout(resolve, 300, []);
  }));
  const painted = await app.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime);
  // Before that the browser lays out what nobody sees, the style sheet still on its way.
  assert.deepEqual(shifts.filter(({ startTime }) => startTime > painted), []);
});

test("with a thousand payments a press touches few rows, after its own picture, and what is far from sight is not laid out", async (t) => {
  await sandbox.reset({ scenario: "many" });
  const { deals: [deal] } = await (await fetch(`${sandbox.portal}/sandbox/desk`)).json();
  const { app } = await open(t, { id: String(deal.id) });
  const rows = app.locator('#payments table[aria-busy="false"] tbody tr');
  for (let shown = 100; shown < 1000; shown += 100) {
    await rows.nth(shown - 1).waitFor({ state: "attached" });
    await app.locator('[data-event="more"]').evaluate((button) => button.click());
  }
  await rows.nth(999).waitFor({ state: "attached" });
  const laidOut = await rows.evaluateAll((all) => all.filter((one) => one.firstElementChild.checkVisibility({ contentVisibilityAuto: true })).length);
  assert.ok(laidOut >= 20 && laidOut < 100, `${laidOut} rows are laid out`);

  // A row that comes to lie below the others, or no longer does, is one that is touched.
  const presses = [["a letter", "#filter", "9", 45], ["no letter", "#filter", "", 45], ["one", "#payments tbody [data-select]", null, 1], ["all", "#select-all", null, 20]];
  for (const [what, selector, text, most] of presses) {
    const { inTask, next } = await touched(app, selector, text);
    assert.equal(inTask, 0, `${what}: rows touched before the press is seen`);
    assert.ok(next >= 1 && next <= most, `${what}: ${next} rows touched in the next picture`);
    await rows.first().waitFor();
  }
});

test("what is typed in the filter is looked for after its own picture, and before whatever is pressed meanwhile", async (t) => {
  await sandbox.reset({ scenario: "many" });
  const { deals: [deal] } = await (await fetch(`${sandbox.portal}/sandbox/desk`)).json();
  const { app } = await open(t, { placement: "DEFAULT" });
  await searched(app, deal.id);
  const seen = await app.locator("#payments").evaluate((page) => {
    const [filter, found, selected] = ["#filter", '[data-fill="found"]', '[data-fill="selected"]'].map((part) => page.querySelector(part));
    filter.value = "9";
    filter.dispatchEvent(new Event("input", { bubbles: true }));
    const before = found.textContent;
    page.querySelector("#select-all").click();
    return { before, found: parseInt(found.textContent), selected: parseInt(selected.textContent) };
  });
  assert.equal(seen.before, "");
  assert.ok(seen.found > 0 && seen.found < 1000, `${seen.found} found`);
  assert.equal(seen.selected, seen.found);

  // The next list is not filtered, and its filter says so.
  await app.locator('[data-event="search"]').click();
  await searched(app, deal.id);
  assert.equal(await app.locator("#filter").inputValue(), "");
  assert.match(await app.locator('[data-event="more"]').innerText(), /100/);
});

async function searched(app, id) {
  await app.locator("#search-number").fill(String(id));
  await app.locator("#search button.main").click();
  await app.locator('#payments[data-screen="list"] table[aria-busy="false"] tbody tr').first().waitFor();
}

/** How many rows change in the task of a press, and in the next one that changes any. */
const touched = (app, selector, text) => app.locator("#payments tbody").evaluate(async (body, [selector, text]) => {
  const rowsIn = (records) => new Set(records.flatMap(({ target, addedNodes }) => (target === body ? [...addedNodes] : [target.closest("tr")]))).size;
  let watching;
  const next = new Promise((resolve) => { watching = new MutationObserver((records) => resolve(rowsIn(records))); });
  watching.observe(body, { subtree: true, childList: true, attributes: true });
  const element = body.getRootNode().querySelector(selector);
  if (text === null) element.click();
  else {
    element.value = text;
    element.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const inTask = rowsIn(watching.takeRecords());
  const late = new Promise((resolve) => { setTimeout(resolve, 5000, 0); });
  const all = { inTask, next: await Promise.race([next, late]) };
  watching.disconnect();
  return all;
}, [selector, text]);
