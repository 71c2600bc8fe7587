// `fetch` of one page, as far as the package asks of it: a status, a body that can break off, a rejection, or nothing.

import { travel } from './trip.js';

// What the page knows as `Response`.
export class Answered {
  constructor(status, chunks) {
    this.status = status;
    const left = [...chunks];
    this.body = {
      getReader: () => ({
        read: async () => {
          const value = left.shift();
          if (value instanceof Error) throw value;
          return { value, done: value === undefined };
        },
      }),
    };
  }
}

const bytes = (text) => new TextEncoder().encode(text);

// `cmd[p501]=…` as PHP takes it, as deep as the package asks.
function nested(body) {
  const params = {};
  for (const [name, value] of new URLSearchParams(body)) {
    const [, outer, inner] = /^([^[]+)(?:\[([^\]]*)\])?$/.exec(name);
    if (inner === undefined) params[outer] = value;
    else (params[outer] ??= {})[inner] = value;
  }
  return params;
}

const PAGE = '<html>Bad gateway</html>';

export function fetching(page, world) {
  const { time } = page;
  return (address, { body, signal }) => new Promise((resolve, reject) => {
    const params = nested(body);
    const method = /([^/]+)\.json$/.exec(address)[1];
    const wire = world.handed(page, method, params);
    signal.addEventListener('abort', () => reject(signal.reason));
    const answer = (status, chunks) => {
      if (page.isClosed) return;
      wire.answeredAt = time.now;
      resolve(new Answered(status, chunks));
    };
    if (params.auth !== undefined && !world.tokens.isGood(params.auth)) {
      wire.isUnrun = true;
      wire.startedAt = time.now;
      time.after(20, () => answer(401, [bytes('{"error":"expired_token","error_description":"The access token provided has expired."}')]), page);
      return;
    }
    travel(wire, {
      time,
      rules: world.rules,
      ended: page.hears(({ kind, status, body: said }) => {
        if (kind === 'broken') {
          if (!page.isClosed) reject(new TypeError(`fetch failed: ${address}`));
        } else if (kind === 'json') answer(status, [bytes(JSON.stringify(said))]);
        else if (kind === 'html') answer(status, [bytes(PAGE)]);
        else answer(status, [bytes('{"result":'), new TypeError('terminated')]);
      }),
    });
  });
}
