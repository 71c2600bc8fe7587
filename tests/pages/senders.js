// Who sent what when: one pay call a caller, and none blind to another's.

import { keyOf as noted } from './forged.js';
import { isUnrun, reads } from './judge.js';
import { company, keyOf } from './own.js';

export function senders(played) {
  const { wires } = played.world;
  const sends = wires.filter((wire) => wire.changes && !String(wire.key).startsWith('foreign-'));
  const broken = [];
  for (const [at, later] of sends.entries()) {
    for (const earlier of sends.slice(0, at)) {
      if (earlier.payment !== later.payment || earlier.isUnsent) continue;
      // Of bulk calls each item has a mark of its own.
      const isItem = /-/.test(earlier.key) && earlier.key === later.key;
      const isSame = isItem || earlier.key === later.key && isOfOne(played, earlier, later);
      if (isSame && !(isUnrun(earlier) && earlier.answeredAt <= later.handedAt)) {
        broken.push(`two calls of ${later.key} at ${earlier.handedAt} and ${later.handedAt}`);
      }
      if (!isSame && !isUnrun(earlier) && !knewOf(played, earlier, later)) {
        broken.push(`${later.key} at ${later.handedAt} was sent blind to ${earlier.key} at ${earlier.handedAt}`);
      }
    }
  }
  return broken;
}

// Whether both were sent for one caller who waited alone; where several wait, each may have a run of its own.
const isOfOne = ({ told }, one, other) => {
  const is = (seen, { handedAt }) => seen.startedAt <= handedAt && handedAt <= (seen.toldAt ?? Infinity);
  const by = told.filter((seen) => seen.page === one.page && keyOf(seen) === one.key && is(seen, one) && is(seen, other));
  return by.some((seen) => company(told, seen).length === 1);
};

// Whether the sender of the later call had read what became of the earlier one.
function knewOf({ history, world, told }, earlier, later) {
  const { crm, sale } = history.rights;
  if (!crm && !sale) return true;
  const isElsewhere = earlier.page !== later.page;
  // Pages that have no locks or no storage know nothing of each other.
  const works = ({ plan }) => plan.locks === 'work' && plan.storage === 'work';
  if (isElsewhere && !(works(earlier.page) && works(later.page))) return true;
  if (isElsewhere && (history.clearsAt !== null || isOverwritten(history, earlier, later))) return true;
  // A payment that the caller had in hand spares the read.
  const by = told.find(({ caller, page }) => page === later.page && caller.mark === later.key)
    ?? told.find(({ caller, page }) => page === later.page && caller.payment === later.payment && caller.options.known);
  if (by?.caller.options.known) return true;
  // Final by a complete answer, by being read as done, by its caller's outcome, or by time.
  const last = Math.min(earlier.answeredAt ?? Infinity, (earlier.startedAt ?? earlier.handedAt) + history.settleMs, earlier.handedAt + history.settleMs);
  return world.wires.some((wire) => reads(wire) && wire.page === later.page && isAbout(wire, later.payment)
    && wire.handedAt >= Math.min(last, doneAt(world, earlier)) && wire.answeredAt <= later.handedAt);
}

// Whether other code of the origin has written over what the earlier page had noted.
const isOverwritten = ({ forged }, { payment, handedAt }, later) => forged.some(({ at, key }) => key === noted(payment) && at >= handedAt && at <= later.handedAt);

// When the state that the earlier call wanted was there, by it or by whoever was faster.
const doneAt = ({ rules }, { payment, method, handedAt }) => {
  const paid = method !== 'crm.item.payment.unpay';
  if (rules.was(payment, paid, handedAt, handedAt)) return handedAt;
  return rules.changed.find((one) => one.payment === payment && one.paid === paid && one.at >= handedAt)?.at ?? Infinity;
};

const isAbout = (wire, payment) => (wire.method === 'batch'
  ? decodeURIComponent(JSON.stringify(wire.params)).includes(`id=${payment}`)
  : wire.payment === payment);
