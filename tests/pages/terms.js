// What was agreed is kept: nothing that was returned is paid unasked, and nobody waits for a call that is nobody's.

import { keyOf } from './forged.js';

export function* terms(played, seen) {
  const { caller, error } = seen;
  if (error?.code === 'RETURNED' && !(isReturned(played, caller.payment) && !caller.options.payReturned)) yield 'returned although it was not, or did not matter';
  if (error?.code === 'UNDER_WAY' && isAlone(played) && !isForged(played, caller) && !played.history.readsTrouble && played.history.rights.crm) yield 'under way although nobody else was';
}

// What others wrote is waited for by the window of its own, which may be longer than the caller's.
const isForged = ({ history }, { payment }) => history.forged.some(({ key }) => key === keyOf(payment));

const CHANGING = ['pay', 'markPaid', 'markUnpaid', 'bulk', 'foreign'];
const isAlone = ({ told }) => told.filter((seen) => CHANGING.includes(seen.caller.doing)).length === 1;

// Payments that were paid although they had been returned, which nobody had asked for.
export function repaid(played) {
  const { world, told } = played;
  const asked = ({ caller }, { key, payment }) => [caller.payment, ...(caller.items ?? []).map((item) => item.payment)].includes(payment)
    && caller.options.payReturned && !String(key).startsWith('crm.item.payment.unpay');
  const sends = world.wires.filter((wire) => wire.changes && !wire.params.foreign && wire.method !== 'crm.item.payment.unpay');
  const unasked = sends.filter((wire) => !told.some((seen) => seen.page === wire.page && asked(seen, wire)));
  return unasked.filter((wire) => isReturned(played, wire.payment, wire.handedAt)).map(({ key, handedAt }) => `${key} at ${handedAt} paid what had been returned`);
}

// Whether it can be seen that a payment was returned, and it was until then.
function isReturned({ history, world }, payment, at = -Infinity) {
  const { crm, sale } = history.rights;
  const { returned } = history.payments.find(({ id }) => id === payment);
  return !crm && sale && returned !== 'N' && !world.rules.changed.some((one) => one.payment === payment && one.at <= at);
}
