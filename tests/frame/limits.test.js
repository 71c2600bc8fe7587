// The client's own pace and its token: the bucket of 90, the wall clock behind both, and refreshing without an end.
// Only these tests move the clock; the network is real.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ok, refused } from './rest.js';
import { INIT, initialised } from './scene.js';
import { stage } from './stage.js';

const theatre = stage();
const START = Date.UTC(2026, 8, 10, 9);
const HOUR = 3_600_000;
const EXPIRED = refused(401, { error: 'expired_token', error_description: 'The access token provided has expired.' });

const callMany = (app, count) => app.evaluate((times) => {
  for (let n = 0; n < times; n += 1) BX24.callMethod(`call.${n}`, {}, (result) => window.keep(result.data()));
}, count);

const answered = (app, count) => app.waitForFunction((wanted) => window.results.length === wanted, count);

test('91 of 96 calls go at once, the rest two a second, asked again every second', () =>
  initialised(theatre, { clock: START }, async ({ page, app, rest }) => {
    rest.always(ok(true));
    await callMany(app, 96);
    await answered(app, 91);
    for (const sent of [93, 95, 96]) {
      await page.clock.runFor(1000);
      await answered(app, sent);
      assert.equal(rest.calls.length, sent);
    }
  }));

test('a clock that is set back by 4,000 seconds stalls every call for more than an hour', () =>
  initialised(theatre, { clock: START }, async ({ page, app, rest }) => {
    rest.always(ok(true));
    await page.clock.setSystemTime(START - 4_000_000);
    await callMany(app, 1);
    await page.clock.runFor(HOUR);
    assert.equal(rest.calls.length, 0);
    await page.clock.runFor(400_000);
    // The clock is only now where it was before, so the token is as good as it was.
    await answered(app, 1);
  }));

test('a call that comes later may overtake those that wait', () => initialised(theatre, { clock: START }, async ({ page, app, rest }) => {
  rest.always(ok(true));
  await callMany(app, 92);
  await answered(app, 91);
  await page.clock.runFor(900);
  await app.evaluate(() => BX24.callMethod('overtaking', {}, window.keep));
  await answered(app, 92);
  assert.equal(rest.calls.at(-1).method, 'overtaking');
  await page.clock.runFor(1000);
  await answered(app, 93);
  assert.equal(rest.calls.at(-1).method, 'call.91');
}));

test('a token that expired by the clock is refreshed before the call, once for every call', () =>
  initialised(theatre, {
    clock: START, replies: { refreshAuth: { AUTH_ID: 'fresh', AUTH_EXPIRES: '3600', REFRESH_ID: 'next' } },
  }, async ({ page, app, rest }) => {
    rest.always(ok(true));
    await page.clock.setSystemTime(START + HOUR + 5000);
    assert.equal(await app.evaluate(() => BX24.getAuth()), false);
    await callMany(app, 5);
    await answered(app, 5);
    assert.deepEqual([...new Set(rest.calls.map(({ body }) => body))], ['auth=fresh']);
    assert.equal(await page.evaluate(() => window.heard.filter((message) => message.startsWith('refreshAuth:')).length), 5);
  }));

test('getAuth tells the expiry as a moment in milliseconds, and false from then on', () =>
  initialised(theatre, { clock: START }, async ({ page, app }) => {
    const auth = await app.evaluate(() => BX24.getAuth());
    assert.deepEqual({ ...auth, expires_in: 0 }, {
      access_token: INIT.AUTH_ID, refresh_token: INIT.REFRESH_ID, expires_in: 0, domain: theatre.host, member_id: INIT.MEMBER_ID,
    });
    assert.ok(auth.expires_in >= START + HOUR && auth.expires_in <= START + HOUR + 5000, String(auth.expires_in));
    await page.clock.setSystemTime(auth.expires_in - 1);
    assert.notEqual(await app.evaluate(() => BX24.getAuth()), false);
    await page.clock.setSystemTime(auth.expires_in);
    assert.equal(await app.evaluate(() => BX24.getAuth()), false);
  }));

test('expired_token is refreshed and the call repeated with the new token', () => initialised(theatre, {
  replies: { refreshAuth: { AUTH_ID: 'fresh', AUTH_EXPIRES: '3600', REFRESH_ID: 'next' } },
}, async ({ app, rest }) => {
  rest.script(EXPIRED, ok('done'));
  await callMany(app, 1);
  await answered(app, 1);
  assert.deepEqual(rest.calls.map(({ body }) => body), [`auth=${INIT.AUTH_ID}`, 'auth=fresh']);
}));

test('a token that stays expired is refreshed for ever: the bucket at once, then two calls a second', () =>
  initialised(theatre, {
    clock: START, replies: { refreshAuth: { AUTH_ID: 'stale', AUTH_EXPIRES: '3600', REFRESH_ID: 'next' } },
  }, async ({ page, app, rest }) => {
    rest.always(EXPIRED);
    await callMany(app, 1);
    await rest.arrived(91);
    for (const sent of [93, 95, 97]) {
      await page.clock.runFor(1000);
      await rest.arrived(sent);
      assert.equal(rest.calls.length, sent);
    }
    assert.equal(await app.evaluate(() => window.results.length), 0);
  }));

test('refreshAuth gives the new token to its callback', () => initialised(theatre, {
  replies: { refreshAuth: { AUTH_ID: 'fresh', AUTH_EXPIRES: '3600', REFRESH_ID: 'next' } },
}, async ({ app }) => {
  const auth = await app.evaluate(() => new Promise((done) => { BX24.refreshAuth(done); }));
  assert.equal(auth.access_token, 'fresh');
  assert.equal(auth.refresh_token, 'next');
}));
