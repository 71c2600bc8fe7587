// The page under what browsers and their extensions do to it: translated, with elements of theirs around and beside its own, with styles
// of theirs. What it says is so all the same, and every press is taken.
import assert from "node:assert/strict";
import { test } from "node:test";
import { harness } from "./harness.js";
import { asked, click, confirmed, opener, press, reached, row, told } from "./page_steps.js";

const pay = "sale.paysystem.pay.payment";
const sandbox = harness({ settleMs: 1500, deadlineMs: 500 });
const open = opener(sandbox);

/** Translates as browsers do, into capitals and a script with another decimal sign: whatever text comes, a while after it, also in shadow
 *  roots, but for what is marked. `how`: "font" puts elements in the place of a text, "data" changes the text itself. */
function translate(how) {
  const own = new WeakSet();
  const isKept = (text) => {
    for (let place = text; place; place = place.parentNode ?? place.host) {
      if (own.has(place) || place.translate === false || /^(style|script|textarea|svg)$/.test(place.localName)) return true;
    }
    return false;
  };
  const translated = (text) => setTimeout(() => {
    const words = text.data.toUpperCase().replace(/[.,](?=\d)/g, (sign) => (sign === "." ? "," : "."));
    if (!text.isConnected || isKept(text) || words === text.data) return;
    if (how === "data") {
      own.add(text);
      text.data = words;
      return;
    }
    const [outer, inner] = [document.createElement("font"), document.createElement("font")];
    own.add(outer);
    inner.append(words);
    outer.append(inner);
    text.replaceWith(outer);
  }, 20);
  const read = (node) => {
    if (node.nodeType === Node.TEXT_NODE) translated(node);
    if (node.shadowRoot) watch(node.shadowRoot);
    node.childNodes.forEach(read);
  };
  const watch = (root) => {
    const changes = { subtree: true, childList: true, characterData: how === "font" };
    new MutationObserver((records) => records.forEach(({ addedNodes, target, type }) => (type === "childList" ? addedNodes.forEach(read) : read(target)))).observe(root, changes);
    read(root);
  };
  Object.assign(document.documentElement, { className: "translated-ltr", lang: "de" });
  watch(document.documentElement);
}

/** Waits until that can be read in an element. */
const reads = (app, selector, expected) => app.waitForFunction(([selector, expected]) => (
  document.querySelector("b24-payments").shadowRoot.querySelector(selector).innerText.replace(/\s+/g, " ").includes(expected)), [selector, expected]);

for (const how of ["font", "data"]) {
  test(`in a page that is translated (${how}), amounts, numbers and names stay, and what is said of the next state is as true`, async (t) => {
    const { app, errors } = await open(t);
    await app.evaluate(translate, how);
    await reads(app, "#summary", "5 UNPAID");
    const line = 'tr[data-id="503"]';
    await reads(app, line, "77/1 Card KWD 12.345 UNPAID CONFIRM");
    await click(app, "#select-all");
    await reads(app, ".selection", "5 SELECTED · KWD 12.345 · €1,068.12 · ¥12,000 JPY · $59.97 USD");

    await asked(app, 501);
    await reads(app, "#confirmation dl", "AMOUNT €1,000.00 PAYMENT 917/1 PAY SYSTEM Card");
    await press(app, "confirm");
    await reached(app, "paid");
    await reads(app, "#confirmation", "THE PORTAL SHOWS IT AS PAID.");
    assert.doesNotMatch(await told(app), /WAITING|as paid\?/i);
    await press(app, "cancel");
    await reads(app, 'tr[data-id="501"]', "917/1 Card €1,000.00 PAID");

    await sandbox.fault({ method: pay, fault: "hang", ms: 60_000 });
    assert.equal(await confirmed(app, 503), "unknown");
    await reads(app, "#confirmation", "WHETHER PAYMENT 77/1 IS PAID IS NOT KNOWN");
    assert.doesNotMatch(await told(app), /917\/1|WAITING/);
    await press(app, "cancel");
    await reads(app, line, "77/1 Card KWD 12.345 NOT KNOWN CHECK");
    await reads(app, "#summary", "3 UNPAID · NOT KNOWN: 1");

    await app.locator('.selection [data-event="openBulk"]').click();
    await app.waitForSelector('#bulk[data-state="asking"]');
    await reads(app, "#bulk", "MARK 3 PAYMENTS AS PAID? €68.12 · ¥12,000 JPY · $59.97 USD");
    await reads(app, "#bulk table", "917/2 Cash €68.12");
    assert.deepEqual(errors.filter((error) => !/Failed to load resource|Query error/.test(error)), []);
  });
}

/** As password managers and spelling checkers do: an element of theirs around each field, one after it, one after each bar. */
function meddle() {
  const root = document.querySelector("b24-payments").shadowRoot;
  for (const field of root.querySelectorAll("textarea, input:not([type=checkbox], [type=radio]), progress")) {
    const around = document.createElement("span");
    field.replaceWith(around);
    around.append(field, document.createElement("i"));
    around.after(document.createElement("i"));
  }
}

test("with elements of an extension around the fields and beside them, a fault is told and the progress counts", async (t) => {
  const { app, errors } = await open(t);
  await app.evaluate(meddle);
  await asked(app, 501);
  await app.locator("#confirmation details.details").evaluate((details) => { details.open = true; });
  await app.locator("#detail-invoice").fill("0");
  await press(app, "confirm");
  await reads(app, "#fault-invoice", "The portal does not keep a single 0.");
  await app.locator("#detail-invoice").fill("A 1");
  await press(app, "confirm");
  await reached(app, "paid");
  assert.equal((await sandbox.payments(501)).psInvoiceId, "A 1");
  await press(app, "cancel");

  await app.locator("#select-all").check();
  await app.locator('.selection [data-event="openBulk"]').click();
  await app.waitForSelector('#bulk[data-state="asking"]');
  await sandbox.fault({ method: pay, fault: "hang", ms: 60_000 });
  await click(app, '#bulk [data-event="confirmAll"]');
  await reads(app, "#bulk-progress", "0 of 4");
  assert.deepEqual(errors.filter((error) => !/Failed to load resource|Query error/.test(error)), []);
});

test("with transitions and animations of an extension every press is taken, and one that comes too soon still is not", async (t) => {
  const { app } = await open(t);
  await app.evaluate(() => {
    const { shadowRoot } = document.querySelector("b24-payments");
    const style = new CSSStyleSheet();
    style.replaceSync("button { transition: all 60s; } .quiet { animation: 60s infinite darker; } @keyframes darker { to { opacity: 0.9; } }");
    shadowRoot.adoptedStyleSheets = [...shadowRoot.adoptedStyleSheets, style];
  });
  const button = row(app, 501).getByRole("button");
  await button.hover();
  await button.click();
  await reached(app, "asking");
  const confirm = app.locator('#confirmation [data-event="confirm"]');
  await confirm.evaluate((element) => element.click());
  assert.equal(await app.locator("#confirmation").getAttribute("data-state"), "asking", "it has just come");
  await confirm.evaluate((element) => Promise.all(element.getAnimations().filter(({ animationName }) => animationName === "new").map(({ finished }) => finished)));
  await confirm.evaluate((element) => element.click());
  await reached(app, "paid");
});
