// The payments of a portal under test, and what its methods do to them.

import { chosen } from "./chosen.js";
import { counted, only, shown } from "./only.js";
import { Refusal } from "./refusal.js";

const DEAL = 2;
const INVOICE = 31;
const PAGE = 50;
const FIELDS = [
  "id", "paySystemId", "paySystemName", "sum", "currency", "accountNumber", "orderId", "paid", "returned", "deal", "invoice",
];

// The methods that change whether a payment is paid.
export const CHANGES = ["sale.paysystem.pay.payment", "crm.item.payment.pay", "crm.item.payment.unpay"];

// What the bank said, by its parameter, and as `sale.payment.*` shows it.
const BANK = {
  PS_STATUS_CODE: "psStatusCode", PS_STATUS_DESCRIPTION: "psStatusDescription", PS_STATUS_MESSAGE: "psStatusMessage",
  PS_SUM: "psSum", PS_CURRENCY: "psCurrency", PS_INVOICE_ID: "psInvoiceId",
};
const NO_BANK = {
  psStatus: "", psStatusCode: "", psStatusDescription: "", psStatusMessage: "", psSum: null, psCurrency: "", psInvoiceId: "", psResponseDate: null,
};

// A portal's time has an offset and no fraction.
export const portalTime = () => new Date().toISOString().replace(/\.\d+Z/, "+00:00");

export class Payments {
  #all = new Map();

  constructor(payments) {
    if (!Array.isArray(payments)) throw new TypeError("payments of installPortal must be a list");
    for (const given of payments) {
      checked(given, this.#all);
      const { id, deal, invoice, orderId = id, paid, returned, ...rest } = given;
      this.#all.set(id, {
        of: { deal, invoice },
        orderId,
        returned,
        fields: {
          id, accountNumber: `${orderId}/1`, paid: paid ? "Y" : "N",
          datePaid: paid ? portalTime() : null, empPaidId: paid ? 1 : null,
          paySystemId: 1, paySystemName: "Test pay system", sum: 100, currency: "EUR", ...rest,
        },
        details: {},
        bank: NO_BANK,
      });
    }
  }

  // The truth about one, for assertions. By `"501"` there would be none, and what is none is not paid.
  seen(id) {
    counted("the id of a payment", id);
    const payment = this.#all.get(id);
    if (!payment) return undefined;
    const { paid, ...fields } = payment.fields;
    return { ...fields, paid: paid === "Y", details: { ...payment.details } };
  }

  // The methods that are answered without a script, by name.
  methods = {
    __proto__: null,
    "sale.paysystem.pay.payment": (params) => {
      const { PAYMENT_ID, PAY_SYSTEM_ID, ...details } = inCapitals(params);
      if (!Number(PAY_SYSTEM_ID)) throw new Refusal("ERROR_CHECK_FAILURE", "Empty field PAY_SYSTEM_ID!");
      if (!Number(PAYMENT_ID)) throw new Refusal("ERROR_CHECK_FAILURE", "Empty field PAYMENT_ID");
      const payment = this.#all.get(Number(PAYMENT_ID));
      if (payment?.fields.paySystemId !== Number(PAY_SYSTEM_ID)) {
        throw new Refusal("ERROR_CHECK_FAILURE", `Payment with ID=${PAYMENT_ID} and PAY_SYSTEM_ID=${PAY_SYSTEM_ID} not found`);
      }
      Object.assign(payment.details, details);
      payment.bank = { ...payment.bank, ...bankFields(details) };
      mark(payment);
      return true;
    },
    "crm.item.payment.get": ({ id }) => ({ ...this.#found(id).fields }),
    "crm.item.payment.list": ({ entityId, entityTypeId, filter, order }) => {
      const kind = { [DEAL]: "deal", [INVOICE]: "invoice" }[entityTypeId];
      const theirs = [...this.#all.values()].filter(({ of }) => of[kind] === Number(entityId));
      return chosen(theirs.map(({ fields }) => ({ ...fields })), filter, order);
    },
    "crm.item.payment.pay": ({ id }) => mark(this.#found(id)),
    "crm.item.payment.unpay": ({ id }) => {
      Object.assign(this.#found(id).fields, { paid: "N", datePaid: null, empPaidId: null });
      return true;
    },
    "sale.payment.get": ({ id }) => ({ payment: saleFields(this.#found(id, "200640400001", "payment is not exists")) }),
    "sale.payment.list": ({ filter, order = { id: "asc" } }) => ({ payments: chosen([...this.#all.values()].map(saleFields), filter, order).slice(0, PAGE) }),
    scope: () => ["crm", "sale", "pay_system"],
  };

  // Runs a call as a shop does whose event handler will not have it: all is saved, and nothing is paid or unpaid by it.
  vetoed(run) {
    const before = [...this.#all.values()].map((payment) => [payment, { ...payment.fields }, payment.returned]);
    const reply = run();
    for (const [payment, fields, returned] of before) {
      Object.assign(payment.fields, fields.paid === "Y" ? fields : { paid: "N" });
      payment.returned = returned;
    }
    return reply;
  }

  #found(id, error = "0", text = "Payment has not been found") {
    const payment = this.#all.get(Number(id));
    if (!payment) throw new Refusal(error, text);
    return payment;
  }
}

// A mistake in what a test gives would be another payment than the one that is meant.
function checked(given, others) {
  only("a payment", given, FIELDS);
  const { id, paid = false, returned = false } = given;
  counted("the id of a payment", id);
  if (others.has(id)) throw new TypeError(`there are two payments ${id}`);
  for (const name of ["paySystemId", "sum", "orderId", "deal", "invoice"]) {
    const value = given[name];
    if (value !== undefined && !Number.isFinite(value)) throw new TypeError(`${name} of payment ${id} must be a number, got ${shown(value)}`);
  }
  for (const name of ["paySystemName", "currency", "accountNumber"]) {
    const value = given[name];
    if (value !== undefined && typeof value !== "string") throw new TypeError(`${name} of payment ${id} must be text, got ${shown(value)}`);
  }
  for (const [name, value] of Object.entries({ paid, returned })) {
    if (typeof value !== "boolean") throw new TypeError(`${name} of payment ${id} must be true or false, got ${shown(value)}`);
  }
  if (paid && returned) throw new TypeError(`payment ${id} is paid or returned, not both: a portal keeps what was returned as unpaid`);
}

// A paid payment keeps its date.
function mark(payment) {
  if (payment.fields.paid === "N") {
    Object.assign(payment.fields, { paid: "Y", datePaid: portalTime(), empPaidId: 1 });
  }
  payment.returned = false;
  return true;
}

// As a portal takes them: in any case.
const inCapitals = (params) => Object.fromEntries(Object.entries(params).map(([name, value]) => [name.toUpperCase(), value]));

// What the pay system's answer leaves on a payment: of what is not given now, what was there stays, but for the code.
function bankFields(details) {
  const given = { psStatus: "Y", psStatusCode: "Y", psResponseDate: portalTime() };
  for (const [name, field] of Object.entries(BANK)) {
    if (details[name]) given[field] = field === "psSum" ? Number(details[name]) : details[name];
  }
  return given;
}

function saleFields({ fields, orderId, returned, bank }) {
  return { ...fields, ...bank, orderId, isReturn: returned ? "Y" : "N" };
}
