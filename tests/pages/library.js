// The BX24 of one page: it calls back late, twice, at once or never, throws, holds calls back, and tells nothing of a 5xx.

import { meddling } from './meddling.js';
import { travel } from './trip.js';

export function library(page, world) {
  const { time } = page;
  const { initMs } = page.plan;
  let { token } = page;
  // Tells nobody of a renewal that did not work.
  const renews = (then) => {
    const ms = world.tokens.refreshMs();
    if (ms === null) return;
    time.after(ms, () => {
      token = world.tokens.issue();
      then();
    }, page);
  };
  // Whether the package has nothing of the kind under way, so that it can see whose request it is.
  const isAlone = ({ method, handedAt }) => !world.wires.some((one) => one.page === page && one.method === method && !one.params.foreign && one.handedAt <= handedAt && !(one.answeredAt < handedAt));
  const bx24 = {
    init: (run) => {
      if (initMs !== null) time.after(initMs, run, page);
    },
    getDomain: () => world.host,
    getAuth: () => (world.tokens.isGood(token) ? { access_token: token, domain: world.host, expires_in: 3600 } : false),
    refreshAuth: (run) => renews(() => run(bx24.getAuth())),
    callMethod: (method, params, run) => {
      const wire = world.handed(page, method, { ...params });
      const { trip } = wire;
      const address = `https://${world.host}/rest/${method}.json`;
      if (trip.manner === 'throwsBefore') {
        wire.isUnsent = true;
        throw new TypeError('callMethod threw');
      }
      const ended = page.hears(({ kind, status, body }) => {
        if (page.isClosed) return;
        const seen = () => {
          if (params.foreign && isAlone(wire)) page.callsItself.add(method);
          page.entry(address, wire.startedAt, status);
        };
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
      });
      time.takes(trip.takesMs);
      if (!world.tokens.isGood(token) || trip.expires) {
        const { now } = time;
        time.after(20, () => page.entry(address, now, 401), page);
        if (trip.expires !== 'for good') renews(() => travel(wire, { time, rules: world.rules, ended }));
        return;
      }
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
  meddling(page, bx24);
  return bx24;
}

const ajaxResult = (status, answer) => ({
  status,
  answer,
  data: () => answer.result,
  error: () => (answer.error === undefined ? undefined : { status, ex: answer, getError: () => answer }),
  error_description: () => answer.error_description,
});
