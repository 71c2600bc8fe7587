// Opens a page: the built package in a global object of its own, with what browsers have.

import { readFileSync } from 'node:fs';
import vm from 'node:vm';
import { Dice } from '../dice.js';
import { TARGET } from '../places.js';
import { Answered, fetching } from './fetching.js';
import { library } from './library.js';
import { failing } from './origin.js';

// What clocks on the wall show when the time of a history begins.
export const OPENED_AT = 1_790_000_000_000;

// The package as a script: what it exports becomes a global.
const script = (() => {
  const source = readFileSync(`${TARGET}/npm/b24pay.js`, 'utf8');
  const exported = /export\s*\{([^}]*)\};?\s*$/.exec(source);
  const members = exported[1].split(',').map((one) => one.trim().split(' as ')).map(([from, name]) => `${name ?? from}:${from}`);
  return new vm.Script(`${source.slice(0, exported.index)};globalThis.b24pay={${members}};`, { filename: 'b24pay.js' });
})();

// Compiled once for all pages.
let compiled;
const instantiate = async (bytes, imports) => {
  compiled ??= await WebAssembly.compile(bytes);
  return { instance: new WebAssembly.Instance(compiled, imports) };
};
const wasm = { Module: WebAssembly.Module, Instance: WebAssembly.Instance, Memory: WebAssembly.Memory, instantiate };

export async function opened(world, plan) {
  const { time } = world;
  const observers = new Set();
  const listeners = new Set();
  const timers = new Set();
  const page = {
    plan,
    time,
    isClosed: false,
    token: world.tokens.issue(),
    // Methods that it is known to call by itself.
    callsItself: new Set(),
    timersLeft: () => time.left(page, (number) => timers.has(number)),
    goesOnAt: 0,
    freezes: () => {
      page.goesOnAt = Math.max(page.goesOnAt, time.now + plan.frozenMs);
    },
    // What the page hears, it hears at once, or when it goes on.
    hears: (heard) => (what) => {
      if (page.goesOnAt > time.now) time.at(page.goesOnAt, () => heard(what), page);
      else heard(what);
    },
    entry: (name, startTime, responseStatus) => {
      const entry = { name, startTime, initiatorType: 'xmlhttprequest' };
      if (plan.hasStatus) entry.responseStatus = responseStatus;
      // Some engines have none where nothing was received.
      if (responseStatus === 0 && !plan.hasStatus) return;
      for (const heard of observers) heard({ getEntries: () => [entry] });
    },
    errs: () => {
      for (const listener of listeners) listener({ type: 'error' });
    },
    closes: () => {
      page.isClosed = true;
      page.closedAt ??= time.now;
      world.locks.closes(page);
    },
  };
  class PerformanceObserver {
    #heard;

    constructor(heard) {
      this.#heard = heard;
    }

    observe() {
      observers.add(this.#heard);
    }

    disconnect() {
      observers.delete(this.#heard);
    }
  }
  const globals = {
    setTimeout: (run, ms) => {
      const number = time.after(ms, run, page);
      timers.add(number);
      return number;
    },
    clearTimeout: (number) => time.cancel(number),
    performance: { now: () => time.now },
    navigator: { serviceWorker: { controller: plan.hasWorker ? {} : null }, ...(plan.locks === 'work' && { locks: world.locks.of(page) }) },
    addEventListener: (_, listener) => void listeners.add(listener),
    removeEventListener: (_, listener) => void listeners.delete(listener),
    name: `${world.host}|1|0123456789abcdef`,
    Response: Answered,
    WebAssembly: wasm,
    AbortController, AbortSignal, TextDecoder, TextEncoder, queueMicrotask,
    fetch: fetching(page, world),
  };
  if (plan.locks === 'refuse') globals.navigator.locks = { request: async () => { throw new Error('SecurityError'); } };
  if (plan.observes) globals.PerformanceObserver = PerformanceObserver;
  if (plan.initMs !== undefined) globals.BX24 = library(page, world);
  if (plan.storage === 'work') globals.localStorage = world.storage;
  if (plan.storage === 'full') globals.localStorage = failing(world.storage, (name) => name === 'setItem');
  if (plan.storage === 'fails') {
    const dice = new Dice(world.seed * 10 + plan.number);
    globals.localStorage = failing(world.storage, () => dice.chance(0.5));
  }
  const context = vm.createContext(globals);
  context.now = () => OPENED_AT + time.now;
  vm.runInContext('Date.now = now;', context);
  if (plan.storage === 'refused') {
    vm.runInContext('Object.defineProperty(globalThis, "localStorage", { get() { throw new Error("SecurityError"); } });', context);
  }
  script.runInContext(context);
  page.b24pay = context.b24pay;
  page.bx24 = globals.BX24;
  // Compiling takes real time, in which the time of the history does not run.
  await page.b24pay.getPayment(0, { portal: page.b24pay.webhook('https://shop.bitrix24.example/rest/1/secret/') }).catch(() => {});
  return page;
}
