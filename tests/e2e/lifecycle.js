// Chromium as people have it: its pages are hidden, frozen, kept for the way back, and lost. What Playwright sets by itself keeps each
// page in front and awake, so here it only looks on. Each test has a portal of its own, and with that an origin of its own.

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before } from "node:test";
import { chromium } from "playwright-core";
import { FLAGS, WHOLE } from "./chromium.js";
import { ServedPortal } from "./served_portal.js";
import { until } from "../until.js";

export const PAY = "sale.paysystem.pay.payment";
export const READ = "crm.item.payment.get";

// Longer than anything that is waited for takes on a busy machine.
const PATIENCE_MS = 40_000;

export const passed = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

// Call once in a test file. What it gives opens a portal, with the app in a folder and its waiting times, for one test.
export function lived() {
  let program;
  let browser;
  let profile;
  before(async () => {
    profile = await mkdtemp(join(tmpdir(), "b24pay-life-"));
    program = spawn(WHOLE, [...FLAGS, "--headless", "--remote-debugging-port=0", `--user-data-dir=${profile}`, "about:blank"], { stdio: ["ignore", "ignore", "pipe"] });
    browser = await chromium.connectOverCDP(await listening(program), { noDefaults: true });
  });
  after(async () => {
    const ended = new Promise((resolve) => { program.once("exit", resolve); });
    await browser?.close();
    program.kill();
    await ended;
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  });
  return async (t, options) => {
    const portal = new ServedPortal();
    t.after(() => portal.stop());
    await portal.start(options);
    portal.open = async () => {
      const tab = await Tab.opened(browser.contexts()[0], portal);
      // A page that has crashed has nothing to close.
      t.after(() => Promise.race([tab.page.close().catch(() => {}), passed(2000)]));
      return tab;
    };
    return portal;
  };
}

async function listening(program) {
  for await (const line of createInterface({ input: program.stderr })) {
    const [, address] = line.match(/DevTools listening on (ws:\S+)/) ?? [];
    if (!address) continue;
    program.stderr.resume();
    return address;
  }
  throw new Error(`${WHOLE} ended`);
}

// The portal's page with the app in its frame. What a payment came to is told to the portal's page, which can still be asked when it was
// left and came back; the frame of one that came back is not known to Playwright.
class Tab {
  static async opened(context, portal) {
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(portal.address());
    const element = await page.waitForSelector('iframe[id^="appframe_"]', { state: "attached" });
    const app = await element.contentFrame();
    await app.waitForURL((address) => address.href.startsWith(portal.app));
    // A frame of another site has a process of its own.
    const [own, ofApp] = await Promise.all([page, app].map((one) => context.newCDPSession(one)));
    await page.evaluate(() => {
      window.told = [];
      window.shown = [];
      addEventListener("message", ({ data }) => { if (data.told) window.told.push(data.told); });
      addEventListener("pageshow", ({ persisted }) => { window.shown.push(persisted); });
    });
    return Object.assign(new Tab(), { page, app, own, ofApp });
  }

  freeze() {
    return this.own.send("Page.setWebLifecycleState", { state: "frozen" });
  }

  thaw() {
    return this.own.send("Page.setWebLifecycleState", { state: "active" });
  }

  // Its process ends, as where memory is short or a tab is discarded.
  async crash() {
    const crashed = new Promise((resolve) => { this.page.once("crash", resolve); });
    this.ofApp.send("Page.crash").catch(() => {});
    await crashed;
  }

  offline(isOn) {
    const conditions = { offline: isOn, latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
    return Promise.all([this.own, this.ofApp].map((session) => session.send("Network.emulateNetworkConditions", conditions)));
  }

  async leave() {
    await this.page.goto("about:blank");
  }

  // Rejects with the browser's reason where the page was not kept.
  async back() {
    await this.own.send("Page.enable");
    let why;
    this.own.once("Page.backForwardCacheNotUsed", ({ notRestoredExplanations }) => { why = notRestoredExplanations.map(({ reason }) => reason).join(", "); });
    await this.page.goBack({ waitUntil: "commit" });
    const isKept = await until(() => this.page.evaluate(() => (window.shown ? window.shown.length > 0 && "kept" : document.readyState === "complete" && "not")), "the page comes back", PATIENCE_MS);
    if (isKept === "not") throw new Error(`not kept: ${why}`);
  }

  // Begins to pay payment 501.
  pay(options) {
    return this.app.evaluate(async (options) => {
      const { payPayment } = await import("/b24pay.js");
      await new Promise((resolve) => { BX24.init(resolve); });
      const told = payPayment({ paymentId: 501, paySystemId: 11 }, options).then(
        ({ status, recovered, cause }) => [status, recovered && "recovered", cause?.code].filter(Boolean).join(" "),
        ({ code, retry }) => `rejected ${code} ${retry}`,
      );
      told.then((told) => parent.postMessage({ told }, "*"));
    }, options);
  }

  // What the latest one came to.
  told(count = 1) {
    return until(() => this.page.evaluate((count) => window.told?.[count - 1], count), "the promise settles", PATIENCE_MS);
  }
}
