// The sandbox's own calls, by name: JSON in, JSON out, on the portal's origin.
// They are no part of a portal; a failed one rejects with a sentence.

async function ask(path, body) {
  const response = await fetch(`/sandbox/${path}`, body === undefined ? {} : {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`/sandbox/${path} answered ${response.status}: ${text.slice(0, 200)}`);
  return text ? JSON.parse(text) : null;
}

export const desk = () => ask('desk');
export const log = () => ask('log');
export const open = (opening) => ask('open', opening);
export const keepOption = (option) => ask('option', option);
export const finishInstallation = () => ask('installed', {});
export const refresh = (sid) => ask('refresh', { sid });
export const armFault = (fault) => ask('faults', fault);
export const reset = (scenario) => ask('reset', { scenario });
