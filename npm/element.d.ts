import type { PayError, PayOutcome, Portal, UnpayOutcome } from "./b24pay.js";

/**
 * The operator's page as an element, `<b24-payments>`: lists payments, confirms one or many after a question, says what is known
 * afterwards, and undoes. Importing `b24pay/element` defines it; where there is no document, importing does nothing.
 *
 * Attributes say what it shows: `deal`, `invoice`, `order` (an id) or `payment` (an id, or a number such as `917/1`); without one of
 * them it asks for one. `none` says that there is nothing here that could have payments. `language` is a language tag such as `de`;
 * without it the portal's language is taken, then the browser's. `settle-ms` and `deadline-ms` are those of `payPayment`; anything but
 * whole milliseconds, at most 9999999, counts as not set. `timeline` has who confirmed or undid what written to the timeline of the
 * deal, invoice or order. `none` and `timeline` count with any text but `false`, which some frameworks write for what is not so.
 *
 * Each attribute is a property, too, `settleMs` for `settle-ms`: what is set there stands at the element as text, and `null`, `undefined`
 * and `false` take the attribute away.
 *
 * When one of them changes, or `portal`, the element opens anew; while one of its dialogs stands open, after that was closed. Taken
 * out of the document during a payment, it does not stop the payment; put in again, it shows what came of it.
 */
export class B24Payments extends HTMLElement {
  /**
   * The portal to ask, or a promise of it, while which the element shows that it is loading; the `BX24` of this frame where none is
   * set. It has to come from `b24pay`; one of `b24pay/slim` is another module's.
   */
  get portal(): Portal | PromiseLike<Portal | undefined> | undefined;
  set portal(portal: Portal | PromiseLike<Portal | undefined> | undefined);
  /** Lines of your own for the details that a user copies for support, by their names. Never a secret. */
  get facts(): Readonly<Record<string, string>>;
  set facts(facts: Readonly<Record<string, string>>);
  /** Whose payments: the id of a deal. */
  get deal(): string | null;
  set deal(value: Stated);
  /** Of an invoice. */
  get invoice(): string | null;
  set invoice(value: Stated);
  /** Of an order. */
  get order(): string | null;
  set order(value: Stated);
  /** One payment: its id, or a number such as `917/1`. */
  get payment(): string | null;
  set payment(value: Stated);
  /** A language tag such as `de`. */
  get language(): string | null;
  set language(value: Stated);
  /** As the option of `payPayment`, in milliseconds. */
  get settleMs(): string | null;
  set settleMs(value: Stated);
  /** As the option of `payPayment`, in milliseconds. */
  get deadlineMs(): string | null;
  set deadlineMs(value: Stated);
  /** There is nothing here that could have payments. */
  get none(): boolean;
  set none(value: boolean | string | null | undefined);
  /** Writes who confirmed or undid what to the timeline. */
  get timeline(): boolean;
  set timeline(value: boolean | string | null | undefined);
  /** Whether a payment is being confirmed or undone now: until then a page should not be left. */
  readonly busy: boolean;
  /** Reads the list again, as its own button does; nothing where there is no list. */
  refresh(): void;
  /** Listens to the element's own events by their types; they bubble, and pass through shadow roots. */
  addEventListener<K extends keyof B24PaymentsEventMap>(
    type: K, listener: (this: B24Payments, event: B24PaymentsEventMap[K]) => unknown, options?: boolean | AddEventListenerOptions,
  ): void;
  /** Listens to any other event. */
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
  /** Takes a listener to one of the element's own events off again. */
  removeEventListener<K extends keyof B24PaymentsEventMap>(
    type: K, listener: (this: B24Payments, event: B24PaymentsEventMap[K]) => unknown, options?: boolean | EventListenerOptions,
  ): void;
  /** Takes a listener to any other event off again. */
  removeEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | EventListenerOptions): void;
}

/** What a property of an attribute takes. */
export type Stated = string | number | boolean | null | undefined;

/** What the element tells the page around it. */
export interface B24PaymentsOwnEventMap {
  /** What is known about a payment after it was confirmed or undone; of many at once, one for each that was not left out by a stop. */
  "b24pay-outcome": CustomEvent<OutcomeDetail>;
  /**
   * Something is under way now, or nothing any more: while it is, warn before the page is left. What is taken out of the document
   * during a payment tells the end to its own listeners only, as events outside of a document do not bubble to it.
   */
  "b24pay-busy": CustomEvent<{ busy: boolean }>;
  /** How far down the page the element and its dialog reach, in CSS pixels: for a frame that is to be as high as its content. */
  "b24pay-height": CustomEvent<{ bottom: number }>;
  /** The language that it speaks now, its direction, and its title in it. */
  "b24pay-language": CustomEvent<{ language: string; direction: "ltr" | "rtl"; title: string }>;
}

/** Every event of the element. */
export interface B24PaymentsEventMap extends HTMLElementEventMap, B24PaymentsOwnEventMap {}

/** What came of one payment. `outcome` is what is known; `error`: this call certainly changed nothing. */
export type OutcomeDetail =
  /** Confirmed through its pay system, alone or with others. */
  | { action: "pay"; paymentId: number; outcome: PayOutcome; error?: never }
  /** Marked as paid in CRM. */
  | { action: "markPaid"; paymentId: number; outcome: PayOutcome; error?: never }
  /** Undone. */
  | { action: "markUnpaid"; paymentId: number; outcome: UnpayOutcome; error?: never }
  /** It was refused, or never sent. */
  | { action: "pay" | "markPaid" | "markUnpaid"; paymentId: number; error: PayError; outcome?: never };

declare global {
  interface HTMLElementTagNameMap {
    "b24-payments": B24Payments;
  }
  interface GlobalEventHandlersEventMap extends B24PaymentsOwnEventMap {}
}
