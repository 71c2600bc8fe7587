// A driver that has lost its browser ends a test with a sentence, not with the end of the run.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import test from 'node:test';
import { Session } from './webdriver.js';

test('a driver that falls silent fails the command that waits for it, by name', async (t) => {
  const driver = createServer((request, response) => {
    if (request.method === 'GET') return;
    response.end(JSON.stringify({ value: { sessionId: 'one' } }));
  }).listen(0, '127.0.0.1');
  await once(driver, 'listening');
  t.after(() => {
    driver.closeAllConnections();
    driver.close();
  });
  const session = await Session.begin(`http://127.0.0.1:${driver.address().port}`, {}, 2000);
  await assert.rejects(session.get('/title'), {
    name: 'WebDriverError',
    code: 'timeout',
    message: 'GET /session/one/title: timeout: the driver said nothing for 2000 ms',
  });
});
