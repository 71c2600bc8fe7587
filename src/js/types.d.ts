/** A positive whole number up to 2^53 - 1, or its canonical digits. An account number such as `"15/1"` is not an id. */
export type Id = number | string | bigint;

/** Which payment is to be paid, and through which pay system. It may hold what is yours, such as a row, but no options: they would hold for nothing. */
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

/** A way to reach one portal, made by {@link frame}, {@link webhook}, {@link oauth} or {@link sdk}. It shows nothing of the secrets that it may hold. */
export interface Portal {
  /** Portals are made by this module only. */
  readonly [portal]: true;
}
declare const portal: unique symbol;

/**
 * What every call takes. Options of one function may be given to another, but `known` and `expect` not to {@link payPayments}; one that
 * is `undefined` counts as not given, any other name is refused.
 */
export interface CallOptions {
  /** The portal to ask; the `BX24` of this frame where none is given. */
  portal?: Portal | undefined;
  /**
   * Ends the call at once. Aborting does **not** take back a payment that was sent: the promise then
   * resolves as `unknown`, and the payment has to be read.
   */
  signal?: AbortSignal | undefined;
  /** How long one request may stay silent, in milliseconds; 30,000 where none is given. */
  deadlineMs?: number | undefined;
}

/** What a call takes that pays. */
export interface PayOptions extends CallOptions {
  /**
   * How long after sending an unpaid payment may still turn paid, in milliseconds; 65,000 where none is
   * given. The cloud works on a request for at most 60 s after it got it; self-hosted portals set their own limit.
   * It counts from the end of a request that ended without an answer: a browser may have kept it waiting for a connection.
   */
  settleMs?: number | undefined;
  /**
   * What this module returned last of the payment, not with `unknown`: spares the first read where it was asked for at most 10 s ago
   * (where it is an outcome's, its call was begun no earlier) and after the end of every other call of this page about it. Anything
   * else is read anyway.
   */
  known?: Payment | undefined;
  /** What is believed to be paid, one of the two at least: a difference rejects with `AMOUNT_CHANGED` before anything is sent. Sums are compared as decimals rounded to four places. */
  expect?: { sum?: string; currency?: string } | undefined;
  /** `details.sum` and `details.currency` need not match the payment (a bank's fee). */
  detailsMayDiffer?: true | undefined;
  /** Pay a payment that was returned. Whether it was is seen only where `sale.payment.*` reads it, not where CRM does. */
  payReturned?: true | undefined;
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
  /** `unpaid`: read back as unpaid. `alreadyUnpaid`: was unpaid before. `notApplied`: read back as still paid. `unknown`: it may or may not have run. */
  status: "unpaid" | "alreadyUnpaid" | "notApplied" | "unknown";
  /** The last that was read. */
  payment?: Payment;
  /** Why there was no answer, or why it is not known. */
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
  /** Its order; only where `sale.payment.*` read it: in the list of an order, or where CRM may not be read. */
  orderId?: number;
  /** Whether the money was returned; only where `sale.payment.*` read it, as above. */
  returned?: boolean;
}

/**
 * Pays a payment through its pay system, and says what is known afterwards.
 *
 * Settles at the latest after the handshake, a first read, another one where that took longer than 10 s, the longer of `deadlineMs`
 * and `settleMs`, and a last read; `settleMs` and a last read come once more where the request ends late without an answer. Each read
 * takes at most twice `deadlineMs`. On top come the module's loading (at most 30 s in `b24pay/slim`), the renewal of a token (at most
 * `deadlineMs`, and the refused request once more), the portal's limits, and calls that go before this one: at most `settleMs` +
 * `deadlineMs` for those about the same payment or order, as long again for those through the same `BX24`, and once more for both where
 * it reads again before sending.
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
  concurrency?: number | undefined;
  /** Told of each item as it ends; what it throws changes nothing. */
  onProgress?: ((done: number, total: number, item: BulkItem) => void) | undefined;
}

/** What is known about one request of many. */
export type BulkItem = { request: PayRequest } & (
  | PayOutcome
  /** This call paid nothing. */
  | { status: "rejected"; error: PayError }
  /** The caller aborted before anything ran for it. */
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

/**
 * Lists all payments of a deal or smart invoice (scope `crm`) or of an order (scope `sale`). An answer that cannot be all of them rejects
 * with `NONSENSE`.
 */
export function listPayments(of: PaymentsOf, options?: CallOptions): Promise<Payment[]>;

/** Whose payments {@link listPayments} lists: one of the three. */
export type PaymentsOf =
  /** A deal's. */
  | { deal: Id; invoice?: undefined; order?: undefined }
  /** A smart invoice's. */
  | { invoice: Id; deal?: undefined; order?: undefined }
  /** An order's. */
  | { order: Id; deal?: undefined; invoice?: undefined };

/**
 * What was under way when a page of this app was closed, oldest first. An entry whose payment can no longer
 * change by that call is given once. Entries can be forged by other apps of the origin: read the payment.
 * It takes a second where another page that is open has a payment under way: that one settles it.
 * `sentAt` is ISO 8601 by the clock of the machine, and empty where a forged entry gives no such time.
 */
export function unsettled(options?: CallOptions): Promise<{ paymentId: number; paySystemId: number | null; sentAt: string }[]>;

/**
 * Makes one call as it is worded, and gives its `result`, `null` where the method says nothing by it. Nothing is added to the
 * parameters, nothing is read before or after. **To pay, use {@link payPayment}**: a `true` of `sale.paysystem.pay.payment` is no proof.
 *
 * `params` is plain data. `undefined` members are left out, `null`, `[]` and `{}` go as an empty text, `true` and
 * `false` as 1 and 0 (the portal takes the text `false` for true). Names that the portal takes for itself (`auth`,
 * `access_token`, `auth_connector`, `ap`, `aplogin`, `sessid`, `state`, `token`) are refused. `start` is dropped by
 * `BX24` on its way; page by a filter such as `{ ">id": last }`, or use another portal.
 *
 * An expired token is renewed once and the call repeated, since it did not run. Nothing else is repeated.
 *
 * An answer of more than 200,000 values, nested deeper than 16 times or, over HTTP, longer than 8 MB is taken for none.
 *
 * @throws {PayError} by rejection only; where `retry` is `"readFirst"`, the call may have run: after `NO_ANSWER`, `NONSENSE`, an abort once
 * it was sent, or a `REFUSED` by the edge of the portal. After a `REFUSED` by `ERROR_CORE` or a code that is documented nowhere it may have run, too.
 */
export function call<M extends keyof Methods>(method: M, params: Methods[M]["params"], options?: CallOptions): Promise<Methods[M]["result"]>;

/**
 * The portal around this page: by `BX24.callMethod`, or with `transport: "http"` by the token of `BX24` over
 * `fetch`, which sees statuses, bodies and ends that `BX24` keeps to itself.
 */
export function frame(options?: { transport?: "bx24" | "http" | undefined }): Portal;

/**
 * A portal by one of its webhooks, such as `https://example.bitrix24.eu/rest/7/secret/`. **Whoever can read the
 * address has the webhook's rights, so it belongs on a server and never into a public page.**
 *
 * An address that is none is refused by the first call, with the part that is wrong. Make it once and keep it: what it has learned of
 * the portal's limits and of missing scopes is its own.
 */
export function webhook(url: string): Portal;

/**
 * A portal by an access token. Make it once and keep it: two of one portal would each renew the token, of which only one can, and
 * each would count the limits for itself.
 */
export function oauth(options: OAuthOptions): Portal;

/** What {@link oauth} takes. */
export interface OAuthOptions {
  /** The portal's host, such as `"example.bitrix24.eu"`. */
  domain: string;
  /** The token to begin with. */
  accessToken: string;
  /**
   * Gets a new token when the portal says that the old one has expired or is not valid, and resolves with it: once for all calls
   * that wait, within the deadline of each and 30 s at the most. Keep the new refresh token there too. Without it
   * such calls reject with `AUTH_EXPIRED`; so they do where it rejects, without its reason, which may hold a secret.
   */
  refresh?: (() => Promise<string>) | undefined;
}

/**
 * A portal by an initialised instance of `@bitrix24/b24jssdk` 2: its `B24Frame`, `B24Hook` or `B24OAuth`. Address
 * and token are taken from it and renewed by it; the calls are our own, since it repeats a call whose connection broke
 * up to three times, payments included.
 */
export function sdk(b24: unknown): Portal;

/** `"Y"` or `"N"`. */
export type YesNo = "Y" | "N";

/** How a pay system is set up: where each of its codes takes its value from. */
export type Settings = Record<string, { TYPE: string; VALUE: string }>;

/** The fields of `crm.item.payment.*`. */
export interface CrmPayment {
  /** `sale_order_payment.id` */
  id: number;
  /** As `"917/1"`. */
  accountNumber: string;
  /** Whether it is paid. */
  paid: YesNo;
  /** ISO 8601 with an offset. */
  datePaid: string | null;
  /** The employee who paid it. */
  empPaidId: number | null;
  /** Its pay system. */
  paySystemId: number;
  /** Its pay system's name: text, never HTML. */
  paySystemName: string;
  /** A JSON number, with its rounding: `59.969999999999995` stands for 59.97. */
  sum: number;
  /** As the portal spells it. */
  currency: string;
}

/** The fields of `sale.payment.*` that are stable between builds; there are more. */
export interface SalePayment extends CrmPayment {
  /** Its order. */
  orderId: number;
  /** `P`: returned to the buyer's internal account. */
  isReturn: "Y" | "N" | "P";
  /** `"Y"` after every call to pay, also where the payment stayed unpaid. */
  psStatus: YesNo | "" | null;
  /** `statusCode` of the details. */
  psStatusCode: string | null;
  /** `statusMessage` of the details. */
  psStatusMessage: string | null;
  /** `statusDescription` of the details. */
  psStatusDescription: string | null;
  /** `invoiceId` of the details. */
  psInvoiceId: string | number | null;
  /** `sum` of the details. */
  psSum: number | null;
  /** `currency` of the details. */
  psCurrency: string | null;
  /** When the pay system reported last. */
  psResponseDate: string | null;
  [field: string]: unknown;
}

/** The fields of `sale.order.*` that are stable between builds; there are more. */
export interface SaleOrder {
  /** `sale_order.ID` */
  id: number;
  /** What people call it; payments add a slash and a count. */
  accountNumber: string;
  /** What it costs, as a JSON number. */
  price: number;
  /** Of its price. */
  currency: string;
  /** Whether all of it is paid. It is no proof for a payment. */
  payed: YesNo;
  /** Whether it was cancelled; its payments are refused then. */
  canceled: YesNo;
  /** The code of its status. */
  statusId: string;
  /** Only of `sale.order.get`. */
  payments?: SalePayment[];
  [field: string]: unknown;
}

/** What list methods of scope `sale` take. */
export interface ListParams {
  /** The fields to give, without which the result lacks the others, whatever its type says; all where none are named. */
  select?: string[];
  /** Such as `{ "=orderId": 77, "=paid": "N" }`. */
  filter?: Record<string, unknown>;
  /** By which fields to sort. */
  order?: Record<string, "asc" | "desc" | "ASC" | "DESC">;
  /** Dropped by `BX24`. */
  start?: number;
}

/** The form of a payment, as `sale.paysystem.handler.add` takes it. */
export interface HandlerSettings {
  /** The settings that every pay system of this handler has. */
  CODES: Record<string, unknown>;
  /** A form that the customer sends to the given address. */
  FORM_DATA?: { ACTION_URI: string; [field: string]: unknown };
  /** The address that is asked where to send the customer. */
  CHECKOUT_DATA?: { ACTION_URI: string; [field: string]: unknown };
  /** The address that is shown in a frame. */
  IFRAME_DATA?: { ACTION_URI: string; [field: string]: unknown };
  /** The currencies that it takes; all where none are named. */
  CURRENCY?: string[];
  /** Whether persons or companies pay. */
  CLIENT_TYPE?: "b2c" | "b2b";
}

/** One of `sale.paysystem.handler.list`. */
export interface Handler {
  /** Documented as text, sent as a number by newer builds; a number here. */
  ID: number;
  /** What people call it. */
  NAME: string;
  /** What pay systems name it by, in `BX_REST_HANDLER`. */
  CODE: string;
  /** Its place in lists. */
  SORT: number;
  /** Its form of payment. */
  SETTINGS: HandlerSettings;
}

/** One of `sale.paysystem.list`; only what was selected is there. */
export interface PaySystem {
  /** `sale_paysystem.ID` */
  ID?: number;
  /** What people call it. */
  NAME?: string;
  /** The kind of customer that it is for. */
  PERSON_TYPE_ID?: number;
  /** Its place in lists. */
  SORT?: number;
  /** Whether it is offered. Paying does not ask for it. */
  ACTIVE?: YesNo;
  /** The code of its handler; the parameter of the same meaning is called `BX_REST_HANDLER`. */
  ACTION_FILE?: string;
  [field: string]: unknown;
}

/** Answers of `batch` by the keys of its commands. A command that did not run is in none of them. */
export interface BatchResult {
  /** The results. */
  result: Record<string, unknown>;
  /** The refusals. */
  result_error: Record<string, { error: string | number; error_description?: string }>;
  /** How many there are, of lists. */
  result_total: Record<string, number>;
  /** Where to go on, of lists. */
  result_next: Record<string, number>;
  /** What each took. */
  result_time: Record<string, unknown>;
}

/**
 * Methods that {@link call} knows: their parameters, and their results as they are handed out. Others are called as well; declare them
 * in a file of your own, in `declare module "b24pay" { interface Methods { … } }` beside an `import` or `export {}`, without which
 * that would stand in the place of these types.
 */
export interface Methods {
  /** Adds a kind of pay system of this app's. For administrators of the CRM. Gives its id. */
  "sale.paysystem.handler.add": {
    params: { NAME: string; CODE: string; SORT?: number; SETTINGS: HandlerSettings };
    result: number;
  };
  /** Changes one. The names to change stand in `FIELDS`, unlike those of `handler.add`. */
  "sale.paysystem.handler.update": {
    params: { ID: Id; FIELDS: { NAME?: string; CODE?: string; SORT?: number; SETTINGS?: HandlerSettings } };
    result: true;
  };
  /** Every app's, not only this one's, and all at once. */
  "sale.paysystem.handler.list": { params?: Record<string, never>; result: Handler[] };
  /** Refused by `ERROR_PAY_SYSTEM_DELETE` while pay systems use it. */
  "sale.paysystem.handler.delete": { params: { ID: Id }; result: true };
  /** Adds a pay system. Without `ENTITY_REGISTRY_TYPE: "ORDER"` a portal with CRM makes one for old invoices. */
  "sale.paysystem.add": {
    params: {
      NAME: string;
      PERSON_TYPE_ID: Id;
      BX_REST_HANDLER: string;
      ACTIVE?: YesNo;
      ENTITY_REGISTRY_TYPE?: "ORDER" | "CRM_INVOICE" | "CRM_QUOTE";
      SETTINGS?: Settings;
      DESCRIPTION?: string;
      NEW_WINDOW?: YesNo;
      LOGOTYPE?: string;
      XML_ID?: string;
    };
    result: number;
  };
  /** Documented as `true`; portals answer `false` where nothing was changed. */
  "sale.paysystem.update": {
    params: {
      ID: Id;
      FIELDS: {
        NAME?: string;
        DESCRIPTION?: string;
        NEW_WINDOW?: YesNo;
        ACTIVE?: YesNo;
        PERSON_TYPE_ID?: Id;
        BX_REST_HANDLER?: string;
        XML_ID?: string;
        LOGOTYPE?: string;
      };
    };
    result: boolean;
  };
  /** All at once, without pages. Operators in the filter are ignored by portals: `>ID` works like `ID`. */
  "sale.paysystem.list": {
    params?: { SELECT?: string[]; FILTER?: Record<string, unknown>; ORDER?: Record<string, "ASC" | "DESC"> };
    result: PaySystem[];
  };
  /** Deletes a pay system. */
  "sale.paysystem.delete": { params: { ID: Id }; result: boolean };
  /** Documented with plain texts; portals give `TYPE` and `VALUE`. `PERSON_TYPE_ID` 0 is the default one. */
  "sale.paysystem.settings.get": { params: { ID: Id; PERSON_TYPE_ID: Id | 0 }; result: Settings };
  /** `false` at the first setting that could not be changed; those before it were. */
  "sale.paysystem.settings.update": { params: { ID: Id; SETTINGS: Settings; PERSON_TYPE_ID?: Id | 0 }; result: boolean };
  /** The pay system's settings with the values of this payment. It does not tell whether it is paid. */
  "sale.paysystem.settings.payment.get": { params: { PAYMENT_ID: Id; PAY_SYSTEM_ID: Id }; result: Record<string, unknown> };
  /** @deprecated Old invoices only; smart invoices have payments. */
  "sale.paysystem.settings.invoice.get": {
    params: { INVOICE_ID: Id; PAY_SYSTEM_ID?: Id; BX_REST_HANDLER?: string };
    result: Record<string, unknown>;
  };
  /** `true` is no proof of anything; use {@link payPayment}. The `PS_*` names are undocumented. */
  "sale.paysystem.pay.payment": {
    params: {
      PAYMENT_ID: Id;
      PAY_SYSTEM_ID: Id;
      PS_INVOICE_ID?: string;
      PS_SUM?: string;
      PS_CURRENCY?: string;
      PS_STATUS_CODE?: string;
      PS_STATUS_MESSAGE?: string;
      PS_STATUS_DESCRIPTION?: string;
    };
    result: true;
  };
  /** @deprecated Old invoices only. Its real code for others is `ERROR_INVOICE_NO_SUPPORTED`, documented under another name. */
  "sale.paysystem.pay.invoice": { params: { INVOICE_ID: Id; PAY_SYSTEM_ID?: Id; BX_REST_HANDLER?: string }; result: true };
  /** Scope `crm`. Refused by code `"0"` or, in newer builds, `ACCESS_DENIED`. */
  "crm.item.payment.get": { params: { id: Id }; result: CrmPayment };
  /** Scope `crm`: all payments of a deal (2) or smart invoice (31), without pages. */
  "crm.item.payment.list": {
    params: { entityId: Id; entityTypeId: number; filter?: Record<string, unknown>; order?: Record<string, "asc" | "desc"> };
    result: CrmPayment[];
  };
  /** `true` also where it was paid already; use {@link markPaid}. */
  "crm.item.payment.pay": { params: { id: Id }; result: true };
  /** Use {@link markUnpaid}. */
  "crm.item.payment.unpay": { params: { id: Id }; result: true };
  /** Scope `sale`. */
  "sale.payment.get": { params: { id: Id }; result: { payment: SalePayment } };
  /** Scope `sale`: 50 at a time. */
  "sale.payment.list": { params: ListParams; result: { payments: SalePayment[] } };
  /** Scope `sale`. */
  "sale.order.get": { params: { id: Id }; result: { order: SaleOrder } };
  /** Scope `sale`: 50 at a time, without their payments. */
  "sale.order.list": { params: ListParams; result: { orders: SaleOrder[] } };
  /** Scope `crm`: which order belongs to which deal or invoice. 50 at a time. */
  "crm.orderentity.list": {
    params: ListParams;
    result: { orderEntity: { orderId: number; ownerId: number; ownerTypeId: number }[] };
  };
  /** Scope `crm`. `fields` is written in lower case here, as its names are in upper case. Gives the comment's id. */
  "crm.timeline.comment.add": {
    params: { fields: { ENTITY_ID: Id; ENTITY_TYPE: string; COMMENT: string; AUTHOR_ID?: Id } };
    result: number;
  };
  /** The scopes of this app or webhook. */
  scope: { params?: { full?: 0 | 1 }; result: string[] };
  /** Only with a token of an app. */
  "app.info": { params?: Record<string, never>; result: Record<string, unknown> };
  /**
   * At most 50 commands, each a method with its parameters as an escaped query, such as `sale.payment.list?filter[%3Dpaid]=N`: a name
   * with a sign that was not escaped is lost. Payments do not belong in one: it may end half done.
   */
  batch: { params: { halt?: 0 | 1; cmd: Record<string, string> | string[] }; result: BatchResult };
}

/** Why nothing was done, or why a fact cannot be stated. `name` is `"PayError"`. */
export interface PayError extends Error {
  /** What it is known by across frames. */
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
  /** What was thrown, as the same object; with `ABORTED`, the signal's reason; or the `PayError` behind this one, such as why a payment could not be read. */
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
  /** The payment's amount is not the agreed one, or could not be checked; this call changed nothing. */
  | "AMOUNT_CHANGED"
  /** The payment belongs to another pay system; this call changed nothing. */
  | "OTHER_PAY_SYSTEM"
  /** The payment was returned; this call changed nothing. */
  | "RETURNED"
  /** A call that goes before this one did not end in time: about the payment or its order, or through the same `BX24`, in this page or another tab; this call changed nothing. */
  | "UNDER_WAY"
  /** There is no usable `BX24`. */
  | "NOT_IN_PORTAL"
  /** `BX24.init` did not answer. */
  | "NO_HANDSHAKE"
  /** The caller aborted: before anything changed, as the cause of `unknown`, or in the middle of a {@link call}. */
  | "ABORTED"
  /** The portal said no. As the cause of `unknown`, by a code that does not say whether it paid. */
  | "REFUSED"
  /** Rights of the user, or the portal's tariff: the portal uses one code for both. */
  | "ACCESS_DENIED"
  /** A scope is missing; `scope` names it. */
  | "MISSING_SCOPE"
  /** The token could not be renewed or checked, and the call was not handed over. */
  | "AUTH_EXPIRED"
  /** Still refused by a limit after the paced retries; it did not run. */
  | "LIMITED"
  /** Silence, or a request that ended without an answer. As the cause of `unknown`, also a payment that could not be read back. */
  | "NO_ANSWER"
  /** An answer that is none. */
  | "NONSENSE"
  /** The page's content security policy lacks `'wasm-unsafe-eval'`, or the module did not load. */
  | "WASM_BLOCKED";

/** Whether a value is a {@link PayError}. By its name, since `instanceof` fails across frames. */
export function isPayError(value: unknown): value is PayError;
