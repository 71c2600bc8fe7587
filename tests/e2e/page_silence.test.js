// The page while the portal is silent: what is told, how long it lasts, and that silence is never taken for an answer.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { WHOLE } from "./chromium.js";
import { harness } from "./harness.js";
import { asked, click, confirmed, opener, press, reached, row, told } from "./page_steps.js";

const pay = "sale.paysystem.pay.payment";
const sandbox = harness({ settleMs: 4000, deadlineMs: 1000 });
const open = opener(sandbox);
const calls = async (method) => (await sandbox.log()).filter((call) => call.method === method).length;

test("an answer lost after the portal committed is told as paid, after one call", async (t) => {
  const { app } = await open(t);
  await sandbox.fault({ method: pay, nth: 1, times: 1, fault: "commitThenDrop" });
  assert.equal(await confirmed(app, 501), "paid");
  assert.match(await told(app), /answer was lost/);
  const truth = await sandbox.payments(501);
  assert.deepEqual([truth.paid, truth.payCalls], ["Y", 1]);
});

for (const fault of ["queryLimit", "hang"]) {
  test(`${fault} is never taken for a refusal or for paid`, async (t) => {
    const { app } = await open(t);
    await sandbox.fault({ method: pay, nth: 1, times: 1, fault, ms: 60_000 });
    const end = await confirmed(app, 501);
    assert.ok(["silentlyUnpaid", "unknown"].includes(end), end);
    assert.doesNotMatch(await told(app), /Nothing was paid|€1,000\.00 paid/);
    const truth = await sandbox.payments(501);
    assert.equal(truth.paid, "N");
    if (end === "unknown") {
      assert.equal(await row(app, 501).getByRole("button").innerText(), "Check");
      await press(app, "check");
      await reached(app, "stillUnpaid");
    }
    assert.equal(await calls(pay), 1);
  });
}

test("where the session had ended before the first reading and nobody renews it, a fresh page is offered, and it helps", async (t) => {
  const list = "crm.item.payment.list";
  await sandbox.fault({ method: list, nth: 1, times: 1, fault: "expiredToken" });
  await sandbox.fault({ method: list, nth: 1, times: 1, fault: "refreshNeverAnswers" });
  const { app } = await open(t);
  const page = app.locator("#payments");
  assert.equal(await page.getAttribute("data-code"), "NO_ANSWER");
  assert.match(await page.innerText(), /Check the connection, then try again\. If that does not help, reload the page\./);
  await click(app, app.getByRole("button", { name: "Reload the page" }));
  await row(app, 501).waitFor();
});

test("while an answer is awaited the page says what for and how long at most, and warns before it is closed", async (t) => {
  const { app } = await open(t);
  await sandbox.fault({ method: pay, nth: 1, times: 1, fault: "hang", ms: 60_000 });
  await asked(app, 501);
  await press(app, "confirm");
  await reached(app, "paying");
  assert.match(await told(app), /Waiting for the portal’s answer.*at most 22 seconds/s);
  // What the browser asks the page before it closes it.
  const leaves = () => app.evaluate(() => dispatchEvent(new Event("beforeunload", { cancelable: true })));
  assert.equal(await leaves(), false);
  await reached(app, "unknown");
  assert.equal(await leaves(), true);
});

test("where the portal's limit holds a payment up for longer than was told, it is stopped then: nothing was carried out, and it can be tried again", async (t) => {
  const { app } = await open(t);
  await app.locator("b24-payments").evaluate((element) => Object.assign(element, { settleMs: "300", deadlineMs: "600" }));
  await app.waitForSelector('#payments[data-screen="list"]');
  // Its answer tells when the time that the method may take begins anew: in ten minutes.
  assert.equal(await confirmed(app, 505), "paid");
  await press(app, "cancel");
  await sandbox.fault({ method: pay, nth: 1, times: 1, fault: "operationLimit" });
  await asked(app, 501);
  await press(app, "confirm");
  await reached(app, "paying");
  assert.match(await told(app), /at most 8 seconds/);
  await reached(app, "retryable");
  assert.match(await told(app), /Nothing was carried out.*stopped before anything was carried out/s);
  const truth = await sandbox.payments(501);
  assert.deepEqual([truth.paid, truth.payCalls], ["N", 1]);
  await press(app, "again");
  await reached(app, "asking");
  await press(app, "confirm");
  await reached(app, "paid");
});

test("a payment under way when the page was closed is reported when it opens again, and is to be checked first", async (t) => {
  // A profile that lets a portal's frame have its storage; without one there is nothing to remember.
  const profile = await mkdtemp(join(tmpdir(), "b24pay-page-"));
  await mkdir(join(profile, "Default"));
  await writeFile(join(profile, "Default", "Preferences"), JSON.stringify({ profile: { cookie_controls_mode: 0 } }));
  const context = await sandbox.browser.browserType().launchPersistentContext(profile, { executablePath: WHOLE, args: ["--no-sandbox", "--disable-gpu", "--disable-quic"] });
  t.after(async () => {
    await context.close();
    await rm(profile, { recursive: true });
  });
  const { page, app } = await sandbox.openIn(context);
  await sandbox.fault({ method: pay, nth: 1, times: 1, fault: "hang", ms: 60_000 });
  await asked(app, 501);
  await press(app, "confirm");
  await reached(app, "paying");
  while ((await calls(pay)) === 0);
  await page.close({ runBeforeUnload: false });
  const again = await sandbox.openIn(context);
  await again.app.waitForSelector('#payments[data-screen="list"]');
  await again.app.waitForSelector(".notices:not([hidden])");
  assert.match(await again.app.locator(".notices").innerText(), /payment 917\/1 .*unpaid so far/);
  assert.equal(await row(again.app, 501).getByRole("button").innerText(), "Check");
  await click(again.app, row(again.app, 501).getByRole("button"));
  await reached(again.app, "unknown");
});
