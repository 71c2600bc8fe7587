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

// What one way makes of a case, together with the truth: whether the payment is paid, and how many pay calls were received.
export async function outcomeBy(way, row, sandbox, t) {
  await sandbox.reset();
  const { app } = await sandbox.open(t, row.page, CONTEXT);
  if (way === 'sdk') await app.addScriptTag({ path: SDK });
  for (const fault of row.faults ?? []) await sandbox.fault(fault);
  const [name, ...args] = row.call;
  const said = await app.evaluate(made, { way, portal: sandbox.portal, name, args, options: row.options });
  const truth = await sandbox.payments(row.payment ?? args[0]?.paymentId ?? args[0]);
  const log = await sandbox.log();
  // What is not there is not compared.
  return JSON.parse(JSON.stringify({ ...said, wire: log.filter(({ method }) => method === PAY).length, paid: truth.paid }));
}
