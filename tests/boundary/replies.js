// What BX24 hands to a callback: result objects of the real library's shape, its oddities included, and
// the ways in which a call can go wrong instead. Each is a function that a scripted BX24 runs for one call.

// A result object. Its methods use `this`; a text as error makes it circular, a number loses its text.
class AjaxResult {
  constructor(answer, query, status) {
    Object.assign(this, { answer, query, status });
    if (typeof answer?.error === 'string') answer.ex = answer;
  }

  data() {
    return this.answer.result;
  }

  error() {
    const { answer, status } = this;
    if (answer.error === undefined) return undefined;
    const ex = typeof answer.error === 'string' ? answer : answer.error;
    return { status, ex, getError: () => ex, getStatus: () => status, toString: () => `${ex.error} (${status})` };
  }

  error_description() {
    return this.answer.error_description;
  }

  more() {
    return this.answer.next !== undefined;
  }

  total() {
    return Number.parseInt(this.answer.total, 10);
  }
}

// How long an answer is under way, in milliseconds: the real library never calls back at once.
const UNDER_WAY_MS = 5;

const handed = (call, result, ms = UNDER_WAY_MS) => void call.clock.after(ms, () => call.callback(result));

const ajaxResult = ({ method, params }, status, answer) => new AjaxResult(answer, { method, data: params }, status);

// Every helper below makes a reply: what happens when the call is made.
const answered = (status, answer) => (call) => handed(call, ajaxResult(call, status, structuredClone(answer)));

// A complete answer. `date_start` is the portal's clock when it began.
export const result = (value, time = { date_start: '2026-09-10T01:52:38+03:00' }) => answered(200, { result: value, time });

// The documented "no".
export const refusal = (status, error, error_description) => answered(status, { error, error_description });

// A body that is none: the library takes it for an empty result and tells nothing.
export const emptyBody = (status) => answered(status, { result: {} });

// Any other body as it stands, without `result`.
export const body = (status, answer) => answered(status, answer);

// A 5xx, a broken connection, a hang: the library calls nobody back.
export const silence = () => {};

// The answer comes after some time of the page.
export const later = (ms, reply) => (call) => void call.clock.after(ms, () => reply(call));

// The answer comes before `callMethod` has returned.
export const atOnce = (reply) => (call) => reply({ ...call, clock: { after: (ms, run) => run() } });

// The same callback is called again, as the library's `next()` does.
export const twice = (reply, again = reply) => (call) => {
  reply(call);
  later(10, again)(call);
};

// `callMethod` itself throws.
export const thrown = (error) => () => {
  throw error;
};

// A result whose every member throws when it is looked at.
export const hostile = (error) => (call) => {
  const refuse = () => { throw error; };
  handed(call, new Proxy({}, { get: refuse, has: refuse, ownKeys: refuse, getPrototypeOf: refuse }));
};

// The payment of the documented example, as crm.item.payment.get gives it.
export const payment = (differing) => ({
  id: 501, accountNumber: '917/1', paid: 'N', datePaid: null, empPaidId: null,
  paySystemId: 11, sum: 1000, currency: 'EUR', paySystemName: 'Card', ...differing,
});

export const PAID = { paid: 'Y', datePaid: '2026-09-10T01:52:39+03:00', empPaidId: 7 };
