// A BX24 that follows a script: one row a call, in order. It records what was asked, fails loudly on a call that the
// script does not have, and a test fails that leaves rows over. Standing replies answer however often they are asked.

import assert from 'node:assert/strict';
import { inspect } from 'node:util';

export class ScriptedBx24 {
  // What was asked, in order: the method, and the very object that was handed over.
  asked = [];
  // Replies to methods that the next row is not about.
  standing = new Map();
  // Calls that the script did not have.
  #unscripted = [];
  #script;
  #clock;
  #answersInit;
  #isReady = false;

  // `script` holds rows of [method, reply]; `answersInit` is false for a handshake that never ends.
  constructor(script, clock, { answersInit = true } = {}) {
    this.#script = [...script];
    this.#clock = clock;
    this.#answersInit = answersInit;
  }

  // More rows, for what happens later in a test.
  goesOn(...rows) {
    this.#script.push(...rows);
  }

  // The object that pages see as BX24. Like the real one's, its functions need no `this`, and `init` is
  // replaced once the handshake is over.
  get library() {
    const library = {
      init: (run) => {
        if (!this.#answersInit) return;
        this.#clock.after(this.#isReady ? 0 : 10, () => {
          this.#isReady = true;
          library.init = (next) => void this.#clock.after(0, next);
          run();
        });
      },
      callMethod: (method, params, callback) => this.#call(method, params, callback),
      getDomain: () => 'shop.bitrix24.example',
    };
    return library;
  }

  // How often a method was asked.
  count(method) {
    return this.asked.filter((call) => call.method === method).length;
  }

  // The methods asked, in order.
  get methods() {
    return this.asked.map(({ method }) => method);
  }

  assertOver() {
    assert.deepEqual(this.#unscripted, [], `calls that no row answers; the conversation was ${this.#told()}`);
    const left = this.#script.map(([method]) => method);
    assert.deepEqual(left, [], `rows that nothing asked for; the conversation was ${this.#told()}`);
  }

  #call(method, params, callback) {
    assert.ok(this.#isReady, 'callMethod before init is lost when init never fires');
    this.asked.push({ method, params, at: this.#clock.now });
    const isNext = this.#script[0]?.[0] === method;
    const reply = isNext ? this.#script.shift()[1] : this.standing.get(method);
    if (!reply) {
      // Thrown here, the caller could swallow it, so it is also kept for the end of the test.
      this.#unscripted.push(method);
      throw new Error(`unscripted call of ${method}`);
    }
    reply({ method, params, callback, clock: this.#clock });
  }

  #told() {
    return inspect(this.asked.map(({ method, params }) => [method, { ...params }]), { depth: 4 });
  }
}
