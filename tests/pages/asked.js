// Holds what was told of things asked that change no payment against what has happened: reads, lists, what is unsettled, and `call`.

import { isDeepStrictEqual } from 'node:util';

export function* asked(played, seen) {
  const { caller, said, error } = seen;
  if (error?.code === 'LIMITED') yield* limited(played, seen);
  switch (caller.doing) {
    case 'read':
      if (said && !isAsItWas(played, seen, said)) yield 'a payment that was never like this';
      return;
    case 'list':
      if (said) yield* listed(played, seen);
      return;
    case 'call':
      return yield* called(played, seen);
    case 'unsettled':
      if (error?.code && !['NOT_IN_PORTAL', 'NO_HANDSHAKE', 'ABORTED'].includes(error.code)) yield 'the storage rejects';
      if (said) yield* unsettled(played, seen);
      return;
    default:
  }
}

// What a limit refuses is asked for three times more, but for a call, which is the caller's to repeat.
function* limited({ world }, { caller, page, startedAt, toldAt }) {
  const isRefused = ({ page: sender, trip, handedAt }) => sender === page && trip.says?.[0] === 503 && handedAt >= startedAt && handedAt <= toldAt;
  const refusals = world.wires.filter(isRefused).length;
  if (refusals < (caller.doing === 'call' ? 1 : 4)) yield `given up after ${refusals} refusals by a limit`;
}

const isAsItWas = ({ world }, { startedAt, toldAt }, { id, paid }) => world.rules.was(id, paid, startedAt, toldAt);

function* listed(played, seen) {
  const { rules } = played.world;
  const all = seen.caller.of.order ? rules.ofOrder(seen.caller.of.order) : [...rules.payments.keys()];
  const ids = plain(seen.said).map(({ id }) => id);
  if (!isDeepStrictEqual(seen.caller.of.order ? ids : ids.toSorted(), all.toSorted())) yield `${ids.length} payments of ${all.length}`;
  if (!seen.said.every((one) => isAsItWas(played, seen, one))) yield 'payments that were never like this';
}

function* called({ world }, { caller, page, said, error, startedAt, toldAt }) {
  const wires = world.wires.filter((wire) => wire.page === page && wire.key === caller.mark && wire.handedAt >= startedAt && wire.handedAt <= toldAt);
  const last = wires.at(-1);
  const isExpired = (wire) => (wire.isUnrun || wire.trip.says?.[1] === 'expired_token') && wire.answeredAt <= last.handedAt;
  if (!wires.slice(0, -1).every(isExpired)) yield 'sent again although it may have run';
  if (wires.length > 2) yield `sent ${wires.length} times`;
  if (said !== undefined && !(last?.answeredAt <= toldAt && isDeepStrictEqual(plain(said), resultOf(last)))) yield 'what the portal never answered';
  // What a refusal says of itself is the portal's word.
  if (!error || error.retry === 'readFirst' || error.code === 'REFUSED') return;
  if (world.rules.written.some(({ wire }) => wires.includes(wire))) yield `rejected as ${error.code}, to be called again, although it was carried out`;
  if (error.code === 'ABORTED' && wires.some((wire) => !wire.isUnrun)) yield 'to be called again although it was sent';
}

const resultOf = ({ shown, method }) => (method === 'sale.paysystem.list' ? [{ ID: 11, NAME: 'Card' }] : shown?.result);

const plain = (value) => JSON.parse(JSON.stringify(value));

function* unsettled({ history, world, pages, told }, seen) {
  const { said, page, startedAt, toldAt } = seen;
  const isEntry = ({ paymentId, paySystemId, sentAt }) => Number.isSafeInteger(paymentId) && paymentId > 0
    && (paySystemId === null || Number.isSafeInteger(paySystemId)) && typeof sentAt === 'string';
  if (!said.every(isEntry)) yield 'what is no entry';
  const works = pages.every(({ plan }) => plan.locks === 'work' && plan.storage === 'work');
  if (!works || history.forged.length || history.clearsAt !== null) return;
  const sends = world.wires.filter((wire) => wire.changes && !String(wire.key).startsWith('foreign-'));
  for (const { paymentId, sentAt } of said) {
    const at = Date.parse(sentAt) - world.openedAt;
    const isIt = (wire) => wire.payment === paymentId && Math.abs(wire.handedAt - at) < 3 && wire.page.closedAt <= toldAt;
    if (!sends.some(isIt)) yield `an entry of ${paymentId}, which no page that was closed had under way`;
  }
  // Whoever comes later finds it, unless somebody was there before.
  for (const wire of sends) {
    const isAlone = told.every((other) => other === seen || other.page === wire.page || other.startedAt === undefined || other.startedAt > toldAt || other.isForeign
      || ['read', 'list', 'call'].includes(other.caller.doing));
    const wasUnderWay = wire.page.closedAt < startedAt && wire.page !== page && !wire.isUnsent
      && told.some((one) => one.page === wire.page && one.startedAt <= wire.handedAt && one.toldAt === undefined && one.abortedAt === undefined && isOf(one, wire));
    const isLast = sends.filter((one) => one.page === wire.page && one.payment === wire.payment).at(-1) === wire;
    const isOut = wire.answeredAt === undefined && wire.endedAt === undefined;
    if (isAlone && wasUnderWay && isLast && isOut && !said.some(({ paymentId }) => paymentId === wire.payment)) yield `nothing of ${wire.payment}, which was under way when its page was closed`;
  }
}

const isOf = ({ caller }, { key, payment }) => caller.mark === key || (caller.payment === payment && ['markPaid', 'markUnpaid'].includes(caller.doing));
