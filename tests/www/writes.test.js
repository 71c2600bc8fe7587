// b24pay's functions over the element's portal: what is handed on, and what is told of each write.
import assert from "node:assert/strict";
import { test } from "node:test";
import { overPortal } from "../../www/writes.js";

const paid = { status: "paid", payment: {}, recovered: false };
const refused = Object.assign(new Error("no"), { code: "REFUSED" });

/** What was asked of b24pay and what was told, with answers that the test gives. */
function over(answers, portal) {
  const asked = [];
  const told = [];
  const names = ["listPayments", "getPayment", "unsettled", "call", "payPayment", "markPaid", "markUnpaid", "payPayments"];
  const b24pay = Object.fromEntries(names.map((name) => [name, async (...given) => {
    asked.push([name, ...given]);
    return answers[name]?.(...given);
  }]));
  return { pay: overPortal(b24pay, { portal, deadlineMs: 500 }, (detail) => told.push(detail)), asked, told };
}

test("each call goes to the portal, with the waiting time that the element has or the call's own", async () => {
  const portal = {};
  const { pay, asked } = over({ payPayment: () => paid }, Promise.resolve(portal));
  await pay.listPayments({ deal: 7 });
  await pay.getPayment(501, { deadlineMs: 8 });
  await pay.payPayment({ paymentId: 501, paySystemId: 11 }, { settleMs: 1 });
  await pay.call("scope", {}, { deadlineMs: 9 });
  await pay.unsettled();
  assert.deepEqual(asked, [
    ["listPayments", { deal: 7 }, { deadlineMs: 500, portal }],
    ["getPayment", 501, { deadlineMs: 8, portal }],
    ["payPayment", { paymentId: 501, paySystemId: 11 }, { deadlineMs: 500, settleMs: 1, portal }],
    ["call", "scope", {}, { deadlineMs: 9, portal }],
    ["unsettled", { deadlineMs: 500, portal }],
  ]);
});

test("without a portal none is named, so that b24pay takes the frame's", async () => {
  const { pay, asked } = over({});
  await pay.getPayment(501);
  assert.deepEqual(asked, [["getPayment", 501, { deadlineMs: 500 }]]);
});

test("a portal that does not come rejects each call, and a write is told as refused", async () => {
  const { pay, asked, told } = over({}, Promise.reject(refused));
  await assert.rejects(pay.getPayment(501), refused);
  await assert.rejects(pay.payPayment({ paymentId: 501, paySystemId: 11 }), refused);
  await assert.rejects(pay.payPayments([{ paymentId: 501, paySystemId: 11 }], {}), refused);
  assert.deepEqual(asked, []);
  assert.deepEqual(told, [{ action: "pay", paymentId: 501, error: refused }]);
});

test("whether money went back is asked of the same portal", async () => {
  const portal = {};
  const { pay, asked } = over({ call: () => ({ payments: [{ id: 501, isReturn: "Y" }] }) }, portal);
  assert.deepEqual([...await pay.returnedOf([501])], [501]);
  assert.deepEqual(asked, [["call", "sale.payment.list", { select: ["id", "isReturn"], filter: { "@id": [501] } }, { deadlineMs: 500, portal }]]);
});

test("what comes of a write is told once and handed back as it is", async () => {
  const unpaid = { status: "unpaid" };
  const { pay, told } = over({ payPayment: () => paid, markPaid: () => { throw refused; }, markUnpaid: () => unpaid });
  assert.equal(await pay.payPayment({ paymentId: "501", paySystemId: 11 }), paid);
  await assert.rejects(pay.markPaid(502), refused);
  assert.equal(await pay.markUnpaid(503), unpaid);
  assert.deepEqual(told, [
    { action: "pay", paymentId: 501, outcome: paid }, { action: "markPaid", paymentId: 502, error: refused },
    { action: "markUnpaid", paymentId: 503, outcome: unpaid },
  ]);
});

test("of many, each that ended is told once, whether its progress was or not; what a stop left out is not", async () => {
  const requests = [501, 502, 503, 504].map((paymentId) => ({ paymentId, paySystemId: 11 }));
  const items = [paid, { status: "rejected", error: refused }, { status: "unknown", cause: refused }, { status: "notStarted" }]
    .map((outcome, at) => ({ request: requests[at], ...outcome }));
  const report = { items };
  const { pay, told, asked } = over({ payPayments: (_, { onProgress }) => {
    onProgress(1, 4, items[0]);
    assert.equal(told.length, 1, "as soon as it ended");
    onProgress(2, 4, items[1]);
    return report;
  } });
  const seen = [];
  const { signal } = new AbortController();
  assert.equal(await pay.payPayments(requests, { settleMs: 1, signal, onProgress: (done, total, item) => seen.push([done, total, item]) }), report);
  assert.deepEqual(seen, [[1, 4, items[0]], [2, 4, items[1]]]);
  const [, given, { onProgress, ...options }] = asked[0];
  assert.deepEqual([given, options], [requests, { deadlineMs: 500, settleMs: 1, signal }]);
  assert.deepEqual(told, [
    { action: "pay", paymentId: 501, outcome: paid }, { action: "pay", paymentId: 502, error: refused },
    { action: "pay", paymentId: 503, outcome: { status: "unknown", cause: refused } },
  ]);
});

test("of what the page did not hand on is told, too", () => {
  const { pay, told } = over({});
  pay.notSent(501, refused);
  pay.notSent(502, refused, "markPaid");
  assert.deepEqual(told, [{ action: "pay", paymentId: 501, error: refused }, { action: "markPaid", paymentId: 502, error: refused }]);
});
