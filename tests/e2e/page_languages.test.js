// Every language of the portal in a narrow frame: the words fit, the direction is right, and nothing is cut off.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { harness } from "./harness.js";
import { misfits } from "./inspection.js";
import { answerable, click, row, shown } from "./page_steps.js";

const sandbox = harness();
const codes = ["ru", "en", "de", "la", "fr", "it", "pl", "br", "vn", "tr", "kz", "ua", "ar", "th", "sc", "tc", "ja", "id", "ms", "in"];

/** One page for all: what a language leaves behind would show in the next. */
let narrow;

for (const code of codes) {
  test(`${code}: list, question, outcome and undo fit into 320 pixels`, async () => {
    narrow ??= await sandbox.browser.newPage({ viewport: { width: 372, height: 900 } });
    const { page, app, errors } = await sandbox.openAnew(narrow, { lang: code });
    await app.waitForSelector('#payments[data-screen="list"]');
    const width = await app.evaluate(() => innerWidth);
    assert.ok(width <= 320, `the frame is ${width} pixels wide`);
    const fits = async (what) => assert.deepEqual(await app.evaluate(misfits), [], what);
    await fits("the list");
    // What a browser has no month's name for is not its number behind a letter, as in "2026 M09 10".
    assert.doesNotMatch(await row(app, 506).locator('[data-cell="stateNote"]').innerText(), /M\d/);
    await click(app, '#payments tr[data-id="502"] .action button');
    await app.waitForSelector('#confirmation[data-state="asking"]');
    await click(app, "#confirmation .details summary");
    await fits("the question");
    await click(app, '#confirmation [data-event="confirm"]');
    await app.waitForSelector('#confirmation[data-state="notApplied"]');
    await fits("the outcome");
    await answerable(app);
    await page.keyboard.press("Escape");
    await click(app, '#payments tr[data-id="506"] .action button');
    await app.waitForSelector('#confirmation[data-state="undoAsking"]');
    await fits("undoing");
    assert.equal(await app.evaluate(() => getComputedStyle(document.body).direction), code === "ar" ? "rtl" : "ltr");
    // A sentence that has no words yet would show its key.
    assert.doesNotMatch(await shown(app), /\b(list|row|title|text|button|detail|column)\.[a-z]/);
    assert.deepEqual(errors, []);
  });
}

test("what Chromium does not know of Kazakh is written as in Russian: 12 000 is not taken for 12,000", async (t) => {
  const { app, page } = await sandbox.open(t, { lang: "kz" });
  const text = async (id, cell) => (await row(app, id).locator(`[data-cell="${cell}"]`).innerText()).replace(/\s/g, " ");
  await app.waitForSelector('#payments[data-screen="list"]');
  assert.equal(await text(501, "amount"), "1 000,00 €");
  assert.equal(await text(503, "amount"), "12,345 KWD");
  assert.equal(await text(504, "amount"), "12 000 ¥ JPY");
  assert.match(await text(506, "stateNote"), /^\d\d\.\d\d\.\d{4}, \d\d:\d\d, пайдаланушы 1$/);
  for (const id of [503, 504]) await row(app, id).getByRole("checkbox").check();
  await click(app, '[data-event="openBulk"]');
  await app.waitForSelector('#bulk[data-state="asking"]');
  await click(app, '[data-event="confirmAll"]');
  await app.waitForSelector('#bulk[data-state="finished"]');
  const download = page.waitForEvent("download");
  await click(app, '#bulk [data-event="save"]');
  assert.match(await readFile(await (await download).path(), "utf8"), /;12,345;"KWD";/);
});

test("what is typed is shown in its own direction: in an Arabic page a reference keeps the order of its digits", async (t) => {
  const { app } = await sandbox.open(t, { lang: "ar" });
  const typed = async (event, id, state, count) => {
    await click(app, `#payments tr[data-id="${id}"] [data-event="${event}"]`);
    await app.waitForSelector(`#confirmation[data-state="${state}"]`);
    if (state === "asking") await click(app, "#confirmation .details summary");
    const fields = await app.locator("#confirmation [data-detail]:visible").all();
    assert.equal(fields.length, count);
    for (const field of fields) {
      for (const [text, direction] of [["12 345 - 67", "ltr"], ["سداد 12", "rtl"]]) {
        await field.fill(text);
        assert.equal(await field.evaluate((element) => getComputedStyle(element).direction), direction, text);
      }
    }
    await click(app, '#confirmation [data-event="cancel"]');
  };
  await typed("open", 501, "asking", 3);
  await typed("openUndo", 506, "undoAsking", 1);
});
