// A payment under way when its page is frozen, left, lost, or without a network: nothing is sent twice, nothing is told that is not so,
// and every promise settles once the page goes on.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bareApp } from "./bare_app.js";
import { lived, passed, PAY, READ } from "./lifecycle.js";
import { reached, row, told } from "./page_steps.js";

const TIMES = { settleMs: 1500, deadlineMs: 1500 };
const PATIENT = { settleMs: 60_000, deadlineMs: 10_000 };
// Longer than a payment waits for others, by more than what a timer may be late.
const LONG_MS = 4500;

const portalOf = lived();
const app = bareApp();

async function isSo(portal, said, calls) {
  const truth = await portal.payments(501);
  if (/^(paid|alreadyPaid)/.test(said)) assert.equal(truth.paid, "Y", `told as ${said}`);
  if (/^(rejected|notApplied)/.test(said)) assert.equal(truth.paid, "N", `told as ${said}`);
  assert.equal(truth.payCalls, calls, "pay calls");
}

// Where a payment is when something happens to its page: what the portal does, and what has reached it by then.
const STAGES = {
  "the first read is under way": { fault: { method: READ, fault: "delay", ms: 1000 }, at: [READ, 1] },
  "the portal works on the call": { fault: { method: PAY, fault: "delay", ms: 2500 }, at: [PAY, 1] },
  "the call runs and its answer is lost": { fault: { method: PAY, fault: "commitLate", ms: 2500 }, at: [PAY, 1] },
  "the call is silent and does not run": { fault: { method: PAY, fault: "hang", ms: 60_000 }, at: [PAY, 1] },
  "it settles": { fault: { method: PAY, fault: "http502" }, at: [READ, 2] },
};

async function at(t, stage, times = TIMES) {
  const portal = await portalOf(t, { app });
  const tab = await portal.open();
  const other = times === PATIENT && await portal.open();
  await portal.fault(STAGES[stage].fault);
  await tab.pay(times);
  await portal.arrived(...STAGES[stage].at);
  return { portal, tab, other };
}

// By the elements themselves: a page that is not painted has no place to click at. Nor does the time in it pass after which a
// question that has just come takes a press.
async function confirm(app) {
  const click = (locator) => locator.evaluate((element) => {
    for (const animation of element.getAnimations()) animation.finish();
    element.click();
  });
  await click(row(app, 501).getByRole("button"));
  await reached(app, "asking");
  await click(app.locator('#confirmation [data-event="confirm"]'));
}

// A process that ends may take pages of other tests with it, so this is alone.
test("the process of the page ends while it pays: when it is opened again it says that the payment was left, and what became of it", async (t) => {
  const portal = await portalOf(t, PATIENT);
  const tab = await portal.open();
  await portal.fault({ method: PAY, fault: "commitLate", ms: 500 });
  await confirm(tab.app);
  await portal.arrived(PAY);
  await tab.crash();
  while ((await portal.payments(501)).paid !== "Y") await passed(50);
  const { app: again } = await portal.open();
  await again.waitForSelector(".notices:not([hidden])");
  assert.match(await again.locator(".notices").innerText(), /payment 917\/1 was sent on .*, then the page was closed\. The payment is paid\./);
  assert.match(await row(again, 501).innerText(), /Paid/);
  await isSo(portal, "paid", 1);
});

// Chromium keeps a page with the locks that it holds, and ends it where another page asks for one of them.
describe("left, and kept for the way back", { concurrency: true }, () => {
  for (const [stage, expected] of [
    ["the portal works on the call", /^paid( recovered)?$/],
    ["the call is silent and does not run", /^unknown NO_ANSWER$/],
  ]) {
    test(`while ${stage}`, async (t) => {
      const { portal, tab } = await at(t, stage);
      await tab.leave();
      await passed(LONG_MS);
      await tab.back();
      const said = await tab.told();
      assert.match(said, expected);
      await isSo(portal, said, 1);
    });
  }

  test("while it pays: another tab reads until the call has run, and sends nothing", async (t) => {
    const { portal, tab, other } = await at(t, "the call runs and its answer is lost", PATIENT);
    await tab.leave();
    await other.pay(PATIENT);
    assert.equal(await other.told(), "alreadyPaid");
    await isSo(portal, "alreadyPaid", 1);
  });
});

describe("side by side", { concurrency: 6 }, () => {
  for (const [stage, expected] of [
    ["the first read is under way", /^paid$/],
    ["the portal works on the call", /^paid( recovered)?$/],
    ["it settles", /^notApplied NO_ANSWER$/],
  ]) {
    test(`frozen for longer than anything is waited for while ${stage}`, async (t) => {
      const { portal, tab } = await at(t, stage);
      await tab.freeze();
      await passed(LONG_MS);
      await tab.thaw();
      const said = await tab.told();
      assert.match(said, expected);
      await isSo(portal, said, 1);
    });
  }

  // By what the portal does with the call.
  for (const [fault, state, words] of [
    ["commitLate", "paid", /answer was lost on the way, but the payment was read afterwards and is paid/],
    ["hang", "unknown", /is not known, and the request may still have an effect/],
  ]) {
    test(`the page is frozen while it pays, ${fault}: what the operator sees after the thaw is so`, async (t) => {
      const portal = await portalOf(t, TIMES);
      const tab = await portal.open();
      await portal.fault({ method: PAY, fault, ms: 2500 });
      await confirm(tab.app);
      await portal.arrived(PAY);
      await tab.freeze();
      await passed(LONG_MS);
      await tab.thaw();
      await reached(tab.app, state);
      assert.match(await told(tab.app), words);
      await isSo(portal, state, 1);
    });
  }

  test("a tab is frozen while it pays: another one is told in time that it is under way, and after the thaw that it is paid", async (t) => {
    const { portal, tab, other } = await at(t, "the portal works on the call", PATIENT);
    await tab.freeze();
    await other.pay(TIMES);
    assert.equal(await other.told(), "rejected UNDER_WAY safe");
    await other.pay(PATIENT);
    await tab.thaw();
    assert.match(await tab.told(), /^paid/);
    assert.equal(await other.told(2), "alreadyPaid");
    await isSo(portal, "paid", 1);
  });

  test("the network is gone while the portal works on the call: unknown; when it is back the payment is read, and not sent again", async (t) => {
    const { portal, tab } = await at(t, "the portal works on the call");
    await tab.offline(true);
    assert.equal(await tab.told(), "unknown NO_ANSWER");
    await tab.offline(false);
    await tab.pay(PATIENT);
    assert.equal(await tab.told(2), "alreadyPaid");
    await isSo(portal, "alreadyPaid", 1);
  });

  test("without a network before anything is asked: rejected, and nothing is sent", async (t) => {
    const portal = await portalOf(t, { app });
    const tab = await portal.open();
    await tab.app.evaluate(() => import("/b24pay.js"));
    await tab.offline(true);
    await tab.pay(TIMES);
    assert.equal(await tab.told(), "rejected NO_ANSWER readFirst");
    await isSo(portal, "rejected", 0);
  });
});
