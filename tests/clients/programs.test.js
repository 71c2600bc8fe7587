// Clients of other languages as they are: PyPI's b24pysdk and fast-bitrix24, cURL as the method's page calls it, and PHP doing
// what its sample does.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { secured } from '../http/secure.js';
import { SECRET, USER, served } from '../http/served.js';
import { programs } from '../python.js';
import { BATCH, DEAL, ERRORS, GET, LIST, PAID, PAY, compare } from './expected.js';

const portal = served();
const secure = secured(portal);
const HERE = import.meta.dirname;
const TASK = { pay: [PAY, PAID], read: [GET, { id: 501 }], list: [LIST, DEAL], batch: BATCH, errors: ERRORS };
let bin;

before(() => { bin = programs('clients'); });

// What a program prints that is handed this on its input.
async function told(program, args, input, env = {}) {
  const stdin = input === undefined ? 'ignore' : 'pipe';
  const child = spawn(program, args, { stdio: [stdin, 'pipe', 'inherit'], env: { ...process.env, ...env } });
  const ended = new Promise((resolve, reject) => {
    child.once('close', resolve);
    child.once('error', reject);
  });
  child.stdin?.end(input);
  const parts = [];
  for await (const part of child.stdout) parts.push(part);
  assert.equal(await ended, 0, `${program} ${args.join(' ')}`);
  return JSON.parse(Buffer.concat(parts).toString());
}

const python = (file, task) => told(join(bin, 'python'), [join(HERE, file)], JSON.stringify({ ...TASK, ...task }), {
  REQUESTS_CA_BUNDLE: secure.certificate,
});

test('b24pysdk by a webhook does what the documentation says', async () => {
  await compare(await python('by_b24pysdk.py', { host: secure.host, webhook: `${USER}/${SECRET}` }), portal);
});

test('b24pysdk by a token does', async () => {
  const { access } = await portal.tokens();
  await compare(await python('by_b24pysdk.py', { host: secure.host, token: access }), portal);
});

test('fast-bitrix24 by a webhook does', async () => {
  const given = await python('by_fast_bitrix24.py', { url: portal.hook });
  // It throws what its HTTP client says: the portal's words are lost, and the webhook's secret is in the text.
  const errors = given.errors.map(({ thrown, text }) => ({ code: thrown, text: text.replace(portal.hook, '<webhook>') }));
  const lost = (status, method) => ({ code: 'ClientResponseError', text: `${status}, url='<webhook>${method}'` });
  await compare({ ...given, errors }, portal, {
    loses: {
      ERROR_CHECK_FAILURE: lost("400, message='Bad Request'", PAY),
      ERROR_PROCESS_REQUEST_RESULT: lost("400, message='Bad Request'", PAY),
      ERROR_METHOD_NOT_FOUND: lost("404, message='Not Found'", 'sale.paysystem.pay.nothing'),
    },
  });
});

// One call as the method's page writes it down.
const curl = (address, params) => told('curl', [
  '--silent', '--show-error', '-X', 'POST', '-H', 'Content-Type: application/json', '-H', 'Accept: application/json', '-d', JSON.stringify(params), address,
]);

async function byCurl(address, auth = {}) {
  const ask = (method, params) => curl(address + method, { ...params, ...auth });
  const cmd = Object.fromEntries(Object.entries(BATCH).map(([key, [method, { id }]]) => [key, `${method}?id=${id}`]));
  const batch = (await ask('batch', { cmd })).result.result;
  const errors = [];
  const paid = await ask(PAY, PAID);
  for (const { method, params } of ERRORS) {
    const { error, error_description: text } = await ask(method, params);
    errors.push({ code: error, text });
  }
  return {
    paid: paid.result,
    read: (await ask(GET, { id: 501 })).result,
    listed: (await ask(LIST, DEAL)).result.map(({ id }) => id),
    batched: { first: batch.first.id, second: batch.second.id },
    errors,
  };
}

test('cURL by a webhook does', async () => {
  await compare(await byCurl(portal.hook), portal);
});

test('cURL by a token does', async () => {
  const { access } = await portal.tokens();
  await compare(await byCurl(`${portal.origin}/rest/`, { auth: access }), portal);
});

test('PHP with a token that has expired renews it and does', async () => {
  const auth = await portal.tokens();
  await portal.fault({ method: 'batch', fault: 'expiredToken' });
  await compare(await told('php', [join(HERE, 'by_php.php')], JSON.stringify({ ...TASK, origin: portal.origin, auth })), portal);
});
