// Each misuse, with the reason why it must not compile. A line that compiles is an error here.

import { call, frame, getPayment, isPayError, listPayments, markPaid, oauth, payPayment, payPayments, webhook } from "b24pay";
import type { PayError, PayOutcome, Payment, Portal } from "b24pay";
import type { B24Payments, OutcomeDetail } from "b24pay/element";
import { installPortal } from "b24pay/testing";
import type { FaultName, ReceivedCall, TestPortal } from "b24pay/testing";

// @ts-expect-error the pay system is missing: the portal would get the text "undefined"
payPayment({ paymentId: 501 });

// @ts-expect-error the portal's spelling is no member of a request
payPayment({ ID: 501, paySystemId: 11 });

// @ts-expect-error both ids belong in one object
payPayment(501, 11);

// @ts-expect-error a request without its fields
payPayment({});

// @ts-expect-error an id that may be missing has to be checked first
payPayment({ paymentId: undefined as number | undefined, paySystemId: 11 });

// @ts-expect-error null is no id
markPaid(null);

// @ts-expect-error an account number is no object to read
getPayment({ accountNumber: "917/1" });

// @ts-expect-error sums are decimal text, since numbers round
payPayment({ paymentId: 501, paySystemId: 11, details: { sum: 59.97 } });

// @ts-expect-error a misspelt detail would be lost
payPayment({ paymentId: 501, paySystemId: 11, details: { invoiceID: "1" } });

// @ts-expect-error leave a detail out instead of giving undefined
payPayment({ paymentId: 501, paySystemId: 11, details: { currency: undefined } });

// @ts-expect-error the flag is true or absent
payPayment({ paymentId: 501, paySystemId: 11 }, { payReturned: false });

// @ts-expect-error waiting times are numbers of milliseconds
payPayment({ paymentId: 501, paySystemId: 11 }, { deadlineMs: "30s" });

// @ts-expect-error a webhook's address is no portal
getPayment(501, { portal: "https://shop.bitrix24.example/rest/1/secret/" });

// @ts-expect-error only this module makes portals
getPayment(501, { portal: {} });

// @ts-expect-error a portal is one of the options, not all of them
getPayment(501, frame());

// @ts-expect-error so is a signal
payPayment({ paymentId: 501, paySystemId: 11 }, AbortSignal.timeout(1_000));

// @ts-expect-error a Map has no details by their names
payPayment({ paymentId: 501, paySystemId: 11, details: new Map([["invoiceId", "1"]]) });

// @ts-expect-error nothing can be read out of a portal
frame().transport;

// @ts-expect-error reads take no settling time
getPayment(501, { settleMs: 1_000 });

// @ts-expect-error one of deal, invoice, order is needed
listPayments({});

// @ts-expect-error one of deal, invoice, order, and not two
listPayments({ deal: 7, order: 77 });

// @ts-expect-error leads have no payments
listPayments({ lead: 7 });

// @ts-expect-error many requests have no one expectation
payPayments([{ paymentId: 501, paySystemId: 11 }], { expect: { sum: "1" } });

// @ts-expect-error many requests come as a list
payPayments({ paymentId: 501, paySystemId: 11 });

export function careless(outcome: PayOutcome): Payment {
  // @ts-expect-error an unverified outcome has no payment
  return outcome.payment;
}

export function notExhaustive(outcome: PayOutcome): string {
  switch (outcome.status) {
    case "paid":
    case "alreadyPaid":
    case "notApplied":
    case "unverified":
      return "known";
    default: {
      // @ts-expect-error the unknown is left, and has to be handled
      const nothing: never = outcome;
      return nothing;
    }
  }
}

export async function careful(portal: Portal): Promise<void> {
  const payment = await getPayment(501, { portal });
  // @ts-expect-error whether it is paid is a boolean, not the portal's letter
  if (payment.paid === "Y") return;
  // @ts-expect-error it has no date unless it is paid
  payment.datePaid.slice(0, 10);
  // @ts-expect-error only where sale.payment.* could be read
  payment.orderId.toFixed();
}

export function wrongCode(error: unknown): boolean {
  // @ts-expect-error an unknown error has no code
  if (error.code === "REFUSED") return true;
  // @ts-expect-error there is no such code
  return isPayError(error) && error.code === "DECLINED";
}

// @ts-expect-error there is no such transport
frame({ transport: "fetch" });

// @ts-expect-error a webhook is one address, not its parts
webhook("example.bitrix24.eu", 7, "secret");

// @ts-expect-error a domain alone lets nobody in
oauth({ domain: "example.bitrix24.eu" });

// @ts-expect-error refresh resolves with the token itself
oauth({ domain: "example.bitrix24.eu", accessToken: "token", refresh: async () => ({ access_token: "new" }) });

// @ts-expect-error no such method
call("sale.paysystem.pay", {});

// @ts-expect-error the pay system is missing
call("sale.paysystem.pay.payment", { PAYMENT_ID: 501 });

// @ts-expect-error methods of the old scope write their names in upper case
call("sale.paysystem.settings.payment.get", { paymentId: 501, paySystemId: 11 });

export async function wrongResult(): Promise<string> {
  // @ts-expect-error an id is a number
  return call("sale.paysystem.add", { NAME: "Bank", PERSON_TYPE_ID: 1, BX_REST_HANDLER: "bank" });
}

// @ts-expect-error payments come as a list under their name
installPortal([{ id: 501 }]);

// @ts-expect-error a payment is asked for by its id
installPortal({ payments: [{ paySystemId: 11 }] });

// @ts-expect-error an id of a payment under test is a number, as the portal gives it
installPortal({ payments: [{ id: "501" }] });

// @ts-expect-error the portal's numbers are numbers here, and decimal text in what it is read as
installPortal({ payments: [{ id: 501, sum: "100.00" }] });

// @ts-expect-error whether it is paid is a boolean, not the portal's letter
installPortal({ payments: [{ id: 501, paid: "Y" }] });

// @ts-expect-error a misspelt field would be a default unnoticed
installPortal({ payments: [{ id: 501, paysystem: 11 }] });

// @ts-expect-error there is no such fault
export const unheardOf: FaultName = "commitThen503";

export function misused(portal: TestPortal, received: ReceivedCall): string {
  // @ts-expect-error a misspelt fault would never strike
  portal.fault("commitThen520");
  // @ts-expect-error a fault says by its name what happens; the method is an option
  portal.fault("sale.paysystem.pay.payment", "http502");
  // @ts-expect-error waiting times are numbers of milliseconds
  portal.fault("delay", { ms: "1s" });
  // @ts-expect-error an answer is for a method
  portal.answer({ result: true });
  // @ts-expect-error a refusal needs the portal's code
  portal.refuse("sale.paysystem.list");
  // @ts-expect-error the status is a number
  portal.refuse("sale.paysystem.list", "ACCESS_DENIED", "No", "403");
  // @ts-expect-error what was received is looked at, not changed
  portal.calls.push(received);
  // @ts-expect-error every portal has a host of its own
  portal.domain = "example.bitrix24.eu";
  // @ts-expect-error a payment that was not given is not there
  portal.payment(501).paid;
  // @ts-expect-error the test portal stands in the place of BX24, it is no portal to hand in
  getPayment(501, { portal });
  // @ts-expect-error a parameter is of any kind until it is checked
  return received.params.PAYMENT_ID;
}

export function element(payments: B24Payments): void {
  // @ts-expect-error a portal is what b24pay made, not its address
  payments.portal = "https://example.bitrix24.eu/rest/7/secret/";
  // @ts-expect-error whether something is under way is told, not set
  payments.busy = false;
  // @ts-expect-error which deal is an id, and no list of them
  payments.deal = [7];
  // @ts-expect-error what is read of it is what stands at the element, which is text
  const deal: number = payments.deal;
  // @ts-expect-error whether there is a timeline is no time
  payments.timeline = 7;
  // @ts-expect-error facts are text
  payments.facts = { user: 7 };
  payments.addEventListener("b24pay-outcome", ({ detail }) => {
    // @ts-expect-error without a look at which of the two it is, there may be no outcome
    console.log(detail.outcome.status);
    // @ts-expect-error undoing has no outcome of that name
    if (detail.action === "markUnpaid") console.log(detail.outcome?.status === "paid");
  });
  // @ts-expect-error an outcome is no error as well
  const both: OutcomeDetail = { action: "pay", paymentId: 501, outcome: { status: "unknown", cause: {} as PayError }, error: {} as PayError };
  console.log(both, deal);
}
