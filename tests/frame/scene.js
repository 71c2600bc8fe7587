// One test: a portal page, an app in its frame, and the REST side, all fresh; and the few moves that tests share.
// What a portal would say at first is INIT; a test replaces what it cares about.

import { ScriptedRest } from './rest.js';
import { bounded } from './stage.js';

export const SID = '0123456789abcdef0123456789abcdef';
export const TOKEN = 'to/ken+1';

export const INIT = {
  LANG: 'de', DOMAIN: 'ignored.example', PROTOCOL: 0, PATH: '/rest', AUTH_ID: TOKEN, AUTH_EXPIRES: '3600',
  REFRESH_ID: 'again', MEMBER_ID: 'member', FIRST_RUN: false, IS_ADMIN: true, INSTALL: false,
  USER_OPTIONS: [], APP_OPTIONS: { color: 'red' }, PLACEMENT: 'CRM_DEAL_DETAIL_TAB', PLACEMENT_OPTIONS: { ID: '7' },
};

// One test on a fresh page: `play` gets the portal page, the app's frame and the scripted REST side.
// `name` is the frame's name, `path` the page of the app, `replies` what the portal page answers, `clock` a start time for
// a clock that only the test moves.
export async function scene(theatre, { path = '/app', name, replies = {}, clock } = {}, play) {
  const rest = new ScriptedRest();
  theatre.rest = rest;
  // A page of its own costs more than all the rest of a test, so only those with a clock get one.
  const page = clock === undefined ? theatre.page ??= await theatre.browser.newPage() : await theatre.browser.newPage();
  page.setDefaultTimeout(10_000);
  try {
    if (clock !== undefined) {
      await page.clock.install({ time: clock });
      await page.clock.pauseAt(clock + 1000);
    }
    await page.goto(`${theatre.portal}/parent`);
    const element = await page.evaluateHandle(({ frameName, address, table }) => {
      window.replies = table;
      const frame = document.createElement('iframe');
      frame.name = frameName;
      frame.src = address;
      document.body.append(frame);
      return new Promise((resolve) => { frame.onload = () => resolve(frame); });
    }, {
      frameName: name ?? `${theatre.host}|0|${SID}`,
      address: theatre.app + path,
      table: { getInitData: INIT, ...replies },
    });
    const app = await element.asElement().contentFrame();
    await bounded(play({ page, app, rest }));
    rest.settle();
  } finally {
    if (page !== theatre.page) await page.close();
  }
}

// A scene whose app has passed `init`, and which keeps what its callbacks were given.
export function initialised(theatre, options, play) {
  return scene(theatre, options, async (parts) => {
    const ready = parts.app.evaluate(() => {
      window.results = [];
      window.keep = (result) => window.results.push(result);
      return new Promise((resolve) => { BX24.init(() => resolve()); });
    });
    if (options.clock !== undefined) {
      await parts.app.waitForFunction(() => BX24.getLang() !== '');
      await parts.page.clock.runFor(20);
    }
    await ready;
    await play(parts);
  });
}

// Messages keep their order: when one has gone to the portal page and another has come back, everything said before has been
// heard or never will be. The handlers of `init` get their 10 ms on top.
export async function settled(app, page) {
  await app.evaluate(() => window.parent.postMessage('there', '*'));
  await page.waitForFunction(() => window.heard.includes('there'));
  const back = app.evaluate(() => new Promise((done) => {
    window.addEventListener('message', (event) => { if (event.data === 'back:') setTimeout(done, 11); });
    window.parent.postMessage('listening', '*');
  }));
  await page.waitForFunction(() => window.heard.includes('listening'));
  await page.evaluate(() => document.querySelector('iframe').contentWindow.postMessage('back:', '*'));
  await back;
}

// The portal page leaves the first message unanswered.
export const SILENT = { replies: { getInitData: undefined } };

// Answers the first message by hand, after the app had its say.
export const answerInit = (page, init) => page.evaluate((reply) => {
  const callback = window.heard[0].split(':').at(-2);
  document.querySelector('iframe').contentWindow.postMessage(`${callback}:${JSON.stringify(reply)}`, '*');
}, init);

// What the portal page heard after the first message, once there are so many.
export const messagesAfterFirst = (page, count) => page.waitForFunction((wanted) => window.heard.length > wanted, count)
  .then(() => page.evaluate(() => window.heard.slice(1)));
