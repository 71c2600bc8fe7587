// What must not be there at the end: timers, locks, listeners, entries, secrets, and errors that nobody caught.

import { inspect } from 'node:util';

export function leftovers({ history, world, pages, told, unheard }) {
  const broken = [];
  const left = (what, found) => {
    if (found.length) broken.push(`left over: ${what} ${inspect(found, { depth: 4 })}`);
  };
  left('unhandled rejections', unheard);
  left('thrown', world.time.thrown);
  left('locks', world.locks.held);
  for (const page of pages) {
    if (!page.isClosed && page.timersLeft()) broken.push(`left over: ${page.timersLeft()} timers of page ${page.plan.number}`);
  }
  left('timers while nobody waits', world.ticking);
  const open = told.filter(({ page }) => !page.isClosed);
  left('listeners', open.flatMap(({ listeners }) => [...listeners]));
  const isDoubtful = pages.some(({ isClosed }) => isClosed) || told.some(({ said }) => JSON.stringify(said ?? '').includes('"unknown"'));
  const forged = new Set(history.forged.map(({ key }) => key));
  const kept = JSON.parse(world.storage.text).filter(([key]) => !forged.has(key));
  const fails = pages.some(({ plan }) => plan.storage === 'fails');
  if (!isDoubtful && !fails && history.clearsAt === null && kept.length) broken.push(`left over: ${world.storage.text}`);
  const seen = inspect([told.map(({ said, error }) => [said, error, error?.message, error?.stack]), world.storage.text, world.time.thrown], { depth: 12 });
  for (const secret of world.tokens.all) if (seen.includes(secret)) broken.push(`a secret was told: ${secret}`);
  return broken;
}
