// The time of a page under test: it stands still until nothing else can happen, then jumps to the next timer.
// So a deadline of half a minute takes no time, and a promise that nothing will ever settle is found out.

import { setImmediate as turn } from 'node:timers/promises';

// How many turns of Node's own loop may pass before a page without a timer counts as stuck: compiling takes some.
const TURNS = 2000;
// The longest time that a browser's timer can hold.
const LONGEST_MS = 2 ** 31 - 1;

// Node's own, however many pages a test has opened.
const REAL = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout };
const realNow = Date.now;

export class PageClock {
  #now = 5_000;
  // The machine's own clock runs ahead of the page's by what the machine has slept.
  #ahead = realNow() - 5_000;
  #timers = new Map();
  #count = 0;
  #keepsMs = 0;

  // Replaces the page's timers and its clocks.
  install() {
    globalThis.setTimeout = (run, ms = 0) => {
      // A browser would let it fire at once.
      if (ms > LONGEST_MS) throw new RangeError(`a timer of ${ms} ms`);
      return this.after(this.#keptBack(ms), run);
    };
    globalThis.clearTimeout = (timer) => void this.#timers.delete(timer);
    performance.now = () => this.#now;
    Date.now = () => this.#now + this.#ahead;
  }

  restore() {
    Object.assign(globalThis, REAL);
    delete performance.now;
    Date.now = realNow;
  }

  get now() {
    return this.#now;
  }

  // How many timers are set.
  get timers() {
    return this.#timers.size;
  }

  // The machine sleeps, or its clock is set: in most browsers the page's own clock stands still meanwhile.
  jumps(ms) {
    this.#ahead += ms;
  }

  // The page's own timers fire only at multiples of so many milliseconds, as in a page that is hidden. Answers come when they come.
  keepsBack(ms) {
    this.#keepsMs = ms;
  }

  #keptBack(ms) {
    return this.#keepsMs ? Math.ceil((this.#now + ms + 1) / this.#keepsMs) * this.#keepsMs - this.#now : ms;
  }

  // What runs now takes so long.
  takes(ms) {
    this.#now += ms;
  }

  after(ms, run) {
    const timer = ++this.#count;
    this.#timers.set(timer, { at: this.#now + Math.max(0, ms), run });
    return timer;
  }

  // Lets time pass until the promise settles, and hands its result on.
  async until(promise) {
    let settled = false;
    const done = () => { settled = true; };
    promise.then(done, done);
    for (let idle = 0; !settled; ) {
      await turn();
      if (settled) break;
      if (this.#jump()) idle = 0;
      else if (++idle > TURNS) throw new Error('the promise is pending, and nothing will ever happen again');
    }
    return promise;
  }

  // Lets a stretch of time pass.
  async pass(ms) {
    let over = false;
    this.after(ms, () => { over = true; });
    while (!over) {
      await turn();
      this.#jump();
    }
    await turn();
  }

  #jump() {
    const next = [...this.#timers].sort(([, one], [, other]) => one.at - other.at)[0];
    if (!next) return false;
    const [timer, { at, run }] = next;
    this.#timers.delete(timer);
    this.#now = Math.max(this.#now, at);
    run();
    return true;
  }
}
