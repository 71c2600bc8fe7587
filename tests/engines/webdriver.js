// A small WebDriver client: one session of one browser, commands one after another, answers as values. It knows the
// protocol and no engine; what a tab or a frame is stands in webkit.js.

const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

export class WebDriverError extends Error {
  name = 'WebDriverError';

  constructor({ error, message }, command) {
    super(`${command}: ${error}: ${message}`);
    this.code = error;
  }
}

export class Session {
  #address;

  constructor(address) {
    this.#address = address;
  }

  // `server` is the driver's address; the session is a browser of its own, with a profile that ends with it.
  static async begin(server, capabilities) {
    const { sessionId } = await send('POST', `${server}/session`, { capabilities: { alwaysMatch: capabilities } });
    return new Session(`${server}/session/${sessionId}`);
  }

  end() {
    return send('DELETE', this.#address);
  }

  get(path) {
    return send('GET', this.#address + path);
  }

  post(path, parameters = {}) {
    return send('POST', this.#address + path, parameters);
  }

  delete(path) {
    return send('DELETE', this.#address + path);
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

  click(element) {
    return this.post(`/element/${element[ELEMENT]}/click`);
  }

  // Presses and releases a key where the focus is. `value` is the protocol's own sign for it.
  press(value) {
    const actions = [{ type: 'keyDown', value }, { type: 'keyUp', value }];
    return this.post('/actions', { actions: [{ type: 'key', id: 'keyboard', actions }] });
  }
}

async function send(method, address, parameters) {
  const answer = await fetch(address, {
    method,
    body: parameters && JSON.stringify(parameters),
    headers: { 'Content-Type': 'application/json' },
  });
  const { value } = await answer.json();
  if (!answer.ok) throw new WebDriverError(value, `${method} ${new URL(address).pathname}`);
  return value;
}
