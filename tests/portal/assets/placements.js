// Where in a portal an app can appear, which records it stands at there, and what the portal tells it about the record.
// Ids travel as text, as in a portal; some places say ID and some ENTITY_ID.

const kind = (label, path) => ({ label, path });

export const KINDS = {
  deal: kind('Deal', '/crm/deal/details/'),
  invoice: kind('Invoice', '/crm/type/31/details/'),
  order: kind('Order', '/shop/orders/details/'),
  lead: kind('Lead', '/crm/lead/details/'),
  dynamic: kind('Item of type 177', '/crm/type/177/details/'),
};

const id = (record) => ({ ID: String(record) });
const entityId = (record) => ({ ENTITY_ID: String(record) });
const timeline = (record) => ({
  ENTITY_ID: String(record),
  ASSOCIATED_ENTITY_ID: '901',
  ASSOCIATED_ENTITY_TYPE_ID: '6',
});

const PLACES = {
  DEFAULT: {},
  CRM_DEAL_DETAIL_TAB: { kind: 'deal', options: id },
  CRM_DEAL_DETAIL_ACTIVITY: { kind: 'deal', options: id },
  CRM_DEAL_DETAIL_TOOLBAR: { kind: 'deal', options: id },
  CRM_DEAL_LIST_MENU: { kind: 'deal', options: id },
  CRM_DEAL_ACTIVITY_TIMELINE_MENU: { kind: 'deal', options: timeline },
  CRM_DEAL_DOCUMENTGENERATOR_BUTTON: { kind: 'deal', options: entityId },
  CRM_SMART_INVOICE_DETAIL_TAB: { kind: 'invoice', options: id },
  CRM_SMART_INVOICE_DETAIL_ACTIVITY: { kind: 'invoice', options: id },
  CRM_SMART_INVOICE_DETAIL_TOOLBAR: { kind: 'invoice', options: entityId },
  CRM_SMART_INVOICE_LIST_MENU: { kind: 'invoice', options: id },
  CRM_SMART_INVOICE_ACTIVITY_TIMELINE_MENU: { kind: 'invoice', options: timeline },
  CRM_ORDER_DETAIL_TAB: { kind: 'order', options: id },
  CRM_ORDER_DETAIL_ACTIVITY: { kind: 'order', options: id },
  CRM_LEAD_DETAIL_TAB: { kind: 'lead', options: id },
  CRM_DYNAMIC_177_DETAIL_TAB: { kind: 'dynamic', options: id },
  CRM_DYNAMIC_177_DETAIL_TOOLBAR: { kind: 'dynamic', options: entityId },
  REST_APP_URI: { link: true },
};

export const PLACEMENTS = Object.keys(PLACES);

export const kindAt = (placement) => PLACES[placement]?.kind;
export const isLink = (placement) => Boolean(PLACES[placement]?.link);

// `params` is the query text of a deep link, used by REST_APP_URI only.
export function optionsAt(placement, record, params) {
  const place = PLACES[placement];
  if (place?.link) {
    const query = new URLSearchParams(params);
    const uri = new URLSearchParams([...query].map(([key, value]) => [`params[${key}]`, value]));
    return { ...Object.fromEntries(query), URI: `/marketplace/view/b24pay.sandbox/?${uri}` };
  }
  if (!place?.kind) return {};
  return { ...place.options(record), URI: `${KINDS[place.kind].path}${record}/` };
}
