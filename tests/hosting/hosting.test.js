// The configurations of docs/hosting/: each serves the built page as its file says, is asked by plain requests, and is opened
// by the sandbox portal in Chromium.

import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { harness } from '../e2e/harness.js';
import { confirmed, row } from '../e2e/page_steps.js';
import { TARGET } from '../places.js';
import { certificateIn } from '../http/certificate.js';
import { ask } from './ask.js';
import { HOSTS } from './hosts.js';
import { adapted } from './program.js';

const sandbox = harness();
const scratch = mkdtempSync(join(tmpdir(), 'b24pay-hosting-'));
const page = join(scratch, 'page');
const hosts = {};
let ca;
let library;

before(async () => {
  await sandbox.start();
  cpSync(join(TARGET, 'app'), page, { recursive: true });
  // The page speaks to portals by HTTPS; the sandbox is none.
  for (const path of files(page).filter((name) => name.endsWith('.html'))) {
    const changes = [["connect-src 'self' https:;", `connect-src 'self' ${sandbox.portal};`]];
    writeFileSync(path, adapted(readFileSync(path, 'utf8'), changes));
  }
  const { cert, key } = certificateIn(scratch, 'IP:127.0.0.1');
  ca = readFileSync(cert);
  library = await (await fetch(`${sandbox.portal}/api/v1/`)).text();
  for (const [name, start] of Object.entries(HOSTS)) {
    const own = join(scratch, name);
    mkdirSync(own);
    hosts[name] = await start({ page, portal: sandbox.portal, scratch: own, cert, key });
  }
});
after(async () => {
  for (const { stop } of Object.values(hosts)) await stop();
  rmSync(scratch, { recursive: true });
});

const POSTED = {
  method: 'POST',
  headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  body: `AUTH_ID=${'a'.repeat(70)}&AUTH_EXPIRES=3600&REFRESH_ID=${'b'.repeat(70)}&SERVER_ENDPOINT=https%3A%2F%2Foauth.bitrix24.tech%2Frest%2F`
    + '&member_id=5f0e&status=L&PLACEMENT=CRM_DEAL_DETAIL_TAB&PLACEMENT_OPTIONS=%7B%22ID%22%3A%227%22%7D',
};
const QUERY = '?DOMAIN=portal.example.com&PROTOCOL=1&LANG=en&APP_SID=0123456789abcdef0123456789abcdef';

const directives = (policy) => Object.fromEntries(policy.split(';').map((part) => part.trim().split(' ')).map(([name, ...sources]) => [name, sources.sort()]));
const files = (folder) => readdirSync(folder, { recursive: true }).map((name) => join(folder, name)).filter((path) => statSync(path).isFile());
const TYPES = { html: /^text\/html/, js: /^(text|application)\/javascript/, css: /^text\/css/, json: /^application\/json/ };

for (const name of Object.keys(HOSTS)) {
  const request = (path, options) => ask(hosts[name].address + path, { ca, ...options });

  test(`${name} answers what the portal posts with the page, as it answers a GET`, async () => {
    for (const path of ['/', '/index.html', '/install.html']) {
      const content = readFileSync(join(page, path === '/' ? 'index.html' : path));
      const [got, posted] = [await request(path + QUERY), await request(path + QUERY, POSTED)];
      for (const { status, headers, body } of [got, posted]) {
        assert.equal(status, 200, path);
        assert.match(headers['content-type'], /^text\/html; charset=utf-8$/i);
        assert.ok(body.equals(content), `${path} is the page`);
      }
      const { date: _then, connection: _kept, ...before } = got.headers;
      const { date: _now, connection: _closed, ...now } = posted.headers;
      assert.deepEqual(now, before);
    }
  });

  test(`${name} sends the page's own policy, and with it that only the portal may frame the page and be called by it`, async () => {
    const built = readFileSync(join(TARGET, 'app/index.html'), 'utf8');
    const own = directives(built.match(/http-equiv="Content-Security-Policy" content="([^"]+)"/)[1]);
    const expected = { ...own, 'connect-src': ["'self'", sandbox.portal], 'frame-ancestors': [sandbox.portal] };
    for (const options of [{}, POSTED]) {
      const { headers } = await request('/' + QUERY, options);
      assert.deepEqual(directives(headers['content-security-policy']), expected);
      assert.equal(headers['x-frame-options'], undefined);
      assert.equal(headers['x-content-type-options'], 'nosniff');
      assert.equal(headers['referrer-policy'], 'no-referrer');
    }
  });

  test(`${name} serves every file with its type, packed, and asked again says that it is the same`, async () => {
    const all = files(page);
    assert.ok(all.length > 40, `${all.length} files`);
    for (const file of all) {
      const path = `/${relative(page, file)}`;
      const content = readFileSync(file);
      const { status, headers, body } = await request(path);
      assert.deepEqual([status, body.equals(content)], [200, true], path);
      assert.match(headers['content-type'], TYPES[path.split('.').at(-1)], path);
      assert.equal(headers['cache-control'], 'no-cache', path);
      const packed = await request(path, { headers: { 'Accept-Encoding': 'gzip' } });
      const again = await request(path, { headers: { 'Accept-Encoding': 'gzip', 'If-None-Match': packed.headers.etag } });
      assert.deepEqual([again.status, again.body.length], [304, 0], path);
      if (content.length < 2000) continue;
      assert.equal(packed.headers['content-encoding'], 'gzip', path);
      assert.ok(gunzipSync(packed.body).equals(content), path);
    }
  });

  test(`${name} knows nothing else: no other path, no listing, no file outside, no other verb, no other address`, async () => {
    writeFileSync(join(scratch, 'secret.txt'), 'outside');
    for (const path of ['/nothing', '/nothing.js', '/words', '/words/', '/words/xx.js', '/../secret.txt', '/%2e%2e/secret.txt', '/words/..%2f..%2fsecret.txt', '//127.0.0.1/']) {
      for (const options of [{}, POSTED]) {
        const { status, headers, body } = await request(path, options);
        const where = headers.location && new URL(headers.location, hosts[name].address);
        assert.ok(status >= 300 && status < 500 && !body.includes('outside') && !body.includes('en.js'), `${path}: ${status}`);
        if (where) assert.equal(where.origin, hosts[name].address, path);
        else assert.ok([400, 403, 404].includes(status), `${path}: ${status}`);
      }
    }
    for (const method of ['PUT', 'DELETE']) {
      assert.ok([403, 405].includes((await request('/', { method })).status), method);
    }
    const head = await request('/', { method: 'HEAD' });
    assert.deepEqual([head.status, head.body.length], [200, 0]);
  });

  test(`opened from ${name} in the portal's frame, the list appears and 501 is paid`, async (t) => {
    const context = await sandbox.browser.newContext({ ignoreHTTPSErrors: true });
    t.after(() => context.close());
    await context.route('https://api.bitrix24.com/api/v1/', (route) => route.fulfill({ contentType: 'text/javascript', body: library }));
    const opened = await context.newPage();
    opened.setDefaultTimeout(10_000);
    const errors = [];
    opened.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    await opened.goto(sandbox.address({ app: `${hosts[name].address}/` }));
    const app = await sandbox.appFrame(opened, hosts[name].address);
    await app.waitForSelector('#payments[data-screen="list"]');
    assert.equal(await app.locator('#payments tbody tr').count(), 6);
    assert.equal(await confirmed(app, 501), 'paid');
    assert.deepEqual([(await sandbox.payments(501)).paid, await row(app, 501).getAttribute('data-state')], ['Y', 'paid']);
    assert.deepEqual(errors, []);
  });

  test(`${name} lets no other address show the page in a frame`, async (t) => {
    const context = await sandbox.browser.newContext({ ignoreHTTPSErrors: true });
    t.after(() => context.close());
    const stranger = createServer((request, response) => {
      response.setHeader('Content-Type', 'text/html');
      response.end(`<iframe src="${hosts[name].address}/"></iframe>`);
    });
    await new Promise((resolve) => { stranger.listen(0, 'localhost', resolve); });
    t.after(() => { stranger.closeAllConnections(); stranger.close(); });
    const opened = await context.newPage();
    const refused = opened.waitForEvent('requestfailed', { timeout: 10_000 });
    await opened.goto(`http://localhost:${stranger.address().port}/`);
    assert.equal((await refused).failure().errorText, 'net::ERR_BLOCKED_BY_RESPONSE');
    assert.equal(await opened.frames()[1].locator('b24-payments').count(), 0);
  });
}
