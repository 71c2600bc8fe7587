// Many payments at once, inside the sandbox portal: selecting, one question, mixed fates, the report, the timeline.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { harness } from "./harness.js";
import { answerable, atRest, click, enter, focused, meanwhile, opener, reached, row } from "./page_steps.js";

const sandbox = harness();
const open = opener(sandbox);
const timeline = async () => (await sandbox.log()).filter(({ method }) => method === "crm.timeline.comment.add");
const bulk = (app, state) => app.waitForSelector(`#bulk[data-state="${state}"]`, { state: "attached" });
const press = (app, event) => click(app, `#bulk [data-event="${event}"]`);

/** Selects payments by id, and waits for the question about them. */
async function asked(app, ids) {
  for (const id of ids) await row(app, id).getByRole("checkbox").check();
  await click(app, app.getByRole("button", { name: "Confirm selected…" }));
  await bulk(app, "asking");
}

test("what can be confirmed can be selected, what is paid cannot, and the totals are per currency", async (t) => {
  const { app } = await open(t);
  assert.equal(await row(app, 506).getByRole("checkbox").count(), 0);
  const all = app.getByRole("checkbox", { name: "Select all" });
  const box = () => all.evaluate(({ checked, indeterminate }) => (indeterminate ? "some" : checked));
  assert.equal(await box(), false);
  await row(app, 501).getByRole("checkbox").check();
  assert.equal(await box(), "some");
  await all.check();
  assert.equal(await box(), true);
  assert.match(await app.locator(".selection").innerText(), /5 selected · KWD\u00a012\.345 · €1,068\.12 · ¥12,000\u00a0JPY · \$59\.97\u00a0USD/);
});

test("what is selected moves no row, and what is cleared by the keyboard leaves the focus beside it", async (t) => {
  for (const viewport of [{ width: 1200, height: 800 }, { width: 372, height: 800 }, { width: 320, height: 800 }]) {
    const { app, page } = await open(t, {}, { viewport });
    await atRest(app);
    const place = () => row(app, 504).evaluate((line) => line.getBoundingClientRect().top);
    const before = await place();
    await row(app, 501).getByRole("checkbox").check();
    assert.equal(await place(), before);
    await app.locator("#select-all").focus();
    await page.keyboard.press("Space");
    assert.match(await app.locator(".selection").innerText(), /5 selected/);
    assert.equal(await place(), before, `all selected at ${viewport.width}`);
    const clear = app.locator('[data-event="clearSelection"]');
    if (!(await clear.isVisible())) {
      // In a narrow frame the box above the list clears it, and is seen.
      assert.ok((await app.getByText("Select all").boundingBox()).width > 50);
      await page.keyboard.press("Space");
    } else {
      await clear.focus();
      await page.keyboard.press("Enter");
    }
    assert.match(await app.locator(".selection").innerText(), /0 selected/);
    assert.equal(await focused(app), "select-all");
  }
});

test("payments of mixed fates are each told as they are, and what was paid was paid by one call each", async (t) => {
  const { app } = await open(t);
  await asked(app, [501, 502, 503, 504, 505]);
  await press(app, "confirmAll");
  await bulk(app, "finished");
  const told = (of) => app.locator(of).evaluateAll((all) => all.map((each) => [each.dataset.id, each.dataset.kind, each.querySelector(".shape").dataset.shape].filter(Boolean).join(" ")));
  assert.deepEqual((await told("#bulk tbody tr")).sort(), ["501 paid paid", "502 notApplied unpaid", "503 rejected stop", "504 paid paid", "505 paid paid"]);
  assert.deepEqual(await told("#bulk .counts li"), ["rejected stop", "notApplied unpaid", "paid paid"]);
  for (const [id, paid, payCalls] of [[501, "Y", 1], [502, "N", 1], [503, "N", 1], [504, "Y", 1], [505, "Y", 1]]) {
    const truth = await sandbox.payments(id);
    assert.deepEqual([truth.paid, truth.payCalls], [paid, payCalls], String(id));
  }
});

test("a second press on the confirmation sends nothing twice", async (t) => {
  const { app } = await open(t);
  await asked(app, [501, 504]);
  await click(app, '#bulk [data-event="confirmAll"]', { twice: true });
  await bulk(app, "finished");
  for (const id of [501, 504]) assert.equal((await sandbox.payments(id)).payCalls, 1);
});

test("with the keyboard alone: select, open, confirm, stop, close; the focus is where the news is, and returns", async (t) => {
  const { page, app } = await open(t);
  await sandbox.fault({ method: "sale.paysystem.pay.payment", nth: 1, times: 1, fault: "delay", ms: 700 });
  const tabTo = async (wanted, key = "Tab") => {
    for (let tabs = 0; await focused(app) !== wanted; tabs += 1) {
      assert.ok(tabs < 20, `${wanted} is not reached by ${key}`);
      await page.keyboard.press(key);
    }
  };
  await app.locator("#select-all").focus();
  for (const id of ["501", "504", "505"]) {
    await tabTo(id);
    await page.keyboard.press("Space");
  }
  await tabTo("openBulk", "Shift+Tab");
  await page.keyboard.press("Enter");
  await bulk(app, "asking");
  assert.equal(await focused(app), "cancel");
  await tabTo("confirmAll");
  await enter(app, page);
  await bulk(app, "running");
  const arrived = async () => (await sandbox.log()).some(({ method }) => method === "sale.paysystem.pay.payment");
  await assertSoon(arrived, "no pay call came");
  // Escape is no way out of a run; Stop is.
  await page.keyboard.press("Escape");
  await tabTo("stop");
  await enter(app, page);
  await page.keyboard.press("Enter");
  assert.match(await app.locator("#bulk").getAttribute("data-state"), /stopping|finished/);
  await bulk(app, "finished");
  assert.equal(await focused(app), "bulk-title");
  const truth = await Promise.all([501, 504, 505].map((id) => sandbox.payments(id)));
  assert.deepEqual(truth.map(({ payCalls }) => payCalls), [1, 0, 0]);
  await answerable(app);
  await page.keyboard.press("Escape");
  await bulk(app, "closed");
  const back = await app.evaluate(() => {
    const { activeElement } = document.querySelector("b24-payments").shadowRoot;
    return [activeElement?.dataset.event ?? activeElement?.localName, activeElement?.checkVisibility()];
  });
  assert.deepEqual(back, ["openBulk", true]);
});

test("where nothing is left to be confirmed, what opened the dialog is gone, and the focus goes to the heading", async (t) => {
  const { app } = await open(t);
  await asked(app, [501, 504]);
  await press(app, "confirmAll");
  await bulk(app, "finished");
  await press(app, "cancel");
  await bulk(app, "closed");
  assert.equal(await app.evaluate(() => document.querySelector("b24-payments").shadowRoot.activeElement?.localName), "h1");
});

test("what somebody else paid meanwhile is shown and left out", async (t) => {
  const { app } = await open(t);
  for (const id of [501, 504]) await row(app, id).getByRole("checkbox").check();
  await meanwhile(sandbox, "crm.item.payment.pay", 501);
  await click(app, app.getByRole("button", { name: "Confirm selected…" }));
  await bulk(app, "changed");
  assert.match(await app.locator("#bulk").innerText(), /917\/1: State: Unpaid was shown, now it is Paid\./);
  await press(app, "review");
  await press(app, "confirmAll");
  await bulk(app, "finished");
  assert.deepEqual([(await sandbox.payments(501)).payCalls, (await sandbox.payments(504)).payCalls], [0, 1]);
});

test("the report is saved as a file, and it alone is printed", async (t) => {
  const { page, app } = await open(t);
  await asked(app, [501, 502]);
  await press(app, "confirmAll");
  await bulk(app, "finished");
  const download = page.waitForEvent("download");
  await press(app, "save");
  const file = await download;
  assert.equal(file.suggestedFilename(), "b24pay-deal-7.csv");
  const text = await readFile(await file.path(), "utf8");
  assert.match(text, /^\ufeff"Payment","ID",.*\r\n"917\/1","501",.*,1000,"EUR","Paid",/);
  await app.evaluate(() => { window.print = () => { window.isPrinted = true; }; });
  await press(app, "print");
  assert.equal(await app.evaluate(() => window.isPrinted), true);
  await page.emulateMedia({ media: "print" });
  assert.equal(await app.locator("#payments").isVisible(), false);
  assert.equal(await app.locator("#bulk table").isVisible(), true);
  assert.equal(await app.locator("#bulk .buttons").isVisible(), false);
});

test("one comment on the deal's timeline tells of all that were paid", async (t) => {
  const { app } = await open(t);
  await asked(app, [501, 502, 504]);
  await press(app, "confirmAll");
  await bulk(app, "finished");
  await assertSoon(async () => (await timeline()).length === 1, "no comment came");
  const [{ params }] = await timeline();
  const text = JSON.stringify(params);
  assert.match(text, /2 payments were confirmed:/);
  assert.match(text, /917\/1: €1,000\.00/);
  assert.doesNotMatch(text, /917\/2/);
});

test("a reason for an undo goes to the timeline, and a timeline that refuses changes no outcome", async (t) => {
  const { app } = await open(t);
  const undo = async (id, reason) => {
    await click(app, row(app, id).getByRole("button"));
    await reached(app, "undoAsking");
    await app.getByLabel("Reason (optional)").fill(reason);
    // By the keyboard, as after typing: a pointer would have to wait until the frame stands still.
    await answerable(app);
    await app.locator('#confirmation [data-event="undo"]').press("Enter");
    await reached(app, "unpaid");
  };
  await undo(506, "wrong customer");
  await app.getByText("The reason stands in the timeline.").waitFor();
  assert.match(JSON.stringify((await timeline())[0].params), /Reason: wrong customer/);
  await click(app, '#confirmation [data-event="cancel"]');
  await click(app, row(app, 506).getByRole("button"));
  await reached(app, "asking");
  await sandbox.fault({ method: "crm.timeline.comment.add", nth: 1, times: 1, fault: "denied" });
  await click(app, '#confirmation [data-event="confirm"]');
  await reached(app, "paid");
  await app.getByText("The timeline entry could not be written.").waitFor();
  assert.equal((await sandbox.payments(506)).paid, "Y");
});

test("the timelines of an invoice and of an order are found by the portal", async (t) => {
  for (const [placement, id, payment] of [["CRM_SMART_INVOICE_DETAIL_TAB", 31, 531], ["CRM_ORDER_DETAIL_TAB", 917, 501]]) {
    const { app } = await open(t, { placement, id: String(id) });
    await click(app, row(app, payment).getByRole("button"));
    await reached(app, "asking");
    await click(app, '#confirmation [data-event="confirm"]');
    await reached(app, "paid");
    await assertSoon(async () => (await timeline()).at(-1)?.params.fields.ENTITY_ID === String(id), `no comment for ${id} came`);
    assert.equal((await timeline()).at(-1).status, 200);
  }
});

/** Something that comes true within seconds. */
async function assertSoon(isTrue, message) {
  const end = Date.now() + 4000;
  while (!(await isTrue())) assert.ok(Date.now() < end, message);
}
