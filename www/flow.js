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
  search: { find: ["loading", "list"], back: ["loading", "list"] },
  none: { search: ["search"] },
  failed: { refresh: ["loading", "list"], search: ["search"] },
};

const ends = { cancel: ["closed"] };

const answers = {
  paid: ["paid"], alreadyPaid: ["alreadyPaid"], notApplied: ["notApplied"], notSettledInTime: ["silentlyUnpaid"],
  unverified: ["unverified"], unknown: ["unknown"],
  // Rejections: this call paid nothing. What may be offered then depends on why.
  refused: ["refused"], retryable: ["retryable"], returned: ["returned"], differs: ["reading", "read"], invalid: ["asking"],
};

/** One payment in its dialog: confirming it, marking it in CRM, undoing it. The table shows where every write comes from. */
export const confirmation = {
  closed: { open: ["reading", "read"], openUnknown: ["unknown"], openUnverified: ["unverified"], openUndo: ["undoReading", "check"], openUndoUnknown: ["undoUnknown"] },

  reading: { same: ["asking"], markOnly: ["markAsking"], changed: ["changed"], foundPaid: ["alreadyPaid"], unread: ["unread"], ...ends },
  unread: { again: ["reading", "read"], ...ends },
  changed: { review: ["asking"], reviewMark: ["markAsking"], ...ends },
  asking: { confirm: ["paying", "pay"], ...ends },
  markAsking: { mark: ["marking", "mark"], ...ends },
  paying: answers,
  paid: ends,
  alreadyPaid: ends,
  foundPaid: ends,
  notApplied: { mark: ["marking", "mark"], ...ends },
  silentlyUnpaid: { again: ["reading", "read"], mark: ["marking", "mark"], ...ends },
  marking: { ...answers, notApplied: ["notMarked"] },
  notMarked: ends,
  unverified: { check: ["verifying", "check"], ...ends },
  verifying: { isPaid: ["foundPaid"], isUnpaid: ["notApplied"], isUnpaidSoFar: ["stillUnpaid"], unread: ["unverified"], ...ends },
  unknown: { check: ["checking", "check"], ...ends },
  checking: { isPaid: ["foundPaid"], isUnpaid: ["silentlyUnpaid"], isUnpaidSoFar: ["stillUnpaid"], unread: ["unknown"], ...ends },
  stillUnpaid: { check: ["checking", "check"], again: ["reading", "read"], ...ends },
  refused: ends,
  retryable: { again: ["reading", "read"], ...ends },
  returned: { confirmReturned: ["paying", "payReturned"], markReturned: ["marking", "payReturned"], ...ends },

  undoReading: { isPaid: ["undoAsking"], isPaidSoFar: ["undoAsking"], isUnpaid: ["alreadyUnpaid"], unread: ["undoUnread"], ...ends },
  undoUnread: { again: ["undoReading", "check"], ...ends },
  undoAsking: { undo: ["undoing", "undo"], ...ends },
  undoing: {
    unpaid: ["unpaid"], alreadyUnpaid: ["alreadyUnpaid"], notApplied: ["stillPaid"], notSettledInTime: ["silentlyPaid"], unknown: ["undoUnknown"],
    refused: ["undoRefused"], retryable: ["undoRetryable"], differs: ["undoReading", "check"],
  },
  unpaid: ends,
  alreadyUnpaid: ends,
  stillPaid: ends,
  silentlyPaid: { again: ["undoReading", "check"], ...ends },
  undoUnknown: { check: ["undoChecking", "check"], ...ends },
  undoChecking: { isPaid: ["foundPaid"], isPaidSoFar: ["paidSoFar"], isUnpaid: ["unpaid"], unread: ["undoUnknown"], ...ends },
  paidSoFar: { check: ["undoChecking", "check"], again: ["undoReading", "check"], ...ends },
  undoRefused: ends,
  undoRetryable: { again: ["undoReading", "check"], ...ends },
};

/** Many payments at once, in a dialog of their own. */
export const bulk = {
  closed: { openBulk: ["reading", "readAll"] },
  reading: { same: ["asking"], changed: ["changed"], nothingLeft: ["nothingLeft"], unread: ["unread"], ...ends },
  unread: { again: ["reading", "readAll"], ...ends },
  changed: { review: ["asking"], ...ends },
  nothingLeft: ends,
  asking: { confirmAll: ["running", "payAll"], ...ends },
  running: { stop: ["stopping", "stop"], finished: ["finished"] },
  stopping: { finished: ["finished"] },
  finished: { retry: ["running", "payAll"], save: ["finished", "save"], print: ["finished", "print"], ...ends },
};

/** States in which a write is on its way and must not be lost from sight. */
export const underWay = { confirmation: new Set(["paying", "marking", "undoing"]), bulk: new Set(["running", "stopping"]) };

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
