// Nothing of a page ticks once everybody there was told, but for what a call that may still run needs.

// What is told and what is let go of may be a moment apart.
const MOMENT_MS = 1_000;

export function idle(page, told, world) {
  const { time } = world;
  time.after(MOMENT_MS, () => {
    const here = told.filter((seen) => seen.page === page && !seen.isForeign && (seen.startedAt ?? seen.knownAt) !== undefined);
    const left = page.timersLeft();
    if (left && here.every(isOver) && !isRenewing(page, world) && !isReading(page, here, world)) {
      world.ticking.push({ page: page.plan.number, at: time.now, left });
    }
  }, page);
}

// Whether nothing of the call goes on: a turn is kept while a request may run, and a run outlives a caller who aborts.
const isOver = ({ toldAt, abortedAt, said }) => toldAt !== undefined && abortedAt === undefined && !JSON.stringify(said ?? '').includes('"unknown"');

// A renewal goes on when those who asked for it have gone. `BX24` tells nobody that there is no new token.
const isRenewing = ({ plan }, { refreshes }) => refreshes === 'never' || (plan.way === 'frameHttp' && !['works', 'same'].includes(refreshes));

// Reads that were gathered are waited for when those who wanted them have gone.
const isReading = (page, here, { wires }) => here.some(({ caller }) => caller.doing === 'bulk')
  && wires.some((wire) => wire.page === page && wire.answeredAt === undefined);
