// The optional facts that a pay system of an app keeps with a payment, and the portal's limits for them.
// Over a limit the portal answers yes and leaves the payment unpaid, so nothing over it is sent.

/** Lengths in characters as people count them (code points), as the portal's columns do. */
export const limits = { invoiceId: 255, statusMessage: 250, statusDescription: 512 };

/**
 * What was filled in, ready to be sent, and what is wrong with it.
 * @param {Record<string, string>} given field by field, as typed
 * @returns {{ details: object | undefined, faults: Record<string, { fault: "long", limit: number, count: number } | { fault: "zero" }> }}
 */
export function checked(given = {}) {
  const details = {};
  const faults = {};
  for (const [name, limit] of Object.entries(limits)) {
    const text = String(given[name] ?? "").trim();
    const count = [...text].length;
    if (count > limit) faults[name] = { fault: "long", limit, count };
    // The portal drops a single 0 without a word.
    else if (text === "0") faults[name] = { fault: "zero" };
    else if (text) details[name] = text;
  }
  return { details: Object.keys(details).length ? details : undefined, faults };
}
