// The five ways to reach one portal, inside the frame of an app: each makes the same call and says what came of it.

import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { MODULES } from '../places.js';

export const PAY = 'sale.paysystem.pay.payment';
export const WAYS = ['bx24', 'http', 'webhook', 'oauth', 'sdk'];
export const SDK = join(MODULES, '@bitrix24/b24jssdk/dist/umd/index.min.js');

// The SDK comes in as a script, which the page's own rules would not let in.
export const CONTEXT = { bypassCSP: true };

// What a page that stays open needs of a fresh portal.
export const STATE = { keepTokens: true };

// Runs in the page.
const made = async ({ way, portal, name, args, options, times = 1 }) => {
  const b24pay = await import('./b24pay.js');
  const makers = {
    bx24: () => b24pay.frame(),
    http: () => b24pay.frame({ transport: 'http' }),
    webhook: () => b24pay.webhook(portal + '/rest/7/b7p2d6h1c4n9s8ya/'),
    oauth: () => b24pay.oauth({
      domain: portal,
      accessToken: BX24.getAuth().access_token,
      refresh: () => new Promise((resolve) => { BX24.refreshAuth((auth) => resolve(auth.access_token)); }),
    }),
    sdk: async () => b24pay.sdk(await B24Js.initializeB24Frame()),
  };
  await new Promise((resolve) => { BX24.init(resolve); });
  const known = (error) => error && {
    code: error.code, retry: error.retry, portalCode: error.portalCode, portalText: error.portalText, scope: error.scope, method: error.method,
  };
  const chosen = await makers[way]();
  const outcome = () => b24pay[name](...args, { ...options, portal: chosen }).then(
    ({ status, recovered, sent, cause, payment, items }) => ({
      status, recovered, sent, cause: known(cause), sum: payment?.sum, paidBy: payment?.paidBy, items: items?.map((item) => item.status),
    }),
    (error) => ({ rejected: known(error) }),
  );
  return Promise.all(Array.from({ length: times }, outcome));
};

// One way with a portal and a user of its own, whose page stays open from case to case as long as it is as good as new.
export class Way {
  #sandbox;
  #page;
  #app;
  // The requests of the page that have not ended.
  #open = new Set();

  constructor(name, sandbox) {
    this.name = name;
    this.#sandbox = sandbox;
  }

  // What it makes of a case, together with the truth: whether the payment is paid, and how many pay calls were received.
  async outcome(row) {
    if (row.scenario) await this.#sandbox.reset({ scenario: row.scenario, ...STATE });
    const app = await this.#opened();
    for (const fault of row.faults ?? []) await this.#sandbox.fault(fault);
    const [name, ...args] = row.call;
    const given = { way: this.name, portal: this.#sandbox.portal, name, args, options: row.options };
    const said = row.callers ? await this.#byMany(app, given) : (await app.evaluate(made, given))[0];
    const truth = await this.#sandbox.payments(row.payment ?? args[0]?.paymentId ?? args[0]);
    const log = await this.#sandbox.log();
    // What is not there is not compared.
    return JSON.parse(JSON.stringify({ ...said, wire: log.filter(({ method }) => method === PAY).length, paid: truth.paid }));
  }

  // The same call twice in one tick, and once more from another tab while it is under way; each says its status.
  async #byMany(app, given) {
    const tab = await this.#page.context().newPage();
    const { app: other } = await this.#sandbox.openAnew(tab);
    if (this.name === 'sdk') await other.addScriptTag({ path: SDK });
    const twice = app.evaluate(made, { ...given, times: 2 });
    while (!(await this.#sandbox.log()).some(({ method }) => method === PAY)) await tab.waitForTimeout(20);
    const [[first, second], [third]] = await Promise.all([twice, other.evaluate(made, given)]);
    await tab.close();
    return { callers: [first, second, third].map(({ status, rejected }) => status ?? rejected.code), isOne: isDeepStrictEqual(first, second) };
  }

  async #opened() {
    this.#page ??= await this.#watched();
    if (this.#app && await this.#isAsNew()) return this.#app;
    const { app } = await this.#sandbox.openAnew(this.#page);
    if (this.name === 'sdk') await app.addScriptTag({ path: SDK });
    // The journal is all that outlives a page.
    await app.evaluate(() => localStorage.clear());
    return (this.#app = app);
  }

  async #watched() {
    const page = await this.#sandbox.browser.newContext(CONTEXT).then((user) => user.newPage());
    page.on('request', (request) => this.#open.add(request));
    for (const end of ['requestfinished', 'requestfailed']) page.on(end, (request) => this.#open.delete(request));
    return page;
  }

  // Nothing is under way, locked or noted any more.
  async #isAsNew() {
    const left = await this.#app.evaluate(async () => {
      const { held, pending } = await navigator.locks.query();
      return held.length + pending.length + localStorage.length;
    });
    return left + this.#open.size === 0;
  }
}
