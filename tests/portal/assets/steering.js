// The switches of the sandbox on the portal page: arm a fault, start afresh, see which REST calls came in.

import * as sandbox from '/sandbox.js';

const FAULTS = [
  'commitThenDrop', 'dropBeforeCommit', 'commitThen502', 'commitThenHtml', 'commitLate', 'hang', 'delay', 'http502',
  'http500Json', 'queryLimit', 'operationLimit', 'expiredToken', 'refreshNeverAnswers', 'emptyBody', 'empty403', 'nullBody',
  'truncatedJson', 'yesButUnpaid', 'yesButUnpaidOrderPaid', 'numericError', 'dropReusedSocket', 'errorCoreAfterCommit',
  'denied', 'missingScope', 'noCors', 'batchRefused',
];

// `onReset` is called when the sandbox started afresh, since then everything on the page is old.
export function wireSteering(onReset) {
  const said = document.getElementById('steered');
  const fault = document.getElementById('fault');
  const reset = document.getElementById('reset');

  fault.elements.fault.append(...FAULTS.map((name) => new Option(name)));
  fault.addEventListener('submit', (event) => {
    event.preventDefault();
    const { fault: name, method, nth, times, ms } = fault.elements;
    const armed = {
      fault: name.value, method: method.value, nth: nth.valueAsNumber, times: times.valueAsNumber, ms: ms.valueAsNumber,
    };
    say(sandbox.armFault(armed), `${armed.fault} is armed for ${armed.method}`);
  });
  reset.addEventListener('submit', (event) => {
    event.preventDefault();
    const scenario = reset.elements.scenario.value;
    say(sandbox.reset(scenario).then(onReset), `Fresh state: ${scenario}`);
  });
  document.getElementById('show-log').addEventListener('click', () => say(showLog(), ''));

  async function say(work, done) {
    try {
      await work;
      said.textContent = done;
    } catch (error) {
      said.textContent = error.message;
    }
  }
}

async function showLog() {
  const calls = await sandbox.log();
  const lines = calls.map((call) => {
    const line = document.createElement('li');
    line.value = call.n;
    line.textContent = `${call.method} ${JSON.stringify(call.params)} → ${call.status ?? 'no answer'}`
      + `${call.committed ? ', committed' : ''}${call.fault ? `, fault ${call.fault}` : ''}`;
    return line;
  });
  document.getElementById('log').replaceChildren(...lines);
}
