// The five ways to reach one portal, inside the frame of an app: each makes the same call and says what came of it.

export const PAY = 'sale.paysystem.pay.payment';
export const WAYS = ['bx24', 'http', 'webhook', 'oauth', 'sdk'];
const SDK = new URL('../node_modules/@bitrix24/b24jssdk/dist/umd/index.min.js', import.meta.url).pathname;

// The SDK comes in as a script, which the page's own rules would not let in.
export const CONTEXT = { bypassCSP: true };

// Runs in the page.
const made = async ({ way, portal, name, args, options }) => {
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
  return b24pay[name](...args, { ...options, portal: await makers[way]() }).then(
    ({ status, recovered, sent, cause, payment, items }) => ({
      status, recovered, sent, cause: known(cause), sum: payment?.sum, paidBy: payment?.paidBy, items: items?.map((item) => item.status),
    }),
    (error) => ({ rejected: known(error) }),
  );
};

// One way with a portal and a user of its own.
export class Way {
  #sandbox;
  #page;

  constructor(name, sandbox) {
    this.name = name;
    this.#sandbox = sandbox;
  }

  // What it makes of a case, together with the truth: whether the payment is paid, and how many pay calls were received.
  async outcome(row) {
    const app = await this.#opened();
    if (this.name === 'sdk') await app.addScriptTag({ path: SDK });
    for (const fault of row.faults ?? []) await this.#sandbox.fault(fault);
    const [name, ...args] = row.call;
    const said = await app.evaluate(made, { way: this.name, portal: this.#sandbox.portal, name, args, options: row.options });
    const truth = await this.#sandbox.payments(row.payment ?? args[0]?.paymentId ?? args[0]);
    const log = await this.#sandbox.log();
    // What is not there is not compared.
    return JSON.parse(JSON.stringify({ ...said, wire: log.filter(({ method }) => method === PAY).length, paid: truth.paid }));
  }

  async #opened() {
    this.#page ??= await this.#sandbox.browser.newContext(CONTEXT).then((user) => user.newPage());
    const { app } = await this.#sandbox.openAnew(this.#page);
    // The journal is all that outlives a page.
    await app.evaluate(() => localStorage.clear());
    return app;
  }
}
