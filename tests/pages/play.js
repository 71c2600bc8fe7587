// Plays a history to its very end, and gives what everybody was told beside what has happened.

import { Dice } from '../dice.js';
import { HOST } from './forged.js';
import { PAY_SYSTEM, planned } from './history.js';
import { idle } from './idle.js';
import { OPENED_AT, opened } from './opened.js';
import { Locks, Storage } from './origin.js';
import { Rules, changes } from './rules.js';
import { sdkOf } from './sdk.js';
import { Time } from './time.js';
import { throwTrip } from './trip.js';

const WEBHOOK_SECRET = 'w3bh00kS3cr3tW0rd';
// A wait that the package promises to end is over by then.
const LONGEST_MS = 1_800_000;

export const play = (seed) => played(planned(seed));

export async function played(history) {
  const world = made(history);
  const pages = [];
  for (const plan of history.pages) pages.push(await opened(world, plan));
  const unheard = [];
  const note = (error) => unheard.push(error);
  process.on('unhandledRejection', note);
  const { time } = world;
  const told = history.callers.map((caller) => calls(caller, pages[caller.page], world, history));
  for (const page of pages) if (page.plan.closesAt !== null) time.at(page.plan.closesAt, () => page.closes());
  if (history.clearsAt !== null) time.at(history.clearsAt, () => world.storage.clear());
  for (const { at, key, value } of history.forged) if (at > 0) time.at(at, () => world.storage.setItem(key, value));
  for (const seen of told) seen.settled = () => idle(seen.page, told, world);
  await time.run(LONGEST_MS);
  process.off('unhandledRejection', note);
  return { history, world, pages, told, unheard };
}

function made(history) {
  const time = new Time();
  const good = new Set();
  const tokens = {
    all: [WEBHOOK_SECRET],
    issue: () => {
      const token = `t0k3n${history.seed}x${tokens.all.length}`;
      tokens.all.push(token);
      good.add(token);
      if (history.expiresMs < Infinity) time.after(history.expiresMs, () => good.delete(token));
      return token;
    },
    isGood: (token) => good.has(token),
    refreshMs: () => (['works', 'same'].includes(history.refresh) ? 300 : null),
  };
  const wires = [];
  const storage = new Storage();
  for (const { at, key, value } of history.forged) if (at === 0) storage.setItem(key, value);
  return {
    seed: history.seed,
    host: HOST,
    openedAt: OPENED_AT,
    refreshes: history.refresh,
    time, tokens, wires, storage,
    // Timers that were left when nobody waited.
    ticking: [],
    rules: new Rules(time, history),
    locks: new Locks(time),
    handed: (page, method, params) => {
      const dice = new Dice(history.seed * 1_000 + wires.length);
      const isSound = params.foreign ? history.isMeddled : !changes(method) && !history.readsTrouble;
      const trip = throwTrip(dice, { trouble: isSound ? 0 : history.trouble, isSilent: history.isMeddled, isRefused: history.isAsking, held: isSound ? 0 : history.held, slow: changes(method) ? history.slow : 0.25, limitMs: Math.floor(history.settleMs * 0.9) });
      const payment = Number(params.PAYMENT_ID ?? params.id) || undefined;
      const key = params.foreign ?? params.PS_INVOICE_ID ?? params.fields?.COMMENT ?? `${method}:${page.plan.number}:${payment}`;
      const wire = { page, method, params, payment, key, trip, handedAt: time.now, changes: changes(method) };
      wires.push(wire);
      if (wire.changes && page.plan.closesAfterMs !== null) time.after(page.plan.closesAfterMs, () => page.closes());
      if (wire.changes && page.plan.freezesAfterMs !== null) time.after(page.plan.freezesAfterMs, () => page.freezes());
      return wire;
    },
  };
}

// The portal of a page's callers, by the page's way.
function portalOf(page, world, refresh) {
  const { frame, webhook, oauth, sdk } = page.b24pay;
  const renewed = {
    works: () => new Promise((resolve) => world.time.after(200, () => resolve(world.tokens.issue()), page)),
    never: () => new Promise(() => {}),
    throws: () => {
      throw new Error('no token');
    },
    rejects: async () => {
      throw new Error('no token');
    },
    empty: async () => '',
    same: async () => world.tokens.all[1],
  };
  switch (page.plan.way) {
    case 'frameHttp': return frame({ transport: 'http' });
    case 'webhook': return webhook(`https://${world.host}/rest/1/${WEBHOOK_SECRET}/`);
    case 'sdk':
    case 'sdkHook': return sdk(sdkOf(page, world, { isHook: page.plan.way === 'sdkHook', secret: WEBHOOK_SECRET, refresh: renewed[refresh] }));
    case 'oauth': return oauth({ domain: world.host, accessToken: page.token, refresh: renewed[refresh] });
    default: return undefined;
  }
}

// Makes a call when it is due; what is given fills up as it goes on.
function calls(caller, page, world, { refresh }) {
  const { time } = world;
  const seen = { caller, page };
  const abort = new AbortController();
  const { signal } = abort;
  // Who listens to the signal still.
  seen.listeners = new Set();
  const [listen, unlisten] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
  signal.addEventListener = (kind, listener) => {
    seen.listeners.add(listener);
    listen(kind, listener);
  };
  signal.removeEventListener = (kind, listener) => {
    seen.listeners.delete(listener);
    unlisten(kind, listener);
  };
  const act = () => {
    page.portal ??= portalOf(page, world, refresh);
    const options = { ...caller.options, signal };
    if (page.portal) options.portal = page.portal;
    seen.startedAt = time.now;
    seen.abort = () => {
      seen.abortedAt ??= time.now;
      abort.abort(new Error('the caller has gone'));
    };
    if (caller.abortsIn !== null) time.after(caller.abortsIn, seen.abort, page);
    const settles = asked(caller, page, options, seen);
    settles?.then(
      (said) => Object.assign(seen, { said, toldAt: time.now }),
      (error) => Object.assign(seen, { error, toldAt: time.now }),
    ).then(() => seen.settled());
  };
  time.at(1_000 + caller.at, () => {
    if (caller.knownMs === null) return act();
    page.portal ??= portalOf(page, world, refresh);
    seen.knownAt = time.now;
    page.b24pay.getPayment(caller.payment, page.portal && { portal: page.portal }).then((payment) => {
      caller.options.known = payment;
      time.after(caller.knownMs, act, page);
    }, () => time.after(0, act, page));
  }, page);
  return seen;
}

function asked(caller, page, options, seen) {
  const { b24pay, bx24 } = page;
  const { payment, mark } = caller;
  const request = (of) => ({ paymentId: of.payment, paySystemId: PAY_SYSTEM, details: { invoiceId: of.mark } });
  switch (caller.doing) {
    case 'pay': return b24pay.payPayment(request(caller), options);
    case 'markPaid': return b24pay.markPaid(payment, options);
    case 'markUnpaid': return b24pay.markUnpaid(payment, options);
    case 'bulk': {
      const { known, expect, ...rest } = options;
      const onProgress = () => {
        if (caller.throwsOnProgress) throw new Error('onProgress threw');
      };
      return b24pay.payPayments(caller.items.map(request), { ...rest, concurrency: caller.concurrency, onProgress });
    }
    case 'read': return b24pay.getPayment(payment, options);
    case 'list': return b24pay.listPayments(caller.of, options);
    case 'call': return b24pay.call(caller.method, { fields: { COMMENT: mark } }, options);
    case 'unsettled': return b24pay.unsettled(options);
    default:
      // The page pays by itself, beside the package.
      try {
        bx24?.callMethod('sale.paysystem.pay.payment', { PAYMENT_ID: payment, PAY_SYSTEM_ID: 11, foreign: `foreign-${mark}` }, () => {});
      } catch { /* it throws at times */ }
      seen.isForeign = true;
      return undefined;
  }
}
