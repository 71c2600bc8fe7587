// Browsers list every request that has ended, also those that `BX24` stays silent about; b24pay reads that list. Calls of
// the portal under test are no requests, so their ends are added to it here.

const watching = new Set();

// An observer that tells what the real one tells, and the ends of calls.
export const endsAreSeen = (Real) =>
  class PerformanceObserver {
    static supportedEntryTypes = Real?.supportedEntryTypes ?? [];
    #seen;
    #real;

    constructor(seen) {
      this.#seen = (entries) => seen({ getEntries: () => entries }, this);
      this.#real = Real && new Real((list) => seen(list, this));
    }

    observe(options) {
      if (options.type === "resource" || options.entryTypes?.includes("resource")) watching.add(this.#seen);
      this.#real?.observe(options);
    }

    disconnect() {
      watching.delete(this.#seen);
      this.#real?.disconnect();
    }

    takeRecords() {
      return this.#real?.takeRecords() ?? [];
    }
  };

export const ended = (name, startTime, responseStatus) => {
  const entry = { entryType: "resource", initiatorType: "xmlhttprequest", name, startTime, responseEnd: performance.now(), responseStatus };
  entry.duration = entry.responseEnd - startTime;
  for (const seen of watching) seen([entry]);
};
