// Which payments belong to a placement: every placement of the portal facts, and options in every odd shape.
import assert from "node:assert/strict";
import { test } from "node:test";
import { idOf, numberOf, subjectOf } from "../../www/placement.js";

const cases = [
  ["CRM_DEAL_DETAIL_TAB", { ID: "8061", URI: "/crm/deal/details/8061/" }, { kind: "deal", id: 8061 }],
  ["CRM_DEAL_DETAIL_ACTIVITY", { ID: "8061" }, { kind: "deal", id: 8061 }],
  ["CRM_DEAL_DETAIL_TOOLBAR", { ID: "8061" }, { kind: "deal", id: 8061 }],
  ["CRM_DEAL_LIST_MENU", { ID: 8061 }, { kind: "deal", id: 8061 }],
  ["CRM_DEAL_ACTIVITY_TIMELINE_MENU", { ENTITY_ID: "7", ASSOCIATED_ENTITY_ID: "901" }, { kind: "deal", id: 7 }],
  ["CRM_DEAL_DOCUMENTGENERATOR_BUTTON", { ENTITY_ID: "7" }, { kind: "deal", id: 7 }],
  ["CRM_SMART_INVOICE_DETAIL_TAB", { ID: "31" }, { kind: "invoice", id: 31 }],
  ["CRM_SMART_INVOICE_DETAIL_TOOLBAR", { ENTITY_ID: "31" }, { kind: "invoice", id: 31 }],
  ["CRM_DYNAMIC_31_DETAIL_TAB", { ID: "31" }, { kind: "invoice", id: 31 }],
  ["CRM_ORDER_DETAIL_TAB", { ID: "77" }, { kind: "order", id: 77 }],
  ["CRM_ORDER_DETAIL_ACTIVITY", { ID: "77" }, { kind: "order", id: 77 }],
  ["CRM_DYNAMIC_2_DETAIL_TAB", { ID: "8061" }, { kind: "deal", id: 8061 }],
  ["CRM_DYNAMIC_177_DETAIL_TAB", { ID: "5" }, { kind: "none" }],
  ["CRM_DYNAMIC_177_DETAIL_TOOLBAR", { ENTITY_ID: "5" }, { kind: "none" }],
  ["CRM_LEAD_DETAIL_TAB", { ID: "5" }, { kind: "none" }],
  ["REST_APP_URI", { paymentId: "42", URI: "/marketplace/view/b24pay/?params[paymentId]=42" }, { kind: "payment", id: 42 }],
  ["REST_APP_URI", { dealId: "7" }, { kind: "deal", id: 7 }],
  ["REST_APP_URI", { orderId: "77" }, { kind: "order", id: 77 }],
  ["REST_APP_URI", { invoiceId: "31" }, { kind: "invoice", id: 31 }],
  ["REST_APP_URI", { paymentId: "15/1" }, { kind: "search" }],
  ["DEFAULT", [], { kind: "search" }],
  ["DEFAULT", { any: "thing" }, { kind: "search" }],
  ["", undefined, { kind: "search" }],
  ["CRM_DEAL_DETAIL_TAB", [], { kind: "none" }],
  ["CRM_DEAL_DETAIL_TAB", { ID: "0" }, { kind: "none" }],
  ["CRM_DEAL_DETAIL_TAB", "", { kind: "none" }],
  ["CRM_DEAL_DETAIL_TAB", null, { kind: "none" }],
  ["CRM_DEAL_DETAIL_TAB", 5, { kind: "none" }],
];

for (const [placement, options, expected] of cases) {
  test(`${placement || "no placement"} with ${JSON.stringify(options)} shows ${JSON.stringify(expected)}`, () => {
    assert.deepEqual(subjectOf(placement, options), expected);
  });
}

test("an id is a positive whole number in canonical digits", () => {
  for (const good of ["1", " 501 ", 501, "9007199254740991"]) assert.equal(idOf(good), Number(good));
  for (const bad of ["0", "-1", "1.5", "01", "15/1", "501abc", "1e3", "", "９", null, undefined, [501], true, 1.5, 2 ** 53, "9007199254740992", "9".repeat(400)]) {
    assert.equal(idOf(bad), null, String(bad));
  }
});

test("a payment's number has a part behind a slash and no space", () => {
  for (const good of ["917/1", "917/12", "A-77/1", "77/1/2"]) assert.equal(numberOf(good), good);
  for (const bad of ["917", "917/", "/1", "917//1", "9 17/1", "917/1 x", ""]) assert.equal(numberOf(bad), null, bad);
});
