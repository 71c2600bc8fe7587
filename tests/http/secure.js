// A portal behind TLS, with a certificate of this run for `localhost`: some clients know no other way.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request as forward } from 'node:http';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { certificateIn } from './certificate.js';

// Call once in a test file. `host` is `localhost:N` once the tests run, `certificate` a file to believe in; this process
// believes any.
export function secured(portal) {
  const front = {};
  let server;
  let folder;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'b24pay-tls-'));
    const { key, cert } = certificateIn(folder, 'DNS:localhost');
    process.removeAllListeners('warning');
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
      const { method, headers, url } = request;
      const passed = forward(portal.origin + url, { method, headers }, (answer) => {
        response.writeHead(answer.statusCode, answer.headers);
        answer.pipe(response);
        answer.on('error', () => response.destroy());
      });
      passed.on('error', () => response.destroy());
      request.pipe(passed);
    });
    await new Promise((resolve) => { server.listen(0, 'localhost', resolve); });
    Object.assign(front, { host: `localhost:${server.address().port}`, certificate: cert });
  });
  after(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });
  return front;
}
