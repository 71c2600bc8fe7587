// The documentation as it is read in the demo: every page and every link of it answers, as text and without a script.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ServedPortal } from '../e2e/served_portal.js';
import { pages } from './pages.js';

const portal = new ServedPortal();
before(() => portal.start());
after(() => portal.stop());

const get = async (path) => {
  const answer = await fetch(new URL(path, portal.portal));
  return { status: answer.status, policy: answer.headers.get('content-security-policy'), text: await answer.text(), url: new URL(answer.url).pathname };
};

test('the documentation begins at /docs/', async () => {
  const { status, url, text } = await get('/docs/');
  assert.deepEqual({ status, url }, { status: 200, url: '/docs/docs/README.html' });
  assert.match(text, /<title>Documentation<\/title>/);
});

test('every page of the documentation can be reached by links, and every link answers', async () => {
  const seen = new Map();
  // Where in a page links lead to, with the page that has the link.
  const anchors = [];
  const left = ['/docs/docs/README.html'];
  while (left.length) {
    const path = left.pop();
    if (seen.has(path)) continue;
    const page = await get(path);
    seen.set(path, page);
    assert.equal(page.status, 200, path);
    if (!path.startsWith('/docs/')) continue;
    // What stands in an example is no link.
    for (const [, link] of page.text.replace(/<(pre|code)\b.*?<\/\1>/gs, '').matchAll(/ href="([^"]+)"/g)) {
      const { protocol, pathname, host, hash } = new URL(link, portal.portal + path);
      if (host !== new URL(portal.portal).host) assert.match(protocol, /^(https|data):$/, link);
      else {
        left.push(pathname);
        if (hash) anchors.push([path, pathname, decodeURIComponent(hash.slice(1))]);
      }
    }
  }
  assert.ok(anchors.some(([path, pathname]) => path === pathname) && anchors.some(([path, pathname]) => path !== pathname));
  for (const [path, pathname, id] of anchors) assert.ok(seen.get(pathname).text.includes(`id="${id}"`), `${path} leads to ${pathname}#${id}`);
  const expected = (await pages()).map((page) => `/docs/${page.replace(/md$/, 'html')}`);
  assert.deepEqual(expected.filter((path) => !seen.has(path)), []);
});

test('no page runs a script or holds HTML that somebody typed', async () => {
  for (const page of await pages()) {
    const { policy, text } = await get(`/docs/${page.replace(/md$/, 'html')}`);
    assert.match(policy, /^default-src 'none'; style-src 'self';/);
    const [, body] = text.match(/<article>(.*)<\/article>/s);
    assert.deepEqual(body.match(/<(script|style|iframe|img|form|input|object|base|meta)\b|\son\w+="|<!--/gi), null, page);
  }
});

test('nothing beside the pages is served', async () => {
  for (const path of ['/docs/nothing.html', '/docs/..%2f..%2fCargo.toml', '/docs/%2e%2e/npm/package.json', '/docs/docs']) {
    assert.equal((await get(path)).status, 404, path);
  }
});
