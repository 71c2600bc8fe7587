// The sandbox portal's page as a portal: whom it hears, what it answers, and what it meets with silence.
// The app speaks raw messages here, so that nothing of the library stands between.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { appIn, portalPage, saidRaw } from './sandbox.js';
import { INIT, SID } from './scene.js';
import { stage } from './stage.js';

const theatre = stage();
const TAB = '?placement=CRM_DEAL_DETAIL_TAB&id=7&open=1';
const DEFAULT = '?placement=DEFAULT&open=1';

const bare = (query, play, more = {}) => portalPage(theatre, { query, action: `${theatre.app}/bare`, ...more }, play);
const say = (command, params, callback) => `${command}:${params ? JSON.stringify(params) : ''}:${callback}:${SID}`;

// ---- who is heard

test('getInitData is answered as often as it is asked, FIRST_RUN only at first', () => bare(TAB, async ({ app }) => {
  const answers = await saidRaw(app, SID, [say('getInitData', null, 'a'), say('getInitData', null, 'b')]);
  const [first, second] = answers.map(([, json]) => JSON.parse(json));
  assert.deepEqual(first, {
    ...INIT, FIRST_RUN: true, PLACEMENT: 'CRM_DEAL_DETAIL_TAB', PLACEMENT_OPTIONS: { ID: '7', URI: '/crm/deal/details/7/' },
  });
  assert.deepEqual(second, { ...first, FIRST_RUN: false });
}));

test('another session is not heard', () => bare(TAB, async ({ app }) => {
  assert.deepEqual(await saidRaw(app, SID, ['getInitData::a:ffffffffffffffffffffffffffffffff', 'nonsense']), []);
}));

for (const [what, action] of [
  ['an app that was redirected to another origin', () => `${theatre.app}/moved`],
  ['an app whose host is written in capitals', () => theatre.app.replace('127.0.0.1', 'LOCALHOST') + '/app'],
]) {
  test(`${what} is not heard, and its init never fires`, () => portalPage(theatre, { query: TAB, action: action() },
    async ({ page, app }) => {
      await app.evaluate(() => {
        window.fired = 0;
        BX24.init(() => { window.fired += 1; });
      });
      const note = page.locator('#messages li').first();
      await note.waitFor({ state: 'attached' });
      assert.match(await note.textContent(), /^getInitData: silence, it came from http:\/\/localhost:\d+ and not from /);
      assert.deepEqual(await page.locator('#messages li').allTextContents(), [await note.textContent()]);
      assert.equal(await app.evaluate(() => window.fired), 0);
    }));
}

test('a command in the form of an object is heard; one that does not exist is not answered', () => bare(TAB, async ({ app }) => {
  const answers = await saidRaw(app, SID, [
    { method: 'Messenger:open', params: '', callback: 'a', appSid: SID },
    { method: 'setInstall', params: { install: true }, callback: 'b', appSid: SID },
  ]);
  assert.deepEqual(answers, [['b', '{"install":true}']]);
}));

test('a command without a callback is done and not answered', () => bare(DEFAULT, async ({ page, app }) => {
  assert.deepEqual(await saidRaw(app, SID, [say('setTitle', { title: 'Quiet' }, '')]), []);
  assert.equal(await page.title(), 'Quiet');
}));

// ---- what depends on the place

test('in a detail tab setTitle is denied and resizeWindow answered with the size of the frame', () => bare(TAB, async ({ page, app }) => {
  const answers = await saidRaw(app, SID, [say('setTitle', { title: 'x' }, 'a'), say('resizeWindow', { width: 300, height: 450 }, 'b')]);
  assert.deepEqual(answers, [['b', '{"width":300,"height":450}']]);
  assert.deepEqual(await page.evaluate(() => document.querySelector('iframe').getBoundingClientRect().height), 450);
  assert.equal(await page.title(), 'Sandbox portal');
}));

test('on the app page setTitle is answered', () => bare(DEFAULT, async ({ page, app }) => {
  assert.deepEqual(await saidRaw(app, SID, [say('setTitle', { title: 'a:b' }, 'a')]), [['a', '{"title":"a:b"}']]);
  assert.equal(await page.locator('#title').textContent(), 'a:b');
}));

test('in a slider resizeWindow is denied', () => bare(`${DEFAULT}&popup=1`, async ({ app }) => {
  assert.deepEqual(await saidRaw(app, SID, [say('resizeWindow', { width: 300, height: 450 }, 'a')]), []);
}));

test('getInterface lists what the placement adds', () => bare(TAB, async ({ app }) => {
  const answers = await saidRaw(app, SID, [say('getInterface', null, 'a')]);
  assert.deepEqual(answers, [['a', '{"command":["reloadData"],"event":["onCrmEntityUpdate"]}']]);
}));

test('reloadData refreshes the records and is answered with nothing', () => bare(TAB, async ({ app, sandbox }) => {
  const answer = app.evaluate((sid) => new Promise((done) => {
    window.addEventListener('message', (event) => done(event.data));
    window.parent.postMessage(`reloadData::a:${sid}`, '*');
  }), SID);
  assert.equal(await answer, 'a:');
  assert.equal(sandbox.asked.filter(({ path }) => path === 'desk').length, 2);
}));

test('an event reaches its listener every time; unknown events and the app page are silent', async () => {
  await bare(TAB, async ({ page, app }) => {
    const bound = [say('placementBindEvent', { event: 'onCrmEntityUpdate' }, 'a'), say('placementBindEvent', { event: 'other' }, 'b')];
    assert.deepEqual(await saidRaw(app, SID, bound), []);
    await app.evaluate(() => {
      window.got = [];
      window.addEventListener('message', (event) => window.got.push(event.data));
    });
    await page.locator('#fire-update').click();
    await page.locator('#fire-update').click();
    await app.waitForFunction(() => window.got.length === 2);
    assert.deepEqual(await app.evaluate(() => window.got), ['a:{"id":"7"}', 'a:{"id":"7"}']);
  });
  await bare(DEFAULT, async ({ app }) => {
    assert.deepEqual(await saidRaw(app, SID, [say('placementBindEvent', { event: 'onCrmEntityUpdate' }, 'a')]), []);
  });
});

// ---- options and token

test('an app option is for administrators; others meet silence', async () => {
  const asked = [say('setAppOption', { name: 'n', value: 'v' }, 'a'), say('setUserOption', { name: 'n', value: 'v' }, 'b')];
  await bare(TAB, async ({ app }) => {
    assert.deepEqual((await saidRaw(app, SID, asked)).map(([id]) => id), ['b']);
  }, { init: { IS_ADMIN: false } });
  await bare(TAB, async ({ app }) => {
    const answer = await app.evaluate((message) => new Promise((done) => {
      window.addEventListener('message', ({ data }) => { if (String(data).startsWith('a:')) done(data); });
      window.parent.postMessage(message, '*');
    }), asked[0]);
    assert.equal(answer, 'a:{"n":"v"}');
  });
});

test('refreshAuth asks the portal for this session and hands the token on', () => portalPage(theatre, { query: TAB },
  async ({ app, sandbox }) => {
    const auth = await app.evaluate(() => new Promise((done) => { BX24.init(() => BX24.refreshAuth(done)); }));
    assert.equal(auth.access_token, 'fresh');
    assert.deepEqual(sandbox.asked.at(-1), { path: 'refresh', wanted: { sid: SID } });
  }));

test('an empty new token raises an alert and is not answered', () => bare(TAB, async ({ page, app, sandbox }) => {
  sandbox.refreshed = { AUTH_ID: '', AUTH_EXPIRES: '', REFRESH_ID: '' };
  const alerted = page.waitForEvent('dialog').then(async (dialog) => {
    const text = dialog.message();
    await dialog.dismiss();
    return text;
  });
  await app.evaluate((message) => window.parent.postMessage(message, '*'), say('refreshAuth', {}, 'a'));
  assert.equal(await alerted, 'Unable to get new token! Reload page, please!');
  assert.deepEqual(await saidRaw(app, SID, []), []);
}));

test('a refresh that fails is not answered', () => bare(TAB, async ({ page, app, sandbox }) => {
  sandbox.refreshed = null;
  const failed = page.waitForResponse(/sandbox\/refresh/);
  await app.evaluate((message) => window.parent.postMessage(message, '*'), say('refreshAuth', {}, 'a'));
  assert.equal((await failed).status(), 500);
  assert.deepEqual(await saidRaw(app, SID, []), []);
}));

// ---- the window

test('setInstallFinish reloads the portal page with its mark', () => bare(TAB, async ({ page, app }) => {
  await app.evaluate((message) => window.parent.postMessage(message, '*'), say('setInstallFinish', {}, 'a'));
  await page.waitForURL(/install_finished=Y/);
  assert.match(page.url(), /placement=CRM_DEAL_DETAIL_TAB/);
}));

test('only an administrator ends the installation, and the page is loaded again all the same', async () => {
  for (const [isAdmin, told] of [[true, 1], [false, 0]]) {
    await bare(TAB, async ({ page, app, sandbox }) => {
      await app.evaluate((message) => window.parent.postMessage(message, '*'), say('setInstallFinish', {}, 'a'));
      await page.waitForURL(/install_finished=Y/);
      assert.equal(sandbox.asked.filter(({ path }) => path === 'installed').length, told);
    }, { init: { IS_ADMIN: isAdmin } });
  }
});

test('reloadWindow reloads the portal page and opens the app again', () => bare(TAB, async ({ page, app, sandbox }) => {
  const reopened = page.waitForResponse(/sandbox\/open/);
  await app.evaluate((message) => window.parent.postMessage(message, '*'), say('reloadWindow', {}, ''));
  await reopened;
  assert.equal(sandbox.openings, 2);
}));

test('openPath refuses foreign paths at once and tells when a known one was closed', () => bare(TAB, async ({ page, app }) => {
  const refused = await saidRaw(app, SID, [say('openPath', { path: '/bizproc/' }, 'a')]);
  assert.deepEqual(refused, [['a', '{"result":"error","errorCode":"PATH_NOT_AVAILABLE"}']]);
  const closed = app.evaluate((message) => new Promise((done) => {
    window.addEventListener('message', (event) => done(event.data));
    window.parent.postMessage(message, '*');
  }), say('openPath', { path: '/crm/deal/details/7/' }, 'b'));
  const slider = page.getByRole('dialog', { name: 'The portal would show /crm/deal/details/7/' });
  await slider.getByRole('button', { name: 'Close' }).click();
  assert.equal(await closed, 'b:{"result":"close"}');
}));

test('openApplication opens the app page in a slider and answers when it is closed', () => bare(TAB, async ({ page, app, sandbox }) => {
  const closed = app.evaluate((message) => new Promise((done) => {
    window.addEventListener('message', (event) => done(event.data));
    window.parent.postMessage(message, '*');
  }), say('openApplication', { paymentId: 501, bx24_width: 500 }, 'a'));
  await appIn(page, '1'.padStart(32, '0'));
  const { wanted } = sandbox.asked.at(-1);
  assert.equal(wanted.placement, 'DEFAULT');
  assert.deepEqual(wanted.options, { paymentId: 501 });
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  assert.equal(await closed, 'a:');
}));

test('closeApplication closes the slider of the app, and does nothing outside one', async () => {
  await bare(`${DEFAULT}&popup=1`, async ({ page, app }) => {
    await app.evaluate((message) => window.parent.postMessage(message, '*'), say('closeApplication', {}, ''));
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });
  await bare(DEFAULT, async ({ page, app }) => {
    assert.deepEqual(await saidRaw(app, SID, [say('closeApplication', {}, 'a')]), []);
    assert.equal(await page.locator('iframe').count(), 1);
  });
});

test('closeApplication with a callback throws inside the portal and leaves it inert', () => bare(`${DEFAULT}&popup=1`,
  async ({ page, app, errors }) => {
    const answers = await saidRaw(app, SID, [say('closeApplication', {}, 'a')]);
    assert.deepEqual(answers, []);
    assert.match(errors.join(), /circular/i);
    assert.equal(await page.locator('dialog[open]').evaluate((dialog) => dialog.inert), true);
  }));
