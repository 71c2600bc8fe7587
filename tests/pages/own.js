// Which requests are a caller's own: those with its mark, while it and those who share its run were waiting.

// By what requests of a caller are told from others'.
export const keyOf = ({ caller, page }) => {
  if (caller.doing === 'markPaid') return `crm.item.payment.pay:${page.plan.number}:${caller.payment}`;
  if (caller.doing === 'markUnpaid') return `crm.item.payment.unpay:${page.plan.number}:${caller.payment}`;
  return caller.mark;
};

// The caller and those who waited at the same time with the same key, who may share a run.
export function company(told, seen) {
  const like = told.filter((other) => other.startedAt !== undefined && keyOf(other) === keyOf(seen));
  const group = new Set([seen]);
  const overlap = (one, other) => one.startedAt <= (other.toldAt ?? Infinity) && other.startedAt <= (one.toldAt ?? Infinity);
  for (const member of group) for (const other of like) if (overlap(member, other)) group.add(other);
  return [...group];
}

// Its requests that change something, those of its company included; `key` is an item's of a bulk call.
export function own({ told, world }, seen, key = keyOf(seen)) {
  const group = company(told, seen);
  const from = Math.min(...group.map(({ startedAt }) => startedAt));
  const to = Math.max(...group.map(({ toldAt }) => toldAt ?? Infinity));
  // A request that is handed over in the moment of being told is nobody's but the next one's, unless it is a lie.
  const lies = (wire) => wire.handedAt > to && !told.some((other) => !group.includes(other) && keyOf(other) === key && other.startedAt <= wire.handedAt);
  return world.wires.filter((wire) => wire.changes && wire.key === key && !wire.isUnsent && wire.handedAt >= from && (wire.handedAt <= to || lies(wire)));
}
