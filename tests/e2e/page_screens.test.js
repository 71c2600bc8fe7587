// Every screen and state of the page inside the portal's frame: axe finds nothing in light and in dark, nothing sticks out at 320 pixels.
// Where B24PAY_PICTURES is set, pictures of all are laid in target/screens, with an index, for people to look at; they compare nothing, and
// take a third of the time.
import assert from "node:assert/strict";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { bulk, confirmation, page as pageTable } from "../../www/flow.js";
import { harness } from "./harness.js";
import { axe, found, listen, misfits, shownThoughHidden } from "./inspection.js";
import { opener } from "./page_steps.js";
import { bringAbout, screens, usual } from "./screens.js";
import { scriptedApp } from "./scripted_app.js";
import { TARGET } from "../places.js";

const sandbox = harness({ app: await scriptedApp(), keepTokens: true });
const open = opener(sandbox);
const folder = process.env.B24PAY_PICTURES && `${TARGET}/screens`;

/** How each state is looked at: what the window, the colours and the language are. */
const looks = {
  light: { size: { width: 1400, height: 800 }, colours: "light", language: "en", rules: [] },
  // Contrast is all that differs between the two themes.
  dark: { size: { width: 1400, height: 800 }, colours: "dark", language: "en", rules: ["color-contrast"] },
  narrow: { size: { width: 372, height: 900 }, colours: "light", language: "en" },
  arabic: { size: { width: 1000, height: 800 }, colours: "light", language: "ar" },
  german: { size: { width: 372, height: 900 }, colours: "light", language: "de" },
};
const pictureOf = (name, look) => `${name.replace(/[^\w]+/g, "-")}.${look}.jpg`;

before(async () => {
  if (!folder) return;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
});
after(async () => {
  if (!folder) return;
  const rows = Object.keys(screens).map((name) =>
    `<tr><th scope="row">${name}</th>${Object.keys(looks).map((look) => `<td><a href="${pictureOf(name, look)}"><img loading="lazy" width="300" src="${pictureOf(name, look)}" alt="${name}, ${look}"></a></td>`).join("")}</tr>`);
  const head = Object.keys(looks).map((look) => `<th scope="col">${look}</th>`).join("");
  await writeFile(`${folder}/index.html`, `<!doctype html><html lang="en"><meta charset="utf-8"><title>Every screen of the page</title><style>th{text-align:start;vertical-align:top}td{vertical-align:top}img{border:1px solid #ccc}</style><h1>Every screen of the page</h1><table><tr><td></td>${head}</tr>${rows.join("\n")}</table></html>\n`);
});

test("no state of the flow is missing from the list of screens", () => {
  const states = Object.entries({ page: pageTable, confirmation, bulk }).flatMap(([machine, table]) => Object.keys(table).map((state) => `${machine}.${state}`));
  const shown = new Set(Object.keys(screens).map((name) => name.split(":")[0]));
  assert.deepEqual(states.filter((state) => !shown.has(state)), []);
  assert.deepEqual([...shown].filter((name) => !states.includes(name)), []);
});

/** What can be pressed and is smaller than 24 pixels; a link inside a sentence may be. */
const small = () => [...document.querySelector("b24-payments").shadowRoot.querySelectorAll("button, summary, input, textarea")]
  .filter((element) => element.checkVisibility())
  .map((element) => [element, (element.matches("[type=checkbox], [type=radio]") ? element.closest("label") ?? element : element).getBoundingClientRect()])
  .filter(([, { width, height }]) => width < 24 || height < 24)
  .map(([element, { width, height }]) => `${element.tagName} ${element.textContent} ${width}x${height}`);

/** Where the frame is in the portal's page, and whether it goes on below what the window shows. */
const placed = () => {
  const { left, top, bottom, width, height } = document.querySelector("iframe").getBoundingClientRect();
  return { clip: { x: left + scrollX, y: top + scrollY, width, height, scale: 1 }, captureBeyondViewport: scrollY > 0 || bottom > innerHeight };
};

/** A frame whose size has just changed may not have been painted yet; such a picture has no signs on it, and so hardly any bytes.
 *  The browser is asked for it directly: by way of Playwright it takes half as long again. */
async function pictured(page, engine, path) {
  for (let tries = 0; tries < 5; tries += 1) {
    const place = await page.evaluate(placed);
    const { data } = await engine.send("Page.captureScreenshot", { format: "jpeg", quality: 70, ...place });
    const picture = Buffer.from(data, "base64");
    await writeFile(path, picture);
    if (picture.length > place.clip.width * place.clip.height * 0.011) return true;
  }
  return false;
}

// Two at a time: nothing here is timed, no portal is asked after the page has opened, and one waits while the other computes.
describe("every screen is reached, fits, and has targets of 24 pixels", { concurrency: 2 }, () => {
  for (const [look, { size, colours, language, rules }] of Object.entries(looks)) {
    test(`${look}${rules ? "; axe finds nothing" : ""}`, async (t) => {
      const { page, app } = await open(t, {}, { viewport: size, colorScheme: colours, reducedMotion: "reduce" });
      const engine = await page.context().newCDPSession(page);
      await app.evaluate(axe);
      const faults = [];
      for (const [name, screen] of Object.entries(screens)) {
        const reached = await app.evaluate(bringAbout, { ...screen, usual, language });
        const [machine, state] = name.split(":")[0].split(".");
        if (reached[machine] !== state) faults.push(`${name}: reached is ${JSON.stringify(reached)}`);
        const wrong = [...await app.evaluate(misfits), ...await app.evaluate(small), ...await app.evaluate(shownThoughHidden)];
        if (rules) wrong.push(...await app.evaluate(found, rules));
        faults.push(...wrong.map((what) => `${name}: ${what}`));
        if (folder && !await pictured(page, engine, `${folder}/${pictureOf(name, look)}`)) faults.push(`${name}: its picture is empty`);
      }
      assert.deepEqual(faults, []);
    });
  }
});

// 1280 by 1024 pixels at 400 %, and letters of twice the usual size as they are set in the browser.
for (const [what, { size, letters, language }] of Object.entries({
  "at 400 %": { size: { width: 320, height: 256 }, letters: "", language: "de" },
  "with letters twice as large": { size: { width: 640, height: 800 }, letters: "200%", language: "th" },
})) {
  test(`${what} nothing is cut off or sticks out`, async (t) => {
    const { app } = await open(t, {}, { viewport: size, reducedMotion: "reduce" });
    const heading = () => app.evaluate(() => parseFloat(getComputedStyle(document.querySelector("b24-payments").shadowRoot.querySelector("h1")).fontSize));
    const usually = await heading();
    await app.evaluate((fontSize) => { document.documentElement.style.fontSize = fontSize; }, letters);
    assert.equal(await heading(), letters ? 2 * usually : usually);
    const faults = [];
    for (const [name, screen] of Object.entries(screens)) {
      await app.evaluate(bringAbout, { ...screen, usual, language });
      faults.push(...(await app.evaluate(misfits)).map((wrong) => `${name}: ${wrong}`));
    }
    assert.deepEqual(faults, []);
  });
}

test("one long word, of the portal or typed, sticks out nowhere", async (t) => {
  const { app } = await open(t, {}, { viewport: { width: 320, height: 256 }, reducedMotion: "reduce" });
  const longer = (what) => JSON.parse(JSON.stringify(what).replaceAll('"Card"', JSON.stringify("W".repeat(255)))
    .replace(/"accountNumber":"(\d+)/g, (_, order) => `"accountNumber":"${"N".repeat(90)}${order}`).replaceAll('"nobody"', JSON.stringify("Q".repeat(100))));
  const faults = [];
  for (const [name, screen] of Object.entries(screens)) {
    await app.evaluate(bringAbout, { ...longer({ ...screen, usual }), language: "en" });
    faults.push(...(await app.evaluate(misfits)).map((wrong) => `${name}: ${wrong}`));
  }
  const subject = { kind: "payment", number: `${"N".repeat(90)}/1` };
  await app.evaluate(bringAbout, { answers: { call: [{ payments: [] }] }, subject, usual, language: "en" });
  faults.push(...(await app.evaluate(misfits)).map((wrong) => `the number: ${wrong}`));
  assert.deepEqual(faults, []);
});

test("large amounts lie over nothing else, however wide the frame is", async (t) => {
  const { app } = await open(t, {}, { viewport: { width: 1400, height: 800 }, reducedMotion: "reduce" });
  const amounts = [["1250000000", "IDR"], ["99999999.5", "KWD"], ["125000000.5", "KZT"], ["12500000.25", "USD"], ["1250000000", "VND"], ["12345678.9", "EUR"]];
  const listPayments = [amounts.map(([sum, currency], at) => ({ ...usual.getPayment[0], id: at + 1, sum, currency }))];
  for (const language of ["en", "de", "id", "ar"]) {
    await app.evaluate(bringAbout, { usual: { ...usual, listPayments }, language });
    for (const width of [320, 480, 720, 760, 780, 840, 1000]) {
      await app.evaluate((px) => { document.querySelector("b24-payments").style.width = `${px}px`; }, width);
      assert.deepEqual(await app.evaluate(misfits), [], `${language}, ${width}`);
    }
  }
});

/** What is broken of the numbers and amounts of rows; an amount may stand above its currency. */
const broken = (rows) => [...document.querySelector("b24-payments").shadowRoot.querySelectorAll(`${rows} :is(.number, .amount) bdi`)].flatMap(({ firstChild }) =>
  [...firstChild.data.matchAll(/[^ ]+/g)].filter(({ 0: piece, index }) => {
    const range = document.createRange();
    range.setStart(firstChild, index);
    range.setEnd(firstChild, index + piece.length);
    return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1;
  }).map(([piece]) => piece));

test("in narrow rows a long number and a large amount stay whole, in the list and in the dialog of many payments", async (t) => {
  const { app } = await open(t, {}, { viewport: { width: 320, height: 256 }, reducedMotion: "reduce" });
  const amounts = [["1250000000", "IDR"], ["12345678.9", "KWD"], ["12500000.25", "USD"], ["7", "EUR"]];
  const listPayments = [amounts.map(([sum, currency], at) => ({ ...usual.getPayment[0], id: 501 + at, accountNumber: `1234567/${at + 1}`, sum, currency }))];
  for (const language of ["en", "de", "id", "ar"]) {
    await app.evaluate(bringAbout, { usual: { ...usual, listPayments }, language });
    for (const width of [320, 360, 400, 480, 640]) {
      await app.evaluate((px) => { document.querySelector("b24-payments").style.width = `${px}px`; }, width);
      assert.deepEqual(await app.evaluate(broken, "#payments tbody"), [], `${language}, ${width}`);
    }
    await app.evaluate(() => { document.querySelector("b24-payments").style.width = ""; });
    const reached = await app.evaluate(bringAbout, { steps: [["selectAll", true], ["openBulk"]], usual: { ...usual, listPayments }, language });
    assert.equal(reached.bulk, "asking");
    assert.deepEqual(await app.evaluate(broken, "#bulk tbody"), [], language);
  }
});

test("a pay system's name of a thousand letters takes four lines of its row, and all of it is in the dialog and on paper", async (t) => {
  const { page, app } = await open(t, {}, { viewport: { width: 1400, height: 800 }, reducedMotion: "reduce" });
  const paySystemName = "Name ".repeat(200).trim();
  const payment = { ...usual.getPayment[0], paySystemName };
  const lines = (selector) => app.evaluate((where) => {
    const element = document.querySelector("b24-payments").shadowRoot.querySelector(where);
    const { blockSize, lineHeight } = getComputedStyle(element);
    return Math.round(parseFloat(blockSize) / parseFloat(lineHeight));
  }, selector);
  for (const width of [320, 640, 1200]) {
    await app.evaluate(bringAbout, { usual: { ...usual, listPayments: [[payment]] }, language: "en" });
    await app.evaluate((px) => { document.querySelector("b24-payments").style.width = `${px}px`; }, width);
    assert.equal(await lines("#payments tbody .system"), 4, String(width));
    assert.equal(await app.evaluate(() => {
      const cell = document.querySelector("b24-payments").shadowRoot.querySelector("#payments tbody .system");
      cell.scrollTop = 50;
      return cell.scrollTop;
    }), 0, "selecting what is cut off does not move it");
  }
  await page.emulateMedia({ media: "print" });
  assert.ok(await lines("#payments tbody .system") > 4);
  await page.emulateMedia({ media: "screen" });
  await app.evaluate(bringAbout, { steps: [["open", payment.id]], usual: { ...usual, listPayments: [[payment]], getPayment: [payment] }, language: "en" });
  assert.equal(await app.locator('#confirmation [data-fill="paySystem"]').innerText(), paySystemName);
  assert.ok(await lines("#confirmation dl div:last-child dd") > 4);
});

/** For each amount of a total: its line and from where to where it is painted. */
const painted = (amounts) => {
  const [text] = document.querySelector("b24-payments").shadowRoot.querySelector("#bulk .sums").childNodes;
  return amounts.map((amount) => {
    const range = document.createRange();
    const start = text.data.indexOf(amount);
    range.setStart(text, start);
    range.setEnd(text, start + amount.length);
    const boxes = [...range.getClientRects()].filter(({ width }) => width > 0);
    return { amount, top: Math.round(boxes[0].top), left: Math.min(...boxes.map(({ left }) => left)), right: Math.max(...boxes.map(({ right }) => right)) };
  });
};

test("amounts in one line are painted beside each other, in whichever direction their currencies and the page are written", async (t) => {
  const { app } = await open(t, {}, { viewport: { width: 1400, height: 800 }, reducedMotion: "reduce" });
  const currencies = ["RU", "PT", "شيكل", "دينار", "X2"];
  const listPayments = [currencies.map((currency, at) => ({ ...usual.getPayment[0], id: 501 + at, sum: `1${at}`, currency }))];
  const steps = [["selectAll", true], ["openBulk"]];
  for (const language of ["en", "ar"]) {
    await app.evaluate(bringAbout, { steps, usual: { ...usual, listPayments }, language });
    const boxes = await app.evaluate(painted, currencies.map((currency, at) => `1${at}\u00a0${currency}`));
    const over = boxes.flatMap((one) => boxes.filter((other) => other !== one && other.top === one.top && one.left < other.right - 1 && other.left < one.right - 1).map((other) => `${one.amount} over ${other.amount}`));
    assert.deepEqual(over, [], language);
  }
});

test("no number stands beside another one that it could be read together with", async (t) => {
  const { app } = await open(t, {}, { viewport: { width: 372, height: 900 }, reducedMotion: "reduce" });
  for (const language of ["ru", "fr", "ar"]) {
    await app.evaluate(bringAbout, { ...screens["page.list: selected"], usual, language });
    const selected = await app.locator(".selection p").first().innerText();
    assert.match(selected, /3\S* · /, language);
    // The order's number would end beside the amount.
    const places = await app.locator("#payments tbody tr").first().evaluate((row) => [".number .note", ".amount bdi"].map((part) => row.querySelector(part).getBoundingClientRect().bottom));
    assert.ok(places[0] > places[1] + 4, `${language}: ${places}`);
  }
});

/** What the view was told last and what cannot be read in the page, and what can be read there that it was not told. */
const unlike = () => {
  const { scriptedTold: told } = window;
  const root = document.querySelector("b24-payments").shadowRoot;
  const seen = (element) => (element?.checkVisibility() ? (element.matches("textarea") ? element.value : element.innerText).replace(/\s+/g, " ").trim() : "");
  const faults = [];
  const same = (what, element, text) => {
    const expected = [text ?? ""].flat().join(" ").replace(/\s+/g, " ").trim();
    if (seen(element) !== expected) faults.push(`${what}: “${seen(element)}” instead of “${expected}”`);
  };
  const drawn = (what, shape, name) => {
    const is = [shape.dataset.shape, shape.checkVisibility(), Boolean(shape.firstElementChild.getAttribute("d"))];
    if (name ? is.join() !== `${name},true,true` : is[1]) faults.push(`${what}: ${is} instead of ${name}`);
  };
  const evidence = (place, { quote, diagnostic }) => {
    same("quote", place.querySelector("blockquote"), quote);
    same("diagnostic", place.querySelector("[data-diagnostic] textarea"), diagnostic);
  };
  const table = (place, rows, cells) => {
    const lines = [...place.querySelectorAll("tbody tr")];
    if (lines.map(({ dataset }) => dataset.id).join() !== rows.map(({ id }) => id).join()) faults.push(`rows: ${lines.length} instead of ${rows.length}`);
    else rows.forEach((row, at) => cells.forEach((name) => same(`${row.id} ${name}`, lines[at].querySelector(`[data-cell="${name}"]`), row[name])));
  };
  const dialog = (place, it) => {
    const fill = (name) => place.querySelector(`[data-fill="${name}"]`);
    if (place.open !== (it.state !== "closed")) faults.push(`${place.id} is ${it.state}`);
    if (!place.open) return;
    same("title", fill("title"), it.title);
    drawn("shape", place.querySelector("h2 .shape"), it.shape);
    same("lines", fill("lines"), it.lines);
    same("buttons", fill("buttons"), it.buttons.map(({ text }) => text));
    for (const { event, look } of it.buttons) {
      const { className, ariaBusy, ariaDisabled } = place.querySelector(`[data-event="${event}"]`);
      const is = [className, ariaBusy, ariaDisabled].join(" ");
      if (is !== (look === "busy" ? "main true true" : `${look} false false`)) faults.push(`${event}: ${is}`);
    }
    evidence(place, it);
  };
  const page = root.querySelector("#payments");
  const fill = (name) => page.querySelector(`[data-fill="${name}"]`);
  const isListed = ["list", "refreshing"].includes(told.screen);
  for (const name of ["subject", "notices"]) same(name, fill(name), told[name]);
  for (const [name, text] of Object.entries({
    summary: told.summary, found: told.filter.found, nothingFound: told.nothingFound, more: told.more,
    selected: told.selection.text, sums: told.selection.sums?.map((sum) => `· ${sum}`),
  })) same(name, fill(name), isListed ? text : "");
  same("searchFault", fill("searchFault"), told.search.fault);
  if (isListed) {
    table(page, told.rows, ["number", "order", "paySystem", "amount", "stateText", "stateNote"]);
    for (const row of told.rows) {
      const line = page.querySelector(`tr[data-id="${row.id}"]`);
      const [action, box, shape] = ["action", "select", "shape"].map((name) => line.querySelector(`[data-cell="${name}"]`));
      drawn(`shape of ${row.id}`, shape, { returned: "warning", doubtful: "doubt" }[row.state] ?? row.state);
      const is = [line.dataset.state, action.dataset.event, action.ariaLabel, action.innerText, box.checkVisibility() && box.ariaLabel, box.checkVisibility() && box.checked];
      const expected = [row.state, row.action.event, row.action.label, row.action.text, row.select && row.select.label, row.select && row.select.isOn];
      if (is.some((each, at) => (each || false) !== (expected[at] || false))) faults.push(`${row.id}: ${is} instead of ${expected}`);
    }
  }
  if (told.screen === "failed") {
    same("failureTitle", fill("failureTitle"), told.failure.title);
    same("failureText", fill("failureText"), told.failure.text);
    evidence(page.querySelector(".failure"), told.failure);
    const ways = [...page.querySelectorAll("[data-way]")].filter((button) => button.checkVisibility()).map(({ dataset }) => dataset.way);
    if (ways.join() !== told.failure.ways.join()) faults.push(`ways: ${ways}`);
  }
  const [one, many] = [root.querySelector("#confirmation"), root.querySelector("#bulk")];
  dialog(one, told.confirmation);
  if (one.open) {
    for (const name of ["amount", "payment", "paySystem"]) same(name, one.querySelector(`[data-fill="${name}"]`), told.confirmation[name]);
    for (const field of one.querySelectorAll("[data-detail]")) {
      const name = field.dataset.detail;
      if (field.checkVisibility() !== (told.confirmation.fields === (name === "reason" ? "reason" : "details"))) faults.push(`${name} is ${field.checkVisibility()}`);
      const fault = field.parentElement.querySelector(".fault");
      if (fault) same(`fault of ${name}`, fault, told.confirmation.faults[name]);
    }
  }
  dialog(many, told.bulk);
  if (many.open) {
    same("sums", many.querySelector('[data-fill="sums"]'), told.bulk.sums.join(" · "));
    same("counts", many.querySelector(".counts"), told.bulk.counts.map(({ text }) => text));
    same("progress", many.querySelector("#bulk-progress"), told.bulk.progress?.text);
    const bar = many.querySelector("progress");
    const { done, total } = told.bulk.progress ?? {};
    if (told.bulk.progress && (bar.value !== done || bar.max !== total)) faults.push(`${bar.value} of ${bar.max}`);
    told.bulk.rows.forEach((row) => drawn(`shape of ${row.id}`, many.querySelector(`tr[data-id="${row.id}"] .shape`), row.shape));
    table(many, told.bulk.rows, ["number", "paySystem", "amount", "outcome", "note"]);
  }
  return faults;
};

/** Rows come after a picture, and those far from sight have no text until they are looked at. */
const allSeen = async () => {
  for (let pictures = 0; pictures < 2; pictures += 1) await new Promise((seen) => requestAnimationFrame(() => setTimeout(seen)));
  for (const line of document.querySelector("b24-payments").shadowRoot.querySelectorAll(".below")) line.classList.remove("below");
};

test("what the view is told is what can be read, on every screen after every other", async (t) => {
  const { app } = await open(t, {}, { viewport: looks.light.size, reducedMotion: "reduce" });
  const faults = [];
  for (const [name, screen] of Object.entries(screens)) {
    await app.evaluate(bringAbout, { ...screen, usual, language: "en" });
    await app.evaluate(allSeen);
    faults.push(...(await app.evaluate(unlike)).map((what) => `${name}: ${what}`));
  }
  assert.deepEqual(faults, []);
});

test("what happens is said to those who do not see it, by regions that were there before", async (t) => {
  const { app } = await open(t);
  const said = {
    "page.list": [/^5 unpaid/],
    "page.list: many": [/^106 found$/],
    "page.list: selected": [/^3 selected/],
    "page.search: no number": [/^Please enter an ID, such as 501/],
    "confirmation.paying": [/^Payment 917\/1 by pay system/, /^Waiting for the portal/],
    "confirmation.paid": [/^Waiting for the portal/, /^Payment 917\/1 is marked as paid/],
    "confirmation.unknown": [/^Whether payment 917\/1 is paid is not known/],
    "confirmation.undoUnknown": [/^Whether payment 917\/6 is unpaid now is not known/],
    "bulk.changed": [/^Since the list was shown, something is different/],
    "bulk.finished": [/^Some outcomes are not known/, /^Not known: 1 · Still unpaid: 1 · Paid: 1$/],
  };
  for (const [name, sentences] of Object.entries(said)) {
    await app.evaluate(bringAbout, { usual, language: "en" });
    await app.evaluate(listen);
    await app.evaluate(bringAbout, { ...screens[name], usual, language: "en" });
    const spoken = await app.evaluate(() => window.spoken);
    for (const sentence of sentences) assert.ok(spoken.some((text) => sentence.test(text)), `${name}: ${sentence} is not in ${JSON.stringify(spoken)}`);
  }
});

test("however many payments have changed, the whole dialog can be seen, and the keyboard scrolls to the last of them", async (t) => {
  const { page, app } = await open(t, {}, { viewport: looks.light.size, reducedMotion: "reduce" });
  await app.evaluate(axe);
  const [lots] = screens["page.list: many"].answers.listPayments;
  const veryMany = { answers: { listPayments: [lots, lots.map((each) => ({ ...each, sum: `${each.sum}1` }))] }, steps: [["selectAll", true], ["openBulk"]] };
  for (const [screen, isScrolled] of [[veryMany, true], [screens["bulk.changed"], false]]) {
    const { bulk: state } = await app.evaluate(bringAbout, { ...screen, usual, language: "en" });
    assert.equal(state, "changed");
    assert.deepEqual(await app.evaluate(found, []), []);
    const { height } = await app.locator("#bulk").boundingBox();
    assert.ok(height < 600, `${height} pixels`);
    const lines = app.locator("#bulk-text");
    await lines.focus();
    await page.keyboard.press("End");
    const isSeen = await lines.evaluate(async (region) => {
      const last = region.lastElementChild;
      return new Promise((resolve) => { new IntersectionObserver(([{ intersectionRatio }]) => intersectionRatio > 0.9 && resolve(true), { threshold: [0, 0.9, 1] }).observe(last); });
    });
    assert.ok(isSeen);
    assert.equal(await lines.evaluate((region) => region.scrollHeight > region.clientHeight), isScrolled);
  }
  await app.evaluate(bringAbout, { ...screens["bulk.asking"], usual, language: "en" });
  assert.equal(await app.locator("#bulk-text").getAttribute("tabindex"), null);
});

test("whoever hears the question about many payments hears the totals with it", async (t) => {
  const { app } = await open(t);
  await app.evaluate(bringAbout, { ...screens["bulk.asking"], usual, language: "en" });
  const said = await app.locator("#bulk").evaluate((dialog) => dialog.getAttribute("aria-describedby").split(" ").map((id) => dialog.querySelector(`#${id}`).textContent).join(" "));
  assert.match(said, /^€1,235,567\.89 · KWD\s12\.345 These payments will be marked as paid/);
});

/** The focus that the keyboard moved, where nothing shows it. */
const unseenFocus = () => {
  const focused = document.activeElement?.shadowRoot?.activeElement ?? document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(focused);
  const isSeen = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  return focused === document.body || isSeen ? [] : [focused.outerHTML.slice(0, 90)];
};

/** Buttons whose edge, which forced colours show of all of them, passes what they stand in. */
const stickingOut = () => [...document.querySelector("b24-payments").shadowRoot.querySelectorAll("button")].filter((button) => button.checkVisibility()).filter((button) => {
  const [inner, outer] = [button, button.parentElement].map((element) => element.getBoundingClientRect());
  return inner.left < outer.left - 1 || inner.right > outer.right + 1;
}).map((button) => `sticks out: ${button.textContent}`);

test("with forced colours axe finds nothing, edges stay in their columns, and the focus is seen wherever Tab leads", async (t) => {
  const { page, app } = await open(t, {}, { viewport: looks.light.size, forcedColors: "active", reducedMotion: "reduce" });
  assert.equal(await app.evaluate(() => matchMedia("(forced-colors: active)").matches), true);
  await app.evaluate(axe);
  const faults = [];
  for (const name of ["page.list: selected", "page.search", "page.failed: ACCESS_DENIED", "confirmation.asking", "confirmation.refused", "bulk.finished"]) {
    await app.evaluate(bringAbout, { ...screens[name], usual, language: "en" });
    const wrong = [...await app.evaluate(found, []), ...await app.evaluate(stickingOut)];
    const start = app.locator(name.startsWith("page.") ? "#payments :is(button, input):visible" : "dialog[open] :is(button, summary):visible").first();
    await start.focus();
    let reached = 0;
    for (let tabs = 0; tabs < 5; tabs += 1) {
      await page.keyboard.press("Tab");
      wrong.push(...await app.evaluate(unseenFocus));
      if (await app.evaluate(() => document.activeElement !== document.body)) reached += 1;
    }
    if (reached === 0) wrong.push("Tab reaches nothing");
    faults.push(...wrong.map((what) => `${name}: ${what}`));
  }
  assert.deepEqual(faults, []);
});
