// A bare page with a BX24 that misbehaves, and a clock that does not wait: a timer fires as soon as the page has nothing
// else to do. So a hundred thousand calls need no more time than their work. It measures nothing but the module's memory.

const { instantiate } = WebAssembly;
const timers = [];
let now = 0;
let lastId = 0;

performance.now = () => now;
window.setTimeout = (fire, ms = 0) => {
  timers.push({ at: now + ms, id: (lastId += 1), fire });
  channel.port2.postMessage(null);
  return lastId;
};
window.clearTimeout = (id) => {
  const at = timers.findIndex((timer) => timer.id === id);
  if (at >= 0) timers.splice(at, 1);
};

// One message a timer: what waits in the page runs before the next.
const channel = new MessageChannel();
channel.port1.onmessage = () => {
  if (timers.length === 0) return;
  const at = timers.reduce((first, timer, at) => (timer.at < timers[first].at ? at : first), 0);
  const [timer] = timers.splice(at, 1);
  now = Math.max(now, timer.at);
  timer.fire();
};

WebAssembly.instantiate = async (...given) => {
  const made = await instantiate.call(WebAssembly, ...given);
  window.wasmMemory = Object.values(made.instance.exports).find((one) => one instanceof WebAssembly.Memory);
  return made;
};

// The browser's own locks take real time, in which this clock would run away.
Object.defineProperty(navigator, 'locks', {
  value: { request: async (name, options, granted) => granted({ name }) },
});

const unpaid = {
  id: 501, accountNumber: '917/1', paid: 'N', datePaid: null, empPaidId: null, paySystemId: 11, paySystemName: 'Card', sum: 1000, currency: 'EUR',
};
let isPaid = false;

function answerTo(method) {
  if (method === 'sale.paysystem.pay.payment') {
    isPaid = true;
    return true;
  }
  return isPaid ? { ...unpaid, paid: 'Y', datePaid: '2026-09-10T01:52:39+03:00', empPaidId: 7 } : unpaid;
}

const result = (method) => {
  const answer = { result: answerTo(method) };
  return { answer, status: 200, query: {}, data: () => answer.result, error: () => undefined, error_description: () => undefined };
};
const answered = (method, callback) => queueMicrotask(() => callback(result(method)));

// What BX24 does with the calls that it misbehaves on; the others it answers.
const WAYS = {
  throwing: () => { throw new TypeError('BX24 threw'); },
  silent: () => {},
  doubleCalling: (method, callback) => {
    answered(method, callback);
    answered(method, callback);
  },
};

// Plays `count` calls of an exported function, the ways of misbehaving in turn, and counts what they came to.
// `misbehavesOn` is a method, or `null` for all.
window.play = async (name, given, count, misbehavesOn) => {
  const module = await import('/b24pay.js');
  const told = {};
  const ways = Object.entries(WAYS);
  for (let n = 0; n < count; n += 1) {
    const [way, misbehave] = ways[n % ways.length];
    isPaid = false;
    window.BX24.callMethod = (method, params, callback) =>
      (misbehavesOn === null || method === misbehavesOn ? misbehave : answered)(method, callback);
    const one = await module[name](...given).then(({ status }) => status ?? 'read', ({ code }) => code);
    told[`${way}: ${one}`] = (told[`${way}: ${one}`] ?? 0) + 1;
  }
  return told;
};

window.BX24 = { init: (ready) => queueMicrotask(ready), getDomain: () => 'portal.test', callMethod: WAYS.silent };
