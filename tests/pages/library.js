// The BX24 of one page: it calls back late, twice, at once or never, throws, holds calls back, and tells nothing of a 5xx.

import { travel } from './trip.js';

export function library(page, world) {
  const { time } = page;
  const { initMs } = page.plan;
  let token = world.tokens.issue();
  const bx24 = {
    init: (run) => {
      if (initMs !== null) time.after(initMs, run, page);
    },
    getDomain: () => world.host,
    getAuth: () => (world.tokens.isGood(token) ? { access_token: token, domain: world.host, expires_in: 3600 } : false),
    refreshAuth: (run) => {
      const ms = world.tokens.refreshMs();
      if (ms === null) return;
      time.after(ms, () => {
        token = world.tokens.issue();
        run(bx24.getAuth());
      }, page);
    },
    callMethod: (method, params, run) => {
      const wire = world.handed(page, method, { ...params });
      const { trip } = wire;
      if (trip.manner === 'throwsBefore') {
        wire.isUnsent = true;
        throw new TypeError('callMethod threw');
      }
      const ended = ({ kind, status, body }) => {
        if (page.isClosed) return;
        const seen = () => page.entry(`https://${world.host}/rest/${method}.json`, wire.startedAt, status);
        // The library throws away what is no JSON, and every 5xx, without a word.
        if (kind === 'broken') page.errs();
        if (kind === 'odd') {
          wire.answeredAt = time.now;
          run({ answer: {}, status: 200, data: () => ({}), error: () => undefined });
        } else if (kind === 'json' && status < 500) {
          const tell = () => {
            wire.answeredAt ??= time.now;
            run(ajaxResult(status, body));
          };
          tell();
          if (trip.manner === 'twice') time.after(trip.entryMs * 100, tell, page);
        }
        time.after(trip.entryMs, seen, page);
      };
      time.takes(trip.takesMs);
      if (trip.manner === 'atOnce' && trip.runs && trip.ends === 'answer') {
        wire.startedAt = wire.ranAt = wire.endedAt = time.now;
        const [status, body] = world.rules.run(method, params, wire);
        wire.shown = body;
        wire.refused = body.error !== undefined;
        if (status < 500) ended({ kind: 'json', status, body });
        return;
      }
      travel(wire, { time, rules: world.rules, ended });
      time.takes(trip.takesMs);
      if (trip.manner === 'throwsAfter') throw new Error('callMethod threw after it had sent');
    },
  };
  return bx24;
}

const ajaxResult = (status, answer) => ({
  status,
  answer,
  data: () => answer.result,
  error: () => (answer.error === undefined ? undefined : { status, ex: answer, getError: () => answer }),
  error_description: () => answer.error_description,
});
