// What the pages of one origin share: Web Locks and storage. A page that closes gives its locks back and leaves what it stored.

export class Locks {
  #time;
  #queues = new Map();

  constructor(time) {
    this.#time = time;
  }

  // `navigator.locks` of a page.
  of(page) {
    return {
      request: (name, { ifAvailable }, granted) => new Promise((resolve, reject) => {
        const queue = this.#queues.get(name) ?? this.#queues.set(name, []).get(name);
        const asked = { page, granted, resolve, reject };
        if (ifAvailable && queue.length) this.#time.after(1, () => resolve(granted(null)), page);
        else if (queue.push(asked) === 1) this.#grant(name);
      }),
    };
  }

  closes(page) {
    for (const [name, queue] of this.#queues) {
      const hadFirst = queue[0]?.page === page;
      this.#queues.set(name, queue.filter((one) => one.page !== page));
      if (hadFirst) this.#grant(name);
    }
  }

  // Names of locks that are held.
  get held() {
    return [...this.#queues].filter(([, queue]) => queue.length).map(([name]) => name);
  }

  #grant(name) {
    const first = this.#queues.get(name)[0];
    if (!first) return;
    this.#time.after(1, () => {
      const over = (settle) => (value) => {
        const queue = this.#queues.get(name);
        if (queue[0] !== first) return;
        queue.shift();
        this.#grant(name);
        settle(value);
      };
      new Promise((resolve) => resolve(first.granted({ name }))).then(over(first.resolve), over(first.reject));
    }, first.page);
  }
}

export class Storage {
  #kept = new Map();

  get length() {
    return this.#kept.size;
  }

  key(at) {
    return [...this.#kept.keys()][at] ?? null;
  }

  getItem(key) {
    return this.#kept.get(key) ?? null;
  }

  setItem(key, value) {
    this.#kept.set(key, String(value));
  }

  removeItem(key) {
    this.#kept.delete(key);
  }

  clear() {
    this.#kept.clear();
  }

  get text() {
    return JSON.stringify([...this.#kept]);
  }
}

// A storage as a page has it: every call of what `fails` names throws.
export const failing = (storage, fails) => Object.fromEntries(['key', 'getItem', 'removeItem', 'setItem'].map((name) => [name, (...given) => {
  if (fails(name)) throw new Error('QuotaExceededError');
  return storage[name](...given);
}]));
