// A page whose BX24 calls back at once, so that what a call costs is what a contender adds. It reports, and judges nothing.

const unpaid = {
  id: 501, accountNumber: '917/1', paid: 'N', datePaid: null, empPaidId: null, paySystemId: 11, paySystemName: 'Card', sum: 1000, currency: 'EUR',
};
const paid = { ...unpaid, paid: 'Y', datePaid: '2026-09-10T01:52:39+03:00', empPaidId: 7 };
let isPaid = false;

// A second passes with every call, without a wait: the pace of the portal's limits is no overhead.
const clock = performance.now.bind(performance);
let passed = 0;
performance.now = () => clock() + passed;

function answerTo(method) {
  if (method !== 'sale.paysystem.pay.payment') return isPaid ? paid : unpaid;
  isPaid = true;
  return true;
}

window.BX24 = {
  init: (ready) => ready(),
  getDomain: () => 'portal.test',
  getAuth: () => ({ access_token: 'none', domain: 'portal.test' }),
  callMethod(method, params, callback) {
    passed += 1000;
    const answer = { result: answerTo(method) };
    callback({ answer, status: 200, query: {}, data: () => answer.result, error: () => undefined, error_description: () => undefined });
  },
};

const begun = new Map();

// Microseconds that one of `count` calls takes, one after another.
window.sample = async (file, act, count) => {
  if (!begun.has(file)) {
    begun.set(file, import(`/${file}.js`).then(async (contender) => {
      await contender.begin();
      return contender;
    }));
  }
  const contender = await begun.get(file);
  const start = clock();
  for (let n = 0; n < count; n += 1) {
    isPaid = false;
    await contender[act](501, 11);
  }
  return ((clock() - start) * 1000) / count;
};
