// Chance that can be thrown again: the same seed gives the same history.

export class Dice {
  #state;

  constructor(seed) {
    this.#state = (seed ^ 0x9e3779b9) >>> 0;
    for (let at = 0; at < 4; at += 1) this.next();
  }

  // From 0 up to 1, by mulberry32.
  next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  // A whole number from `from` up to `to`.
  whole(from, to) {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  chance(share) {
    return this.next() < share;
  }

  one(of) {
    return of[this.whole(0, of.length - 1)];
  }

  // One of `[weight, value]`.
  weighed(rows) {
    let left = this.next() * rows.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, value] of rows) if ((left -= weight) < 0) return value;
    return rows.at(-1)[1];
  }
}
