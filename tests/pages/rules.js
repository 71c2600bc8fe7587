// What the portal keeps and does: payments, who pays them, and what a reading shows. The truth of a history is written here.

// What each method that changes a payment makes of it: paid or unpaid.
const CHANGES = { 'sale.paysystem.pay.payment': true, 'crm.item.payment.pay': true, 'crm.item.payment.unpay': false };

export const changes = (method) => method in CHANGES;
// Payments that nobody pays have these ids.
const MORE_FROM = 601;
const ROWS = 50;

export class Rules {
  payments = new Map();
  // Every change of a payment: { payment, at, paid, wire }.
  changed = [];
  // The marks of comments that were written, with the request that did it.
  written = [];
  #time;
  #rights;

  constructor(time, { payments, more, rights }) {
    this.#time = time;
    this.#rights = rights;
    for (const payment of payments) this.payments.set(payment.id, { ...payment });
    // Not in their order.
    for (let id = MORE_FROM + more; id > MORE_FROM; id -= 1) this.payments.set(id, { id, order: 77, paid: false, sum: 1, returned: 'N' });
  }

  // Payments of an order, by their ids.
  ofOrder(order) {
    return [...this.payments.values()].filter((one) => one.order === order).map(({ id }) => id).sort((a, b) => a - b);
  }

  // Runs a method now, and gives `[status, body]`.
  run(method, params, wire) {
    if (method === 'batch') return this.#batch(params);
    const payment = this.payments.get(Number(params.PAYMENT_ID ?? params.id));
    const answer = (result) => [200, { result, time: { date_start: this.#date(), date_finish: this.#date() } }];
    const missing = [400, { error: 'ERROR_CORE', error_description: 'payment not found' }];
    switch (method) {
      case 'crm.item.payment.get':
        if (!this.#rights.crm) return denied;
        return payment ? answer(this.#row(payment)) : missing;
      case 'sale.payment.get':
        if (!this.#rights.sale) return denied;
        return payment ? answer({ payment: this.#saleRow(payment) }) : missing;
      case 'crm.item.payment.list':
        if (!this.#rights.crm) return denied;
        return answer([...this.payments.values()].map((one) => this.#row(one)));
      case 'sale.payment.list':
        if (!this.#rights.sale) return denied;
        return answer({ payments: this.#listed(params).map((one) => this.#saleRow(one)) });
      case 'sale.paysystem.list':
        return answer([{ ID: '11', NAME: 'Card' }]);
      case 'crm.timeline.comment.add':
        this.written.push({ mark: params.fields.COMMENT, wire });
        return answer(this.written.length);
      default:
        if (!changes(method)) return [404, { error: 'ERROR_METHOD_NOT_FOUND', error_description: 'Method not found!' }];
    }
    if (!payment) return missing;
    this.apply(payment, CHANGES[method], wire);
    return answer(true);
  }

  apply(payment, paid, wire) {
    if (payment.paid === paid) return;
    payment.paid = paid;
    // Who pays what was returned pays it again.
    if (paid) payment.returned = 'N';
    payment.datePaid = paid ? this.#date() : null;
    this.changed.push({ payment: payment.id, at: this.#time.now, paid, wire });
  }

  // Whether a payment was in this state at some moment of a stretch of time.
  was(id, paid, from, to) {
    const payment = this.payments.get(id);
    const changed = this.changed.filter((one) => one.payment === id);
    let now = changed.length ? !changed[0].paid : payment.paid;
    let since = -Infinity;
    for (const change of [...changed, { at: Infinity }]) {
      if (now === paid && since <= to && from <= change.at) return true;
      now = change.paid;
      since = change.at;
    }
    return false;
  }

  // A page of a list, as it was filtered and sorted.
  #listed({ filter, order, start = 0 }) {
    const found = [...this.payments.values()].filter((one) => one.order === Number(filter['=orderId']) && one.id > Number(filter['>id'] ?? 0));
    if (order?.id === 'asc') found.sort((a, b) => a.id - b.id);
    return found.slice(Number(start), Number(start) + ROWS);
  }

  #batch({ cmd: commands }) {
    const [result, result_error] = [{}, {}];
    for (const [name, command] of Object.entries(commands)) {
      const [method, query] = command.split('?');
      const [, body] = this.run(method, Object.fromEntries(new URLSearchParams(query)));
      if (body.error === undefined) result[name] = body.result;
      else result_error[name] = body;
    }
    const orList = (map) => (Object.keys(map).length ? map : []);
    return [200, { result: { result: orList(result), result_error: orList(result_error), result_total: [], result_next: [], result_time: [] } }];
  }

  #date() {
    return new Date(1_790_000_000_000 + this.#time.now).toISOString().replace(/\.\d+Z/, '+00:00');
  }

  #row({ id, paid, datePaid, sum }) {
    return {
      id, accountNumber: `${id}/1`, paid: paid ? 'Y' : 'N', datePaid, empPaidId: paid ? 7 : null,
      paySystemId: 11, sum, currency: 'EUR', paySystemName: 'Card',
    };
  }

  #saleRow(payment) {
    return { ...this.#row(payment), orderId: payment.order, isReturn: payment.returned };
  }
}

const denied = [403, { error: 'ACCESS_DENIED', error_description: 'Access denied!' }];
