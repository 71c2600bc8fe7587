// Every fault of the sandbox portal, and what a payment through BX24 comes to under it. The waiting times are short, so
// that a payment may turn paid for a second only; a request may stay silent for longer than that where its end is to be seen.

export const TIMES = { settleMs: 1000, deadlineMs: 5000 };

// For requests that never end: the silence is noticed by the deadline alone.
export const SILENT = { ...TIMES, deadlineMs: 500 };

const MAIN = ['chromium', 'firefox', 'webkit'];
const ONE = ['chromium'];

// WebKit shows an end without its status, or not at all, and that leaves more open.
const unpaidWhere = (seen) => Object.fromEntries(MAIN.map((name) => [name, seen.includes(name) ? 'notApplied' : 'unknown']));

// `readWithin1s`: the engines in which the first read-back must reach the portal within a second, BX24's silence or not.
// `isApart`: in a tab of its own, as everything that is silent.
export const FAULTS = [
  { fault: 'commitThenDrop', engines: MAIN, told: 'paid, recovered', readWithin1s: ['chromium', 'firefox'] },
  { fault: 'commitThen502', engines: MAIN, told: 'paid, recovered', readWithin1s: MAIN },
  { fault: 'http502', engines: MAIN, told: unpaidWhere(['chromium', 'firefox']), readWithin1s: MAIN },
  { fault: 'queryLimit', engines: MAIN, told: unpaidWhere(['chromium', 'firefox']), readWithin1s: MAIN },
  { fault: 'dropBeforeCommit', engines: MAIN, told: unpaidWhere(['chromium', 'firefox']), readWithin1s: ['chromium', 'firefox'] },
  { fault: 'hang', engines: MAIN, told: 'unknown', options: SILENT },
  { fault: 'commitLate', ms: 700, engines: MAIN, told: 'paid, recovered', options: SILENT },
  { fault: 'yesButUnpaid', engines: MAIN, told: 'notApplied' },
  { fault: 'yesButUnpaidOrderPaid', engines: ONE, told: 'notApplied' },
  { fault: 'delay', ms: 300, engines: ONE, told: 'paid' },
  { fault: 'noCors', engines: ONE, told: 'paid, recovered', readWithin1s: ONE },
  { fault: 'commitThenHtml', engines: ONE, told: 'paid, recovered', readWithin1s: ONE },
  { fault: 'truncatedJson', engines: ONE, told: 'paid, recovered', readWithin1s: ONE },
  { fault: 'errorCoreAfterCommit', engines: ONE, told: 'paid', readWithin1s: ONE },
  { fault: 'http500Json', engines: ONE, told: 'notApplied', readWithin1s: ONE },
  { fault: 'emptyBody', engines: ONE, told: 'notApplied', readWithin1s: ONE },
  { fault: 'empty403', engines: ONE, told: 'notApplied', readWithin1s: ONE },
  { fault: 'nullBody', engines: ONE, told: 'notApplied', readWithin1s: ONE },
  // A page that has heard how much of the limit is used waits for its end.
  { fault: 'operationLimit', engines: ONE, told: 'rejects LIMITED', isApart: true },
  { fault: 'numericError', engines: ONE, told: 'rejects REFUSED' },
  { fault: 'denied', engines: ONE, told: 'rejects ACCESS_DENIED' },
  { fault: 'missingScope', engines: ONE, told: 'rejects MISSING_SCOPE' },
  // BX24 itself renews its token and sends again: the first call was refused before it ran.
  { fault: 'expiredToken', engines: ONE, told: 'paid', calls: 2 },
  { fault: 'refreshNeverAnswers', with: 'expiredToken', engines: ONE, told: 'unknown', options: SILENT },
  // A broken kept connection makes browsers repeat the POST by themselves, so only what is true is asserted.
  { fault: 'dropReusedSocket', engines: ONE, told: /^(paid|alreadyPaid)/, calls: 'any' },
  // Strikes the batches of `payPayments`, which then reads one by one.
  { fault: 'batchRefused', method: 'batch', engines: ONE, told: 'paid', isBulk: true },
];
