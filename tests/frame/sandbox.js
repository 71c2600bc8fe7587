// The sandbox's own calls, played for the portal page, and the page opened with them.
// It knows one deal, one operator and one app; what was asked is kept.

import { INIT, SID } from './scene.js';
import { bounded } from './stage.js';

const DESK = {
  deals: [{
    id: 7, title: 'Deal <b>7</b>', payments: [{
      id: 501, accountNumber: '917/1', paid: 'N', paySystemId: 11, paySystemName: 'Card', sum: 1000, currency: 'EUR', datePaid: null,
      isReturn: 'N', payCalls: 0,
    }],
  }],
  invoices: [{ id: 31, title: 'Invoice 31', payments: [] }],
  orders: [{ id: 77, title: 'Order 77', canceled: true, payments: [] }],
  operators: [{ id: 7, name: 'Vera' }, { id: 1, name: 'Alma' }],
  plans: ['standard', 'enterprise'],
  plan: 'standard',
};

class PlayedSandbox {
  asked = [];
  openings = 0;
  refreshed = { AUTH_ID: 'fresh', AUTH_EXPIRES: '3600', REFRESH_ID: 'next' };

  constructor(theatre, action, init) {
    Object.assign(this, { theatre, action, init });
  }

  // Each opening has a session of its own; the first is SID.
  opened(wanted) {
    const sid = this.openings === 0 ? SID : String(this.openings).padStart(32, '0');
    this.openings += 1;
    return {
      sid,
      action: this.action ?? `${this.theatre.app}/app?DOMAIN=d&PROTOCOL=0&LANG=en&APP_SID=${sid}`,
      frameName: `${this.theatre.host}|0|${sid}`,
      method: wanted.static ? 'GET' : 'POST',
      fields: wanted.static ? {} : { AUTH_ID: 'posted', PLACEMENT: wanted.placement },
      init: { ...INIT, FIRST_RUN: true, PLACEMENT: wanted.placement, PLACEMENT_OPTIONS: wanted.options, ...this.init },
    };
  }

  serve(request, response) {
    const path = request.url.match(/^\/sandbox\/(\w+)$/)?.[1];
    if (!path) return false;
    this.answer(path, request, response);
    return true;
  }

  async answer(path, request, response) {
    const parts = [];
    for await (const part of request) parts.push(part);
    const wanted = parts.length ? JSON.parse(Buffer.concat(parts)) : undefined;
    this.asked.push({ path, wanted });
    const answers = {
      desk: () => DESK,
      open: () => this.opened(wanted),
      refresh: () => this.refreshed,
      log: () => [{ n: 1, method: 'scope', params: {}, status: 200, committed: false, fault: null }],
      faults: () => ({}),
      reset: () => ({}),
      option: () => ({ [wanted.name]: wanted.value }),
      installed: () => true,
    };
    const body = answers[path]();
    response.writeHead(body === null ? 500 : 200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
  }
}

// Opens the portal page with this query and, with `open=1`, waits for its first frame.
export async function portalPage(theatre, { query = '', action, init, viewport = { width: 1280, height: 720 } }, play) {
  const sandbox = new PlayedSandbox(theatre, action, init);
  const page = theatre.page ??= await theatre.browser.newPage();
  page.setDefaultTimeout(10_000);
  await page.setViewportSize(viewport);
  const errors = [];
  const note = (error) => errors.push(error.message);
  page.on('pageerror', note);
  theatre.sandbox = sandbox;
  try {
    await page.goto(`${theatre.portal}/${query}`);
    await page.locator('body[data-state=ready]').waitFor();
    const app = query.includes('open=1') ? await appIn(page, SID) : null;
    await bounded(play({ page, app, sandbox, errors }));
  } finally {
    page.off('pageerror', note);
    await page.goto('about:blank');
    theatre.sandbox = null;
  }
}

// The app's frame of a session, loaded.
export async function appIn(page, sid) {
  const element = await page.locator(`#appframe_${sid}`).elementHandle();
  const frame = await element.contentFrame();
  await frame.waitForURL(/^http/);
  await frame.waitForLoadState();
  return frame;
}

// Sends texts or objects as they are and gives back every answer until that of a last `setScroll`, which is always
// answered. Messages keep their order, so a command that is missing among the answers was met with silence.
export const saidRaw = (app, sid, messages) => app.evaluate(({ session, all }) => new Promise((done) => {
  const heard = [];
  window.addEventListener('message', (event) => {
    if (typeof event.data !== 'string') return;
    const colon = event.data.indexOf(':');
    const answer = [event.data.slice(0, colon), event.data.slice(colon + 1)];
    if (answer[0] === 'last') done(heard);
    else heard.push(answer);
  });
  [...all, `setScroll:{"scroll":0}:last:${session}`].forEach((message) => window.parent.postMessage(message, '*'));
}), { session: sid, all: messages });
