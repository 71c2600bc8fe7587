// What tests do in the frame of the app: call a function of the module that the app itself uses, and bring back what came
// of it as JSON, an error by its code.

// How long the app waits, and where nothing answers.
export const TIMES = { settleMs: 1000, deadlineMs: 5000 };
export const SILENT = { settleMs: 1500, deadlineMs: 500 };

export function pay(tab, request = { paymentId: 501, paySystemId: 11 }, options = {}) {
  return call(tab, 'payPayment', [request, options]);
}

// Calls one exported function. A rejection comes back as `{ status: 'rejected', code }`; `ms` is how long it took.
export function call(tab, name, given) {
  return tab.run(async ({ name, given }) => {
    const module = await import('/b24pay.js');
    const begun = performance.now();
    const told = await module[name](...given).catch((error) => ({ status: 'rejected', code: error.code, retry: error.retry }));
    const ms = performance.now() - begun;
    if (Array.isArray(told)) return told;
    const { cause, ...rest } = told;
    return { ...rest, ms, ...(cause && { cause: cause.code, httpStatus: cause.httpStatus, message: cause.message }) };
  }, { name, given });
}
