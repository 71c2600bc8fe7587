// The sandbox portal as a program for one test file, with what Node needs to call it: addresses, tokens, faults, the truth.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { after, before, beforeEach } from 'node:test';
import { pathToFileURL } from 'node:url';
import { PORTAL, TARGET } from '../places.js';

export const PAY = 'sale.paysystem.pay.payment';
export const GET = 'crm.item.payment.get';
// The webhook that every demo has, of the operator who works with orders.
export const USER = 7;
export const SECRET = 'b7p2d6h1c4n9s8ya';

export const b24pay = await import(pathToFileURL(`${TARGET}/npm/b24pay.js`));

// Call once in a test file; every test begins with the state of the demo.
export function served() {
  const portal = new Served();
  before(() => portal.start());
  beforeEach(() => portal.reset());
  after(() => portal.stop());
  return portal;
}

class Served {
  // `http://localhost:N`, and the same without its scheme, once the tests run.
  origin;
  host;
  #program;

  async start() {
    const options = ['--port', '0', '--app-port', '0', '--app', `${TARGET}/app`, '--until-stdin-closes'];
    this.#program = spawn(PORTAL, options, { stdio: ['pipe', 'pipe', 'inherit'] });
    for await (const line of createInterface({ input: this.#program.stdout })) {
      const [, origin] = line.match(/^portal: (http:\S+)$/) ?? [];
      if (!origin) continue;
      this.origin = origin;
      this.host = new URL(origin).host;
      return;
    }
    throw new Error(`${PORTAL} ended without its address; cargo build --bins makes it`);
  }

  async stop() {
    const ended = new Promise((resolve) => { this.#program.once('exit', resolve); });
    this.#program.stdin.end();
    await ended;
  }

  // The address of the demo's webhook.
  get hook() {
    return `${this.origin}/rest/${USER}/${SECRET}/`;
  }

  // A portal by it.
  webhook() {
    return b24pay.webhook(this.hook);
  }

  // The tokens of a freshly opened app, and of the operator who opened it.
  async tokens(operator = USER) {
    const { init } = await this.steer('/sandbox/open', { placement: 'CRM_DEAL_DETAIL_TAB', options: { ID: '7' }, lang: 'en', operator });
    return { access: init.AUTH_ID, refresh: init.REFRESH_ID };
  }

  // What a back end does to get a new token: `{access, refresh}`.
  async renewed(refresh) {
    const body = new URLSearchParams({ grant_type: 'refresh_token', client_id: 'app', client_secret: 'secret', refresh_token: refresh });
    const answer = await (await fetch(`${this.origin}/oauth/token/`, { method: 'POST', body })).json();
    if (!answer.access_token) throw new Error(`no token: ${answer.error}`);
    return { access: answer.access_token, refresh: answer.refresh_token };
  }

  payment(id) {
    return this.steer(`/sandbox/payments/${id}`);
  }

  log() {
    return this.steer('/sandbox/log');
  }

  // How often a method was received.
  async received(method) {
    return (await this.log()).filter((call) => call.method === method).length;
  }

  fault(fault) {
    return this.steer('/sandbox/faults', fault);
  }

  reset(wanted = {}) {
    return this.steer('/sandbox/reset', { scenario: 'demo', ...wanted });
  }

  async steer(path, posted) {
    const request = posted && { method: 'POST', body: JSON.stringify(posted), headers: { 'Content-Type': 'application/json' } };
    const answer = await fetch(this.origin + path, request);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${text}`);
    return text && JSON.parse(text);
  }
}
