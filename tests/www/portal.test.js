// What the page asks of BX24 and of its frame, in a window whose time the test passes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { frameFitter, openPortal } from "../../www/portal.js";
import { whenOver } from "../../www/when_over.js";
import { rest } from "./stage.js";

const PATIENCE_MS = 1000;
const facts = { placement: "CRM_DEAL_DETAIL_TAB", options: { ID: "7" }, language: "de", domain: "shop.bitrix24.example", writesTimeline: true };

/** A library that keeps whom to answer. */
const library = (change = {}) => ({
  init(run) {
    this.answer = run;
  },
  placement: { info: () => ({ placement: "CRM_DEAL_DETAIL_TAB", options: { ID: "7" } }) },
  getLang: () => "de", getDomain: () => "shop.bitrix24.example", appOption: { get: () => undefined }, ...change,
});

function stage({ BX24 = library(), readyState = "complete", loadedAt = 0, entries = [{ domContentLoadedEventEnd: loadedAt }], frame = { innerWidth: 600, innerHeight: 400 } } = {}) {
  let time = 5000;
  let count = 0;
  const timers = new Map();
  const heard = new Set();
  const resizing = new Set();
  const window = {
    BX24, ...frame,
    performance: { now: () => time, getEntriesByType: (type) => (type === "navigation" ? entries : []) },
    setTimeout(run, ms, ...given) {
      timers.set((count += 1), { at: time + ms, run: () => run(...given) });
      return count;
    },
    clearTimeout: (timer) => void timers.delete(timer),
    addEventListener: (name, run) => name === "resize" && resizing.add(run),
    document: {
      readyState,
      addEventListener: (name, run) => name === "DOMContentLoaded" && heard.add(run),
      removeEventListener: (name, run) => name === "DOMContentLoaded" && heard.delete(run),
    },
  };
  async function fire() {
    for (const [timer, { at, run }] of [...timers].sort(([, one], [, other]) => one.at - other.at)) {
      if (at > time || !timers.delete(timer)) continue;
      run();
      await rest();
    }
  }
  return {
    window, timers, heard,
    /** The page runs all the while. */
    async passes(ms) {
      for (const end = time + ms; time < end;) {
        time += 1;
        await fire();
      }
    },
    /** The page runs nothing until then; the timers that are due by then come before what came meanwhile. */
    async standsStill(ms, came = () => {}) {
      time += ms;
      await fire();
      came();
      await rest();
    },
    loaded: () => [...heard].forEach((run) => run()),
    resized: () => [...resizing].forEach((run) => run()),
  };
}

/** The same, with the portal asked; `told` is a list of what came of it. */
async function opened(given) {
  const at = stage(given);
  const told = [];
  openPortal(at.window, { patienceMs: PATIENCE_MS }).then((value) => told.push(value), (error) => told.push(`${error.code}: ${error.message}`));
  await rest();
  return { ...at, told, answer: () => at.window.BX24.answer() };
}

const silent = "NO_HANDSHAKE: the portal is not usable: NO_HANDSHAKE";

test("the portal's answer opens the page with what it says of the frame, and no timer is left", async () => {
  const { answer, told, timers, heard } = await opened();
  answer();
  await rest();
  assert.deepEqual(told, [facts]);
  assert.deepEqual([timers.size, heard.size], [0, 0]);
});

test("a silent portal is told when it was waited for, not before, and but a turn later", async () => {
  const { passes, told, timers } = await opened();
  await passes(PATIENCE_MS - 1);
  assert.deepEqual(told, []);
  await passes(2);
  assert.deepEqual(told, [silent]);
  assert.equal(timers.size, 0);
});

for (const [what, lateMs] of [["busy for a little while", 40], ["frozen for long", 600_000]]) {
  test(`an answer that came while the page was ${what} opens it, though the timer comes first`, async () => {
    const { standsStill, passes, told, answer, timers } = await opened();
    await standsStill(PATIENCE_MS + lateMs, answer);
    assert.deepEqual(told, [facts]);
    assert.equal(timers.size, 0);
    await passes(3000);
    assert.equal(told.length, 1);
  });
}

test("after a freeze, what came meanwhile may take a second to be told, and no longer", async () => {
  const before = await opened();
  await before.standsStill(60_000);
  await before.passes(999);
  before.answer();
  await rest();
  assert.deepEqual(before.told, [facts]);
  const after = await opened();
  await after.standsStill(60_000);
  await after.passes(999);
  assert.deepEqual(after.told, []);
  await after.passes(1);
  assert.deepEqual(after.told, [silent]);
});

test("who has something to read after a freeze gets as much more time as was given, and no more than the freeze took", async () => {
  for (const [frozenMs, moreMs] of [[60_000, 5000], [PATIENCE_MS + 40, 40]]) {
    const { window, standsStill, passes, timers } = stage();
    let isOver = false;
    whenOver(window, PATIENCE_MS, () => { isOver = true; }, 5000);
    await standsStill(frozenMs);
    await passes(moreMs - 1);
    assert.equal(isOver, false);
    await passes(1);
    assert.deepEqual([isOver, timers.size], [true, 0]);
  }
});

test("a page whose every timer is late gives a silent portal up all the same", async () => {
  const { standsStill, told } = await opened();
  await standsStill(60_000);
  await standsStill(60_000);
  assert.deepEqual(told, [silent]);
});

test("ten seconds are waited for the portal where nothing else is said", async () => {
  const { window, passes } = stage();
  let told;
  openPortal(window).catch(({ code }) => { told = code; });
  await rest();
  await passes(9999);
  assert.equal(told, undefined);
  await passes(2);
  assert.equal(told, "NO_HANDSHAKE");
});

for (const [BX24, code] of [[undefined, "NO_LIBRARY"], [null, "NOT_IN_PORTAL"], [{}, "NOT_IN_PORTAL"], [{ init: true }, "NOT_IN_PORTAL"]]) {
  test(`where BX24 is ${JSON.stringify(BX24)} it is told at once: ${code}`, async () => {
    const { window, timers } = stage();
    window.BX24 = BX24;
    await assert.rejects(openPortal(window), { code });
    assert.equal(timers.size, 0);
  });
}

test("the library's script, which is deferred, is waited for until the document is done", async () => {
  const at = stage({ readyState: "interactive" });
  const { BX24 } = at.window;
  delete at.window.BX24;
  const opening = openPortal(at.window, { patienceMs: PATIENCE_MS });
  await at.passes(PATIENCE_MS - 1);
  at.window.BX24 = BX24;
  at.loaded();
  await rest();
  assert.deepEqual([at.timers.size, at.heard.size], [1, 0]);
  BX24.answer();
  assert.deepEqual(await opening, facts);
  assert.equal(at.timers.size, 0);
});

test("a library that is there is not waited for, however much of the document is still to come", async () => {
  const { told, answer, heard } = await opened({ readyState: "loading" });
  answer();
  await rest();
  assert.deepEqual([told, heard.size], [[facts], 0]);
});

test("a browser that tells no times of the document waits for it all the same", async () => {
  const at = stage({ readyState: "interactive", entries: [] });
  delete at.window.BX24;
  const opening = openPortal(at.window);
  at.loaded();
  await assert.rejects(opening, { code: "NO_LIBRARY" });
});

for (const [what, given] of [["done", { readyState: "complete" }], ["told as done", { readyState: "interactive", loadedAt: 12 }]]) {
  test(`a script that failed is waited for no more once the document is ${what}`, async () => {
    const { window, timers, heard } = stage(given);
    delete window.BX24;
    await assert.rejects(openPortal(window), { code: "NO_LIBRARY" });
    assert.deepEqual([timers.size, heard.size], [0, 0]);
  });
}

test("a script that never comes is told when it was waited for; one that came while the page was frozen is there", async () => {
  const frozen = stage({ readyState: "loading" });
  const { BX24 } = frozen.window;
  for (const comes of [false, true]) {
    const { window, standsStill, passes, loaded, heard } = stage({ readyState: "loading" });
    delete window.BX24;
    const told = [];
    openPortal(window, { patienceMs: PATIENCE_MS }).catch(({ code }) => told.push(code));
    await rest();
    await standsStill(60_000, () => {
      if (!comes) return;
      window.BX24 = BX24;
      loaded();
    });
    await passes(PATIENCE_MS);
    assert.deepEqual([told, Boolean(BX24.answer), heard.size], comes ? [[], true, 0] : [["NO_LIBRARY"], false, 0]);
  }
});

const old = () => {
  throw new TypeError("not in this version");
};
for (const [what, change, expected] of [
  ["does not know the placement", { placement: undefined }, { placement: "DEFAULT", options: undefined }],
  ["says nothing of the placement", { placement: { info: () => undefined } }, { placement: "DEFAULT", options: undefined }],
  ["says no name of the placement", { placement: { info: () => ({ options: 5 }) } }, { placement: "DEFAULT", options: 5 }],
  ["cannot say the language", { getLang: old }, { language: "" }],
  ["says no language", { getLang: () => null }, { language: "" }],
  ["cannot say the portal", { getDomain: undefined }, { domain: "" }],
  ["has no options", { appOption: undefined }, {}],
  ["was told to write no timeline", { appOption: { get: (name) => name === "timeline" && "off" } }, { writesTimeline: false }],
  ["was told to write a timeline", { appOption: { get: () => "on" } }, {}],
]) {
  test(`a library that ${what} opens the page`, async () => {
    const { told, answer } = await opened({ BX24: library(change) });
    answer();
    await rest();
    assert.deepEqual(told, [{ ...facts, ...expected }]);
  });
}

test("what takes the library's place while it answers is what is asked", async () => {
  const { window, told } = await opened();
  const { BX24 } = window;
  window.BX24 = library({ getLang: () => "kz" });
  BX24.answer();
  await rest();
  assert.deepEqual(told, [{ ...facts, language: "kz" }]);
});

/** A frame that takes the heights that are asked for, or not. */
function fitted({ takes = true } = {}) {
  const asked = [];
  const at = stage();
  at.window.BX24 = {
    resizeWindow(width, height) {
      asked.push([width, height]);
      if (takes) at.window.innerHeight = height;
    },
    fitWindow: () => void asked.push("all the width"),
  };
  return { ...at, asked, fit: frameFitter(at.window) };
}

test("the frame grows at once, in its own width", () => {
  const { fit, asked } = fitted();
  fit(500);
  assert.deepEqual(asked, [[600, 500]]);
});

test("once it has its height it gets all the width there is, and keeps what it gets", () => {
  const { fit, asked, window, resized } = fitted({ takes: false });
  resized();
  fit(500);
  // The portal has not done it yet: what is asked for now would be the height before.
  resized();
  assert.deepEqual(asked, [[600, 500]]);
  window.innerHeight = 499.5;
  resized();
  assert.deepEqual(asked, [[600, 500], "all the width"]);
  resized();
  assert.equal(asked.length, 2);
});

test("it shrinks when things have come to rest, to the last height only", async () => {
  const { fit, asked, passes } = fitted();
  fit(300);
  await passes(249);
  fit(200);
  await passes(249);
  assert.deepEqual(asked, []);
  await passes(1);
  assert.deepEqual(asked, [[600, 200]]);
});

test("a height that it has is not asked for, and takes back what was to come", async () => {
  const { fit, asked, passes } = fitted();
  fit(300);
  fit(400);
  await passes(1000);
  assert.deepEqual(asked, []);
});

test("a portal that refuses a height is not asked for it again", () => {
  const { fit, asked } = fitted({ takes: false });
  fit(500);
  fit(500);
  assert.deepEqual(asked, [[600, 500]]);
});

test("a library that cannot resize stops nothing", () => {
  const { fit, window } = fitted();
  window.BX24 = null;
  fit(500);
});
