// The payments of a portal under test, and what its methods do to them.

import { only } from "./only.js";
import { Refusal } from "./refusal.js";

const DEAL = 2;
const INVOICE = 31;
const PAGE = 50;
const FIELDS = [
  "id", "paySystemId", "paySystemName", "sum", "currency", "accountNumber", "orderId", "paid", "returned", "deal", "invoice",
];

// What `sale.payment.list` can be asked for. Over HTTP values are text, and a list has its places for names.
const CONDITIONS = {
  "=orderId": ({ orderId }, wanted) => orderId === Number(wanted),
  "=accountNumber": ({ fields }, wanted) => fields.accountNumber === String(wanted),
  "@id": ({ fields }, wanted) => Object.values(wanted).map(Number).includes(fields.id),
  ">id": ({ fields }, last) => fields.id > last,
};

// A portal's time has an offset and no fraction.
export const portalTime = () => new Date().toISOString().replace(/\.\d+Z/, "+00:00");

export class Payments {
  #all = new Map();

  constructor(payments) {
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
      });
    }
  }

  // The truth about one, for assertions.
  seen(id) {
    const payment = this.#all.get(id);
    if (!payment) return undefined;
    const { paid, ...fields } = payment.fields;
    return { ...fields, paid: paid === "Y", details: { ...payment.details } };
  }

  // The methods that are answered without a script, by name.
  methods = {
    __proto__: null,
    "sale.paysystem.pay.payment": (params) => {
      const { PAYMENT_ID, PAY_SYSTEM_ID, ...details } = params;
      const payment = this.#all.get(Number(PAYMENT_ID));
      if (payment?.fields.paySystemId !== Number(PAY_SYSTEM_ID)) {
        throw new Refusal("ERROR_CHECK_FAILURE", `Payment with ID=${PAYMENT_ID} and PAY_SYSTEM_ID=${PAY_SYSTEM_ID} not found`);
      }
      Object.assign(payment.details, details);
      mark(payment);
      return true;
    },
    "crm.item.payment.get": ({ id }) => ({ ...this.#found(id).fields }),
    "crm.item.payment.list": ({ entityId, entityTypeId }) => {
      const kind = { [DEAL]: "deal", [INVOICE]: "invoice" }[entityTypeId];
      const theirs = [...this.#all.values()].filter(({ of }) => of[kind] === Number(entityId));
      return theirs.map(({ fields }) => ({ ...fields }));
    },
    "crm.item.payment.pay": ({ id }) => mark(this.#found(id)),
    "crm.item.payment.unpay": ({ id }) => {
      Object.assign(this.#found(id).fields, { paid: "N", datePaid: null, empPaidId: null });
      return true;
    },
    "sale.payment.get": ({ id }) => ({ payment: saleFields(this.#found(id)) }),
    "sale.payment.list": ({ filter = {} }) => {
      const theirs = [...this.#all.values()]
        .filter((payment) => Object.entries(filter).every(([name, value]) => CONDITIONS[name]?.(payment, value)))
        .sort((one, other) => one.fields.id - other.fields.id);
      return { payments: theirs.slice(0, PAGE).map(saleFields) };
    },
    scope: () => ["crm", "sale", "pay_system"],
  };

  #found(id) {
    const payment = this.#all.get(Number(id));
    if (!payment) throw new Refusal("0", "Payment has not been found");
    return payment;
  }
}

// A mistake in what a test gives would be another payment than the one that is meant.
function checked(given, others) {
  only("a payment", given, FIELDS);
  const { id, paid = false, returned = false } = given;
  if (!(Number.isSafeInteger(id) && id > 0)) throw new TypeError(`the id of a payment must be a positive whole number, got ${shown(id)}`);
  if (others.has(id)) throw new TypeError(`there are two payments ${id}`);
  for (const name of ["paySystemId", "sum", "orderId", "deal", "invoice"]) {
    const value = given[name];
    if (value !== undefined && typeof value !== "number") throw new TypeError(`${name} of payment ${id} must be a number, got ${shown(value)}`);
  }
  for (const [name, value] of Object.entries({ paid, returned })) {
    if (typeof value !== "boolean") throw new TypeError(`${name} of payment ${id} must be true or false, got ${value}`);
  }
}

const shown = (value) => (typeof value === "string" ? `"${value}"` : value);

// A paid payment keeps its date.
function mark(payment) {
  if (payment.fields.paid === "N") {
    Object.assign(payment.fields, { paid: "Y", datePaid: portalTime(), empPaidId: 1 });
  }
  payment.returned = false;
  return true;
}

function saleFields({ fields, orderId, returned }) {
  return { ...fields, orderId, isReturn: returned ? "Y" : "N" };
}
