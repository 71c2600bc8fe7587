// From where the portal opened the page to whose payments it shows: facts in, facts out.
// Never asks the portal anything.

/**
 * Whose payments are shown. An `id` that is text is none; b24pay refuses it. A `number` is one as people write it.
 * @typedef {{ kind: "deal" | "invoice" | "order" | "payment", id: number | string } | { kind: "payment", number: string }
 *   | { kind: "search" } | { kind: "none" }} Subject
 */

const owners = [
  [/^CRM_DEAL_/, "deal"],
  [/^CRM_SMART_INVOICE_/, "invoice"],
  [/^CRM_ORDER_/, "order"],
  // A smart invoice is the dynamic type 31, a deal is the type 2; no other type has payments.
  [/^CRM_DYNAMIC_31_/, "invoice"],
  [/^CRM_DYNAMIC_2_/, "deal"],
];

/** What a deep link may name, the most exact first. */
const linked = [["paymentId", "payment"], ["orderId", "order"], ["invoiceId", "invoice"], ["dealId", "deal"]];

/**
 * Whose payments belong to a placement.
 * A list menu or a detail tab says `ID`, toolbars and timeline menus say `ENTITY_ID`; both come as text.
 * @returns {Subject}
 */
export function subjectOf(placement, options) {
  // Where the portal has none it gives an empty list or an empty text.
  const given = options ?? {};
  for (const [key, kind] of linked) {
    const id = idOf(given[key]);
    if (id) return { kind, id };
  }
  const name = String(placement || "DEFAULT");
  if (name === "DEFAULT" || name === "REST_APP_URI") return { kind: "search" };
  const kind = owners.find(([pattern]) => pattern.test(name))?.[1];
  const id = idOf(given.ID ?? given.ENTITY_ID);
  return kind && id ? { kind, id } : { kind: "none" };
}

/** A payment's number as people write it, such as `"917/1"`, or null. */
export function numberOf(text) {
  return /^[^\s/]+(\/[^\s/]+)+$/.test(text) ? text : null;
}

/** A positive whole number that a person or the portal wrote, or null: `"8061"` yes, `"15/1"`, `"01"`, `"1.5"` no. */
export function idOf(value) {
  const text = typeof value === "number" ? String(value) : typeof value === "string" ? value.trim() : "";
  if (!/^[1-9]\d*$/.test(text)) return null;
  const id = Number(text);
  return Number.isSafeInteger(id) ? id : null;
}
