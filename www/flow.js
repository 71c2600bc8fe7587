// What the page can be doing and what may happen next: tables of states and events, nothing else.
// An event that a state does not list is ignored: that is why a second press is no second call.

/**
 * One entry is `state: { event: [next state, what to do then] }`.
 * The page as a whole: from opening to a list.
 */
export const page = {
  opening: { opened: ["loading", "list"], search: ["search"], none: ["none"], failed: ["failed"] },
  loading: { listed: ["list"], empty: ["empty"], failed: ["failed"] },
  list: { refresh: ["refreshing", "list"], search: ["search"] },
  refreshing: { listed: ["list"], empty: ["empty"], failed: ["failed"] },
  empty: { refresh: ["loading", "list"], search: ["search"] },
  search: { find: ["loading", "list"] },
  none: { search: ["search"] },
  failed: { refresh: ["loading", "list"], search: ["search"], reload: ["failed", "reload"] },
};

const ends = { cancel: ["closed"] };
const answers = {
  paid: ["paid"], alreadyPaid: ["alreadyPaid"], notApplied: ["notApplied"], notSettledInTime: ["silentlyUnpaid"],
  unverified: ["unverified"], unknown: ["unknown"],
  // Rejections: this call paid nothing. What may be offered then depends on why.
  refused: ["refused"], retryable: ["retryable"], returned: ["returned"], differs: ["reading", "read"],
};

/** The confirmation of one payment, in its dialog. Every write has exactly one row that leads to it. */
export const confirmation = {
  closed: { open: ["reading", "read"], openUnknown: ["unknown"] },
  reading: { same: ["asking"], changed: ["changed"], foundPaid: ["alreadyPaid"], unread: ["unread"], ...ends },
  unread: { again: ["reading", "read"], ...ends },
  changed: { review: ["asking"], ...ends },
  asking: { confirm: ["paying", "pay"], ...ends },
  paying: answers,
  paid: ends,
  alreadyPaid: ends,
  foundPaid: ends,
  notApplied: { mark: ["marking", "mark"], ...ends },
  silentlyUnpaid: { again: ["reading", "read"], mark: ["marking", "mark"], ...ends },
  marking: { ...answers, notApplied: ["notMarked"] },
  notMarked: ends,
  unverified: { check: ["verifying", "check"], ...ends },
  verifying: { isPaid: ["foundPaid"], isUnpaid: ["notApplied"], unread: ["unverified"], ...ends },
  unknown: { check: ["checking", "check"], ...ends },
  checking: { isPaid: ["foundPaid"], isUnpaid: ["stillUnpaid"], unread: ["unknown"], ...ends },
  stillUnpaid: { check: ["checking", "check"], again: ["reading", "read"], ...ends },
  refused: ends,
  retryable: { again: ["reading", "read"], ...ends },
  returned: { confirmReturned: ["paying", "payReturned"], ...ends },
};

/** States in which a write is on its way and must not be lost from sight. */
export const underWay = new Set(["paying", "marking"]);

/** The next state and what to do, or null where the event means nothing in this state. */
export function next(table, state, event) {
  const [to, effect = null] = table[state]?.[event] ?? [];
  return to ? { to, effect } : null;
}

/** A table as lines `state + event -> next state / effect`, for reading and for tests. */
export function printed(table) {
  return Object.entries(table)
    .flatMap(([state, events]) => Object.entries(events).map(([event, [to, effect]]) => `${state} + ${event} -> ${to}${effect ? ` / ${effect}` : ""}`))
    .join("\n");
}
