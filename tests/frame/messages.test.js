// What travels between app and portal page once `init` is over: the two forms of a message, and what never travels.
// The portal page here answers from a table; the sandbox portal's own page has its tests in layout.test.js.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ok } from './rest.js';
import { SID, TOKEN, initialised } from './scene.js';
import { stage } from './stage.js';

const theatre = stage();

test('no result becomes an empty list', () => initialised(theatre, { replies: { reloadData: null } }, async ({ app }) => {
  const reply = await app.evaluate(() => new Promise((done) => { BX24.placement.call('reloadData', null, done); }));
  assert.deepEqual(reply, []);
}));

test('a reply may come again, and the callback with it', () => initialised(theatre, {}, async ({ page, app }) => {
  await app.evaluate(() => BX24.placement.bindEvent('onCrmEntityUpdate', window.keep));
  await page.waitForFunction(() => window.heard.some((message) => message.startsWith('placementBindEvent:')));
  await page.evaluate(() => {
    const message = window.heard.find((one) => one.startsWith('placementBindEvent:'));
    const frame = document.querySelector('iframe');
    for (const n of [1, 2]) frame.contentWindow.postMessage(`${message.split(':').at(-2)}:${n}`, '*');
  });
  await app.waitForFunction(() => window.results.length === 2);
  assert.deepEqual(await app.evaluate(() => window.results), [1, 2]);
}));

test('parameters may hold colons, and a command that holds one travels as an object', () => initialised(theatre, {}, async ({ page, app }) => {
  await app.evaluate(() => {
    BX24.openPath('/a:b/');
    BX24.placement.call('Messenger:open', { id: 1 }, () => {});
    BX24.placement.call('Messenger:close');
  });
  await page.waitForFunction(() => window.heard.length === 4);
  const [, path, open, close] = await page.evaluate(() => window.heard);
  assert.equal(path, `openPath:{"path":"/a:b/"}::${SID}`);
  assert.match(open.callback, /^[0-9a-z]{32}$/);
  assert.deepEqual({ ...open, callback: '' }, { method: 'Messenger:open', params: { id: 1 }, callback: '', appSid: SID });
  assert.deepEqual(close, { method: 'Messenger:close', params: '', callback: '', appSid: SID });
}));

test('placement.call drops names that BX24 itself has', () => initialised(theatre, {}, async ({ page, app }) => {
  await app.evaluate(() => {
    BX24.placement.call('setTitle', { title: 'x' }, window.keep);
    BX24.placement.call('marker');
  });
  await page.waitForFunction(() => window.heard.length === 2);
  assert.equal(await page.evaluate(() => window.heard[1]), `marker:::${SID}`);
}));

test('resizeWindow takes whole numbers only: a width of 100% is 100 pixels, none is no message', () =>
  initialised(theatre, {}, async ({ page, app }) => {
    await app.evaluate(() => {
      BX24.resizeWindow('100%', 250);
      BX24.resizeWindow(undefined, 250);
      BX24.resizeWindow(300, 0);
      BX24.placement.call('marker');
    });
    await page.waitForFunction(() => window.heard.length === 3);
    assert.deepEqual(await page.evaluate(() => window.heard.slice(1)),
      [`resizeWindow:{"width":100,"height":250}::${SID}`, `marker:::${SID}`]);
  }));

test('fitWindow asks for the height of the document and all the width there is', () => initialised(theatre, {
  replies: { resizeWindow: { width: 300, height: 720 } },
}, async ({ page, app }) => {
  const size = await app.evaluate(() => new Promise((done) => {
    document.body.style.margin = '0';
    document.body.style.height = '720px';
    BX24.fitWindow(done);
  }));
  assert.deepEqual(size, { width: 300, height: 720 });
  assert.match(await page.evaluate(() => window.heard.at(-1)), /^resizeWindow:\{"width":"100%","height":720\}:/);
}));

test('settings of openApplication get their prefix', () => initialised(theatre, {}, async ({ page, app }) => {
  await app.evaluate(() => BX24.openApplication({ paymentId: 501 }, null, { width: 500 }));
  await page.waitForFunction(() => window.heard.length === 2);
  assert.equal(await page.evaluate(() => window.heard[1]), `openApplication:{"paymentId":501,"bx24_width":500}::${SID}`);
}));

test('an option is kept once the portal confirmed it', () => initialised(theatre, {
  replies: { setUserOption: { name: 'color', value: 'blue' } },
}, async ({ app }) => {
  const before = await app.evaluate(() => String(BX24.userOption.get('color')));
  await app.evaluate(() => new Promise((done) => { BX24.userOption.set('color', 'blue', done); }));
  assert.deepEqual([before, await app.evaluate(() => BX24.userOption.get('color'))], ['undefined', 'blue']);
}));

const COMMANDS = [
  ['setTitle', () => BX24.setTitle(5), 'setTitle:{"title":"5"}'],
  ['reloadWindow', () => BX24.reloadWindow(), 'reloadWindow:{}'],
  ['scrollParentWindow', () => BX24.scrollParentWindow('40'), 'setScroll:{"scroll":40}'],
  ['closeApplication', () => BX24.closeApplication(), 'closeApplication:{}'],
  ['selectUser', () => BX24.selectUser('Who?'), 'selectUser:{"title":"Who?","mult":false}'],
  ['selectUsers', () => BX24.selectUsers('Who?'), 'selectUser:{"title":"Who?","mult":true}'],
  ['selectAccess', () => BX24.selectAccess('Who?'), 'selectAccess:{"title":"Who?"}'],
  ['selectCRM', () => BX24.selectCRM({ entityType: ['deal'] }), 'selectCRM:{"entityType":["deal"]}'],
  ['im.callTo', () => BX24.im.callTo(1), 'imCallTo:{"userId":1,"video":true}'],
  ['im.phoneTo', () => BX24.im.phoneTo('112'), 'imPhoneTo:{"phone":"112"}'],
  ['im.openMessenger', () => BX24.im.openMessenger('chat1'), 'imOpenMessenger:{"dialogId":"chat1"}'],
  ['im.openHistory', () => BX24.im.openHistory('chat1'), 'imOpenHistory:{"dialogId":"chat1"}'],
  ['placement.getInterface', () => BX24.placement.getInterface(), 'getInterface:'],
];

test('each function sends its message', (t) => initialised(theatre, {}, async ({ page, app }) => {
  for (const [name, call, message] of COMMANDS) {
    await t.test(name, async () => {
      await page.evaluate(() => { window.heard = []; });
      await app.evaluate(call);
      await page.waitForFunction(() => window.heard.length > 0);
      assert.deepEqual(await page.evaluate(() => window.heard), [`${message}::${SID}`]);
    });
  }
}));

test('callBind and callUnbind are calls of event.bind and event.unbind', () => initialised(theatre, {}, async ({ app, rest }) => {
  rest.script(ok(true), ok(true));
  await app.evaluate(() => new Promise((done) => {
    BX24.callBind('OnAppUpdate', 'https://app.example/', 0, () => BX24.callUnbind('OnAppUpdate', 'https://app.example/', 7, done));
  }).then((result) => result.data()));
  const sent = (type) => `auth=${TOKEN}&event=OnAppUpdate&handler=https%3A%2F%2Fapp.example%2F&auth_type=${type}`;
  assert.deepEqual(rest.calls.map(({ method, body }) => [method, body]), [['event.bind', sent(0)], ['event.unbind', sent(7)]]);
}));

test('the helpers bind, unbind, proxy and load scripts one after another', () => initialised(theatre, {}, async ({ app }) => {
  const seen = await app.evaluate(async () => {
    const heard = [];
    const self = { add(event) { heard.push(event.type); } };
    const handler = BX24.proxy(function (event) { this.add(event); }, self);
    BX24.bind(window, 'ping', handler);
    window.dispatchEvent(new Event('ping'));
    BX24.unbind(window, 'ping', handler);
    window.dispatchEvent(new Event('ping'));
    const script = (text) => URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
    await new Promise((done) => { BX24.loadScript([script('window.loaded = [1]'), script('window.loaded.push(2)')], done); });
    return { heard, loaded: window.loaded };
  });
  assert.deepEqual(seen, { heard: ['ping'], loaded: [1, 2] });
}));
