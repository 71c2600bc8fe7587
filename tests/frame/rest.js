// The portal's REST side as these tests need it: answers are scripted, whatever is asked is recorded.
// A call that nobody scripted, or an answer that nobody fetched, fails the test that is running.

import assert from 'node:assert/strict';

const json = (status, body) => ({ status, type: 'application/json', body: JSON.stringify(body) });

export const ok = (result, more = {}) => json(200, { result, ...more });
export const refused = (status, body) => json(status, body);
export const html = (status) => ({ status, type: 'text/html', body: '<html><body><h1>sorry</h1></body></html>' });
export const raw = (status, body) => ({ status, type: 'application/json', body });
export const noCors = (answer) => ({ ...answer, cors: false });
export const reset = { reset: true };

// An answer that is held back until `release` is called.
export function held(answer) {
  const gate = {};
  gate.opened = new Promise((resolve) => { gate.release = resolve; });
  return { ...answer, gate: gate.opened, release: gate.release };
}

export class ScriptedRest {
  calls = [];
  #answers = [];
  #always = null;
  #surprises = [];
  #waiting = [];

  script(...answers) { this.#answers.push(...answers); }

  always(answer) { this.#always = answer; }

  // The call with this number (from 1), as soon as it has arrived.
  async arrived(n) {
    while (this.calls.length < n) await new Promise((resolve) => { this.#waiting.push(resolve); });
    return this.calls[n - 1];
  }

  async serve(request, response) {
    const parts = [];
    for await (const part of request) parts.push(part);
    const call = {
      method: decodeURIComponent(request.url.replace(/^\/rest\/(.*)\.json$/, '$1')),
      verb: request.method,
      contentType: request.headers['content-type'],
      cookie: request.headers.cookie,
      body: Buffer.concat(parts).toString(),
    };
    this.calls.push(call);
    const answer = this.#answers.shift() ?? this.#always;
    this.#waiting.splice(0).forEach((wake) => wake());
    if (!answer) {
      this.#surprises.push(`${call.verb} ${call.method} ${call.body}`);
      request.socket.destroy();
      return;
    }
    if (answer.gate) await answer.gate;
    if (answer.reset) {
      request.socket.destroy();
      return;
    }
    const headers = { 'Content-Type': answer.type };
    if (answer.cors !== false) headers['Access-Control-Allow-Origin'] = '*';
    response.writeHead(answer.status, headers).end(answer.body);
  }

  // Ends a test: nothing unscripted was asked, nothing scripted was left over.
  settle() {
    const conversation = this.calls.map((call) => `${call.method} ${call.body}`).join('\n');
    assert.deepEqual(this.#surprises, [], `unscripted call; the whole conversation:\n${conversation}`);
    assert.equal(this.#answers.length, 0, `answers left over; the whole conversation:\n${conversation}`);
  }
}
