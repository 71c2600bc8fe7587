// Holds what callers were told against what has happened, and gives every promise that was broken.

import { inspect } from 'node:util';
import { company, keyOf, own as ownOf } from './own.js';
import { asked } from './asked.js';
import { senders } from './senders.js';
import { leftovers } from './leftovers.js';
import { repaid, terms } from './terms.js';

// A token that is good for so long is good until it is used.
const LIVES_MS = 500;

const READS = ['crm.item.payment.get', 'sale.payment.get', 'batch'];
export const reads = (wire) => READS.includes(wire.method);

const CODES = new Set([
  'INVALID_REQUEST', 'INVALID_PAYMENT_ID', 'INVALID_PAY_SYSTEM_ID', 'INVALID_DETAILS', 'AMOUNT_CHANGED', 'OTHER_PAY_SYSTEM', 'RETURNED',
  'UNDER_WAY', 'NOT_IN_PORTAL', 'NO_HANDSHAKE', 'ABORTED', 'REFUSED', 'ACCESS_DENIED', 'MISSING_SCOPE', 'AUTH_EXPIRED', 'LIMITED',
  'NO_ANSWER', 'NONSENSE',
]);

export function judge(played) {
  const broken = [...senders(played), ...leftovers(played), ...repaid(played)];
  for (const seen of played.told) {
    if (seen.isForeign || seen.startedAt === undefined) continue;
    for (const lie of told(played, seen)) broken.push(`caller ${seen.caller.number} (${seen.caller.doing}): ${lie}; it was told ${brief(seen)}`);
  }
  return broken;
}

// What somebody was told, its errors by their codes.
const brief = ({ said, error, toldAt }) => {
  const short = (_, value) => (value?.name === 'PayError' ? `${value.code}: ${value.message}` : value);
  return `${JSON.stringify(error ? { rejected: error } : said, short)} at ${toldAt}`;
};

function* told(played, seen) {
  const { caller, page, said, error } = seen;
  if (seen.toldAt === undefined) {
    if (!page.isClosed) yield 'was never told anything';
    return;
  }
  if (error && !(error.name === 'PayError' && CODES.has(error.code))) yield `rejected with ${inspect(error)}`;
  if (error?.code === 'ABORTED' && seen.abortedAt === undefined) yield 'aborted although nobody did';
  const { history, world: { wires } } = played;
  // While a limit is waited for, or a slow read, or the page is frozen, a new token can expire, too.
  const isRefused = wires.some((wire) => wire.page === page
    && (wire.trip.ends === 'said' && [401, 503].includes(wire.trip.says[0]) || wire.answeredAt - wire.handedAt > history.expiresMs));
  if (error?.code === 'AUTH_EXPIRED' && history.refresh === 'works' && history.expiresMs > LIVES_MS && !isRefused && !page.goesOnAt) yield 'without a token although there are new ones';
  yield* terms(played, seen);
  switch (caller.doing) {
    case 'pay':
    case 'markPaid':
    case 'markUnpaid':
      return yield* one(played, seen, { key: keyOf(seen), payment: caller.payment, paid: caller.doing !== 'markUnpaid', said, error });
    case 'bulk': {
      if (error) return yield 'a bulk call rejected';
      for (const [at, item] of said.items.entries()) {
        const { mark: key, payment } = caller.items[at];
        yield* one(played, seen, { key, payment, paid: true, said: item, error: item.error });
      }
      return;
    }
    default:
      yield* asked(played, seen);
  }
}

function* one(played, seen, { key, payment, paid, said, error }) {
  const { world } = played;
  const { toldAt, startedAt } = seen;
  const own = ownOf(played, seen, key);
  const others = company(played.told, seen).filter((other) => other !== seen);
  // Where several wait, whose run has sent is not known: then it counts that one of them knows of it.
  const isMixed = others.some((other) => !other.error && other.said?.status !== 'notApplied');
  const did = world.rules.changed.filter(({ wire }) => own.includes(wire));
  const wasUndone = ({ at }) => world.rules.changed.some((later) => later.payment === payment && later.paid !== paid && later.at >= at && later.at <= toldAt);
  const effective = isMixed ? [] : did.filter((change) => change.at > toldAt || !wasUndone(change));
  const mayStillRun = isMixed ? [] : own.filter((wire) => wire.ranAt > toldAt && !wire.refused);
  const was = (state) => world.rules.was(payment, state, (seen.knownAt ?? startedAt), toldAt);
  const status = error ? 'rejected' : said.status;
  switch (status) {
    case 'rejected':
    case 'notStarted':
      // An abort leaves the run to those who wait still.
      if ((error?.code ?? 'ABORTED') === 'ABORTED' && others.length) return;
      if (effective.length) yield 'rejected although its call did it';
      if (mayStillRun.length) yield 'rejected although its call ran later';
      return;
    case 'paid':
    case 'unpaid':
    case 'alreadyPaid':
    case 'alreadyUnpaid':
      if (!was(paid) || (said.payment && said.payment.paid !== paid)) yield `${status} although it never was`;
      if (said.sent === true && effective.length) yield 'somebody else\'s although its call did it';
      if (said.sent === false && !others.length && own.some((wire) => wire.handedAt <= toldAt && !wire.isUnrun && !isUnrun(wire))) yield 'not sent although it was';
      return;
    case 'notApplied':
      if (!was(!paid) || said.payment.paid === paid) yield 'not applied although it never was so';
      if (effective.length) yield 'not applied although its call did it';
      if (mayStillRun.length) yield 'not applied although its call ran later';
      if (!isMixed && own.some((wire) => wire.handedAt <= toldAt && !hasEnded(wire, toldAt))) yield 'not applied although its request was not seen to end';
      return;
    case 'unverified':
      if (played.history.rights.crm || played.history.rights.sale) yield 'unverified although reading is allowed';
      return;
    case 'unknown':
      if (!world.wires.some((wire) => wire.changes && wire.key === key && wire.handedAt <= toldAt)) yield 'unknown although nothing was sent';
      return;
    default:
      yield `status ${status}`;
  }
}

const hasEnded = ({ endedAt = Infinity, answeredAt = Infinity }, at) => Math.min(endedAt, answeredAt) <= at;

// A refusal that certainly came before execution.
export const isUnrun = ({ isUnrun, trip: { ends, says } }) => isUnrun || (ends === 'said' && ['QUERY_LIMIT_EXCEEDED', 'expired_token'].includes(says[1]));
