/** What stands on a payment of a portal under test. Everything but its id has a default. */
export interface TestPayment {
  /** What it is paid and read by. */
  id: number;
  /** 1 where none is given. */
  paySystemId?: number;
  /** A name of the pay system. */
  paySystemName?: string;
  /** 100 where none is given. */
  sum?: number;
  /** `"EUR"` where none is given. */
  currency?: string;
  /** The order's number, a slash and 1, where none is given. */
  accountNumber?: string;
  /** Its order; the payment's own id where none is given. */
  orderId?: number;
  /** Unpaid where nothing is given. */
  paid?: boolean;
  /** Not returned where nothing is given. What is returned is unpaid. */
  returned?: boolean;
  /** The deal that it is listed with. */
  deal?: number;
  /** The smart invoice that it is listed with. */
  invoice?: number;
}

/** What is true about a payment after the test's calls. */
export interface SeenPayment {
  /** As it was given. */
  id: number;
  /** As it was given, or made of the order. */
  accountNumber: string;
  /** Whether it is paid now. */
  paid: boolean;
  /** When it was paid, ISO 8601. */
  datePaid: string | null;
  /** Who paid it. */
  empPaidId: number | null;
  /** Its pay system. */
  paySystemId: number;
  /** Its pay system's name. */
  paySystemName: string;
  /** As it was given. */
  sum: number;
  /** As it was given. */
  currency: string;
  /** What was stored on it, by the portal's names: `PS_INVOICE_ID` and so on. */
  details: Record<string, string>;
}

/** One call as the portal received it. */
export interface ReceivedCall {
  /** Such as `sale.paysystem.pay.payment`. */
  method: string;
  /** As given to `BX24`, which drops `start`; over HTTP every value is text. */
  params: Record<string, unknown>;
  /** The fault that it met, or, of a `batch`, that the first of its commands met. */
  fault?: FaultName;
}

/** What can go wrong with a call. */
export type FaultName =
  /** The connection breaks before anything ran. */
  | "dropBeforeCommit"
  /** The call runs, then the connection breaks. */
  | "commitThenDrop"
  /** The call runs, then a gateway answers 502. */
  | "commitThen502"
  /** The call runs, then 200 comes with a text that is no JSON. */
  | "commitThenHtml"
  /** Nothing is answered; the call runs after `ms`. */
  | "commitLate"
  /** Nothing is answered and nothing runs. */
  | "hang"
  /** The call runs, its answer takes `ms`. */
  | "delay"
  /** A gateway answers 502; nothing ran. */
  | "http502"
  /** 500 with an error in JSON; nothing ran. */
  | "http500Json"
  /** 503: too many requests. */
  | "queryLimit"
  /** 429: the method's execution time is used up. */
  | "operationLimit"
  /** 401: the token has expired, for this call. */
  | "expiredToken"
  /** 200 with nothing in it. */
  | "emptyBody"
  /** 403 with nothing in it. */
  | "empty403"
  /** 200 and `null`. */
  | "nullBody"
  /** The call runs, its answer breaks off in the middle. */
  | "truncatedJson"
  /** A call that pays, marks or takes back is answered `true`, and the payment stays as it was. Of any method: the next of these. */
  | "yesButUnpaid"
  /** 400 with the number 0 as its code. */
  | "numericError"
  /** The call runs, then something throws in the portal: 400 `ERROR_CORE`. What is refused is refused as ever. */
  | "errorCoreAfterCommit"
  /** 403: no rights. */
  | "denied"
  /** 401: the scope is missing. */
  | "missingScope";

/** A portal in the place of `BX24`, until it is restored. */
export interface TestPortal {
  /** Its host, for `oauth({ domain, accessToken })`. Every portal has another. */
  readonly domain: string;
  /** An address for `webhook()`. */
  readonly webhookUrl: string;
  /** Every call received, in order. */
  readonly calls: readonly ReceivedCall[];
  /**
   * The calls of one method. A name is refused that neither the portal answers, nor `answer` or `refuse` named before, nor any call
   * had: misspelt, it would count none for ever.
   */
  callsOf(method: string): ReceivedCall[];
  /** What is true about a payment; `undefined` where there is none. What is no id is refused. */
  payment(id: number): SeenPayment | undefined;
  /**
   * Answers a method with what the function makes of the parameters, or what its promise resolves with, from now on. What it throws
   * is answered as `ERROR_CORE`, with its message, and thrown by `restore`.
   */
  answer(method: string, result: (params: Record<string, unknown>) => unknown): void;
  /** Answers a method with this result from now on. */
  answer(method: string, result: unknown): void;
  /** Refuses a method from now on; with HTTP status 400 where none is given. */
  refuse(method: string, error: string | number, text?: string, status?: number): void;
  /**
   * Lets calls fail: the next one, or `times` calls from the `nth` on, of one method or of any. The method is one that the
   * portal answers by itself, or that `answer` or `refuse` named before; a name that nothing would meet is refused. The commands
   * in a `batch` meet the faults of their method, and one that no single command can meet, such as `hang`, ends the `batch`; a fault of
   * any method counts calls, not commands. `ms` is for `delay` and `commitLate`.
   */
  fault(name: FaultName, options?: { method?: string; nth?: number; times?: number; ms?: number }): void;
  /**
   * Gives `BX24`, `fetch` and `PerformanceObserver` back, or to a portal that was installed later and still stands; then throws what a
   * function given to `answer` threw first.
   */
  restore(): void;
}

/**
 * Puts a portal that holds these payments in the place of the global `BX24`, and of `fetch` for its own addresses, until
 * `restore()`. Code that pays through b24pay runs unchanged, its whole flow included.
 */
export function installPortal(options?: { payments?: TestPayment[] }): TestPortal;
