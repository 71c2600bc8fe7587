// One request on its way: when it starts, when the portal runs it, what becomes of its answer. All of it is thrown beforehand, so the
// page has no say in it.

import { changes } from './rules.js';

const LATE = [
  [3, [5, 200]],
  [1, [200, 3_000]],
];

// What can become of a request: `runs`, whether the portal carries it out; `ends`, by what it is seen to end.
const FATES = [
  [12, { runs: true, ends: 'answer' }],
  [2, { runs: true, ends: 'gateway' }],
  [1, { runs: false, ends: 'gateway' }],
  [2, { runs: true, ends: 'broken' }],
  [1, { runs: false, ends: 'broken' }],
  [1, { runs: true, ends: 'never' }],
  [1, { runs: false, ends: 'never' }],
  [2, { runs: false, ends: 'said', says: [503, 'QUERY_LIMIT_EXCEEDED'] }],
  [1, { runs: false, ends: 'said', says: [401, 'expired_token'] }],
  [1, { runs: false, ends: 'said', says: [400, 'ERROR_CHECK_FAILURE'] }],
  [1, { runs: true, ends: 'said', says: [400, 0] }],
  [1, { runs: false, ends: 'said', says: [400, 0] }],
  [1, { runs: true, isLate: true, ends: 'said', says: [500, 'INTERNAL_SERVER_ERROR'] }],
  // Says yes and no at once.
  [1, { runs: true, ends: 'both' }],
  [3, { runs: false, ends: 'yes' }],
  // The token expires in the middle: BX24 calls again with a new one, or has none and tells nobody.
  [2, { runs: true, ends: 'answer', expires: 'renewed' }],
  [2, { runs: false, ends: 'never', expires: 'for good' }],
  [1, { runs: true, ends: 'odd' }],
  [1, { runs: false, ends: 'odd' }],
];

// What BX24 tells nobody of.
const SILENT = FATES.filter(([, { ends, expires }]) => expires || ['gateway', 'broken', 'never'].includes(ends));

// What is answered with an error.
const REFUSED = FATES.filter(([, { ends }]) => ends === 'said');

const SOUND = { runs: true, ends: 'answer' };

export function throwTrip(dice, { trouble, isSilent, isRefused, held, slow, limitMs }) {
  const fate = dice.chance(trouble) ? dice.weighed((isSilent && SILENT) || (isRefused && REFUSED) || FATES) : SOUND;
  const ms = () => dice.whole(...dice.weighed(LATE));
  const runsIn = dice.chance(slow) && (slow > 0.5 || fate.ends !== 'answer') ? dice.whole(1, limitMs) : Math.min(ms(), limitMs);
  return {
    ...fate,
    // BX24 holds a call back at times, and so does a service worker.
    heldMs: dice.chance(held) ? dice.whole(100, 30_000) : 0,
    runsIn,
    backMs: ms(),
    // An answer that is none can come while the portal is still at work.
    endsIn: ms(),
    manner: dice.weighed([[20, 'plain'], [2, 'twice'], [1, 'atOnce'], [1, 'throwsAfter'], [1, 'throwsBefore']]),
    entryMs: dice.whole(0, 30),
    takesMs: dice.one([0, 0.1, 2]),
    // A service worker keeps what has not arrived for so long, and sends it then.
    keptMs: dice.whole(1, 300_000),
  };
}

// Sends a request; `ended` is called with `{ kind, status, body }` when its end is seen, if it is ever.
export function travel(wire, { time, rules, ended }) {
  const { trip, method, params } = wire;
  const begin = () => {
    wire.startedAt = time.now;
    const end = (at, kind, status, body) => time.at(at, () => {
      wire.endedAt = time.now;
      ended({ kind, status, body: structuredClone(body) });
    });
    const isKept = wire.page.plan.hasWorker && changes(method) && (trip.ends === 'gateway' || trip.ends === 'broken');
    const carriedOut = !isKept && trip.runs || (!changes(method) && (trip.ends === 'answer' || trip.ends === 'yes'));
    const run = () => {
      wire.ranAt = time.now;
      const [status, body] = rules.run(method, params, wire);
      wire.shown = body;
      wire.refused = body.error !== undefined;
      return [status, body];
    };
    if (carriedOut) {
      time.after(trip.runsIn, () => {
        const [status, body] = run();
        if (trip.ends === 'answer' || (['yes', 'both'].includes(trip.ends) && !changes(method))) end(time.now + trip.backMs, 'json', status, body);
        if (trip.ends === 'both' && changes(method)) end(time.now + trip.backMs, 'json', 200, { ...body, error: 'expired_token' });
        if (trip.ends === 'said' && !trip.isLate) end(time.now + trip.backMs, 'json', ...said(trip));
      });
    }
    const endsAt = time.now + trip.endsIn;
    if (isKept) time.at(endsAt + trip.keptMs, run);
    if (trip.ends === 'gateway') end(endsAt, 'html', 502);
    if (trip.ends === 'broken') end(endsAt, 'broken', 0);
    if (trip.ends === 'odd') end(Math.max(endsAt, time.now + trip.runsIn + 1), 'odd', 200);
    if (trip.ends === 'said' && (trip.isLate || !carriedOut)) end(endsAt, 'json', ...said(trip));
    if (trip.ends === 'yes' && !carriedOut) end(endsAt, 'json', 200, { result: true, time: {} });
  };
  if (trip.heldMs) time.after(trip.heldMs, begin);
  else begin();
}

const said = ({ says: [status, error] }) => [status, { error, error_description: `said ${error}` }];
