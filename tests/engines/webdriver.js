// A small WebDriver client: one session of one browser, commands one after another, answers as values. It knows the
// protocol and no engine; what a tab or a frame is stands in webkit.js.

const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';
// No command comes near it: a driver that is silent for so long has lost its browser.
const LONGEST_MS = 60_000;

export class WebDriverError extends Error {
  name = 'WebDriverError';

  constructor({ error, message }, command) {
    super(`${command}: ${error}: ${message}`);
    this.code = error;
  }
}

export class Session {
  #address;
  #longestMs;

  constructor(address, longestMs) {
    this.#address = address;
    this.#longestMs = longestMs;
  }

  // `server` is the driver's address; the session is a browser of its own, with a profile that ends with it.
  static async begin(server, capabilities, longestMs = LONGEST_MS, beginMs = longestMs) {
    const parameters = { capabilities: { alwaysMatch: capabilities } };
    const { sessionId } = await send(beginMs, 'POST', `${server}/session`, parameters);
    return new Session(`${server}/session/${sessionId}`, longestMs);
  }

  end() {
    return this.delete('');
  }

  get(path) {
    return send(this.#longestMs, 'GET', this.#address + path);
  }

  post(path, parameters = {}) {
    return send(this.#longestMs, 'POST', this.#address + path, parameters);
  }

  delete(path) {
    return send(this.#longestMs, 'DELETE', this.#address + path);
  }

  // Runs the text of a function's body; what it returns must be plain.
  script(body, ...args) {
    return this.post('/execute/sync', { script: body, args });
  }

  // The first element that a selector finds, as it is referred to in other commands; `null` if there is none.
  async find(selector) {
    try {
      return await this.post('/element', { using: 'css selector', value: selector });
    } catch (error) {
      if (error.code === 'no such element') return null;
      throw error;
    }
  }

  // The same in the shadow of the first element that `host` finds.
  findIn(host, selector) {
    return this.script('return document.querySelector(arguments[0])?.shadowRoot?.querySelector(arguments[1]) ?? null', host, selector);
  }

  click(element) {
    return this.post(`/element/${element[ELEMENT]}/click`);
  }

  // Presses keys one after the other where the focus is, and releases them. `values` are the protocol's own signs for them.
  press(values) {
    const actions = [...values.map((value) => ({ type: 'keyDown', value })), ...values.toReversed().map((value) => ({ type: 'keyUp', value }))];
    return this.post('/actions', { actions: [{ type: 'key', id: 'keyboard', actions }] });
  }
}

async function send(longestMs, method, address, parameters) {
  const command = `${method} ${new URL(address).pathname}`;
  try {
    const answer = await fetch(address, {
      method,
      body: parameters && JSON.stringify(parameters),
      headers: { 'Content-Type': 'application/json' },
      signal: AbortSignal.timeout(longestMs),
    });
    const { value } = await answer.json();
    if (!answer.ok) throw new WebDriverError(value, command);
    return value;
  } catch (error) {
    if (error.name !== 'TimeoutError') throw error;
    throw new WebDriverError({ error: 'timeout', message: `the driver said nothing for ${longestMs} ms` }, command);
  }
}
