// The operator's page on Node 20 or newer, without a framework, behind whatever ends TLS in front of it:
//   PAGE=/srv/b24pay/app PORTAL=https://portal.example.com PORT=8080 node node.mjs
// In a server that is there already: `handler(page, portal)` takes a request and a response as `node:http` makes them.

import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
};

/** The files are read once: after an update of the page the server is started anew. */
export function handler(page, portal) {
  const files = new Map(filesBelow(page).map((path) => [`/${relative(page, path).replaceAll(sep, '/')}`, kept(path)]));
  files.set('/', files.get('/index.html'));
  const always = {
    // The page's own policy, and beside it what only a header can say: which portal may show the page in a frame.
    'Content-Security-Policy': `default-src 'none'; script-src 'self' 'wasm-unsafe-eval' https://api.bitrix24.com; style-src 'self'; connect-src 'self' ${portal}; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors ${portal}`,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    // No file carries its version in its name: browsers keep the files, and ask each time whether they are still the same.
    'Cache-Control': 'no-cache',
    Vary: 'Accept-Encoding',
  };
  return (request, response) => {
    // What the portal posts is for back ends; the page asks the portal itself for all that it needs.
    request.resume();
    const answer = (status, headers = {}, body = undefined) => {
      response.writeHead(status, { ...always, ...headers });
      response.end(request.method === 'HEAD' ? undefined : body);
    };
    // The portal opens the page by a form that is posted, so a POST is answered like a GET.
    if (!['GET', 'HEAD', 'POST'].includes(request.method)) return answer(405, { Allow: 'GET, HEAD, POST' });
    const file = files.get(request.url.split('?', 1)[0]);
    if (!file) return answer(404, { 'Content-Type': 'text/plain' }, 'There is no such file.\n');
    const zipped = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
    const { body, tag } = zipped ? file.zipped : file.plain;
    const isKnown = request.method !== 'POST' && request.headers['if-none-match']?.includes(tag);
    if (isKnown) return answer(304, { ETag: tag });
    const coding = zipped ? { 'Content-Encoding': 'gzip' } : {};
    return answer(200, { 'Content-Type': file.type, 'Content-Length': body.length, ETag: tag, ...coding }, body);
  };
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true }).map((name) => join(folder, name)).filter((path) => statSync(path).isFile());
}

function kept(path) {
  const [plain, zipped] = [readFileSync(path), gzipSync(readFileSync(path))].map((body) => ({
    body, tag: `"${createHash('sha256').update(body).digest('base64url')}"`,
  }));
  return { type: TYPES[extname(path)] ?? 'application/octet-stream', plain, zipped };
}

if (import.meta.url === pathToFileURL(realpathSync(process.argv[1] ?? '.')).href) {
  const { PAGE, PORTAL, PORT = '8080', HOST = '127.0.0.1' } = process.env;
  if (!PAGE || !PORTAL) throw new Error('PAGE names the folder of the page, PORTAL the address of the portal');
  const server = createServer(handler(PAGE, PORTAL));
  server.listen(Number(PORT), HOST, () => console.log(`http://${HOST}:${server.address().port}`));
}
