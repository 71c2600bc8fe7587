/** A positive whole number up to 2^53 - 1, or its canonical digits. An account number such as `"15/1"` is not an id. */
export type Id = number | string | bigint;

/** Which payment is to be paid, and through which pay system. */
export interface PayRequest {
  /** `sale_order_payment.id` */
  paymentId: Id;
  /** `sale_paysystem.ID`; it has to be the payment's own. */
  paySystemId: Id;
  /** Stored on the payment by REST pay systems; other kinds of pay system ignore it. */
  details?: PayDetails;
}

/**
 * What a REST pay system stores on the payment. Each value is non-empty and not `"0"` (the portal drops both).
 * Lengths count code points and are checked before anything is sent: the portal answers `true` to an
 * over-long value and leaves the payment unpaid.
 */
export interface PayDetails {
  /** The bank's reference, at most 255 characters. */
  invoiceId?: string;
  /** What the bank reports as paid: decimal text such as `"59.97"`. It has to be the payment's sum, unless `detailsMayDiffer`. */
  sum?: string;
  /** Three letters. It has to be the payment's currency, unless `detailsMayDiffer`. */
  currency?: string;
  /** At most 255 characters; `"Y"` where none is given. */
  statusCode?: string;
  /** At most 250 characters. */
  statusMessage?: string;
  /** At most 512 characters. */
  statusDescription?: string;
}

/** A way to reach one portal, made by {@link frame}. It shows nothing of the secrets that it may hold. */
export interface Portal {
  /** Portals are made by this module only. */
  readonly [portal]: true;
}
declare const portal: unique symbol;

/** What every call takes. */
export interface CallOptions {
  /** The portal to ask; the `BX24` of this frame where none is given. */
  portal?: Portal;
  /**
   * Ends the call at once. Aborting does **not** take back a payment that was sent: the promise then
   * resolves as `unknown`, and the payment has to be read.
   */
  signal?: AbortSignal;
  /** How long one request may stay silent, in milliseconds; 30,000 where none is given. */
  deadlineMs?: number;
}

/** What a call takes that pays. */
export interface PayOptions extends CallOptions {
  /**
   * How long after sending an unpaid payment may still turn paid, in milliseconds; 65,000 where none is
   * given. The cloud works on a request for at most 60 s after it got it; self-hosted portals set their own limit.
   */
  settleMs?: number;
  /** A payment that this module returned at most 10 s ago: spares the first read. Anything else is read anyway. */
  known?: Payment;
  /** What is believed to be paid: a difference rejects with `AMOUNT_CHANGED` before anything is sent. Sums are compared as decimals rounded to four places. */
  expect?: { sum?: string; currency?: string };
  /** `details.sum` and `details.currency` need not match the payment (a bank's fee). */
  detailsMayDiffer?: true;
  /** Pay a payment that was returned. Whether it was is visible by scope `sale` only. */
  payReturned?: true;
}

/** What is known after {@link payPayment} or {@link markPaid}. */
export type PayOutcome =
  /** Read back as paid. `recovered`: the portal's answer had been lost. */
  | { status: "paid"; payment: Payment; recovered: boolean }
  /** Was paid before this call. `sent`: the call still reached the portal, because somebody was faster. */
  | { status: "alreadyPaid"; payment: Payment; sent: boolean }
  /** Read back as unpaid when this call can no longer change it. `cause`: why there was no answer, where there was none. */
  | { status: "notApplied"; payment: Payment; cause?: PayError }
  /** The portal said yes, and this user or app may not read payments. */
  | { status: "unverified"; cause: PayError }
  /** It may or may not have run, or may still run. `payment`: the last that was read. */
  | { status: "unknown"; cause: PayError; payment?: Payment };

/** What is known after {@link markUnpaid}; the words mean what they mean in {@link PayOutcome}. */
export type UnpayOutcome = {
  status: "unpaid" | "alreadyUnpaid" | "notApplied" | "unknown";
  payment?: Payment;
  cause?: PayError;
};

/** One payment of an order as the portal gave it. */
export interface Payment {
  /** `sale_order_payment.id` */
  id: number;
  /** As `"917/1"`: the order's number, a slash, and a count. */
  accountNumber: string;
  /** Whether the portal keeps it as paid. Nothing else tells. */
  paid: boolean;
  /** ISO 8601 with an offset. */
  datePaid: string | null;
  /** The employee who paid it. */
  paidBy: number | null;
  /** Its pay system; 0 where the portal gave none. */
  paySystemId: number;
  /** Its pay system's name, as the portal has it: text, never HTML. */
  paySystemName: string;
  /** Decimal text of at most four places, such as `"59.97"`; empty where the portal gave no readable one. */
  sum: string;
  /** As the portal spells it; usually an ISO 4217 code. */
  currency: string;
  /** Its order; only where `sale.payment.*` could be read. */
  orderId?: number;
  /** Whether the money was returned; only where `sale.payment.*` could be read. */
  returned?: boolean;
}

/**
 * Pays a payment through its pay system, and says what is known afterwards.
 *
 * Settles at the latest after the handshake, a first read, the longer of `deadlineMs` and `settleMs`, and a
 * last read; the wait for another call about the same payment (at most `settleMs` + `deadlineMs`) and for the
 * portal's limits comes on top.
 *
 * @throws {PayError} by rejection only, and only when this call certainly paid nothing.
 */
export function payPayment(request: PayRequest, options?: PayOptions): Promise<PayOutcome>;

/**
 * Pays many payments, one at a time inside an order, and says of each what is known. Reads are gathered, so
 * that a payment costs little more than its one pay call.
 *
 * @throws {PayError} by rejection only when the arguments are not what they should be, never for an item.
 */
export function payPayments(requests: readonly PayRequest[], options?: BulkOptions): Promise<BulkReport>;

/** What {@link payPayments} takes. */
export interface BulkOptions extends Omit<PayOptions, "known" | "expect"> {
  /** How many pay calls may be under way at once, from 1 to 50; 1 where none is given, and always 1 through `BX24`. */
  concurrency?: number;
  /** Told of each item as it ends; what it throws changes nothing. */
  onProgress?(done: number, total: number, item: BulkItem): void;
}

/** What is known about one request of many. */
export type BulkItem = { request: PayRequest } & (
  | PayOutcome
  /** This call paid nothing. */
  | { status: "rejected"; error: PayError }
  /** The caller aborted before anything was sent for it. */
  | { status: "notStarted" }
);

/** What {@link payPayments} resolves with. */
export interface BulkReport {
  /** One item a request, in input order. */
  items: BulkItem[];
}

/**
 * Marks a payment as paid by `crm.item.payment.pay`: any pay system, no details. For pay systems that answer
 * `true` to {@link payPayment} and do nothing, such as cash.
 *
 * @throws {PayError} by rejection only, and only when this call certainly paid nothing.
 */
export function markPaid(paymentId: Id, options?: PayOptions): Promise<PayOutcome>;

/**
 * Marks a payment as unpaid by `crm.item.payment.unpay`.
 *
 * @throws {PayError} by rejection only, and only when this call certainly changed nothing.
 */
export function markUnpaid(paymentId: Id, options?: PayOptions): Promise<UnpayOutcome>;

/** Reads one payment, by scope `crm` or else `sale`. */
export function getPayment(paymentId: Id, options?: CallOptions): Promise<Payment>;

/** Lists all payments of a deal or smart invoice (scope `crm`) or of an order (scope `sale`). */
export function listPayments(of: { deal: Id } | { invoice: Id } | { order: Id }, options?: CallOptions): Promise<Payment[]>;

/**
 * What was under way when a page of this app was closed, oldest first. An entry whose payment can no longer
 * change by that call is given once. Entries can be forged by other apps of the origin: read the payment.
 */
export function unsettled(options?: CallOptions): Promise<{ paymentId: number; paySystemId: number | null; sentAt: string }[]>;

/** The portal around this page, by `BX24.callMethod`. */
export function frame(): Portal;

/** Why nothing was done, or why a fact cannot be stated. `name` is `"PayError"`. */
export interface PayError extends Error {
  name: "PayError";
  /** Stable; the only thing to compare. */
  code: PayErrorCode;
  /** What may be done next: make the same call again, do not, or read the payment first. */
  retry: "safe" | "never" | "readFirst";
  /** The portal's own code as text; `"0"` and `""` are codes too. */
  portalCode?: string;
  /** The portal's own words, in its language: text, never HTML. */
  portalText?: string;
  /** The HTTP status, where it was seen. */
  httpStatus?: number;
  /** The REST method it is about. */
  method?: string;
  /** With `MISSING_SCOPE`: the scope that is needed. */
  scope?: string;
  /** What was thrown, as the same object; with `ABORTED`, the signal's reason. */
  cause?: unknown;
}

/** The codes of {@link PayError}. */
export type PayErrorCode =
  /** The request or an option has the wrong shape; nothing was sent. */
  | "INVALID_REQUEST"
  /** No identifier of a payment; nothing was sent. */
  | "INVALID_PAYMENT_ID"
  /** No identifier of a pay system; nothing was sent. */
  | "INVALID_PAY_SYSTEM_ID"
  /** A detail that the portal would not store; nothing was sent. */
  | "INVALID_DETAILS"
  /** The payment's amount is not the agreed one, or could not be checked; nothing was sent. */
  | "AMOUNT_CHANGED"
  /** The payment belongs to another pay system; nothing was sent. */
  | "OTHER_PAY_SYSTEM"
  /** The payment was returned; nothing was sent. */
  | "RETURNED"
  /** The same payment is being paid from another call, tab or page and did not end in time; nothing was sent. */
  | "UNDER_WAY"
  /** There is no usable `BX24`. */
  | "NOT_IN_PORTAL"
  /** `BX24.init` did not answer. */
  | "NO_HANDSHAKE"
  /** The caller aborted: before anything was sent, or as the cause of `unknown`. */
  | "ABORTED"
  /** The portal said no. */
  | "REFUSED"
  /** Rights of the user, or the portal's tariff: the portal uses one code for both. */
  | "ACCESS_DENIED"
  /** A scope is missing; `scope` names it. */
  | "MISSING_SCOPE"
  /** The token could not be renewed, and the call was not handed over. */
  | "AUTH_EXPIRED"
  /** Still refused by a limit after the paced retries; it did not run. */
  | "LIMITED"
  /** Silence, or a request that ended without an answer. */
  | "NO_ANSWER"
  /** An answer that is none. */
  | "NONSENSE"
  /** The page's content security policy lacks `'wasm-unsafe-eval'`, or the module did not load. */
  | "WASM_BLOCKED";

/** Whether a value is a {@link PayError}. By its name, since `instanceof` fails across frames. */
export function isPayError(value: unknown): value is PayError;
