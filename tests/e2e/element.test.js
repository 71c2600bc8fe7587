// <b24-payments> on pages of other developers: plain ones, with nothing of a portal in them, under a strict policy.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { TARGET } from "../places.js";
import { harness } from "./harness.js";
import { misfits } from "./inspection.js";
import { HOOK, served } from "./plain_page.js";
import { press, reached, row, told } from "./page_steps.js";

const pay = "sale.paysystem.pay.payment";
const sandbox = harness();
const calls = async (method) => (await sandbox.log()).filter((call) => call.method === method).length;

/** Opens a page of a developer with some markup in it; `open` there adds an element that reaches the sandbox by a webhook. */
async function opened(t, { body = "", context = {}, prepare = () => {} } = {}) {
  const site = await served(body, sandbox.portal);
  const fresh = await sandbox.browser.newContext({ locale: "en-GB", timezoneId: "Europe/Berlin", ...context });
  t.after(async () => {
    await fresh.close();
    await site.stop();
  });
  await prepare(fresh);
  const page = await fresh.newPage();
  page.setDefaultTimeout(10_000);
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => void (message.type() === "error" && errors.push(message.text())));
  await page.goto(site.address);
  await page.waitForFunction(() => window.open24);
  return { page, errors };
}

const add = (page, attributes, id) => page.evaluate(([given, name]) => { window.open24(given, name); }, [attributes, id]);
const events = (page, type) => page.evaluate((wanted) => window.heard.filter(({ type }) => type === wanted), type);
const listed = (page) => page.waitForSelector('#payments[data-screen="list"]');
const confirm = async (page, id) => {
  await row(page, id).getByRole("button").click();
  await reached(page, "asking");
  await press(page, "confirm");
};

test("on a plain page it pays 501, tells the page so, and touches nothing outside of itself", async (t) => {
  const { page, errors } = await opened(t, { body: "<h1>Mine</h1>" });
  const before = await page.evaluate(() => [document.title, document.documentElement.lang, document.documentElement.outerHTML]);
  await add(page, { deal: "7" });
  await listed(page);
  assert.equal(await row(page, 501).locator(".amount").innerText(), "€1,000.00");
  await confirm(page, 501);
  await reached(page, "paid");
  assert.match(await told(page), /€1,000\.00 paid/);
  const truth = await sandbox.payments(501);
  assert.deepEqual([truth.paid, truth.payCalls], ["Y", 1]);
  const [{ detail, ...others }, ...more] = await events(page, "b24pay-outcome");
  assert.deepEqual([detail.action, detail.paymentId, detail.outcome.status, detail.outcome.payment.paid], ["pay", 501, "paid", true]);
  assert.deepEqual([others, more], [{ type: "b24pay-outcome", at: "B24-PAYMENTS" }, []]);
  assert.deepEqual((await events(page, "b24pay-busy")).map(({ detail: { busy } }) => busy), [true, false]);
  await page.evaluate(() => document.querySelector("b24-payments").remove());
  assert.deepEqual(await page.evaluate(() => [document.title, document.documentElement.lang, document.documentElement.outerHTML]), before);
  assert.deepEqual(errors, []);
});

test("in a page that lets no text become markup it is what its markup says, one beside the other", async (t) => {
  const { page, errors } = await opened(t);
  const laid = await page.evaluate(() => ["deal", "order"].map((kind) => {
    window.open24({ [kind]: "77" }, kind);
    return document.querySelector(`#${kind}`).shadowRoot.innerHTML;
  }));
  for (const id of ["deal", "order"]) await page.locator(`#${id} #payments[data-screen="list"], #${id} #payments[data-screen="empty"]`).waitFor();
  assert.deepEqual(await page.evaluate(() => {
    try {
      document.querySelector("#deal").shadowRoot.innerHTML = "<b>mine</b>";
      return "done";
    } catch ({ name }) {
      return name;
    }
  }), "TypeError");
  assert.deepEqual(errors.filter((error) => !/TrustedHTML/.test(error)), []);
  await page.goto("about:blank");
  const open = [];
  // The build leaves out the name of what ends.
  const markup = (await readFile(`${TARGET}/element/element.html`, "utf8")).replace(/<(\w*)[^>]*>|<\/>/g, (tag, name) => {
    if (tag === "</>") return `</${open.pop()}>`;
    if (!/path|input/.test(name)) open.push(name);
    return tag;
  });
  assert.deepEqual(open, []);
  const read = await page.evaluate((text) => {
    document.body.innerHTML = text;
    return document.body.innerHTML;
  }, markup);
  // What the view draws at once.
  const plain = (html) => html.replace(/<path( d="[^"]*")?>/g, "<path>");
  assert.deepEqual(laid.map(plain), [read, read]);
});

test("in a page that is XML it lists, too", async (t) => {
  const { page, errors } = await opened(t);
  await page.goto(new URL("/page.xhtml", page.url()).href);
  // No browser loads a module by the markup of such a page.
  await page.evaluate(() => import("/page.js"));
  await add(page, { deal: "7" });
  await listed(page);
  assert.deepEqual(errors, []);
});

test("in a page in quirks mode, whose tables have a look of their own, that of the element is its own", async (t) => {
  const { page } = await opened(t);
  await add(page, { deal: "7" });
  await listed(page);
  const looks = await page.evaluate(() => {
    const frame = document.body.appendChild(document.createElement("iframe"));
    const quirky = frame.contentDocument;
    const element = quirky.body.appendChild(document.querySelector("b24-payments"));
    element.style.setProperty("--b24pay-ink", "rgb(1, 2, 3)");
    const { color, font } = frame.contentWindow.getComputedStyle(element.shadowRoot.querySelector("#payments table"));
    const whole = frame.contentWindow.getComputedStyle(element);
    return [quirky.compatMode, color, font === whole.font];
  });
  assert.deepEqual(looks, ["BackCompat", "rgb(1, 2, 3)", true]);
});

test("in a frame of a sandbox that has no forms payments are found all the same", async (t) => {
  const { page } = await opened(t, { body: `<iframe sandbox="allow-scripts allow-same-origin" srcdoc='<script type="module" src="/page.js"></script>'></iframe>` });
  const [, frame] = page.frames();
  await frame.waitForFunction(() => window.open24);
  await add(frame, {});
  await frame.locator("#search-number").fill("7");
  await frame.locator("#search-number").press("Enter");
  await listed(frame);
});

test("a refusal is told with its error, a payment marked in CRM and one that was undone by those names", async (t) => {
  const { page } = await opened(t);
  await add(page, { deal: "7" });
  await listed(page);
  await confirm(page, 503);
  await reached(page, "refused");
  await press(page, "cancel");
  await confirm(page, 502);
  await reached(page, "notApplied");
  await press(page, "mark");
  await reached(page, "paid");
  await press(page, "cancel");
  await row(page, 506).getByRole("button").click();
  await reached(page, "undoAsking");
  await press(page, "undo");
  await reached(page, "unpaid");
  const heard = (await events(page, "b24pay-outcome")).map(({ detail: { action, paymentId, outcome, error } }) => [action, paymentId, outcome?.status ?? error.code]);
  assert.deepEqual(heard, [["pay", 503, "REFUSED"], ["pay", 502, "notApplied"], ["markPaid", 502, "paid"], ["markUnpaid", 506, "unpaid"]]);
});

test("of many payments each is told once", async (t) => {
  const { page } = await opened(t);
  await add(page, { deal: "7" });
  await listed(page);
  for (const id of [501, 502, 503]) await row(page, id).getByRole("checkbox").check();
  await page.getByRole("button", { name: "Confirm selected…" }).click();
  await page.locator('#bulk[data-state="asking"] [data-event="confirmAll"]').click();
  await page.waitForSelector('#bulk[data-state="finished"]');
  const heard = (await events(page, "b24pay-outcome")).map(({ detail: { action, paymentId, outcome, error } }) => [action, paymentId, outcome?.status ?? error.code]);
  assert.deepEqual(heard.sort(), [["pay", 501, "paid"], ["pay", 502, "notApplied"], ["pay", 503, "REFUSED"]]);
});

test("of many payments that cannot be read before anything is sent each is told once, too", async (t) => {
  const { page } = await opened(t);
  await add(page, { deal: "7" });
  await listed(page);
  for (const id of [501, 502]) await row(page, id).getByRole("checkbox").check();
  await page.getByRole("button", { name: "Confirm selected…" }).click();
  await page.waitForSelector('#bulk[data-state="asking"]');
  await sandbox.fault({ method: "crm.item.payment.list", nth: 1, times: 1, fault: "denied" });
  await page.locator('#bulk [data-event="confirmAll"]').click();
  await page.waitForSelector('#bulk[data-state="finished"]');
  const heard = (await events(page, "b24pay-outcome")).map(({ detail: { action, paymentId, outcome, error } }) => [action, paymentId, outcome?.status ?? error.code]);
  assert.deepEqual(heard, [["pay", 501, "ACCESS_DENIED"], ["pay", 502, "ACCESS_DENIED"]]);
});

test("colours, corners, font and space are those of the custom properties, and dark is what the page's color-scheme says, but not on paper", async (t) => {
  const { page } = await opened(t, { context: { colorScheme: "dark" } });
  await add(page, { deal: "7" });
  await listed(page);
  const look = () => page.locator("b24-payments").evaluate((element) => {
    const { backgroundColor, fontSize } = getComputedStyle(element);
    const button = getComputedStyle(element.shadowRoot.querySelector('tbody [data-event="open"]'));
    const { paddingInlineStart } = getComputedStyle(element.shadowRoot.querySelector("#payments"));
    return { backgroundColor, fontSize, radius: button.borderRadius, paddingInlineStart };
  });
  // The page declares no dark look, so it is light whatever its user prefers.
  assert.deepEqual(await look(), { backgroundColor: "rgb(255, 255, 255)", fontSize: "15px", radius: "6px", paddingInlineStart: "20px" });
  await page.evaluate(() => { document.documentElement.style.colorScheme = "light dark"; });
  assert.equal((await look()).backgroundColor, "rgb(28, 33, 41)");
  // Browsers print no grounds.
  await page.evaluate(() => { document.documentElement.style.colorScheme = "dark"; });
  await page.emulateMedia({ media: "print" });
  const ink = () => page.locator("b24-payments h1").evaluate((heading) => getComputedStyle(heading).color);
  assert.equal(await ink(), "rgb(43, 51, 61)");
  await page.emulateMedia({ media: "screen" });
  assert.equal(await ink(), "rgb(228, 232, 236)");
  await page.evaluate(() => {
    const { style } = document.documentElement;
    for (const [name, value] of Object.entries({ ground: "#fed", "font-size": "18px", radius: "0px", padding: "0px" })) style.setProperty(`--b24pay-${name}`, value);
  });
  assert.deepEqual(await look(), { backgroundColor: "rgb(255, 238, 221)", fontSize: "18px", radius: "0px", paddingInlineStart: "0px" });
});

test("in a browser that does not know light-dark() every colour is the light one, under the question, too", async (t) => {
  const look = async (page) => {
    await add(page, { deal: "7" });
    await listed(page);
    await row(page, 501).getByRole("button").click();
    await reached(page, "asking");
    return page.locator("b24-payments").evaluate(({ shadowRoot }) => Array.from(shadowRoot.querySelectorAll("*"), (part) => {
      const { backgroundColor, color, borderTopColor, outlineColor, accentColor } = getComputedStyle(part);
      return [part.localName, backgroundColor, color, borderTopColor, outlineColor, accentColor].join(" ");
    }));
  };
  const expected = await look((await opened(t)).page);
  assert.ok(expected.some((colours) => /^dialog rgb\(255, 255, 255\)/.test(colours)));
  const { page } = await opened(t, {
    context: { colorScheme: "dark" },
    // A name that no browser knows, in all of the style and in what asks for it.
    prepare: (context) => context.route("**/element.js", async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body: (await answer.text()).replaceAll("light-dark(", "dark-light(") });
    }),
  });
  await page.evaluate(() => { document.documentElement.style.colorScheme = "light dark"; });
  assert.deepEqual(await look(page), expected);
});

test("it is laid out by the size of its own letters, whatever that of the page's root is: nothing is cut off", async (t) => {
  const { page } = await opened(t, { context: { viewport: { width: 620, height: 700 } } });
  await add(page, { deal: "7", language: "de" });
  await listed(page);
  const heights = [];
  for (const size of ["10px", "", "24px"]) {
    await page.evaluate((given) => { document.documentElement.style.fontSize = given; }, size);
    assert.deepEqual(await page.evaluate(misfits), [], size);
    heights.push(await page.locator("b24-payments").evaluate(({ offsetHeight }) => offsetHeight));
  }
  assert.deepEqual(heights, [heights[1], heights[1], heights[1]]);
});

test("boxes to tick are as large as the letters are, stand below each other, and leave the words beside them their place", async (t) => {
  const { page } = await opened(t);
  await add(page, { deal: "7" });
  await listed(page);
  for (const [letters, side] of [["15px", 18], ["30px", 36], ["10px", 12]]) {
    for (const width of [1200, 620, 320]) {
      const boxes = await page.evaluate(([fontSize, px]) => {
        document.documentElement.style.setProperty("--b24pay-font-size", fontSize);
        document.querySelector("b24-payments").style.width = `${px}px`;
        const root = document.querySelector("b24-payments").shadowRoot;
        const place = (selector) => root.querySelector(selector).getBoundingClientRect();
        const [all, one, label, number] = ["#select-all", 'tr[data-id="501"] input', 'tr[data-id="501"] .pick label', 'tr[data-id="501"] .number bdi'].map(place);
        return [all.width, all.height, one.width, one.height, Math.abs(all.left - one.left) < 1.5, label.width >= 24 && label.height >= 24, number.left >= one.right];
      }, [letters, width]);
      assert.deepEqual(boxes, [side, side, side, side, true, true, true], `${letters}, ${width}`);
      assert.deepEqual(await page.evaluate(misfits), [], `${letters}, ${width}`);
    }
  }
});

test("how the page around it breaks, aligns and spells its own lines changes none of it", async (t) => {
  const { page } = await opened(t, { context: { viewport: { width: 400, height: 700 } } });
  await add(page, { deal: "7" });
  await listed(page);
  await row(page, 501).getByRole("button").click();
  await reached(page, "asking");
  const look = () => page.locator("#confirmation").evaluate((dialog) => [dialog.innerText, dialog.offsetHeight, dialog.querySelector('[data-fill="title"]').getBoundingClientRect().left]);
  const before = await look();
  await page.evaluate(() => { document.body.style.cssText = "text-align: center; text-transform: uppercase; white-space: nowrap"; });
  assert.deepEqual([await look(), await page.evaluate(misfits)], [before, []]);
});

test("two in one document show what they were told to, in their own languages, and know nothing of each other", async (t) => {
  const { page, errors } = await opened(t);
  await add(page, { deal: "7", language: "de" }, "one");
  await add(page, { order: "77", language: "ar" }, "two");
  const [one, two] = [page.locator("#one"), page.locator("#two")];
  await one.locator('#payments[data-screen="list"]').waitFor();
  await two.locator('#payments[data-screen="list"]').waitFor();
  assert.deepEqual([await one.locator("tbody tr[data-id]").count() > 5, await two.locator("#payments tbody tr").count()], [true, 1]);
  assert.deepEqual([await one.getAttribute("dir"), await two.getAttribute("dir"), await two.getAttribute("lang")], ["ltr", "rtl", "ar"]);
  await one.locator('tr[data-id="501"] button').click();
  await one.locator('#confirmation[data-state="asking"] [data-event="confirm"]').click();
  await one.locator('#confirmation[data-state="paid"]').waitFor();
  assert.equal(await two.locator("#confirmation").getAttribute("data-state"), "closed");
  await one.evaluate((element) => element.remove());
  await two.locator('.top [data-event="refresh"]').click();
  await two.locator('#payments[data-screen="list"]').waitFor();
  assert.deepEqual((await events(page, "b24pay-outcome")).map(({ detail }) => detail.paymentId), [501]);
  assert.deepEqual(errors, []);
});

test("taken out during a payment it throws nothing and hears nothing; put in again it shows what came of the payment, then the list anew", async (t) => {
  const { page, errors } = await opened(t);
  await page.evaluate(() => window.countListeners());
  await add(page, { deal: "7" });
  await listed(page);
  await sandbox.fault({ method: pay, nth: 1, times: 1, fault: "delay", ms: 700 });
  await confirm(page, 501);
  await reached(page, "paying");
  await page.evaluate(() => {
    window.taken = document.querySelector("b24-payments");
    window.taken.addEventListener("b24pay-outcome", ({ detail }) => { window.alone = detail; });
    window.taken.remove();
  });
  assert.deepEqual(await page.evaluate(() => [window.listening(), window.taken.shadowRoot.childElementCount, window.taken.busy]), [{ outside: 0, observed: 0 }, 0, true]);
  await page.waitForFunction(() => window.alone);
  assert.deepEqual(await page.evaluate(() => [window.alone.outcome.status, window.taken.busy]), ["paid", false]);
  await page.evaluate(() => { document.body.append(window.taken); });
  await reached(page, "paid");
  assert.match(await told(page), /€1,000\.00 paid/);
  assert.equal(await calls("crm.item.payment.list"), 1);
  await press(page, "cancel");
  await reached(page, "closed");
  await listed(page);
  assert.equal(await row(page, 501).getAttribute("data-state"), "paid");
  assert.equal(await calls("crm.item.payment.list"), 2);
  assert.equal((await sandbox.payments(501)).payCalls, 1);
  assert.deepEqual(errors, []);
});

for (const [how, hide] of [["by its attribute", (element, isHidden) => { element.hidden = isHidden; }], ["by a style of the page", (element, isHidden) => { element.style.display = isHidden ? "none" : ""; }]]) {
  test(`hidden ${how} during a payment it is not seen and leaves the page around it to its user; shown again it says what came of the payment`, async (t) => {
    const { page, errors } = await opened(t, { body: '<button type="button">Mine</button>' });
    const set = (isHidden) => page.evaluate(`(${hide})(document.querySelector("b24-payments"), ${isHidden})`);
    await add(page, { deal: "7" });
    await listed(page);
    await sandbox.fault({ method: pay, nth: 1, times: 1, fault: "delay", ms: 500 });
    await confirm(page, 501);
    await reached(page, "paying");
    await set(true);
    await page.locator("b24-payments").waitFor({ state: "hidden" });
    await page.getByRole("button", { name: "Mine" }).click();
    await reached(page, "paid");
    await page.keyboard.press("Escape");
    await set(false);
    assert.match(await told(page), /€1,000\.00 paid/);
    await page.waitForFunction(() => document.querySelector("b24-payments").shadowRoot.activeElement?.dataset.event === "cancel");
    await assert.rejects(page.getByRole("button", { name: "Mine" }).click({ timeout: 200 }), "while it is asked or told something nothing else is pressed");
    await press(page, "cancel");
    await page.getByRole("button", { name: "Mine" }).click();
    assert.deepEqual(errors, []);
  });
}

test("hidden by the visibility of what is around it, it leaves the page to its user, and asks on when it is shown again", async (t) => {
  const { page, errors } = await opened(t, { body: '<button type="button">Mine</button>' });
  await page.evaluate(() => { document.querySelector("button").style.visibility = "visible"; });
  const set = (visibility) => page.evaluate((value) => { document.body.style.visibility = value; }, visibility);
  await add(page, { deal: "7" });
  await listed(page);
  await row(page, 501).getByRole("button").click();
  await page.waitForSelector('#confirmation:modal[data-state="asking"]');
  await set("hidden");
  await page.getByRole("button", { name: "Mine" }).click();
  await set("");
  await page.waitForSelector('#confirmation:modal[data-state="asking"]');
  assert.deepEqual(errors, []);
});

test("in a page that cannot be scrolled itself the whole question can be reached with the pointer, and how high it would be is told", async (t) => {
  const { page } = await opened(t, { context: { viewport: { width: 900, height: 300 } } });
  await page.evaluate(() => {
    window.addEventListener("b24pay-height", ({ detail: { bottom } }) => { window.bottom = bottom; });
    document.body.style.cssText = "height: 100vh; margin: 0; overflow: hidden";
    const part = Object.assign(document.createElement("main"), { style: "height: 100%; overflow: auto" });
    document.body.append(part);
    window.open24({ deal: "7" });
    part.append(document.querySelector("b24-payments"));
  });
  await listed(page);
  await row(page, 505).getByRole("button").click();
  await reached(page, "asking");
  const [top, bottom, needed] = await page.locator("#confirmation").evaluate((dialog) => {
    const box = dialog.getBoundingClientRect();
    return [box.top, box.bottom, box.top + dialog.scrollHeight];
  });
  assert.ok(top >= 0 && bottom <= 300, `from ${top} to ${bottom}`);
  // A frame that has no height of its own may be made so high.
  await page.waitForFunction((end) => window.bottom >= end, needed);
  await page.locator("#confirmation .details summary").click();
  await page.mouse.move(450, 150);
  await page.mouse.wheel(0, 1000);
  await page.waitForFunction(() => document.querySelector("b24-payments").shadowRoot.querySelector('[data-event="confirm"]').getBoundingClientRect().bottom <= 300);
  await page.locator('#confirmation [data-event="confirm"]').click();
  await reached(page, "paid");
});

test("without a box of its own, as where its display is contents, it asks all the same", async (t) => {
  const { page, errors } = await opened(t);
  await add(page, { deal: "7" });
  await page.evaluate(() => { document.querySelector("b24-payments").style.display = "contents"; });
  await listed(page);
  await row(page, 501).getByRole("button").click();
  await page.waitForSelector('#confirmation:modal[data-state="asking"]');
  assert.deepEqual(errors, []);
});

test("moved while it asks it asks on, with what was typed", async (t) => {
  const { page, errors } = await opened(t);
  await add(page, { deal: "7" });
  await listed(page);
  await row(page, 501).getByRole("button").click();
  await reached(page, "asking");
  await page.locator("#confirmation .details summary").click();
  await page.locator("#detail-note").fill("by phone");
  await page.evaluate(() => document.body.append(document.createElement("div"), document.querySelector("b24-payments")));
  assert.equal(await page.locator("#detail-note").inputValue(), "by phone");
  assert.ok(await page.locator("#detail-note").isVisible());
  assert.deepEqual(errors, []);
});

test("moved while its list is shown it reads nothing anew and keeps the filter and what is selected; by another deal meanwhile it opens that", async (t) => {
  await sandbox.reset({ scenario: "many" });
  const { page, errors } = await opened(t);
  const { deals: [deal] } = await (await fetch(`${sandbox.portal}/sandbox/desk`)).json();
  await add(page, { deal: String(deal.id) });
  await listed(page);
  await page.locator("#filter").fill("99");
  const rows = page.locator("#payments tbody tr");
  const kept = () => page.waitForFunction(() => {
    const root = document.querySelector("b24-payments").shadowRoot;
    const isSettled = root.querySelector('#payments table[aria-busy="false"]') && root.querySelectorAll("tbody tr").length < 100;
    return isSettled && [root.querySelector("#filter").value, root.querySelectorAll("tbody tr").length, root.querySelectorAll("tbody :checked").length];
  }).then((found) => found.jsonValue());
  await kept();
  await rows.first().getByRole("checkbox").check();
  const before = await kept();
  assert.deepEqual([before[0], before[2]], ["99", 1]);
  const asked = await calls("crm.item.payment.list");
  await page.evaluate(() => document.body.append(document.createElement("div"), document.querySelector("b24-payments")));
  assert.deepEqual(await kept(), before);
  const hasFocus = await page.evaluate(() => {
    const element = document.querySelector("b24-payments");
    const filter = element.shadowRoot.querySelector("#filter");
    filter.focus();
    document.body.moveBefore(element, null);
    return element.shadowRoot.activeElement === filter;
  });
  assert.ok(hasFocus, "moved by `moveBefore` it loses nothing at all");
  assert.deepEqual(await kept(), before);
  assert.equal(await calls("crm.item.payment.list"), asked);
  await page.evaluate(() => {
    const element = document.querySelector("b24-payments");
    element.remove();
    element.deal = 8;
    document.body.append(element);
  });
  await page.waitForSelector('#payments[data-screen="empty"]');
  assert.equal(await page.locator(".subject").innerText(), "Deal 8");
  assert.deepEqual(errors, []);
});

test("put in again where it is hidden, what it has to say leaves the page around it to its user", async (t) => {
  const { page, errors } = await opened(t, { body: '<button type="button">Mine</button>' });
  await add(page, { deal: "7" });
  await listed(page);
  await confirm(page, 501);
  await reached(page, "paid");
  await page.evaluate(() => {
    const element = document.querySelector("b24-payments");
    element.remove();
    element.hidden = true;
    document.body.append(element);
  });
  await page.getByRole("button", { name: "Mine" }).click();
  await page.evaluate(() => { document.querySelector("b24-payments").hidden = false; });
  assert.match(await told(page), /€1,000\.00 paid/);
  await press(page, "cancel");
  await listed(page);
  assert.deepEqual(errors, []);
});

test("moved into the document of another window during a payment it shows there what came of it, in its style, and pays there, too", async (t) => {
  const { page, errors } = await opened(t);
  await add(page, { deal: "7" });
  await listed(page);
  await sandbox.fault({ method: pay, nth: 1, times: 1, fault: "delay", ms: 300 });
  await confirm(page, 501);
  await reached(page, "paying");
  const inset = await page.evaluate(() => {
    const frame = Object.assign(document.createElement("iframe"), { width: 1000, height: 1000 });
    document.body.append(frame);
    const element = document.querySelector("b24-payments");
    const before = getComputedStyle(element.shadowRoot.querySelector("#payments")).paddingInlineStart;
    frame.contentDocument.body.append(element);
    return before;
  });
  const there = page.frames()[1];
  await reached(there, "paid");
  assert.match(await told(there), /€1,000\.00 paid/);
  assert.equal(await there.locator("#payments").evaluate((part) => getComputedStyle(part).paddingInlineStart), inset);
  await press(there, "cancel");
  await listed(there);
  await confirm(there, 504);
  await reached(there, "paid");
  await page.evaluate(() => { document.body.prepend(document.querySelector("iframe").contentDocument.querySelector("b24-payments")); });
  await reached(page, "paid");
  assert.deepEqual(await Promise.all([501, 504].map(async (id) => (await sandbox.payments(id)).payCalls)), [1, 1]);
  assert.deepEqual(errors, []);
});

test("in the document of another window its dialogs stand where the row is, and it is that window that is printed and copied in", async (t) => {
  const { page } = await opened(t);
  await add(page, { deal: "7" });
  await page.evaluate(() => {
    const frame = Object.assign(document.createElement("iframe"), { width: 1000, height: 500 });
    document.body.append(frame);
    const { contentDocument: inner, contentWindow } = frame;
    // Far down, so that what is measured in the page around it is another place.
    inner.body.style.paddingTop = inner.body.style.paddingBottom = "2000px";
    inner.body.append(document.querySelector("b24-payments"));
    contentWindow.scrollTo(0, 1900);
    window.printed = [];
    window.print = () => window.printed.push("the page around it");
    contentWindow.print = () => window.printed.push("its own");
  });
  const there = page.frames()[1];
  await listed(there);
  await row(there, 502).getByRole("button").click();
  await reached(there, "asking");
  const apart = await there.evaluate(() => {
    const [line, dialog] = ['tr[data-id="502"]', "#confirmation"].map((name) => document.querySelector("b24-payments").shadowRoot.querySelector(name).getBoundingClientRect().top);
    return Math.abs(line - dialog);
  });
  assert.ok(apart < 400, `the dialog is ${apart} pixels away from its row`);
  await there.locator('#confirmation [data-event="cancel"]').click();
  await row(there, 503).getByRole("checkbox").check();
  await there.getByRole("button", { name: "Confirm selected…" }).click();
  await there.locator('#bulk[data-state="asking"] [data-event="confirmAll"]').click();
  await there.locator('#bulk[data-state="finished"] [data-event="print"]').click();
  assert.deepEqual(await page.evaluate(() => window.printed), ["its own"]);
  await there.locator('#bulk [data-event="cancel"]').click();
  await row(there, 503).getByRole("button").click();
  await there.locator('#confirmation[data-state="asking"] [data-event="confirm"]').click();
  await reached(there, "refused");
  await there.locator("#confirmation summary").getByText("Details for support").click();
  await there.getByRole("button", { name: "Copy" }).click();
  await there.getByRole("button", { name: "Copied" }).waitFor();
});

test("taken out at once, or when it has just opened, it leaves no timer behind", async (t) => {
  const { page, errors } = await opened(t);
  await page.evaluate(() => window.countTimers());
  for (const screen of ["opening", "loading", "list"]) {
    const left = await page.evaluate((wanted) => new Promise((resolve) => {
      window.open24({ deal: "7" });
      const element = document.querySelector("b24-payments");
      const look = () => {
        if (element.shadowRoot.querySelector("#payments").dataset.screen !== wanted) return;
        observer.disconnect();
        element.remove();
        resolve(window.ticking());
      };
      const observer = new MutationObserver(look);
      observer.observe(element.shadowRoot, { subtree: true, attributes: true });
      look();
    }), screen);
    assert.deepEqual(left, [], screen);
  }
  assert.deepEqual(errors, []);
});

test("what is shown changes with the attribute or the property, several at once are one reading, and a dialog is not taken away", async (t) => {
  const { page } = await opened(t);
  await add(page, { deal: "7" });
  await listed(page);
  await page.evaluate(() => {
    Object.assign(document.querySelector("b24-payments"), { deal: undefined, invoice: 31, language: "de" });
  });
  await page.getByText("Rechnung 31").waitFor();
  assert.deepEqual(await page.locator("b24-payments").evaluate(({ deal, invoice, timeline }) => [deal, invoice, timeline]), [null, "31", false]);
  await listed(page);
  assert.equal(await calls("crm.item.payment.list"), 2);
  await row(page, 531).getByRole("button").click();
  await reached(page, "asking");
  await page.evaluate(() => document.querySelector("b24-payments").setAttribute("language", "fr"));
  assert.equal(await page.locator("#confirmation").getAttribute("data-state"), "asking");
  await press(page, "cancel");
  await page.getByText("Facture 31").waitFor();
});

test("an answer that comes after another list was asked for is nobody's", async (t) => {
  const { page, errors } = await opened(t);
  await sandbox.fault({ method: "crm.item.payment.list", nth: 1, times: 1, fault: "delay", ms: 1000 });
  const late = page.waitForResponse(/crm\.item\.payment\.list/);
  await add(page, { deal: "7" });
  await page.waitForSelector('#payments[data-screen="loading"]');
  await page.evaluate(() => {
    const element = document.querySelector("b24-payments");
    element.removeAttribute("deal");
    element.setAttribute("order", "77");
  });
  await listed(page);
  await (await late).finished();
  await page.evaluate(() => new Promise((resolve) => { setTimeout(resolve); }));
  assert.equal(await page.locator("#payments tbody tr").count(), 1);
  assert.deepEqual(errors, []);
});

test("what was set before it is defined counts, too", async (t) => {
  const { page, errors } = await opened(t);
  await page.evaluate(async (hook) => {
    const { webhook } = await import("/b24pay.js");
    // In a document without a window an element is none of its kind yet.
    const element = document.implementation.createHTMLDocument().createElement("b24-payments");
    Object.assign(element, { portal: webhook(hook), facts: { app: "test 1.2" }, deal: 7, language: "de", settleMs: 1500, timeline: true });
    document.body.append(element);
  }, `${sandbox.portal}${HOOK}`);
  await listed(page);
  assert.deepEqual(await page.locator("b24-payments").evaluate((element) => ({ html: element.outerHTML, facts: element.facts, own: Object.keys(element) })), {
    html: '<b24-payments deal="7" language="de" settle-ms="1500" timeline="" lang="de" dir="ltr"></b24-payments>', facts: { app: "test 1.2" }, own: [],
  });
  assert.deepEqual(errors, []);
});

test("while the portal is promised it waits; a portal that does not come is a failure with its own details, and pays nothing", async (t) => {
  const { page } = await opened(t);
  await page.evaluate(() => {
    const element = document.createElement("b24-payments");
    element.setAttribute("payment", "501");
    element.facts = { app: "test 1.2" };
    element.portal = new Promise((resolve, reject) => { window.fail = () => reject(Object.assign(new Error("nobody is signed in"), { code: "AUTH_EXPIRED" })); });
    document.body.append(element);
  });
  await page.waitForSelector('#payments[data-screen="opening"]');
  await page.evaluate(() => window.fail());
  await page.waitForSelector('#payments[data-screen="failed"][data-code="AUTH_EXPIRED"]');
  assert.match(await page.locator("[data-diagnostic] textarea").first().inputValue(), /app: test 1\.2\n(.*\n)*message: nobody is signed in/);
  assert.equal(await page.locator("b24-payments").evaluate((each) => each.shadowRoot.activeElement?.dataset.fill), "failureTitle");
  assert.deepEqual(await sandbox.log(), []);
});

test("on a page with a fragment in its address, what is to be loaded anew is, and the fragment stays", async (t) => {
  const { page } = await opened(t);
  for (const fragment of ["#here", ""]) {
    await page.evaluate((hash) => { history.replaceState(null, "", location.pathname + hash); }, fragment);
    await page.evaluate(() => {
      window.isOld = true;
      document.body.append(Object.assign(document.createElement("b24-payments"), { id: "bare" }));
      document.querySelector("#bare").setAttribute("deal", "7");
    });
    await page.getByRole("button", { name: "Reload the page" }).click();
    await page.waitForFunction(() => !window.isOld && window.open24);
    assert.equal(await page.evaluate(() => location.hash), fragment);
  }
});

test("on a page whose base is elsewhere, what takes long can be loaded anew, before the portal is there and after", async (t) => {
  const { page } = await opened(t);
  await sandbox.fault({ method: "crm.item.payment.list", nth: 1, times: 1, fault: "hang" });
  for (const screen of ["opening", "loading"]) {
    await page.evaluate((isOpening) => {
      window.isOld = true;
      document.head.append(Object.assign(document.createElement("base"), { href: "/elsewhere/" }));
      window.open24({ deal: "7" });
      if (isOpening) document.querySelector("b24-payments").portal = new Promise(() => {});
    }, screen === "opening");
    await page.waitForSelector(`#payments[data-screen="${screen}"]`);
    await page.evaluate(() => document.querySelector("b24-payments").shadowRoot.getAnimations().find(({ animationName }) => animationName === "late").finish());
    await page.locator("#payments .late a").first().click();
    await page.waitForFunction(() => !window.isOld && window.open24);
  }
});

test("without an attribute it asks whose payments, and without a portal it says where it has to stand", async (t) => {
  const { page } = await opened(t);
  await add(page, {});
  await page.waitForSelector('#payments[data-screen="search"]');
  await page.getByLabel("Number").fill("7");
  await page.keyboard.press("Enter");
  await listed(page);
  await page.evaluate(() => {
    document.querySelector("b24-payments").remove();
    document.body.append(Object.assign(document.createElement("b24-payments"), { id: "bare" }));
    document.querySelector("#bare").setAttribute("deal", "7");
  });
  await page.waitForSelector('#payments[data-screen="failed"][data-code="NOT_IN_PORTAL"]');
});

test("what is not known of a payment is not forgotten where the element opens anew, in another language or after it was taken out", async (t) => {
  const { page, errors } = await opened(t);
  await add(page, { deal: "7", "settle-ms": "300", "deadline-ms": "300" });
  await listed(page);
  await row(page, 501).getByRole("button").click();
  await reached(page, "asking");
  await sandbox.fault({ method: pay, nth: 1, times: 1, fault: "dropBeforeCommit" });
  for (const method of ["crm.item.payment.get", "sale.payment.get"]) await sandbox.fault({ method, nth: 1, times: 1000, fault: "http502" });
  await press(page, "confirm");
  await reached(page, "unknown");
  await press(page, "cancel");
  const state = () => row(page, 501).getAttribute("data-state");
  assert.equal(await state(), "doubtful");
  await page.locator("b24-payments").evaluate((element) => element.setAttribute("language", "de"));
  await page.locator("h1", { hasText: "Zahlungen" }).waitFor();
  await listed(page);
  await row(page, 501).waitFor();
  assert.equal(await state(), "doubtful");
  const taken = await page.evaluateHandle(() => document.querySelector("b24-payments"));
  await taken.evaluate((element) => element.remove());
  await taken.evaluate((element) => document.body.append(element));
  await listed(page);
  await row(page, 501).waitFor();
  assert.equal(await state(), "doubtful");
  assert.deepEqual(errors.filter((error) => !/Failed to load resource/.test(error)), []);
});

test("where it opens anew the focus stays in it", async (t) => {
  const { page } = await opened(t);
  await add(page, { deal: "7" });
  await listed(page);
  await row(page, 501).getByRole("button").click();
  await reached(page, "asking");
  const element = page.locator("b24-payments");
  await element.evaluate((each) => each.setAttribute("language", "de"));
  await page.keyboard.press("Escape");
  await page.locator("h1", { hasText: "Zahlungen" }).waitFor();
  await listed(page);
  assert.equal(await element.evaluate((each) => each.shadowRoot.activeElement?.localName), "h1");
  assert.equal(await element.locator("#filter").getAttribute("placeholder"), "Nummer, System, Betrag");
});

test("what was copied for support is said of that alone, and not of the next", async (t) => {
  const { page } = await opened(t);
  await add(page, { deal: "7" });
  await listed(page);
  const copy = page.locator('#confirmation [data-event="copy"]');
  for (const _ of [1, 2]) {
    await confirm(page, 503);
    await reached(page, "refused");
    await page.locator("#confirmation [data-diagnostic] summary").click();
    assert.equal(await copy.innerText(), "Copy");
    await copy.click();
    assert.equal(await copy.innerText(), "Copied");
    assert.equal(await page.locator("#status").textContent(), "Copied", "also to those who do not see the button");
    await press(page, "cancel");
  }
});
