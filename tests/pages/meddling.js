// Code of the page that calls the portal by itself, beside the package: what ends of these calls is not the package's.

import { PAY_SYSTEM } from './history.js';
import { changes } from './rules.js';

const PAY = 'sale.paysystem.pay.payment';

// Puts a function in the place of `callMethod` that brings calls of the page's own along with those of the package.
export function meddling(page, bx24) {
  const { meddlesMs, isBusy } = page.plan;
  if (meddlesMs === null) return;
  const { callMethod } = bx24;
  const calls = (method, { id, PAYMENT_ID = id }) => {
    const other = page.plan.meddlesWith === 'another one' ? 999 : PAYMENT_ID;
    const ids = method === PAY ? { PAYMENT_ID: other, PAY_SYSTEM_ID: PAY_SYSTEM } : { id: other };
    try {
      callMethod(method, { ...ids, foreign: `foreign-${PAYMENT_ID}` }, () => {});
    } catch { /* it throws at times */ }
  };
  bx24.callMethod = (method, params, run) => {
    const later = (ms, what) => page.time.after(ms, () => calls(what, params), page);
    // At the same moment nobody can tell them apart, unless it is known that the page calls by itself.
    if (meddlesMs === 0 && page.callsItself.has(method)) calls(method, params);
    try {
      callMethod(method, params, run);
    } finally {
      if (changes(method) && !params.foreign && meddlesMs > 0) later(meddlesMs, method);
      if (isBusy && 'id' in params && !changes(method)) later(5, PAY);
    }
  };
}
