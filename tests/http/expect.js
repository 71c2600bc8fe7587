// What tests of this folder ask about errors, and a server of a few lines for what the sandbox portal never does.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';

// A rejection with exactly these properties; `name` is understood, and `retry` where it is "never".
export async function rejects(promise, expected) {
  const error = await promise.then(
    (value) => assert.fail(`resolved with ${JSON.stringify(value)}`),
    (reason) => reason,
  );
  assert.ok(error instanceof Error, 'a PayError is a real Error');
  assert.deepEqual({ ...error, message: error.message }, { name: 'PayError', retry: 'never', ...expected });
  return error;
}

// A server that answers every request by this function, and keeps what it was asked. It ends with the test.
export async function server(t, answer) {
  const asked = [];
  const open = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    asked.push({ method: request.method, path: request.url, headers: request.headers, body: Buffer.concat(parts).toString() });
    answer(response, request);
  });
  await new Promise((resolve) => { open.listen(0, '127.0.0.1', resolve); });
  t.after(() => {
    open.closeAllConnections();
    open.close();
  });
  return { asked, origin: `http://127.0.0.1:${open.address().port}` };
}

// A portal that answers every call with this body.
export const saying = (t, body, status = 200) => server(t, (response) => {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body));
});
