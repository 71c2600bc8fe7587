// What an operator copies for support says what failed, and never a secret.
import assert from "node:assert/strict";
import { test } from "node:test";
import { diagnostic, withoutSecrets } from "../../www/diagnostic.js";

test("a diagnostic holds the facts, one a line, and leaves out what is not known", () => {
  const error = Object.assign(new Error("the portal refused"), { code: "REFUSED", retry: "never", method: "sale.paysystem.pay.payment", httpStatus: 400, portalText: "one\ntwo" });
  const text = diagnostic({ error, payment: { id: 501, accountNumber: "917/1", paySystemId: 11 }, facts: { portal: "demo.example", placement: "CRM_DEAL_DETAIL_TAB" }, language: "ru", at: new Date(0) });
  assert.equal(text, `page: b24pay
time: 1970-01-01T00:00:00.000Z
portal: demo.example
placement: CRM_DEAL_DETAIL_TAB
language: ru
payment: 501 (917/1)
paySystem: 11
code: REFUSED
retry: never
message: the portal refused
method: sale.paysystem.pay.payment
httpStatus: 400
portalText: one / two`);
});

test("a failure of no payment names what the portal said and what lies beneath it, without secrets", () => {
  const cause = new TypeError("fetch of https://demo.example/rest/1/s3cretToken/scope failed");
  const error = Object.assign(new Error("no"), { code: "MISSING_SCOPE", scope: "sale", portalCode: "insufficient_scope", cause });
  assert.equal(diagnostic({ error, payment: null, facts: { portal: "" }, language: "en", at: new Date(0) }), `page: b24pay
time: 1970-01-01T00:00:00.000Z
language: en
code: MISSING_SCOPE
message: no
scope: sale
portalCode: insufficient_scope
cause: TypeError: fetch of https://demo.example/rest/1/***/scope failed`);
  assert.doesNotMatch(diagnostic({ error: { cause: "abort" }, language: "en", at: new Date(0) }), /cause/);
});

const planted = [
  ["auth=s3cretToken&start=0", "auth=***&start=0"], ["access_token: s3cretToken", "access_token: ***"], ['"refresh_token":"s3cretToken"', '"refresh_token":"***"'],
  ["AUTH_ID=s3cretToken", "AUTH_ID=***"], ["https://demo.example/rest/1/s3cretToken/sale.payment.get", "https://demo.example/rest/1/***/sale.payment.get"],
  ["https://demo.example/rest/15/s3cretToken/", "https://demo.example/rest/15/***/"],
  ["https://demo.example/rest/api/15/s3cretToken/sale.payment.get", "https://demo.example/rest/api/15/***/sale.payment.get"],
  ["https:\\/\\/demo.example\\/rest\\/15\\/s3cretToken\\/scope", "https:\\/\\/demo.example\\/rest\\/15\\/***\\/scope"],
  ["?to=https%3A%2F%2Fdemo.example%2Frest%2F15%2Fs3cretToken%2Fscope", "?to=https%3A%2F%2Fdemo.example%2Frest%2F15%2F***%2Fscope"],
  ["sid 0123456789abcdef0123456789abcdef", "sid ***"],
  ["a 0123456789abcdef0123456789abcdef01234567 b", "a *** b"],
];
for (const [text, clean] of planted) {
  test(`a secret is taken out whole of: ${text}`, () => assert.equal(withoutSecrets(text), clean));
}
