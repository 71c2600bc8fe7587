// The operator's page inside the sandbox portal, in Chromium: what a person does, what the portal then holds, what the page says.
import assert from "node:assert/strict";
import { test } from "node:test";
import { harness } from "./harness.js";
import { answerable, asked, atRest, click, confirmed, enter, focused, meanwhile, opener, press, reached, row, state, told } from "./page_steps.js";

const pay = "sale.paysystem.pay.payment";
const sandbox = harness();
const open = opener(sandbox);

const calls = async (method) => (await sandbox.log()).filter((call) => call.method === method).length;

test("the list of a deal appears after one REST request, and the page makes no noise", async (t) => {
  const { app, errors } = await open(t);
  assert.deepEqual((await sandbox.log()).map(({ method }) => method), ["crm.item.payment.list"]);
  assert.equal(await app.locator("#payments tbody tr").count(), 6);
  assert.equal(await row(app, 501).locator(".amount").innerText(), "€1,000.00");
  assert.equal(await row(app, 505).locator(".amount").innerText(), "$59.97 USD");
  assert.equal(await app.locator("#summary").innerText(), "5 unpaid");
  const shapes = await app.locator("#payments tbody tr").evaluateAll((rows) => rows.map((each) => [each.dataset.id, each.querySelector(".shape").dataset.shape]));
  assert.deepEqual(Object.fromEntries(shapes), { 501: "unpaid", 502: "unpaid", 503: "unpaid", 504: "unpaid", 505: "unpaid", 506: "paid" });
  assert.deepEqual(errors, []);
});

test("confirming 501 by pay system 11 pays it, by one call", async (t) => {
  const { app } = await open(t);
  await asked(app, 501);
  assert.match(await told(app), /Mark €1,000\.00 as paid\?.*917\/1.*Card/s);
  await press(app, "confirm");
  await reached(app, "paid");
  const truth = await sandbox.payments(501);
  assert.deepEqual([truth.paid, truth.payCalls, truth.paidBy], ["Y", 1, 7]);
  assert.match(await told(app), /€1,000\.00 paid.*Paid: .*, by user 7/s);
  assert.equal(await app.locator("#confirmation h2 .shape").getAttribute("data-shape"), "paid");
  assert.equal(await row(app, 501).getAttribute("data-state"), "paid");
});

test("a payment of a deal whose money went back is asked about as that, where the operator may know it", async (t) => {
  await sandbox.reset({ scenario: "unusual" });
  const { app, errors } = await open(t);
  assert.equal(await row(app, 508).getAttribute("data-state"), "unpaid", "CRM does not tell");
  await row(app, 508).getByRole("button").click();
  await reached(app, "changed");
  assert.match(await told(app), /Unpaid was shown, now it is Returned\./);
  assert.equal(await row(app, 508).getAttribute("data-state"), "returned");
  await press(app, "review");
  await reached(app, "asking");
  assert.match(await told(app), /was returned to the customer/);
  assert.equal((await sandbox.payments(508)).payCalls, 0);
  await press(app, "confirm");
  await reached(app, "paid");
  assert.equal((await sandbox.payments(508)).payCalls, 1);
  assert.deepEqual(errors, []);
});

test("where the operator may not know whether money went back, that is asked once, and payments are confirmed as before", async (t) => {
  const { app } = await open(t, { operator: "11" });
  for (const id of [501, 505]) {
    assert.equal(await confirmed(app, id), "paid");
    await press(app, "cancel");
    await reached(app, "closed");
  }
  assert.equal(await calls("sale.payment.list"), 1);
});

test("what is typed is sent with its own payment and with no other; what is wrong with it is said beside it, and gets the focus", async (t) => {
  const { app, page } = await open(t);
  const fields = app.locator("#confirmation .details [data-detail]");
  const openDetails = () => click(app, app.getByText("Bank reference and note (optional)"));
  const valid = () => fields.evaluateAll((all) => all.map((field) => field.getAttribute("aria-invalid")));
  await asked(app, 501);
  await openDetails();
  await app.getByLabel("Bank reference").fill("0");
  await app.getByLabel("Note").fill("for 501");
  await openDetails();
  await app.locator('#confirmation [data-event="confirm"]').focus();
  await enter(app, page);
  await app.getByText("The portal does not keep a single 0.").waitFor();
  assert.equal(await focused(app), "detail-invoice");
  assert.deepEqual(await valid(), ["true", "false", "false"]);
  assert.equal(await state(app), "asking");
  await press(app, "cancel");
  await asked(app, 505);
  assert.equal(await fields.first().isVisible(), false);
  assert.deepEqual(await fields.evaluateAll((all) => all.map(({ value }) => value)), ["", "", ""]);
  assert.deepEqual(await valid(), ["false", "false", "false"]);
  await press(app, "cancel");
  await asked(app, 501);
  assert.deepEqual(await fields.evaluateAll((all) => all.map((field) => [field.value, field.checkVisibility()])), [["0", true], ["", true], ["for 501", true]]);
  await page.keyboard.press("Escape");
  await asked(app, 505);
  await openDetails();
  await app.getByLabel("Bank reference").fill("reference of 505");
  await app.locator('#confirmation [data-event="confirm"]').focus();
  await enter(app, page);
  await reached(app, "paid");
  const sent = (await sandbox.log()).filter(({ method }) => method === pay).map(({ params }) => params);
  assert.deepEqual(sent.map(({ PAYMENT_ID, ...rest }) => [Number(PAYMENT_ID), Object.keys(rest).filter((name) => name.startsWith("PS_")), rest.PS_INVOICE_ID]), [[505, ["PS_INVOICE_ID"], "reference of 505"]]);
});

test("what Cash ignores ends as still unpaid, says so, and can then be marked in CRM", async (t) => {
  const { app } = await open(t);
  assert.equal(await confirmed(app, 502), "notApplied");
  assert.match(await told(app), /Still unpaid/);
  assert.equal((await sandbox.payments(502)).paid, "N");
  await press(app, "mark");
  await reached(app, "paid");
  const truth = await sandbox.payments(502);
  assert.deepEqual([truth.paid, truth.payCalls], ["Y", 1]);
});

test("a double click on the confirmation is one pay call", async (t) => {
  const { app } = await open(t);
  await asked(app, 501);
  await click(app, '#confirmation [data-event="confirm"]', { twice: true });
  await reached(app, "paid");
  assert.equal((await sandbox.payments(501)).payCalls, 1);
  assert.equal(await calls(pay), 1);
});

/** Two clicks at one place, the second as soon as the page has answered the first. */
async function clickedTwice(page, app, button, answered) {
  await atRest(app);
  await app.locator(button).click();
  await app.waitForSelector(answered);
  await page.mouse.down({ clickCount: 2 });
  await page.mouse.up({ clickCount: 2 });
  await app.evaluate(() => new Promise((resolve) => { setTimeout(resolve, 300); }));
}

test("what stands where the confirmation stood takes no press that was meant for that: nothing more is sent, and the outcome stays", async (t) => {
  const { page, app } = await open(t);
  for (const [id, end] of [[502, "notApplied"], [501, "paid"]]) {
    await asked(app, id);
    await clickedTwice(page, app, '#confirmation [data-event="confirm"]', `#confirmation[data-state="${end}"]`);
    assert.equal(await state(app), end);
    assert.equal(await calls("crm.item.payment.pay"), 0);
    await press(app, "cancel");
    await reached(app, "closed");
  }
});

test("Enter that is held down since the payment is read does not answer the question when that appears", async (t) => {
  const { page, app } = await open(t);
  await sandbox.fault({ method: "crm.item.payment.get", nth: 1, times: 1, fault: "delay", ms: 500 });
  await row(app, 501).getByRole("button").focus();
  await page.keyboard.press("Enter");
  await reached(app, "reading");
  await page.keyboard.press("Tab");
  // Pressed again without having been let go, a key repeats itself.
  while ((await state(app)) === "reading") await page.keyboard.down("Enter");
  for (let more = 0; more < 5; more += 1) await page.keyboard.down("Enter");
  assert.equal(await state(app), "asking");
  // Nor however long it is held.
  await answerable(app);
  await page.keyboard.down("Enter");
  assert.equal(await state(app), "asking");
  await page.keyboard.up("Enter");
  await enter(app, page);
  await reached(app, "paid");
  assert.equal((await sandbox.payments(501)).payCalls, 1);
});

test("a key that is pressed when the question has just come was meant for what stood there before: it neither closes nor confirms", async (t) => {
  const { app, page } = await open(t);
  await sandbox.fault({ method: "crm.item.payment.get", nth: 1, times: 1, fault: "delay", ms: 300 });
  // A key presses what has the focus, wherever the pointer may be. In a task of the page none is late.
  const states = await app.evaluate(() => new Promise((tell) => {
    const root = document.querySelector("b24-payments").shadowRoot;
    const { dataset } = root.querySelector("#confirmation");
    root.querySelector('#payments tr[data-id="501"] button').click();
    root.activeElement.click();
    const seen = [root.activeElement.dataset.event, dataset.state];
    const look = () => {
      if (dataset.state === "reading") return requestAnimationFrame(look);
      root.querySelector('#confirmation [data-event="confirm"]').click();
      tell([...seen, dataset.state]);
    };
    look();
  }));
  assert.deepEqual(states, ["cancel", "reading", "asking"]);
  await app.locator('#confirmation [data-event="confirm"]').focus();
  await enter(app, page);
  await reached(app, "paid");
  assert.equal(await calls(pay), 1);
});

test("Escape that is pressed when the outcome has just come was meant for the waiting: what came of the payment stays", async (t) => {
  const { app, page } = await open(t);
  await sandbox.fault({ method: pay, nth: 1, times: 1, fault: "denied" });
  await asked(app, 501);
  await app.locator('#confirmation [data-event="confirm"]').focus();
  await enter(app, page);
  // In a task of the page none is late: what a browser asks on Escape.
  const seen = await app.evaluate(() => new Promise((tell) => {
    const dialog = document.querySelector("b24-payments").shadowRoot.querySelector("#confirmation");
    const look = () => {
      if (dialog.dataset.state !== "refused") return requestAnimationFrame(look);
      // A second one closes it without asking, and the browser tells that later.
      dialog.addEventListener("close", () => setTimeout(() => tell([dialog.dataset.state, dialog.open])), { once: true });
      dialog.dispatchEvent(new Event("cancel", { cancelable: true }));
      dialog.close();
    };
    look();
  }));
  assert.deepEqual(seen, ["refused", true]);
  await answerable(app);
  await page.keyboard.press("Escape");
  await reached(app, "closed");
});

test("where a refreshed list puts another row under the pointer, a press that was meant for the row before opens nothing", async (t) => {
  const { page, app } = await open(t);
  await atRest(app);
  await row(app, 502).getByRole("button").hover();
  await meanwhile(sandbox, "crm.item.payment.pay", 501);
  await app.locator('.top [data-event="refresh"]').focus();
  await page.keyboard.press("Enter");
  // It goes down to those that are paid.
  await app.waitForSelector('#payments tr[data-id="503"] + tr[data-id="502"]');
  await page.mouse.down();
  await page.mouse.up();
  assert.equal(await state(app), "closed");
  await row(app, 502).getByRole("button").click();
  await reached(app, "asking");
});

/** Waits until all of an element is in the window: the portal's page scrolls in a process of its own. `find` finds the element anew. */
async function isSeen(page, element, find = () => element) {
  const end = Date.now() + 3000;
  for (;;) {
    const { y, height } = await (await find()).boundingBox();
    if (y > -1 && y + height < page.viewportSize().height + 1) return;
    assert.ok(Date.now() < end, `${y} to ${y + height} of ${page.viewportSize().height}`);
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
}

test("far down a long list the question appears where the row is, whole, and the portal's page stays where it was", async (t) => {
  await sandbox.reset({ scenario: "many" });
  const { page, app } = await open(t, {}, { viewport: { width: 1200, height: 700 } });
  await atRest(app);
  for (const place of [0.2, 0.9]) {
    await row(app, 10030).scrollIntoViewIfNeeded();
    const { y } = await row(app, 10030).boundingBox();
    await page.evaluate(([by]) => scrollBy(0, by), [y - 700 * place]);
    const before = await page.evaluate(() => scrollY);
    await asked(app, 10030);
    await isSeen(page, app.locator("#confirmation"));
    const moved = await page.evaluate((from) => Math.abs(scrollY - from), before);
    assert.ok(moved < 500, `the portal's page moved by ${moved}`);
    await press(app, "cancel");
    await reached(app, "closed");
  }
});

test("at 400 % the question is seen from its title on", async (t) => {
  const { page, app } = await open(t, {}, { viewport: { width: 372, height: 256 }, reducedMotion: "reduce" });
  for (const id of [501, 505]) {
    // What lies out of sight draws no pictures: it is brought into sight without waiting for one.
    await page.evaluate(() => document.querySelector("iframe").scrollIntoView());
    await row(app, id).getByRole("button").evaluate((button) => {
      button.scrollIntoView();
      button.focus();
    });
    await page.keyboard.press("Enter");
    await reached(app, "asking");
    await isSeen(page, app.locator("#confirmation h2"));
    await page.keyboard.press("Escape");
    await reached(app, "closed");
  }
});

// 1280 by 1024 at 400 %, and a laptop's 1366 by 768 at 200 %.
for (const viewport of [{ width: 320, height: 256 }, { width: 683, height: 384 }]) {
  test(`in ${viewport.width} by ${viewport.height}, with the keyboard alone, what has the focus is in sight, and so is the row of what opened a dialog`, async (t) => {
    const { page, app } = await open(t, { lang: "de" }, { viewport, reducedMotion: "reduce" });
    const isFocusSeen = () => isSeen(page, null, () => app.evaluateHandle(() => document.querySelector("b24-payments").shadowRoot.activeElement));
    // The frame lies below the window at first, where it draws nothing and gets no height: the focus brings it into sight.
    await app.locator("#select-all").focus();
    await atRest(app);
    const tabTo = async (event) => {
      for (let tabs = 0; await focused(app) !== event; tabs += 1) {
        assert.ok(tabs < 6, `${event} is not reached`);
        await page.keyboard.press("Tab");
        // The text for support is higher than what may be left of the window.
        if (await focused(app) !== "textarea") await isFocusSeen();
      }
    };
    // A payment of the demo that the portal refuses, and one that it does not.
    for (const [id, end] of [[503, "refused"], [501, "paid"]]) {
      await tabTo(String(id));
      await tabTo("open");
      await page.keyboard.press("Enter");
      await reached(app, "asking");
      await isSeen(page, app.locator("#confirmation h2"));
      await isFocusSeen();
      assert.ok(["cancel", "confirmation-title"].includes(await focused(app)));
      await tabTo("confirm");
      await enter(app, page);
      await reached(app, end);
      await isFocusSeen();
      if (end === "refused") {
        await tabTo("summary");
        await page.keyboard.press("Enter");
        await tabTo("copy");
        await page.keyboard.press("Shift+Tab");
        await page.keyboard.press("Shift+Tab");
        await isFocusSeen();
      }
      await answerable(app);
      await page.keyboard.press("Escape");
      await reached(app, "closed");
      await isSeen(page, row(app, id));
    }
  });
}

test("with the keyboard alone: Cancel has the focus first, Enter twice is one call, the news gets the focus, Escape leads back", async (t) => {
  const { page, app } = await open(t);
  await sandbox.fault({ method: pay, nth: 1, times: 1, fault: "delay", ms: 300 });
  await row(app, 501).getByRole("button").focus();
  await page.keyboard.press("Enter");
  await reached(app, "asking");
  assert.equal(await focused(app), "cancel");
  // The region for news came into the dialog; what it said of the list it does not say again.
  assert.equal(await app.locator("#confirmation #status").textContent(), "");
  for (let tabs = 0; await focused(app) !== "confirm"; tabs += 1) {
    assert.ok(tabs < 4, "the confirmation is not reached by Tab");
    await page.keyboard.press("Tab");
  }
  await enter(app, page);
  await page.keyboard.press("Enter");
  assert.equal(await state(app), "paying");
  assert.equal(await focused(app), "confirm");
  assert.equal(await app.locator('[data-event="confirm"]').getAttribute("aria-busy"), "true");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  assert.equal(await app.locator("#confirmation").evaluate((dialog) => dialog.open), true);
  await reached(app, "paid");
  assert.equal(await focused(app), "confirmation-title");
  await answerable(app);
  await page.keyboard.press("Escape");
  await reached(app, "closed");
  assert.equal(await app.evaluate(() => document.querySelector("b24-payments").shadowRoot.activeElement.closest("tr").dataset.id), "501");
  assert.equal((await sandbox.payments(501)).payCalls, 1);
  // News of the list would not be spoken within a dialog that is closed.
  assert.equal(await app.locator("#payments + #status").count(), 1);
});

test("a dialog that opens before the browser has told that the one before it closed stays open", async (t) => {
  const { app } = await open(t);
  await asked(app, 501);
  await answerable(app);
  await app.evaluate(() => {
    const root = document.querySelector("b24-payments").shadowRoot;
    for (const pressed of ['#confirmation [data-event="cancel"]', '#payments tr[data-id="505"] [data-event="open"]']) root.querySelector(pressed).click();
  });
  await reached(app, "asking");
  assert.match(await told(app), /\$59\.97/);
});

test("a refusal quotes the portal as text and says that nothing was paid", async (t) => {
  const { app } = await open(t);
  assert.equal(await confirmed(app, 503), "refused");
  assert.match(await told(app), /Nothing was paid.*The portal’s words.*77/s);
  assert.equal(await app.locator("#confirmation blockquote *").count(), 0);
  await click(app, "#confirmation [data-diagnostic] summary");
  const diagnostic = await app.locator("#confirmation [data-diagnostic] textarea").inputValue();
  assert.match(diagnostic, /code: REFUSED\n/);
  assert.match(diagnostic, /payment: 503 \(77\/1\)/);
  assert.match(diagnostic, /portal: localhost:\d+\nplacement: CRM_DEAL_DETAIL_TAB\n/);
});

test("a payment that somebody else paid meanwhile is told as already paid, and nothing is sent", async (t) => {
  const { app } = await open(t);
  await meanwhile(sandbox, "crm.item.payment.pay", 501);
  await click(app, row(app, 501).getByRole("button"));
  await reached(app, "alreadyPaid");
  assert.equal(await calls(pay), 0);
});

test("a paid payment can be undone", async (t) => {
  const { app } = await open(t);
  await click(app, row(app, 506).getByRole("button"));
  await reached(app, "undoAsking");
  await press(app, "undo");
  await reached(app, "unpaid");
  assert.equal((await sandbox.payments(506)).paid, "N");
});

const places = [
  [{ placement: "CRM_DEAL_DETAIL_TOOLBAR" }, "Deal 7", 6],
  [{ placement: "CRM_SMART_INVOICE_DETAIL_TOOLBAR", id: "31" }, "Invoice 31", 4],
  [{ placement: "CRM_ORDER_DETAIL_TAB", id: "77" }, "Order 77", 1],
  [{ placement: "REST_APP_URI", id: "", params: "paymentId=501" }, "Payment 501", 1],
];
for (const [where, subject, count] of places) {
  test(`at ${where.placement} stand the payments of: ${subject}`, async (t) => {
    const { app } = await open(t, where);
    assert.equal(await app.locator(".subject").innerText(), subject);
    assert.equal(await app.locator("#payments tbody tr").count(), count);
  });
}

test("a placement that cannot have payments says so, and leads to looking for some", async (t) => {
  const { app } = await open(t, { placement: "CRM_DYNAMIC_177_DETAIL_TAB", id: "3" });
  assert.match(await app.locator("#payments").innerText(), /No payments here/);
  await click(app, app.getByRole("button", { name: "Find other payments" }));
  await app.getByLabel("Order").check();
  await app.getByLabel("Number").fill("77");
  await click(app, app.getByRole("button", { name: "Find", exact: true }));
  await row(app, 503).waitFor();
});

test("from the search a press leads back to the list that was left, and the focus to its heading", async (t) => {
  const { app } = await open(t, { placement: "DEFAULT" });
  const back = app.locator('#search [data-event="back"]');
  assert.equal(await back.isVisible(), false);
  await app.getByLabel("Number").fill("7");
  await click(app, app.getByRole("button", { name: "Find", exact: true }));
  await row(app, 501).waitFor();
  await click(app, app.getByRole("button", { name: "Find other payments" }));
  assert.equal(await back.innerText(), "Cancel");
  await click(app, back);
  await row(app, 501).waitFor();
  assert.equal(await focused(app), "h1");
});

test("on the app page a deal is found by its number, and what is no number is said beside the field", async (t) => {
  const { app, page } = await open(t, { placement: "DEFAULT" });
  await app.getByLabel("Number").fill("917/1");
  await page.keyboard.press("Enter");
  assert.equal(await app.locator("#search-fault").innerText(), "Please enter a whole number, such as 8061.");
  assert.deepEqual(await sandbox.log(), []);
  await app.getByLabel("Number").fill("7");
  await page.keyboard.press("Enter");
  await row(app, 501).waitFor();
});

const closedDoors = [
  ["ACCESS_DENIED", { operator: "12" }, /no right/],
  ["MISSING_SCOPE", { scopes: "pay_system" }, /“crm”/],
];
for (const [code, who, words] of closedDoors) {
  test(`${code} has a screen with a way on`, async (t) => {
    const { app } = await open(t, who);
    assert.equal(await app.locator("#payments").getAttribute("data-code"), code);
    assert.match(await app.locator("#payments").innerText(), words);
    await app.getByRole("button", { name: "Try again" }).waitFor();
  });
}

test("outside of a portal the page says where to open it", async (t) => {
  const page = await sandbox.browser.newPage();
  t.after(() => page.close());
  await page.goto(sandbox.app);
  await page.getByRole("heading", { name: "Open this page in Bitrix24" }).waitFor();
  await page.getByRole("button", { name: "Reload the page" }).waitFor();
});

test("without the portal's script the page says so, too", async (t) => {
  const page = await sandbox.browser.newPage();
  t.after(() => page.close());
  await page.route("**/api/v1/", (route) => route.abort());
  await page.goto(sandbox.app);
  await page.getByRole("heading", { name: "A part of Bitrix24 did not load" }).waitFor();
});

/** What is read and seen on the page while a file of it does not come. */
async function without(t, file) {
  const page = await sandbox.browser.newPage();
  t.after(() => page.close());
  await page.route(`**/${file}`, (route) => route.abort());
  await page.goto(sandbox.app);
  return page;
}

test("without the element's script the page says that it did not load, in the words that it came with", async (t) => {
  const page = await without(t, "element.js");
  await page.getByRole("heading", { name: "This page did not load completely" }).waitFor();
  assert.equal(await page.getByText("Reading the payments…").isVisible(), false);
  await page.getByRole("link", { name: "Reload the page" }).waitFor();
});

test("without its own script the page says after a while that it takes long, and offers to be loaded anew", async (t) => {
  const page = await without(t, "app.js");
  await page.getByText("Reading the payments…").waitFor();
  const reload = page.getByRole("link", { name: "Reload the page" });
  assert.equal(await reload.isVisible(), false);
  await page.evaluate(() => document.getAnimations().find(({ animationName }) => animationName === "late").finish());
  assert.equal(await reload.isVisible(), true);
});

test("without the words of any language the page says that it did not load, and shows nothing that has no name", async (t) => {
  const user = await sandbox.browser.newContext();
  t.after(() => user.close());
  await user.route("**/words/*.js", (route) => route.abort());
  const { app } = await sandbox.openIn(user);
  await app.waitForSelector('#payments[data-screen="failed"]');
  assert.equal(await app.locator("#payments h1").innerText(), "Payments");
  const failed = app.locator('#payments [data-on="failed"]');
  assert.match(await failed.innerText(), /This page did not load completely\s+Reload it\..*\s+Reload the page$/);
  const nameless = await app.locator("#payments :is(button, summary, label, h2)").evaluateAll((all) => all.filter((one) => one.checkVisibility() && one.textContent.trim() === "").length);
  assert.equal(nameless, 0);
});

test("without the module that pays the page says in the operator's language that a part of it was not loaded, and for support which", async (t) => {
  const user = await sandbox.browser.newContext();
  t.after(() => user.close());
  await user.route("**/b24pay.js", (route) => route.abort());
  const { app } = await sandbox.openIn(user, { lang: "de" });
  await app.waitForSelector('#payments[data-screen="failed"]');
  assert.match(await app.locator("#payments").innerText(), /Ein Teil der Seite konnte nicht geladen werden\. .*\s+Seite neu laden/);
  assert.match(await app.locator("#payments [data-diagnostic] textarea").inputValue(), /code: NOT_LOADED\n.*\ncause: TypeError: .*b24pay\.js/s);
});

test("in Russian, words, amounts and direction are the language's own", async (t) => {
  const { app } = await open(t, { lang: "ru" });
  assert.equal(await app.locator("html").getAttribute("lang"), "ru");
  assert.equal(await row(app, 501).locator(".amount").innerText(), "1\u00a0000,00 €");
  await asked(app, 501);
  assert.match(await told(app), /Отметить оплату на 1\u00a0000,00\u00a0€\?/);
});

test("the frame has the height of its content, grows for a dialog and shrinks after it, and asks no more than that", async (t) => {
  const { page, app } = await open(t);
  const fits = async () => {
    const frame = await page.locator("iframe").evaluate((element) => element.clientHeight);
    const content = await app.locator("#payments, dialog[open]").evaluateAll((parts) => Math.max(...parts.map((part) => part.getBoundingClientRect().bottom)));
    return frame >= content && frame - content < 40;
  };
  const asked = await page.evaluateHandle(() => {
    const heard = [];
    addEventListener("message", ({ data }) => String(data).startsWith("resizeWindow:") && !data.includes("100%") && heard.push(data));
    return heard;
  });
  await assertSoon(fits, "the frame does not fit the list");
  await click(app, row(app, 506).getByRole("button"));
  await reached(app, "undoAsking");
  await assertSoon(fits, "the frame does not fit the dialog");
  await press(app, "cancel");
  await reached(app, "closed");
  await assertSoon(fits, "the frame does not fit the list again");
  // One to grow, one to shrink; the screen while reading may have asked for one of its own.
  const times = await asked.evaluate((heard) => heard.length);
  assert.ok(times >= 2 && times <= 4, `asked ${times} times`);
  // Its width stays that of the portal's page, in a narrow window and in a wide one.
  for (const width of [700, 1280]) {
    await page.setViewportSize({ width, height: 720 });
    await assertSoon(() => page.locator("iframe").evaluate(({ parentElement: box }) => box.offsetWidth === box.previousElementSibling.offsetWidth), `the frame is not as wide as its place of ${width}`);
    await assertSoon(fits, `the frame does not fit the list at ${width}`);
  }
});

test("where the portal hides the frame, as it does with a tab, and shows it again, it is as high as before, and the question stands as it was left", async (t) => {
  const { page, app } = await open(t);
  await asked(app, 501);
  await app.locator("#confirmation .details summary").click();
  await app.locator("#detail-invoice").fill("REF 77");
  await atRest(app);
  const set = (display) => page.locator("iframe").evaluate((element, value) => { element.parentElement.style.display = value; }, display);
  const height = () => page.locator("iframe").evaluate(({ parentElement }) => parentElement.style.height);
  const before = await height();
  await set("none");
  await app.waitForSelector("#confirmation:not([open])", { state: "attached" });
  // So long the page would rest before it asks for less.
  await page.evaluate(() => new Promise((rested) => setTimeout(rested, 400)));
  assert.equal(await height(), before);
  await set("");
  await app.waitForSelector("#confirmation:modal");
  assert.deepEqual([await state(app), await app.locator("#detail-invoice").inputValue()], ["asking", "REF 77"]);
  await press(app, "confirm");
  await reached(app, "paid");
  assert.deepEqual([(await sandbox.payments(501)).payCalls, (await sandbox.payments(501)).psInvoiceId], [1, "REF 77"]);
});

/** Something that comes true within seconds; asked again with every frame of the browser. */
async function assertSoon(isTrue, message) {
  const end = Date.now() + 4000;
  while (!(await isTrue())) assert.ok(Date.now() < end, message);
}

test("what goes when it is pressed hands the focus on: to the heading over a list that was found, never to nothing", async (t) => {
  await sandbox.reset({ scenario: "many" });
  const { deals: [deal] } = await (await fetch(`${sandbox.portal}/sandbox/desk`)).json();
  const { app, page } = await open(t, { placement: "DEFAULT" });
  await app.getByLabel("Number").fill(String(deal.id));
  await page.keyboard.press("Enter");
  const all = app.locator('#payments[data-screen="list"] table[aria-busy="false"]');
  await all.waitFor();
  assert.equal(await focused(app), "h1");
  const more = app.locator('[data-event="more"]');
  await more.focus();
  for (let shown = 200; shown <= 1000; shown += 100) {
    await page.keyboard.press("Enter");
    await app.locator("#payments tbody tr").nth(shown - 1).waitFor({ state: "attached" });
    await all.waitFor();
    assert.equal(await focused(app), shown < 1000 ? "more" : "tr");
  }
  assert.equal(await app.evaluate(() => [...document.querySelector("b24-payments").shadowRoot.activeElement.parentElement.children].indexOf(document.querySelector("b24-payments").shadowRoot.activeElement)), 899);
});

test("a row that moves keeps the focus, and one that is not there any more leaves it to the heading", async (t) => {
  const { page, app } = await open(t);
  const refreshed = async (id, event, now) => {
    await row(app, id).getByRole("button").focus();
    await now();
    await app.evaluate(() => document.querySelector("b24-payments").refresh());
    await app.waitForSelector(event);
    return focused(app);
  };
  const undo = () => meanwhile(sandbox, "crm.item.payment.unpay", 506);
  assert.equal(await refreshed(506, '#payments tr[data-id="506"][data-state="unpaid"]', undo), "open");
  await meanwhile(sandbox, "crm.item.payment.pay", 505);
  // It moves up over the one that is paid now.
  assert.equal(await refreshed(506, '#payments tr[data-id="506"] + tr[data-id="505"]', async () => {}), "open");
  await page.route("**/rest/crm.item.payment.list*", async (route) => {
    const answer = await route.fetch();
    const json = await answer.json();
    await route.fulfill({ response: answer, json: { ...json, result: json.result.filter(({ id }) => Number(id) !== 506) } });
  });
  assert.equal(await refreshed(506, '#payments tbody:not(:has([data-id="506"]))', async () => {}), "h1");
});

test("on paper the list keeps its columns and leaves its buttons out", async (t) => {
  const { page, app } = await open(t);
  await page.emulateMedia({ media: "print" });
  assert.equal(await row(app, 501).getByRole("button").isVisible(), false);
  assert.equal(await row(app, 501).getByRole("checkbox").isVisible(), false);
  const widths = await row(app, 501).locator(":is(.number, .system, .amount, .state)").evaluateAll((cells) => cells.map((cell) => cell.clientWidth));
  assert.equal(widths.length, 4);
  for (const width of widths) assert.ok(width > 80, `a column is ${width} pixels wide`);
});

test("on paper a list that is filtered says so, and one that is not leaves the filter out", async (t) => {
  await sandbox.reset({ scenario: "many" });
  const desk = await (await fetch(`${sandbox.portal}/sandbox/desk`)).json();
  const { page, app } = await open(t, { id: String(desk.deals[0].id) });
  const onPaper = async (query) => {
    await page.emulateMedia({ media: "screen" });
    await app.locator("#filter").fill(query);
    await page.emulateMedia({ media: "print" });
    await app.evaluate(() => dispatchEvent(new Event("beforeprint")));
    return (await app.locator(".above").innerText()).replace(/\s+/g, " ").trim();
  };
  assert.equal(await onPaper("2001/"), "1,000 unpaid Filter 3 found");
  assert.equal(await app.locator("#filter").isVisible(), true);
  assert.equal(await onPaper(""), "1,000 unpaid");
});

test("on a sheet of A4, upright, the columns have their heads, and an amount stands beside its number", async (t) => {
  const { page, app } = await open(t);
  await page.emulateMedia({ media: "print" });
  // What is between the margins that browsers give it.
  const frame = await app.frameElement();
  await frame.evaluate((element) => { element.style.width = "718px"; });
  await app.waitForFunction(() => innerWidth === 718);
  for (const head of ["Payment", "Amount", "State"]) {
    const box = await app.getByRole("columnheader", { name: head, exact: true }).boundingBox();
    assert.ok(box.width > 40 && box.height > 10, `${head}: ${JSON.stringify(box)}`);
  }
  const middles = await row(app, 506).locator(":is(.number, .amount)").evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect()).map(({ top, bottom }) => Math.round((top + bottom) / 2)));
  assert.equal(middles[0], middles[1]);
});

test("a thousand payments: a letter in the filter is answered at once, the rows below follow, and on paper are all of them", async (t) => {
  await sandbox.reset({ scenario: "many" });
  const desk = await (await fetch(`${sandbox.portal}/sandbox/desk`)).json();
  const page = await sandbox.browser.newPage();
  t.after(() => page.close());
  await page.addInitScript(() => {
    window.asked = [];
    addEventListener("message", ({ data }) => String(data).startsWith("resizeWindow:") && !data.includes("100%") && window.asked.push(data));
  });
  const { app } = await sandbox.openAnew(page, { id: String(desk.deals[0].id) });
  const all = app.locator('#payments table[aria-busy="false"]');
  const rows = app.locator("#payments tbody tr");
  await all.waitFor();
  assert.equal(await rows.count(), 100);
  await atRest(app);
  // While reading, and with all rows there; not with each portion of them.
  const resizes = await page.evaluate(() => window.asked);
  assert.ok(resizes.length <= 2, resizes.join(" "));
  const { took, first } = await app.locator("#filter").evaluate(async (field) => {
    const body = field.getRootNode().querySelector("#payments tbody");
    const changed = new Promise((resolve) => { new MutationObserver(resolve).observe(body, { childList: true }); });
    const start = performance.now();
    field.value = "9";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    body.getBoundingClientRect();
    const took = performance.now() - start;
    await changed;
    return { took, first: body.children.length };
  });
  assert.ok(took < 200, `filtering took ${took} ms`);
  assert.ok(first >= 20 && first < 50, `${first} rows at first`);
  await all.waitFor();
  assert.equal(await rows.count(), 100);
  await app.locator("#filter").evaluate((field) => {
    field.value = "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    dispatchEvent(new Event("beforeprint"));
  });
  assert.equal(await rows.count(), 1000);
});
