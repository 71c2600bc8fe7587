// Debian's WebKitGTK, by its own WebDriver on a virtual screen. A session is a user: it is a browser of its own, and there
// is one at a time. Commands go to one tab at a time, so that work in tabs is started, and its end is asked for.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { openDisplay } from './display.js';
import { freePort } from '../free_port.js';
import { until } from '../until.js';
import { FRAME, IN_APP, READY } from './frame.js';
import { Session } from './webdriver.js';

const DRIVER = process.env.WEBKIT_DRIVER ?? '/usr/bin/WebKitWebDriver';
const KEYS = { Enter: '\uE007', Tab: '\uE004', Escape: '\uE00C', Shift: '\uE008', Space: ' ' };

// A browser is there after two seconds, or, once in some hundred times, never: the driver waits for one that it has lost.
const BEGIN_MS = 20_000;

export async function webkit() {
  const display = await openDisplay();
  const options = { 'webkitgtk:browserOptions': { binary: miniBrowser(), args: ['--automation'] } };
  let driver = await startDriver(display);

  // Nothing of a test has begun yet, so that another driver may try again, once.
  async function begin() {
    try {
      return await Session.begin(driver.address, options, undefined, BEGIN_MS);
    } catch (error) {
      if (error.code !== 'timeout') throw error;
    }
    await driver.stop();
    driver = await startDriver(display);
    return Session.begin(driver.address, options);
  }

  return {
    async user() {
      const session = await begin();
      // A click reaches what is inside the window; the frame of the app is as high as its content.
      await session.post('/window/rect', { x: 0, y: 0, width: 1280, height: 1800 });
      return new User(session);
    },
    async close() {
      await driver.stop();
      await display.close();
    },
  };
}

async function startDriver(display) {
  const port = await freePort();
  // In a group of its own: a browser that its driver has lost ends with it.
  const server = spawn(DRIVER, [`--port=${port}`], {
    env: { ...process.env, DISPLAY: display.name }, stdio: ['ignore', 'ignore', 'ignore'], detached: true,
  });
  const ended = once(server, 'exit');
  const address = `http://127.0.0.1:${port}`;
  await until(() => fetch(`${address}/status`).then(() => true, () => false), 'WebKitWebDriver does not answer');
  return {
    address,
    async stop() {
      if (server.exitCode === null && server.signalCode === null) process.kill(-server.pid);
      await ended;
    },
  };
}

class User {
  #session;
  #tabs = 0;
  #turn = Promise.resolve();

  constructor(session) {
    this.#session = session;
  }

  async open(address) {
    // A session begins with a tab; the others are opened.
    const handle = this.#tabs === 0
      ? await this.#session.get('/window')
      : (await this.#session.post('/window/new', { type: 'tab' })).handle;
    this.#tabs += 1;
    const tab = new Tab(this, handle);
    await this.within(handle, (session) => session.post('/url', { url: address }));
    await until(() => this.within(handle, (session) => session.find(FRAME)), 'the portal opened no frame');
    await until(() => tab.within((session) => session.findIn(IN_APP, READY)), 'the app did not get ready');
    return tab;
  }

  close() {
    return this.#session.end();
  }

  // One command after another, each in the tab that it is meant for.
  within(handle, command) {
    const result = this.#turn.then(async () => {
      await this.#session.post('/window', { handle });
      await this.#session.post('/frame', { id: null });
      return command(this.#session);
    });
    this.#turn = result.catch(() => {});
    return result;
  }
}

class Tab {
  #user;
  #handle;
  #runs = 0;

  constructor(user, handle) {
    this.#user = user;
    this.#handle = handle;
  }

  // In the frame of the app.
  within(command) {
    return this.#user.within(this.#handle, async (session) => {
      await session.post('/frame', { id: await session.find(FRAME) });
      return command(session);
    });
  }

  async run(work, given = null) {
    this.#runs += 1;
    const name = `run${this.#runs}`;
    await this.within((session) => session.script(started(work), name, given));
    const ended = await until(() => this.within((session) => session.script('return window[arguments[0]]', name)), name);
    if (ended.error) throw new Error(ended.error);
    return ended.value;
  }

  click(selector) {
    return this.within(async (session) => session.click(await session.findIn(IN_APP, selector)));
  }

  press(key) {
    return this.within((session) => session.press(key.split('+').map((name) => KEYS[name])));
  }

  screenshot(path) {
    return this.#user.within(this.#handle, async (session) => {
      writeFileSync(path, Buffer.from(await session.get('/screenshot'), 'base64'));
    });
  }

  close() {
    return this.#user.within(this.#handle, (session) => session.delete('/window'));
  }
}

// A script that starts the work and leaves what comes of it under a name.
const started = (work) => `
  const [name, given] = arguments;
  window[name] = null;
  (async () => (${work})(given))().then(
    (value) => { window[name] = { value: value ?? null }; },
    (error) => { window[name] = { error: String(error) }; },
  );`;

// The package's browser for automation; its folder has the machine's and the library's names in it.
function miniBrowser() {
  const found = readdirSync('/usr/lib')
    .filter((folder) => folder.endsWith('-linux-gnu'))
    .flatMap((folder) => readdirSync(`/usr/lib/${folder}`).map((inner) => `/usr/lib/${folder}/${inner}/MiniBrowser`))
    .find((program) => program.includes('/webkit') && existsSync(program));
  if (!found) throw new Error('there is no MiniBrowser under /usr/lib; apt-get install webkit2gtk-driver');
  return found;
}
