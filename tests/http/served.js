// The sandbox portal for one test file, as Node calls it: by the demo's webhook and by tokens.

import { after, before, beforeEach } from 'node:test';
import { pathToFileURL } from 'node:url';
import { ServedPortal } from '../e2e/served_portal.js';
import { TARGET } from '../places.js';

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

class Served extends ServedPortal {
  // `http://localhost:N`, and the same without its scheme, once the tests run.
  get origin() {
    return this.portal;
  }

  get host() {
    return new URL(this.portal).host;
  }

  // The address of the demo's webhook.
  get hook() {
    return `${this.origin}/rest/${USER}/${SECRET}/`;
  }

  // A portal by it.
  webhook() {
    return b24pay.webhook(this.hook);
  }

  // What a back end does to get a new token: `{access, refresh}`.
  async renewed(refresh) {
    const body = new URLSearchParams({ grant_type: 'refresh_token', client_id: 'app', client_secret: 'secret', refresh_token: refresh });
    const answer = await (await fetch(`${this.origin}/oauth/token/`, { method: 'POST', body })).json();
    if (!answer.access_token) throw new Error(`no token: ${answer.error}`);
    return { access: answer.access_token, refresh: answer.refresh_token };
  }
}
