// The sandbox portal as a program of its own: started on free ports, steered and asked for the truth. It opens no browser.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { PORTAL, TARGET } from '../places.js';
import { until } from '../until.js';

const OPENED = { placement: 'CRM_DEAL_DETAIL_TAB', id: '7', lang: 'en', open: '1' };

export class ServedPortal {
  // `http://localhost:N` and `http://127.0.0.1:M`, once it is started.
  portal;
  app;
  #program;

  // `options` are waiting times, the folder of another app or the port of a server that has one, and whether
  // the uploaded app is served too.
  async start(options = {}) {
    this.#program = await startPortal(options);
    this.portal = this.#program.addresses.portal;
    this.app = this.#program.addresses.app;
  }

  async stop() {
    await this.#program?.stop();
  }

  // The portal page with the app in its frame. `choices` are the members of the address.
  address(choices = {}) {
    return `${this.portal}/?${new URLSearchParams({ ...OPENED, ...choices })}`;
  }

  // The truth about one payment, or about all.
  payments(id) {
    return this.steer(id === undefined ? '/sandbox/payments' : `/sandbox/payments/${id}`);
  }

  // Every REST call received, in order.
  log() {
    return this.steer('/sandbox/log');
  }

  // The calls of a method that were received, in order.
  async received(method) {
    return (await this.log()).filter((call) => call.method === method);
  }

  // Waits until so many calls of a method have been received.
  arrived(method, count = 1) {
    return until(async () => (await this.received(method)).length >= count, `${count} calls of ${method}`);
  }

  // Arms a fault: `{method, nth, times, fault, ms}`.
  fault(fault) {
    return this.steer('/sandbox/faults', fault);
  }

  // The tokens of a freshly opened app, and of the operator who opened it; 7 works with orders.
  async tokens(operator = 7) {
    const { placement, id, lang } = OPENED;
    const { init } = await this.steer('/sandbox/open', { placement, options: { ID: id }, lang, operator });
    return { access: init.AUTH_ID, refresh: init.REFRESH_ID };
  }

  // Fresh state: that of the demo, unless another one is wanted.
  reset(wanted = {}) {
    return this.steer('/sandbox/reset', { scenario: 'demo', ...wanted });
  }

  // What the portal answers at one of its steering addresses.
  async steer(path, posted) {
    const request = posted && {
      method: 'POST', body: JSON.stringify(posted), headers: { 'Content-Type': 'application/json' },
    };
    const answer = await fetch(this.portal + path, request);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${text}`);
    return text && JSON.parse(text);
  }
}

// Starts the program on free ports and waits for the two addresses that it prints. It ends with this process, since it
// ends when its input does.
async function startPortal({ settleMs, deadlineMs, latencyMs, app = `${TARGET}/app`, appServedAt, upload = false }) {
  const options = Object.entries({ settle: settleMs, deadline: deadlineMs, latency: latencyMs })
    .filter(([, ms]) => ms !== undefined)
    .flatMap(([name, ms]) => [`--${name}-ms`, String(ms)]);
  // The documentation that the build made.
  const docs = ['--docs', `${TARGET}/docs`];
  const served = appServedAt === undefined ? ['--app', app] : ['--app-served-at', String(appServedAt)];
  if (upload) served.push('--static', `${TARGET}/b24pay-app.zip`);
  const program = spawn(
    PORTAL,
    ['--port', '0', '--app-port', '0', ...served, ...docs, ...options, '--until-stdin-closes'],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const ended = new Promise((resolve, reject) => {
    program.once('exit', resolve);
    program.once('error', reject);
  });
  const addresses = {};
  const printed = (async () => {
    for await (const line of createInterface({ input: program.stdout })) {
      const [, name, address] = line.match(/^(portal|app): (http:\S+)$/) ?? [];
      if (name) addresses[name] = address;
      if (addresses.portal && addresses.app) return;
    }
    throw new Error(`${PORTAL} ended without its addresses; cargo xtask build and cargo build --bins make what it needs`);
  })();
  await Promise.race([printed, ended.then(() => printed)]);
  program.stdout.resume();
  return {
    addresses,
    stop() {
      program.stdin.end();
      return ended;
    },
  };
}
