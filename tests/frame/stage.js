// A portal page and an app in a frame of it, on two origins, in one headless Chromium for all tests of a file.
// The portal page here is a few lines that answer from a table, so that the library under test stands alone.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { after, before } from 'node:test';
import { launch } from '../e2e/chromium.js';

const ASSETS = new URL('../portal/assets/', import.meta.url);

// Records what the app says and answers by `window.replies`: command -> reply, or nothing for silence.
const PARENT = `<!doctype html><title>portal</title><body><script>
  window.heard = []; window.replies = {};
  addEventListener('message', (event) => {
    window.heard.push(event.data);
    if (typeof event.data !== 'string') return;
    const parts = event.data.split(':');
    const command = parts[0], callback = parts.at(-2);
    const reply = window.replies[command];
    if (reply === undefined || !callback) return;
    event.source.postMessage(callback + ':' + (reply === null ? '' : JSON.stringify(reply)), event.origin);
  });
</script>`;

const appPage = (library, crossorigin) => `<!doctype html><title>app</title><body><script>
  window.failures = [];
  addEventListener('error', (event) => window.failures.push({ message: event.message, thrown: String(event.error) }));
</script><script src="${library}"${crossorigin ? ' crossorigin' : ''}></script><script>
  window.first = { ...window.BX24 };
</script>`;

async function listening(handler) {
  // No connection is used twice: a browser may repeat a POST whose reused connection broke.
  const server = createServer((request, response) => handler(request, response.setHeader('Connection', 'close')));
  await new Promise((resolve) => { server.listen(0, resolve); });
  return server;
}

async function asset(name, response) {
  const type = name.endsWith('.css') ? 'text/css' : name.endsWith('.html') ? 'text/html' : 'text/javascript';
  const headers = { 'Content-Type': `${type}; charset=utf-8`, 'Access-Control-Allow-Origin': '*' };
  const text = await readFile(new URL(name, ASSETS)).catch(() => null);
  if (text === null) response.writeHead(404).end();
  else response.writeHead(200, headers).end(text);
}

// Call once in a test file; everything it gives is ready when the tests run.
export function stage() {
  const theatre = { rest: null };
  let browser;
  let servers;

  before(async () => {
    const portal = await listening((request, response) => {
      const { pathname } = new URL(request.url, 'http://portal');
      if (pathname.startsWith('/rest/')) return theatre.rest.serve(request, response);
      if (pathname === '/api/v1/') return asset('bx24.js', response);
      if (theatre.sandbox?.serve(request, response)) return undefined;
      if (pathname === '/parent') return response.writeHead(200, { 'Content-Type': 'text/html' }).end(PARENT);
      return asset(pathname === '/' ? 'index.html' : pathname.slice(1), response);
    });
    const app = await listening((request, response) => {
      const address = new URL(request.url, 'http://app');
      if (address.pathname === '/moved') {
        return response.writeHead(302, { Location: `http://localhost:${app.address().port}/app` }).end();
      }
      theatre.opened?.(request, address);
      const body = address.pathname === '/bare' ? '<!doctype html><title>bare</title>'
        : appPage(`${theatre.portal}/api/v1/`, address.pathname !== '/muted');
      return response.writeHead(200, { 'Content-Type': 'text/html' }).end(body);
    });
    servers = [portal, app];
    theatre.host = `localhost:${portal.address().port}`;
    theatre.portal = `http://${theatre.host}`;
    theatre.app = `http://127.0.0.1:${app.address().port}`;
    browser = await launch();
    theatre.browser = browser;
  });

  after(async () => {
    await browser?.close();
    for (const server of servers ?? []) {
      server.closeAllConnections();
      server.close();
    }
  });

  return theatre;
}

// A test that waits for what never comes fails and says so; browsers and callbacks have no end of their own.
export async function bounded(play) {
  const LONGEST_MS = 20_000;
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(reject, LONGEST_MS, new Error(`the test waited ${LONGEST_MS} ms for what did not come`));
  });
  try {
    await Promise.race([play, late]);
  } finally {
    clearTimeout(timer);
  }
}
