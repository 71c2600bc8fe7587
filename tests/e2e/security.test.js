// What SECURITY.md says that others can and cannot do to the app, each tried by one who wants to.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { TARGET } from '../places.js';
import { harness } from './harness.js';
import { watching } from './holding.js';
import { asked, click, confirmed, opener, press, row, shown } from './page_steps.js';
import { HOOK, served } from './plain_page.js';

const TIMES = { settleMs: 400, deadlineMs: 200 };
const PAY = 'sale.paysystem.pay.payment';
const sandbox = harness({ upload: true });
const open = opener(sandbox);

// A page of another origin, and what it asks for by scripts.
async function attacker(t, html) {
  const server = createServer((request, response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end(html)).listen(0, 'localhost');
  await once(server, 'listening');
  t.after(() => { server.closeAllConnections(); server.close(); });
  const context = await sandbox.browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  const [printed, scripts] = [[], []];
  page.on('console', (message) => printed.push(message.text()));
  page.on('request', (request) => { if (request.resourceType() === 'script') scripts.push(new URL(request.url())); });
  return { page, printed, scripts, origin: `http://localhost:${server.address().port}` };
}

const framed = (page, address) => page.evaluate((address) => new Promise((loaded) => {
  const frame = document.createElement('iframe');
  // `BX24` is told the portal by the name too.
  Object.assign(frame, { src: address, name: `${location.host}|0|sid`, onload: () => loaded() });
  document.body.append(frame);
}), address);

test('a page of another origin gets no frame of the served page', async (t) => {
  const { page, printed, origin } = await attacker(t, '<!doctype html><body>');
  await page.goto(origin);
  await framed(page, `${sandbox.app}/index.html`);
  await page.frames()[1].waitForURL('chrome-error://chromewebdata/');
  assert.ok(printed.some((line) => line.includes(`frame-ancestors ${sandbox.portal}`)), printed.join('\n'));
});

test('a page that has the uploaded page in a frame neither chooses its portal nor pays by it', async (t) => {
  const uploaded = new URL((await open(t, { mode: 'static' })).app.url());
  await sandbox.reset();
  const { page, scripts, origin } = await attacker(t, '<!doctype html><body>');
  await page.goto(origin);
  const { host } = new URL(origin);
  for (const name of ['DOMAIN', 'BX24', 'src', 'portal']) uploaded.searchParams.set(name, host);
  await page.clock.install();
  await framed(page, uploaded.href);
  const [, frame] = page.frames();
  // How long it waits for a portal to answer is not what this is about.
  await page.clock.fastForward(20_000);
  await frame.waitForSelector('#payments[data-screen="failed"]');
  assert.deepEqual([...new Set(scripts.map((script) => script.origin))].sort(), [sandbox.app, sandbox.portal].sort());
  assert.deepEqual(scripts.filter((script) => script.origin === sandbox.portal).map(({ pathname }) => pathname), ['/api/v1/']);
  assert.deepEqual(await sandbox.log(), []);
});

test('messages are heard by BX24 alone, and those of a stranger change nothing', async (t) => {
  const context = await sandbox.browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  await page.addInitScript(() => {
    window.listening = [];
    const listen = EventTarget.prototype.addEventListener;
    EventTarget.prototype.addEventListener = function (type, ...rest) {
      if (type === 'message') window.listening.push(new Error().stack);
      return listen.call(this, type, ...rest);
    };
  });
  const { app, errors } = await sandbox.openAnew(page);
  await app.waitForSelector('#payments[data-screen="list"]');
  const listening = await app.evaluate(() => [...window.listening, ...(window.onmessage ? ['onmessage'] : [])]);
  assert.equal(listening.length, 1);
  assert.ok(listening[0].includes(`${sandbox.portal}/api/v1/`), listening[0]);
  const stranger = await attacker(t, `<!doctype html><script>
    for (const text of ['getInitData:{"DOMAIN":"evil.example","AUTH_ID":"x"}', 'paid', '{"event":"paid","paymentId":501}', 'refreshAuth:{"AUTH_ID":"x"}']) {
      for (let at = 0; at < parent.frames.length; at += 1) parent.frames[at].postMessage(text, '*');
    }
  </script>`);
  await framed(page, stranger.origin);
  assert.equal(await row(app, 501).getAttribute('data-state'), 'unpaid');
  assert.equal(await confirmed(app, 501), 'paid');
  assert.equal((await sandbox.payments(501)).payCalls, 1);
  assert.deepEqual(errors, []);
});

/** Opens the page at a portal whose answers say one thing where it said another. */
async function opensWhereItSays(t, exchanged) {
  const context = await sandbox.browser.newContext();
  t.after(async () => {
    // An answer that is still on its way when the test is over has nobody to go to.
    await context.unrouteAll({ behavior: 'ignoreErrors' });
    await context.close();
  });
  await context.route('**/rest/**', async (route) => {
    const answer = await route.fetch();
    let body = await answer.text();
    for (const [said, says] of Object.entries(exchanged)) body = body.replaceAll(JSON.stringify(said), JSON.stringify(says));
    await route.fulfill({ response: answer, body });
  });
  const opened = await sandbox.openIn(context);
  await opened.app.waitForSelector('#payments[data-screen="list"]');
  return opened;
}

test('signs that turn the direction of writing turn no number and no sentence around', async (t) => {
  const { app } = await opensWhereItSays(t, { Card: 'Card\u202e \u2067\u05d0', '917/1': '9\u202e17/1' });
  await asked(app, 501);
  assert.doesNotMatch(await shown(app), /[\u202a-\u202e]/);
  assert.match(await shown(app), /Payment \u2068917\/1\u2069 by pay system \u2068Card \u2067\u05d0\u2069\u2069 will be marked/);
});

test('text of the portal never becomes markup, wherever it is shown', async (t) => {
  const markup = '<img src=x onerror=hacked=1><b>Card</b>';
  const { app, errors } = await opensWhereItSays(t, { Card: markup });
  const clean = async (what) => {
    assert.ok((await shown(app)).includes(markup), `${what} shows it as text`);
    assert.equal(await app.locator('img, b').count(), 0, what);
  };
  await clean('the list');
  await asked(app, 501);
  await clean('the question');
  await press(app, 'confirm');
  await app.waitForSelector('#confirmation[data-state="paid"]');
  await clean('the answer');
  assert.deepEqual(errors, []);
});

test('a script that is put into the page does not run', async (t) => {
  const { app } = await open(t);
  const refused = await app.evaluate(() => new Promise((resolve) => {
    // The header and the page both say so.
    const violations = new Set();
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
      violations.add(`${effectiveDirective}: ${blockedURI}`);
      if (violations.size === 4) resolve([...violations].sort());
    });
    const inline = document.createElement('script');
    inline.textContent = 'window.ran = "inline"';
    const foreign = document.createElement('script');
    foreign.src = 'https://evil.example/script.js';
    document.body.append(inline, foreign);
    document.body.insertAdjacentHTML('beforeend', '<svg onload="window.ran = \'handler\'"></svg>');
    setTimeout('window.ran = "text"');
  }));
  assert.deepEqual(refused, [
    'script-src-attr: inline', 'script-src-elem: https://evil.example/script.js', 'script-src-elem: inline', 'script-src: eval',
  ]);
  assert.equal(await app.evaluate(() => window.ran), undefined);
});

// The page's own module has no HTTP; the package's lies beside it.
const WHOLE = '/package/b24pay.js';

// Every fault, so that each kind of outcome and error is looked at; with the last one the token is renewed.
const FAULTS = [undefined, 'commitThenDrop', 'http502', 'emptyBody', 'denied', 'missingScope', 'hang', 'expiredToken'];
for (const [transport, file] of [['bx24', '/b24pay.js'], ['http', WHOLE]]) {
  test(`the token of BX24 is in no outcome, message, storage, address or page: ${transport}`, async (t) => {
    const { page, app } = await open(t);
    await page.route(`**${WHOLE}`, (route) => route.fulfill({ path: `${TARGET}/npm/b24pay.js` }));
    const [printed, addresses] = [[], []];
    page.on('console', (message) => printed.push(message.text()));
    page.on('request', (request) => addresses.push(request.url()));
    await page.evaluate(() => {
      window.heard = [];
      addEventListener('message', ({ data }) => window.heard.push(JSON.stringify(data)));
    });
    await app.evaluate(watching);
    const reading = () => app.evaluate(() => BX24.getAuth().access_token);
    await app.evaluate(() => {
      const { getAuth } = BX24;
      window.reads = 0;
      // BX24 reads it by itself for each of its calls.
      BX24.getAuth = () => {
        if (new Error().stack.split('\n')[2].includes('/b24pay.js')) window.reads += 1;
        return getAuth.call(BX24);
      };
    });
    const tokens = new Set([await reading()]);
    // What the page itself says of a refusal, its details for support included, stands there from here on.
    assert.equal(await confirmed(app, 503), 'refused');
    for (const fault of FAULTS) {
      await sandbox.reset({ scenario: 'demo', keepTokens: true });
      await app.waitForFunction(() => navigator.locks.query().then(({ held }) => held.length === 0));
      if (fault) await sandbox.fault({ method: PAY, fault, times: fault === 'expiredToken' ? 1 : 9 });
      const { end, found } = await app.evaluate(async ({ transport, file, options }) => {
        const { call, frame, payPayment } = await import(file);
        const portal = frame?.({ transport });
        const texts = [window.readable(portal)];
        const kept = () => texts.push(JSON.stringify({ ...localStorage, ...sessionStorage }), document.cookie, location.href);
        const tell = (said) => {
          texts.push(window.readable(said));
          return said.status ?? said.code;
        };
        const paying = payPayment({ paymentId: 501, paySystemId: 11 }, { ...options, portal }).then(tell, tell);
        const beside = setInterval(kept, 20);
        const end = await paying;
        clearInterval(beside);
        await call('sale.paysystem.pay', {}, { ...options, portal }).then(tell, tell);
        return { end, found: [...texts, await window.holding()].join('\n') };
      }, { transport, file, options: TIMES });
      assert.notEqual(end, 'AUTH_EXPIRED', `${fault}: the token was none`);
      tokens.add(await reading());
      const everything = [found, ...printed, ...addresses, ...await page.evaluate(() => window.heard)].join('\n');
      assert.ok(found.includes('portalCode: ERROR_PROCESS_REQUEST_RESULT') && addresses.length > 0);
      for (const token of tokens) {
        assert.match(token, /^\w{8,}/);
        assert.ok(!everything.includes(token), `${fault}: ${everything.replaceAll(token, '<TOKEN>').match(/.{0,200}<TOKEN>.{0,50}/s)?.[0]}`);
      }
    }
    assert.equal(tokens.size, 2);
    const reads = await app.evaluate(() => window.reads);
    // Over BX24 once for each refusal, which could quote it: of 503, of the method that there is none of, and of two faults.
    if (transport === 'bx24') assert.equal(reads, 1 + FAULTS.length + 2);
    else assert.ok(reads > 0);
  });
}

/** What leaves the page with an operator: the report that is saved, byte by byte, what is on paper, and the details for support. */
async function carried(page, app) {
  await app.evaluate(watching);
  const saved = page.waitForEvent('download');
  await app.locator('#select-all').check();
  for (const event of ['openBulk', 'confirmAll', 'save']) await click(app, `[data-event="${event}"]`);
  const report = await readFile(await (await saved).path());
  const paper = async () => {
    await page.emulateMedia({ media: 'print' });
    await app.evaluate(() => { dispatchEvent(new Event('beforeprint')); });
    return app.evaluate(() => `${document.title}\n${window.shown(document)}`);
  };
  const papers = [await paper()];
  await page.emulateMedia({ media: 'screen' });
  await click(app, '#bulk [data-event="cancel"]');
  papers.push(await paper());
  await page.emulateMedia({ media: 'screen' });
  await sandbox.fault({ method: 'crm.item.payment.list', fault: 'denied', times: 9 });
  await click(app, '.top [data-event="refresh"]');
  const details = app.locator('#payments [data-diagnostic]');
  await details.locator('summary').click();
  await app.evaluate(() => document.addEventListener('copy', () => {
    const { activeElement } = document.querySelector('b24-payments').shadowRoot;
    window.copied = activeElement.value.slice(activeElement.selectionStart, activeElement.selectionEnd);
  }));
  await details.locator('[data-event="copy"]').click();
  return { report, papers, copied: await app.evaluate(() => window.copied) };
}

function assertCarried({ report, papers, copied }, secrets) {
  assert.match(report.toString(), /"'77\/1","503",.*,"Nothing was paid",.*Заказ №77/);
  assert.match(papers[0], /Nothing was paid/);
  assert.match(papers[1], /77\/1/);
  assert.match(copied, /^page: b24pay\n[^]*code: ACCESS_DENIED\n/);
  assert.ok(secrets.length > 0);
  for (const secret of secrets) {
    assert.match(secret, /^\w{8,}/);
    assert.ok(!report.includes(secret), 'it is in the report');
    papers.forEach((paper) => assert.ok(!paper.includes(secret), 'it is on paper'));
    assert.ok(!copied.includes(secret), 'it is in the details for support');
  }
}

test('the tokens of BX24 are in no report that is saved, on no paper and in no details that are copied', async (t) => {
  const { page, app } = await open(t);
  const { access_token: access, refresh_token: refresh } = await app.evaluate(() => BX24.getAuth());
  assertCarried(await carried(page, app), [access, refresh]);
});

test('the secret of a webhook is in no report that is saved, on no paper and in no details that are copied', async (t) => {
  const mine = await served('<main></main>', sandbox.portal);
  t.after(() => mine.stop());
  const page = await sandbox.browser.newPage();
  t.after(() => page.close());
  await page.goto(mine.address);
  await page.waitForFunction(() => window.open24);
  await page.evaluate(() => window.open24({ deal: '7' }));
  await page.locator('#payments[data-screen="list"]').waitFor();
  assertCarried(await carried(page, page), [HOOK.split('/').at(-2)]);
});

test('a secret is found wherever a page can hold one', async (t) => {
  const { app } = await open(t);
  await app.evaluate(watching);
  const missed = await app.evaluate(async () => {
    const hidden = (error) => Object.defineProperty(new Error('no', { cause: { inner: Object.create({ inherited: error }) } }), 'x', { value: 1 });
    const field = document.querySelector('b24-payments').shadowRoot.querySelector('textarea');
    const places = {
      shadow: (secret) => { field.value = secret; },
      attribute: (secret) => { field.dataset.x = secret; },
      storage: (secret) => sessionStorage.setItem('x', secret),
      database: (secret) => new Promise((resolve) => { indexedDB.open(secret).onsuccess = resolve; }),
      history: (secret) => history.replaceState({ secret }, ''),
      title: (secret) => { document.title = secret; },
      timing: (secret) => performance.mark(secret),
      unhandled: (secret) => { dispatchEvent(new PromiseRejectionEvent('unhandledrejection', { promise: Promise.resolve(), reason: hidden(secret) })); },
    };
    const missed = [];
    for (const [place, put] of Object.entries(places)) {
      await put(`s3cret-${place}`);
      if (!(await window.holding()).includes(`s3cret-${place}`)) missed.push(place);
    }
    return missed;
  });
  assert.deepEqual(missed, []);
});
