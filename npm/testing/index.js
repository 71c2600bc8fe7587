// A portal for tests of your own code: it holds payments, answers calls, fails by name, and records what it was asked.
// It has neither a network nor a frame: it stands in the place of `BX24` and of one address that `fetch` would call.

import { bx24 } from "./bx24.js";
import { copied } from "./copied.js";
import { endsAreSeen } from "./ends.js";
import { COMMAND_FAULTS, FAULTS, OF_CHANGES } from "./faults.js";
import { fetchOf } from "./fetch.js";
import { counted, named, only, refusalOf, shown } from "./only.js";
import { CHANGES, Payments } from "./payments.js";
import { Refusal } from "./refusal.js";
import { replyTo } from "./replies.js";

// Every portal has a host of its own, so that what one test left under way never holds up the next, nor one in another page or a
// later run, which share locks and storage with this one.
const here = Math.floor(Math.random() * 1e12);
let portals = 0;

// What stands in the place of a global now, and over what.
const standing = new Set();

const unheardOf = (what, own) => `${what}; there are ${own.join(", ")} and what answer() or refuse() named before`;

// Takes the places of `BX24` and `fetch` until `restore` is called.
export const installPortal = (options = {}) => {
  if (Array.isArray(options)) throw new TypeError("installPortal expects an object such as { payments: [{ id: 501 }] }, got a list");
  only("installPortal", options, ["payments"]);
  const { payments = [] } = options;
  const portal = new TestPortal(payments);
  portal.install();
  return portal;
};

class TestPortal {
  domain = `portal-${++portals}-${here}.b24pay.test`;
  calls = [];
  #payments;
  #answers = new Map();
  #faults = [];
  #thrown = [];
  #undo = [];
  #restored = new Promise((resolve) => this.#undo.push(resolve));

  constructor(payments) {
    this.#payments = new Payments(payments);
  }

  get webhookUrl() {
    return `https://${this.domain}/rest/1/secret/`;
  }

  payment(id) {
    return this.#payments.seen(id);
  }

  callsOf(method) {
    const known = [...this.#named(), ...this.calls.map((call) => call.method)];
    if (!known.includes(method)) throw new RangeError(unheardOf(`callsOf has no method ${shown(method)} to look for`, this.#own()));
    return this.calls.filter((call) => call.method === method);
  }

  answer(method, result) {
    named("answer", method);
    this.#answers.set(method, typeof result === "function" ? result : () => result);
  }

  refuse(method, error, text = "", status = 400) {
    named("refuse", method);
    refusalOf(`refuse("${method}")`, error, text, status);
    this.#answers.set(method, () => {
      throw new Refusal(error, text, status);
    });
  }

  fault(name, options = {}) {
    if (!Object.hasOwn(FAULTS, name)) {
      throw new RangeError(`no fault "${name}"; there are ${Object.keys(FAULTS).join(", ")}`);
    }
    only(`fault "${name}"`, options, ["method", "nth", "times", "ms"]);
    const { method = "*", nth = 1, times = 1, ms = 50 } = options;
    counted(`nth of fault "${name}"`, nth);
    if (times !== Infinity) counted(`times of fault "${name}"`, times);
    if (!(Number.isFinite(ms) && ms >= 0)) throw new TypeError(`ms of fault "${name}" must be a number of milliseconds, got ${shown(ms)}`);
    const known = OF_CHANGES.has(name) ? CHANGES : this.#named();
    if (method !== "*" && !known.includes(method)) {
      const what = `fault "${name}" has no method "${method}" to strike`;
      throw new RangeError(known === CHANGES ? `${what}; there are ${CHANGES.join(", ")}` : unheardOf(what, this.#own()));
    }
    this.#faults.push({ name, method, from: nth, left: times, ms });
  }

  // The methods that it answers by itself, and with them those that the test answers.
  #own() {
    return [...Object.keys(this.#payments.methods), "batch"];
  }

  #named() {
    return [...this.#own(), ...this.#answers.keys()];
  }

  install() {
    this.#put("BX24", bx24(this.domain, (method, params) => this.#receive(method, params), this.#restored));
    this.#put("fetch", fetchOf(this.domain, (method, params) => this.#receive(method, params), globalThis.fetch));
    this.#put("PerformanceObserver", endsAreSeen(globalThis.PerformanceObserver));
  }

  restore() {
    for (const undo of this.#undo.splice(0).reverse()) undo();
    const [first] = this.#thrown.splice(0);
    if (first) throw first.error;
  }

  #put(name, value) {
    const mine = { before: Object.getOwnPropertyDescriptor(globalThis, name) };
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true, enumerable: true });
    standing.add(mine);
    this.#undo.push(() => {
      standing.delete(mine);
      const { before } = mine;
      // Another portal that was put over this one, and still stands, will give back what was here.
      const over = [...standing].find((other) => other.before?.value === value);
      if (over) over.before = before;
      else if (before) Object.defineProperty(globalThis, name, before);
      else delete globalThis[name];
    });
  }

  async #receive(method, params) {
    const isAny = (name) => !OF_CHANGES.has(name) || CHANGES.includes(method);
    const due = this.#due(({ name, method: wanted }) => wanted === method || (wanted === "*" && isAny(name)));
    const call = { method, params: copied(params), ...(due && { fault: due.name }) };
    this.calls.push(call);
    // What is still under way when the portal is taken away has an end then: nobody else's silence is to be taken for its own.
    return Promise.race([this.#replyTo(method, params, due, call), this.#restored.then(() => ({ lost: true }))]);
  }

  // What happens to a call: `{ status, body }`, `{ lost: true }` or, for a call that hangs, a promise that stays open. A fault that no
  // single command of a batch can meet ends the whole batch.
  #replyTo(method, params, due, call) {
    const command = async (named, given) => {
      const met = this.#due(({ method: wanted }) => wanted === named);
      if (met) call.fault ??= met.name;
      const reply = await this.#replyTo(named, given, met, call);
      return met && !COMMAND_FAULTS.has(met.name) ? { ends: reply } : reply;
    };
    const threw = (error) => void this.#thrown.push({ error });
    const run = () => replyTo(method, params, { payments: this.#payments, answers: this.#answers, command, threw });
    return due ? FAULTS[due.name]({ run, payments: this.#payments, ms: due.ms }) : run();
  }

  // The fault that this call meets. Each armed fault counts the calls of its method.
  #due(isMeant) {
    let due;
    for (const fault of this.#faults) {
      if (!isMeant(fault)) continue;
      if (fault.from > 1) fault.from -= 1;
      else if (fault.left > 0 && !due) {
        fault.left -= 1;
        due = fault;
      }
    }
    return due;
  }
}
