// Runs what a bundler made inside the frame of the sandbox portal, in headless Chromium, and says what came of payment 501.

import { launch } from '../e2e/chromium.js';
import { ServedPortal } from '../e2e/served_portal.js';

let opening;

// One browser for all that asks for it.
const browser = () => (opening ??= launch());
export const closeBrowser = async () => (await opening)?.close();

// `folder` is what would be uploaded. Or `port` is that of a development server. `act` is what a person does in the app.
// Gives what the page says in its `output`, what the portal holds about 501, and what went wrong in the page.
export async function payIn({ folder, port, context = {}, act = () => {} }) {
  const portal = new ServedPortal();
  await portal.start({ app: folder, appServedAt: port, settleMs: 3000 });
  const fresh = await (await browser()).newContext(context);
  try {
    await libraryFrom(portal, fresh);
    const page = await fresh.newPage();
    const errors = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => void (message.type() === 'error' && errors.push(message.text())));
    // A development server answers no POST; a portal opens an app by GET where it is a static one.
    await page.goto(portal.address(port ? { mode: 'static' } : {}));
    const app = page.frameLocator('iframe[id^="appframe_"]');
    await act(app);
    const said = await app.locator('output:not(:empty)').first().textContent({ timeout: 20_000 }).catch(() => 'nothing');
    const { paid, payCalls } = await portal.payments(501);
    return { said, paid: paid === 'Y', payCalls, errors };
  } finally {
    await fresh.close();
    await portal.stop();
  }
}

// What a person does in the list of the element.
export async function confirmInList(app) {
  await app.locator('tr[data-id="501"] button').click();
  await app.locator('#confirmation [data-event="confirm"]').click();
}

// Where the app is not served by the sandbox portal, which puts its own address there, the library is asked for at its real one.
const libraryFrom = (portal, context) =>
  context.route('https://api.bitrix24.com/**', async (route) => {
    const answer = await fetch(`${portal.portal}/api/v1/`);
    await route.fulfill({ contentType: 'text/javascript', body: await answer.text() });
  });
