// One request to a server with a certificate of this run, answered as it is: no redirect followed, nothing unpacked.

import { request as plain } from 'node:http';
import { request as secured } from 'node:https';

export function ask(address, { method = 'GET', headers = {}, body, ca } = {}) {
  const send = address.startsWith('https:') ? secured : plain;
  return new Promise((resolve, reject) => {
    const request = send(address, { method, headers, ca, agent: false }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('error', reject);
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) }));
    });
    request.on('error', reject);
    request.end(body);
  });
}
