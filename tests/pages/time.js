// The time of a history: what happens next happens now. All pages share it; what belongs to a page that has closed does not happen,
// and what belongs to one that is frozen happens when it goes on.

import { setImmediate as turn } from 'node:timers/promises';

export class Time {
  now = 1_000;
  // What came out of the module where it should have been caught.
  thrown = [];
  #events = new Map();
  #count = 0;

  // `page` is whose event it is, if it is one's.
  at(moment, run, page) {
    const number = ++this.#count;
    this.#events.set(number, { at: Math.max(moment, this.now), number, run, page });
    return number;
  }

  after(ms, run, page) {
    return this.at(this.now + Math.max(0, ms), run, page);
  }

  cancel(number) {
    this.#events.delete(number);
  }

  // What runs now takes so long.
  takes(ms) {
    this.now += ms;
  }

  // Timers of a page that are still set.
  left(page, isTimer) {
    return [...this.#events.values()].filter((event) => event.page === page && isTimer(event.number)).length;
  }

  // Goes on until this moment, or until nothing is left to happen.
  async run(until) {
    for (;;) {
      await turn();
      let next;
      for (const event of this.#events.values()) {
        if (!next || event.at < next.at || (event.at === next.at && event.number < next.number)) next = event;
      }
      if (!next || next.at > until) return;
      this.#events.delete(next.number);
      this.now = Math.max(this.now, next.at);
      if (next.page?.isClosed) continue;
      if (next.page?.goesOnAt > this.now) {
        this.#events.set(next.number, { ...next, at: next.page.goesOnAt });
        continue;
      }
      try {
        next.run();
      } catch (error) {
        this.thrown.push(error);
      }
    }
  }
}
