// From the frame's name to `init`: what the library needs, what it replaces, how a first run goes, and when it stays silent.
// Silence is asserted after messages have gone both ways, not after a pause.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ok } from './rest.js';
import { INIT, SID, SILENT, answerInit, initialised, messagesAfterFirst, scene, settled } from './scene.js';
import { stage } from './stage.js';

const theatre = stage();

const initFires = (app) => app.evaluate(() => new Promise((done) => { BX24.init(() => done(true)); }));

// ---- outside a portal

for (const [what, name] of [
  ['no name', ''],
  ['a name without a session', 'portal.example|0'],
  ['a name without a host', `|0|${SID}`],
]) {
  test(`a frame with ${what}: BX24 is null and the script throws`, () => scene(theatre, { name }, async ({ app }) => {
    assert.equal(await app.evaluate(() => window.BX24), null);
    assert.deepEqual(await app.evaluate(() => window.failures.map(({ thrown }) => thrown)),
      ['Error: Unable to initialize Bitrix24 JS library!']);
  }));
}

test('ports 80 and 443 are dropped from the host, others stay', () => scene(theatre, { name: `portal.example:443|1|${SID}` },
  async ({ app }) => {
    assert.equal(await app.evaluate(() => BX24.getDomain()), 'portal.example');
  }));

// ---- the first message and init

test('the first message is getInitData without parameters, sent at once', () => scene(theatre, {}, async ({ page }) => {
  const [first] = await page.evaluate(() => window.heard);
  assert.match(first, new RegExp(`^getInitData::[0-9a-z]{32}:${SID}$`));
}));

test('init runs its handlers without this and arguments, each in a timer of its own', () => scene(theatre, {}, async ({ app }) => {
  const seen = await app.evaluate(() => new Promise((done) => {
    BX24.init(() => { throw new Error('mine'); });
    BX24.init(function () {
      'use strict';
      done({ self: typeof this, values: arguments.length });
    });
  }));
  assert.deepEqual(seen, { self: 'undefined', values: 0 });
}));

test('before init the app knows its host and nothing else', () => scene(theatre, SILENT,
  async ({ app }) => {
    const known = await app.evaluate(() => [BX24.getDomain(), BX24.getLang(), BX24.getAuth(), BX24.isAdmin()]);
    assert.deepEqual(known, [theatre.host, '', false, false]);
  }));

test('after init the app knows what the portal said', () => initialised(theatre, {}, async ({ app }) => {
  const known = await app.evaluate(() => ({
    lang: BX24.getLang(), admin: BX24.isAdmin(), domain: BX24.getDomain(), placement: BX24.placement.info(),
    color: BX24.appOption.get('color'),
  }));
  assert.deepEqual(known, {
    lang: 'de', admin: true, domain: theatre.host, color: 'red',
    placement: { placement: INIT.PLACEMENT, options: INIT.PLACEMENT_OPTIONS },
  });
}));

test('functions are replaced after init, so that kept ones do nothing', () => initialised(theatre, {}, async ({ app }) => {
  const replaced = await app.evaluate(() => Object.keys(BX24).filter((name) => BX24[name] !== window.first[name]).sort());
  assert.deepEqual(replaced, ['appOption', 'init', 'installFinish', 'isReady', 'ready', 'userOption']);
  await app.evaluate(() => {
    window.fired = 0;
    window.first.init(() => { window.fired += 1; });
  });
  assert.equal(await initFires(app), true);
  assert.equal(await app.evaluate(() => window.fired), 0);
}));

test('ready waits for the document only', () => scene(theatre, SILENT,
  async ({ app }) => {
    await app.evaluate(() => new Promise((done) => { BX24.ready(done); }));
    assert.equal(await app.evaluate(() => BX24.isReady), true);
  }));

test('calls made before init are sent after it', () => scene(theatre, SILENT, async ({ page, app, rest }) => {
  rest.script(ok('late'));
  await app.evaluate(() => {
    window.answer = new Promise((done) => { BX24.callMethod('early', {}, (result) => done(result.data())); });
  });
  await settled(app, page);
  assert.equal(rest.calls.length, 0);
  await answerInit(page, INIT);
  assert.equal(await app.evaluate(() => window.answer), 'late');
}));

// ---- silence

test('a portal that never answers: init never fires and calls are lost', () => scene(theatre, SILENT,
  async ({ page, app, rest }) => {
    await app.evaluate(() => {
      window.fired = 0;
      BX24.init(() => { window.fired += 1; });
      BX24.callMethod('some.method', {}, () => { window.fired += 1; });
    });
    await settled(app, page);
    assert.equal(await app.evaluate(() => window.fired), 0);
    assert.equal(rest.calls.length, 0);
  }));

test('a portal under another host name than the frame says hears nothing', () => scene(theatre, {
  name: `${theatre.host.replace('localhost', '127.0.0.1')}|0|${SID}`,
}, async ({ page, app }) => {
  await app.evaluate(() => {
    window.fired = 0;
    BX24.init(() => { window.fired += 1; });
  });
  await settled(app, page);
  assert.deepEqual(await page.evaluate(() => window.heard), ['there', 'listening']);
  assert.equal(await app.evaluate(() => window.fired), 0);
}));

test('an answer from another origin is not heard', () => scene(theatre, SILENT,
  async ({ page, app }) => {
    const [first] = await page.evaluate(() => window.heard);
    await app.evaluate(({ callback, init }) => {
      window.fired = 0;
      BX24.init(() => { window.fired += 1; });
      window.postMessage(`${callback}:${JSON.stringify(init)}`, '*');
    }, { callback: first.split(':').at(-2), init: INIT });
    await settled(app, page);
    assert.equal(await app.evaluate(() => window.fired), 0);
    assert.equal(await app.evaluate(() => BX24.getLang()), '');
  }));

test('an object from the portal is a TypeError in the app and stops nothing', () => initialised(theatre, {}, async ({ page, app }) => {
  await page.evaluate(() => document.querySelector('iframe').contentWindow.postMessage({ any: 'thing' }, '*'));
  await app.waitForFunction(() => window.failures.length === 1);
  assert.match(await app.evaluate(() => window.failures[0].thrown), /^TypeError/);
  assert.equal(await initFires(app), true);
}));

// ---- installation

test('on the first run init waits until every install handler called installFinish', () => scene(theatre, SILENT,
  async ({ page, app }) => {
    await app.evaluate(() => {
      window.order = [];
      BX24.install(() => {
        window.order.push('first');
        BX24.installFinish();
      });
      BX24.install(() => { window.order.push('second'); });
      BX24.init(() => { window.order.push('init'); });
    });
    await answerInit(page, { ...INIT, FIRST_RUN: true });
    await app.waitForFunction(() => window.order.length === 2);
    await settled(app, page);
    assert.deepEqual(await app.evaluate(() => window.order), ['first', 'second']);
    await app.evaluate(() => BX24.installFinish());
    await app.waitForFunction(() => window.order.length === 3);
    assert.equal((await messagesAfterFirst(page, 3)).at(-1), `setInstall:{"install":true}::${SID}`);
  }));

test('an install handler that throws raises an alert, and init never fires', () => scene(theatre, SILENT,
  async ({ page, app }) => {
    const alerted = page.waitForEvent('dialog');
    await app.evaluate(() => {
      window.fired = 0;
      BX24.install(() => { throw new Error('mine'); });
      BX24.init(() => { window.fired += 1; });
    });
    await answerInit(page, { ...INIT, FIRST_RUN: true });
    const dialog = await alerted;
    assert.equal(dialog.message(), 'Installation failed!');
    await dialog.dismiss();
    await settled(app, page);
    assert.equal(await app.evaluate(() => window.fired), 0);
  }));

test('a later run does not call install handlers', () => scene(theatre, SILENT, async ({ page, app }) => {
  await app.evaluate(() => {
    window.order = [];
    BX24.install(() => { window.order.push('install'); });
    BX24.init(() => { window.order.push('init'); });
  });
  await answerInit(page, { ...INIT, FIRST_RUN: false });
  await app.waitForFunction(() => window.order.length === 1);
  assert.deepEqual(await app.evaluate(() => window.order), ['init']);
}));

test('installFinish before the portal answered is sent at once', () => scene(theatre, SILENT, async ({ page, app }) => {
  await app.evaluate(() => BX24.installFinish());
  assert.deepEqual(await messagesAfterFirst(page, 1), [`setInstallFinish:{}::${SID}`]);
}));

for (const [install, sent] of [[true, [`setInstallFinish:{}::${SID}`, `marker:::${SID}`]], [false, [`marker:::${SID}`]]]) {
  test(`installFinish after init, INSTALL ${install}: ${install ? 'sent' : 'nothing'}`, () => initialised(theatre, {
    replies: { getInitData: { ...INIT, INSTALL: install } },
  }, async ({ page, app }) => {
    await app.evaluate(() => {
      BX24.installFinish();
      BX24.placement.call('marker');
    });
    assert.deepEqual(await messagesAfterFirst(page, sent.length), sent);
  }));
}
