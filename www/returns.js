// Whether money went back: only `sale.payment.*` tells, and not to every user or app. A payment that came by CRM looks unpaid then.
// What cannot be known is left as it is.

/** The portal gives so many rows at a time. */
const rows = 50;

/** How long a question waits for it at the most, where the portal may be silent for so long anyway. */
export const patienceFor = (deadlineMs) => Math.min(deadlineMs, 5_000);

/**
 * @param {(method: string, params: object, options: object) => Promise<unknown>} call asks the portal
 * @param {number} deadlineMs how long it may be silent anyway
 * @returns {(ids: number[], options?: { signal?: AbortSignal }) => Promise<Set<number>>} those of these payments that are known to be
 *   returned; never rejects. After a refusal for scope or rights nothing is asked any more.
 */
export function askingReturns(call, deadlineMs) {
  let isRefused = false;
  return async (ids, more) => {
    const options = { ...more, deadlineMs: patienceFor(deadlineMs) };
    const found = new Set();
    for (let at = 0; !isRefused && at < ids.length; at += rows) {
      try {
        const answer = await call("sale.payment.list", { select: ["id", "isReturn"], filter: { "@id": ids.slice(at, at + rows) } }, options);
        for (const { id, isReturn } of answer.payments) if (isReturn && isReturn !== "N") found.add(id);
      } catch ({ code }) {
        isRefused = code === "MISSING_SCOPE" || code === "ACCESS_DENIED";
        // The question waits no longer.
        break;
      }
    }
    return found;
  };
}
