// Each intended use. All of it must compile.

import {
  call, frame, getPayment, isPayError, listPayments, markPaid, markUnpaid, payPayment, payPayments, oauth, sdk,
  unsettled, webhook,
} from "b24pay";
import type {
  BulkItem, BulkReport, CallOptions, Id, Payment, PaymentsOf, PayDetails, PayError, PayErrorCode, PayOptions, PayOutcome,
  PayRequest, Portal, UnpayOutcome,
} from "b24pay";
import { B24Payments } from "b24pay/element";
import type { B24PaymentsEventMap, OutcomeDetail } from "b24pay/element";
import * as slim from "b24pay/slim";
import { installPortal } from "b24pay/testing";
import type { FaultName, ReceivedCall, SeenPayment, TestPayment, TestPortal } from "b24pay/testing";

// Five lines of use.
export async function quickStart(): Promise<string> {
  const outcome = await payPayment({ paymentId: 501, paySystemId: 11 });
  return outcome.status;
}

// A switch over the outcomes is exhaustive, and each one has its own members.
export function inWords(outcome: PayOutcome): string {
  switch (outcome.status) {
    case "paid": return outcome.recovered ? "paid, after all" : `paid on ${outcome.payment.datePaid}`;
    case "alreadyPaid": return outcome.sent ? "somebody was faster" : "was paid";
    case "notApplied": return outcome.cause?.message ?? outcome.payment.paySystemName;
    case "unverified": return outcome.cause.code;
    case "unknown": return outcome.payment?.accountNumber ?? outcome.cause.message;
  }
}

// So is one over a bulk item.
export function ofItem(item: BulkItem): string {
  switch (item.status) {
    case "rejected": return item.error.message;
    case "notStarted": return `${item.request.paymentId} was not sent`;
    case "paid":
    case "alreadyPaid": return item.payment.sum;
    case "notApplied": return item.payment.paySystemName;
    case "unverified":
    case "unknown": return item.cause.retry;
  }
}

// Identifiers of all three kinds.
const ids: Id[] = [501, "501", 501n];
const details: PayDetails = {
  invoiceId: "bank-77", sum: "59.97", currency: "EUR", statusCode: "OK", statusMessage: "ok", statusDescription: "done",
};
const requests: readonly PayRequest[] = ids.map((paymentId) => ({ paymentId, paySystemId: "11", details }));

// Every option.
export async function everyOption(known: Payment): Promise<PayOutcome> {
  const portal: Portal = frame();
  const options: PayOptions = {
    portal, known, signal: AbortSignal.timeout(1_000), deadlineMs: 30_000, settleMs: 65_000,
    expect: { sum: "59.97", currency: "EUR" }, detailsMayDiffer: true, payReturned: true,
  };
  return payPayment({ paymentId: 501, paySystemId: 11, details }, options);
}

// Options that an own function was perhaps given are handed on as they are.
export function handedOn(options: {
  portal?: Portal; signal?: AbortSignal; deadlineMs?: number; settleMs?: number; known?: Payment; expect?: { sum: string };
  detailsMayDiffer?: true; payReturned?: true;
}): Promise<PayOutcome> {
  const { portal, signal, deadlineMs, settleMs, known, expect, detailsMayDiffer, payReturned } = options;
  return payPayment({ paymentId: 501, paySystemId: 11 }, {
    portal, signal, deadlineMs, settleMs, known, expect, detailsMayDiffer, payReturned,
  });
}
export function manyHandedOn(concurrency?: number, onProgress?: (done: number, total: number) => void): Promise<BulkReport> {
  return payPayments(requests, { concurrency, onProgress });
}
export function portalsHandedOn(transport?: "bx24" | "http", refresh?: () => Promise<string>): Portal[] {
  return [frame({ transport }), oauth({ domain: "example.bitrix24.eu", accessToken: "token", refresh })];
}

// Many, with progress.
export async function many(): Promise<BulkReport> {
  return payPayments(requests, {
    concurrency: 5,
    settleMs: 1_000,
    onProgress(done, total, item) {
      console.log(`${done} of ${total}: ${item.request.paymentId} ${item.status}`);
    },
  });
}

// Marking, and taking back.
export async function byCrm(paymentId: Id): Promise<[PayOutcome, UnpayOutcome]> {
  return [await markPaid(paymentId, { settleMs: 1_000 }), await markUnpaid(paymentId)];
}

// Reading.
export async function reads(options: CallOptions): Promise<string[]> {
  const lists = await Promise.all([
    listPayments({ deal: 7 }, options), listPayments({ invoice: "31" }), listPayments({ order: 77n }),
  ]);
  const one: Payment = await getPayment(501, options);
  const left: { paymentId: number; paySystemId: number | null; sentAt: string }[] = await unsettled();
  return [...lists.flat(), one].map(({ sum, currency }) => `${sum} ${currency}`).concat(left.map(({ sentAt }) => sentAt));
}

// Whose payments they are may be known at run time only.
export function ofEither(of: { deal: number } | { order: string }, whose: PaymentsOf): Promise<Payment[]>[] {
  return [listPayments(of), listPayments(whose), listPayments({ deal: 7, order: undefined })];
}

// Errors are told by their code.
export async function guarded(): Promise<PayErrorCode | undefined> {
  try {
    await getPayment(501);
  } catch (error) {
    if (!isPayError(error)) throw error;
    const { code, retry, portalCode, portalText, httpStatus, method, scope, cause }: PayError = error;
    console.log(retry, portalCode, portalText, httpStatus?.toFixed(), method, scope, cause);
    return code;
  }
  return undefined;
}

// The other entry has the same types.
export const same: typeof payPayment = slim.payPayment;

// Each way to reach a portal.
export const ways: Portal[] = [
  frame(), frame({}), frame({ transport: "bx24" }), frame({ transport: "http" }),
  webhook("https://example.bitrix24.eu/rest/7/secret/"),
  oauth({ domain: "example.bitrix24.eu", accessToken: "token" }),
  oauth({ domain: "example.bitrix24.eu", accessToken: "token", refresh: async () => "new token" }),
  sdk({} as unknown),
];

// Calls know the parameters and the results of their methods.
export async function calls(portal: Portal): Promise<number> {
  const id: number = await call("sale.paysystem.handler.add", {
    NAME: "Bank", CODE: "bank", SETTINGS: { CODES: {}, FORM_DATA: { ACTION_URI: "https://bank.example/" } },
  }, { portal });
  const [system] = await call("sale.paysystem.list", {});
  const { payments } = await call("sale.payment.list", { filter: { "=orderId": 77 }, order: { id: "asc" } });
  const payment = await call("crm.item.payment.get", { id: "501" }, { deadlineMs: 5_000 });
  const batch = await call("batch", { halt: 1, cmd: { one: "scope" } });
  const yes: true = await call("sale.paysystem.pay.payment", { PAYMENT_ID: 501, PAY_SYSTEM_ID: 11n });
  await call("scope", undefined);
  return id + (system?.ID ?? 0) + payments.length + payment.sum + Object.keys(batch.result).length + Number(yes);
}

// A method that the types do not know is declared by whoever calls it.
declare module "b24pay" {
  interface Methods {
    "crm.deal.get": { params: { id: Id }; result: { TITLE: string } };
  }
}
export const title = async (id: Id): Promise<string> => (await call("crm.deal.get", { id })).TITLE;

// A portal for tests of one's own.
export async function tested(name: FaultName): Promise<[SeenPayment | undefined, readonly ReceivedCall[]]> {
  const payment: TestPayment = { id: 501, paySystemId: 11, sum: 59.97, currency: "EUR", deal: 7, paid: false };
  const portal: TestPortal = installPortal({ payments: [payment, { id: 502 }] });
  portal.answer("sale.paysystem.list", [{ ID: 11, NAME: "Card" }]);
  portal.answer("app.info", ({ id }) => ({ ID: id }));
  portal.refuse("sale.paysystem.add", 0);
  portal.refuse("sale.paysystem.add", "ACCESS_DENIED", "No", 403);
  portal.fault("delay", { method: "sale.paysystem.pay.payment", nth: 2, times: 3, ms: 100 });
  portal.fault(name);
  await getPayment(501, { portal: webhook(portal.webhookUrl) });
  await getPayment(501, { portal: oauth({ domain: portal.domain, accessToken: "token" }) });
  portal.restore();
  return [portal.payment(501), [...portal.calls, ...portal.callsOf("scope")]];
}

// The element: made by its tag, told its portal, listened to by its events.
export function shown(portal: Portal, coming: Promise<Portal>): B24Payments {
  const payments = document.createElement("b24-payments");
  payments.setAttribute("deal", "7");
  payments.deal = 7;
  payments.deal = undefined;
  payments.payment = "917/1";
  payments.timeline = payments.order !== null && !payments.none;
  payments.settleMs = payments.deadlineMs;
  payments.portal = portal;
  payments.portal = coming;
  payments.portal = undefined;
  payments.facts = { app: "1.2.3" };
  payments.addEventListener("b24pay-outcome", ({ detail }) => console.log(ofOutcome(detail)), { once: true });
  payments.addEventListener("b24pay-busy", toldBusy);
  payments.removeEventListener("b24pay-busy", toldBusy);
  payments.addEventListener("b24pay-height", ({ detail }) => console.log(detail.bottom.toFixed()));
  payments.addEventListener("b24pay-language", ({ detail: { language, direction, title } }) => console.log(language, direction, title));
  payments.addEventListener("click", (event) => console.log(event.clientX));
  document.addEventListener("b24pay-outcome", ({ detail }) => console.log(detail.paymentId));
  document.querySelector("b24-payments")?.refresh();
  return payments;
}

function toldBusy(this: B24Payments, { detail }: B24PaymentsEventMap["b24pay-busy"]): void {
  console.log(this.busy, detail.busy);
}

// What came of a payment: what is known, or why nothing was changed.
export function ofOutcome(detail: OutcomeDetail): string {
  if (detail.error) return detail.error.code;
  if (detail.action === "markUnpaid") return detail.outcome.status === "unpaid" ? "undone" : detail.outcome.status;
  return inWords(detail.outcome);
}

export const outcomes = (event: B24PaymentsEventMap["b24pay-outcome"]): number => event.detail.paymentId;
export const made: HTMLElement = new B24Payments();
