// What is planned for a history: the pages, what the portal keeps, and who calls what when. The rest is up to the package.

import { Dice } from '../dice.js';
import { forgeries } from './forged.js';

export const PAY_SYSTEM = 11;
const SETTLE_MS = [2_000, 20_000, 65_000];

export function planned(seed) {
  const dice = new Dice(seed);
  const settleMs = dice.one(SETTLE_MS);
  // How long it goes on: in a short one all is about one payment, and everybody is in everybody's way.
  const isShort = dice.chance(0.6);
  const withinMs = isShort ? dice.one([300, 3_000, settleMs]) : 40_000;
  const pages = Array.from({ length: dice.weighed([[3, 1], [3, 2], [1, 3]]) }, (_, number) => page(dice, number, withinMs));
  const payments = Array.from({ length: isShort ? dice.weighed([[4, 1], [1, 2]]) : dice.whole(1, 3) }, (_, at) => ({
    id: 501 + at, order: dice.one([77, 78]), paid: dice.chance(0.1), datePaid: '2026-09-01T00:00:00+00:00', sum: 100 * (at + 1),
    returned: dice.chance(0.25) ? dice.one(['Y', 'P']) : 'N',
  }));
  const history = {
    seed, settleMs, withinMs, pages, payments,
    // What order 77 has beside them.
    more: dice.chance(0.1) ? dice.whole(40, 120) : 0,
    forged: dice.chance(0.25) ? forgeries(dice, payments, withinMs) : [],
    slow: dice.one([0.25, 0.25, 0.8]),
    held: dice.one([0, 0.02, 0.3]),
    trouble: dice.one([0, 0.15, 0.5, 0.9]),
    // Where reads have none, more is sent.
    readsTrouble: dice.chance(0.4),
    rights: dice.weighed([[8, { crm: true, sale: true }], [2, { crm: false, sale: true }], [1, { crm: false, sale: false }]]),
    expiresMs: dice.chance(0.35) ? dice.whole(1, dice.one([300, 3_000, 60_000])) : Infinity,
    refresh: dice.weighed([[4, 'works'], [1, 'never'], [1, 'throws'], [1, 'rejects'], [1, 'empty'], [1, 'same']]),
    clearsAt: dice.chance(0.05) ? dice.whole(0, 60_000) : null,
    callers: [],
  };
  if (dice.chance(0.2)) handsOn(dice, history);
  else if (dice.chance(0.1)) meddled(dice, history);
  else if (dice.chance(0.25)) asks(dice, history);
  const isAlone = history.forged.length > 0 && dice.chance(0.5);
  const count = isAlone ? 1 : dice.whole(1, history.isMeddled ? 2 : 6);
  for (let number = 0; number < count; number += 1) add(dice, history, number);
  if (history.isMeddled) {
    // By then the page has called by itself.
    for (const one of history.callers) one.at += 6_000;
    add(dice, history, 50, 'read');
  }
  if (dice.chance(0.3)) {
    const last = { ...history.callers.at(-1), doing: 'unsettled', isTwin: false, number: 200, knownMs: null, abortsIn: null };
    history.callers.push({ ...last, page: history.pages.length - 1, at: dice.one([500, 5_000, 100_000]) });
  }
  // Whether a service worker stands between a page and the network.
  for (const one of history.pages) one.hasWorker = dice.chance(0.3);
  return history;
}

// A page closes with a call under way, and others are about to pay the same.
function handsOn(dice, history) {
  const works = { locks: 'work', storage: 'work', initMs: 10, closesAt: null, freezesAfterMs: null };
  history.pages = [0, 1].map((number) => ({ ...page(dice, number, history.withinMs), ...works, closesAfterMs: number ? null : dice.whole(0, 100) }));
  Object.assign(history, { rights: { crm: true, sale: true }, clearsAt: null, slow: 0.8, withinMs: 3_000 });
}

// A page whose own code calls the portal, too, and is answered, while what the package has sent is not.
function meddled(dice, history) {
  const meddles = { meddlesMs: dice.one([0, 1, 5, 300]), isBusy: true, meddlesWith: 'another one' };
  const works = { ...meddles, way: 'frame', observes: true, hasStatus: true, initMs: 10, closesAt: null, closesAfterMs: null, freezesAfterMs: null };
  history.pages = history.pages.map((one) => ({ ...one, ...works }));
  Object.assign(history, { rights: { crm: true, sale: true }, settleMs: SETTLE_MS[0], trouble: 1, readsTrouble: false, held: dice.one([0, 0.8]), isMeddled: true, expiresMs: Infinity });
  for (const payment of history.payments) payment.paid = false;
}

// Pages that read and call more than they pay, by a token that does not live long, and with limits.
function asks(dice, history) {
  const works = { initMs: 10, closesAt: null, closesAfterMs: null };
  history.pages = history.pages.map((one) => ({ ...one, ...works, way: dice.one(['frameHttp', 'webhook', 'oauth', 'sdk']) }));
  Object.assign(history, { trouble: dice.one([0, 0.3, 0.6]), readsTrouble: dice.chance(0.5), isAsking: true });
  if (dice.chance(0.7)) Object.assign(history, { expiresMs: dice.whole(501, 3_000), refresh: dice.weighed([[3, 'works'], [1, 'rejects']]) });
}

const page = (dice, number, withinMs) => ({
  number,
  closesAt: dice.chance(0.25) ? 1_000 + dice.whole(50, 2 * withinMs) : null,
  // So long after its first call that changes something.
  closesAfterMs: dice.chance(0.2) ? dice.whole(0, 300) : null,
  // The browser stops it so long after each of them: a page in the background.
  freezesAfterMs: dice.chance(0.15) ? dice.whole(0, dice.one([300, 3_000])) : null,
  frozenMs: dice.one([1_500, 30_000, 200_000]),
  locks: dice.weighed([[10, 'work'], [1, 'absent'], [1, 'refuse']]),
  storage: dice.weighed([[12, 'work'], [1, 'absent'], [1, 'refused'], [1, 'full'], [1, 'fails']]),
  observes: dice.chance(0.8),
  hasStatus: dice.chance(0.8),
  initMs: dice.weighed([[8, 10], [1, 6_000], [1, null], [1, undefined]]),
  way: dice.weighed([[7, 'frame'], [2, 'frameHttp'], [2, 'webhook'], [2, 'oauth'], [1, 'sdkHook'], [2, 'sdk']]),
  // The page's own code calls the same method, so long after the package does, or in the same moment.
  meddlesMs: dice.chance(0.15) ? dice.one([0, 1, 5, 300, 3_000]) : null,
  meddlesWith: dice.one(['the same payment', 'another one']),
});

function doings({ isMeddled, isAsking }) {
  if (isMeddled) return [[1, 'pay'], [1, 'markPaid']];
  if (isAsking) return [[2, 'pay'], [1, 'read'], [2, 'list'], [3, 'call']];
  return [[8, 'pay'], [2, 'markPaid'], [1, 'markUnpaid'], [2, 'bulk'], [1, 'read'], [1, 'list'], [1, 'unsettled'], [2, 'call'], [2, 'foreign']];
}

function add(dice, history, number, doing) {
  const { callers, pages, payments, settleMs, withinMs } = history;
  const one = {
    number,
    page: dice.whole(0, pages.length - 1),
    at: dice.chance(0.5) ? dice.whole(0, 300) : dice.whole(0, withinMs),
    doing: doing ?? dice.weighed(doings(history)),
    payment: dice.one(payments).id,
    mark: `m${number}`,
    abortsIn: !history.isMeddled && dice.chance(0.2) ? dice.whole(0, dice.one([50, 3_000, 30_000])) : null,
    knownMs: !history.isMeddled && dice.chance(0.15) ? dice.whole(0, 12_000) : null,
    concurrency: dice.whole(1, 4),
    throwsOnProgress: dice.chance(0.3),
    of: dice.one([{ order: 77 }, { deal: 5 }]),
    method: dice.one(['sale.paysystem.list', 'crm.timeline.comment.add']),
    options: {
      settleMs,
      deadlineMs: dice.one([500, 5_000, 30_000]),
      ...(dice.chance(0.15) && { payReturned: true }),
    },
  };
  if (dice.chance(0.15)) one.options.expect = { sum: dice.chance(0.7) ? String((one.payment - 500) * 100) : '7' };
  if (one.doing === 'bulk') {
    const chosen = payments.filter(() => dice.chance(0.7));
    one.items = (chosen.length ? chosen : payments).map(({ id }) => ({ payment: id, mark: `${one.mark}-${id}` }));
  }
  callers.push(one);
  // Somebody presses twice.
  if (one.doing === 'pay' && dice.chance(0.2)) {
    callers.push({ ...one, options: { ...one.options }, number: number + 100, at: one.at + dice.one([0, 0, 5, 1_000]), isTwin: true, abortsIn: dice.chance(0.3) ? dice.whole(0, 3_000) : null, knownMs: null });
  }
}
