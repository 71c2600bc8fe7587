// How the page loads: nothing waits for what it does not need, and nothing jumps. How fast it answers, `cargo xtask bench` measures.
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
