// Clients from npm as they are, from Node: the official SDK by hook and by OAuth, and @2bad/bitrix; b24pay does the same beside them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bitrix } from '@2bad/bitrix';
import { B24Hook, B24OAuth } from '@bitrix24/b24jssdk';
import { secured } from '../http/secure.js';
import { SECRET, USER, b24pay, served } from '../http/served.js';
import { BATCH, DEAL, ERRORS, GET, LIST, PAID, PAY, compare } from './expected.js';

const portal = served();
const secure = secured(portal);

const ids = (rows) => rows.map(({ id }) => Number(id));
const errorsOf = async (ask) => {
  const errors = [];
  for (const { method, params } of ERRORS) errors.push(await ask(method, params));
  return errors;
};

async function bySdk(b24) {
  const make = (method, params) => b24.actions.v2.call.make({ method, params });
  const result = async (method, params) => (await make(method, params)).getData().result;
  const batch = await b24.actions.v2.batch.make({ calls: BATCH, options: { isHaltOnError: true, returnAjaxResult: true } });
  const answers = batch.getData();
  return {
    paid: await result(PAY, PAID),
    read: await result(GET, { id: 501 }),
    listed: ids(await result(LIST, DEAL)),
    batched: { first: answers.first.getData().result.id, second: answers.second.getData().result.id },
    // A short list of codes comes back in the result, everything else is thrown.
    errors: await errorsOf((method, params) => make(method, params).then(
      (answer) => ({ soft: answer.getErrorMessages() }),
      ({ code, message }) => ({ code, text: message }),
    )),
  };
}

test('b24jssdk by a hook does what the documentation says', async () => {
  const b24 = new B24Hook({ b24Url: `https://${secure.host}`, userId: USER, secret: SECRET });
  await compare(await bySdk(b24), portal);
});

test('b24jssdk by OAuth does, and renews its token', async () => {
  const { access, refresh } = await portal.tokens();
  const b24 = new B24OAuth({
    applicationToken: 'app', userId: USER, memberId: 'member', accessToken: access, refreshToken: refresh,
    expires: Math.floor(Date.now() / 1000) - 1, expiresIn: 3600, scope: 'pay_system', domain: portal.host,
    clientEndpoint: `${portal.origin}/rest/`, serverEndpoint: `${portal.origin}/rest/`, status: 'L',
  }, { clientId: 'app', clientSecret: 'secret' });
  let renewed = 0;
  b24.setCallbackRefreshAuth(async () => { renewed += 1; });
  await compare(await bySdk(b24), portal);
  assert.equal(renewed, 1);
});

test('@2bad/bitrix by a webhook does', async () => {
  const bitrix = Bitrix(portal.hook.replace(/\/$/, ''));
  const result = async (method, params) => (await bitrix.call(method, params)).result;
  const batch = await bitrix.batch(Object.fromEntries(
    Object.entries(BATCH).map(([key, [method, params]]) => [key, { method, params }]),
  ));
  await compare({
    paid: await result(PAY, PAID),
    read: await result(GET, { id: 501 }),
    listed: ids(await result(LIST, DEAL)),
    batched: Object.fromEntries(Object.entries(batch.result.result).map(([key, { id }]) => [key, id])),
    errors: await errorsOf((method, params) => bitrix.call(method, params).then(
      (answer) => answer,
      ({ message }) => ({ code: undefined, text: message }),
    )),
  }, portal, {
    // It throws what its HTTP client says about the status, so that the portal's words are lost.
    loses: {
      ERROR_CHECK_FAILURE: { code: undefined, text: 'Response code 400 (Bad Request)' },
      ERROR_PROCESS_REQUEST_RESULT: { code: undefined, text: 'Response code 400 (Bad Request)' },
      ERROR_METHOD_NOT_FOUND: { code: undefined, text: 'Response code 404 (Not Found)' },
    },
  });
});

test('b24pay says the same on the same input', async () => {
  const options = { portal: portal.webhook() };
  const { call } = b24pay;
  const cmd = Object.fromEntries(Object.entries(BATCH).map(([key, [method, { id }]]) => [key, `${method}?id=${id}`]));
  const batch = await call('batch', { cmd }, options);
  await compare({
    paid: await call(PAY, PAID, options),
    read: await call(GET, { id: 501 }, options),
    listed: ids(await call(LIST, DEAL, options)),
    batched: { first: batch.result.first.id, second: batch.result.second.id },
    errors: await errorsOf((method, params) => call(method, params, options).then(
      (answer) => answer,
      ({ portalCode, portalText }) => ({ code: portalCode, text: portalText }),
    )),
  }, portal);
});
