// Five hundred payments in a real page, against the portal's limits in real time.

const PAYMENTS = 500;

export async function fiveHundred(sandbox, latencyMs) {
  await sandbox.reset({ scenario: 'many', latencyMs });
  const user = await sandbox.browser.newContext();
  const page = await user.newPage();
  await page.goto(sandbox.address());
  const app = await sandbox.appFrame(page);
  const ids = (await sandbox.payments()).slice(0, PAYMENTS).map(({ id }) => id);
  const { ms, paid } = await app.evaluate(async (ids) => {
    const { payPayments } = await import('./b24pay.js');
    const begun = performance.now();
    const { items } = await payPayments(ids.map((paymentId) => ({ paymentId, paySystemId: 11 })));
    return { ms: performance.now() - begun, paid: items.filter(({ status }) => status === 'paid').length };
  }, ids);
  await user.close();
  return { requests: (await sandbox.log()).length, seconds: ms / 1000, paid };
}
