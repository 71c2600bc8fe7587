// Vite as developers run it while they write: a server that bundles nothing of theirs.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from '../free_port.js';
import { HERE, PROJECT, versions } from './project.js';

export const development = {
  name: `Vite ${versions.vite}, dev server`,

  // Serves a fixture from the project's own folder, as `npm create vite` lays it. What Vite kept of another tarball is
  // made anew.
  async serve(fixture) {
    for (const name of ['index.html', 'src']) {
      await rm(join(PROJECT, name), { recursive: true, force: true });
      await cp(join(HERE, 'fixtures', fixture, name), join(PROJECT, name), { recursive: true });
    }
    return serveFolder(PROJECT);
  },
};

// `{ port, stop }`
async function serveFolder(folder) {
  // Vite tells the page its port as it was asked for it, so it cannot be asked for just any.
  const port = await freePort();
  const vite = join(PROJECT, 'node_modules/vite/bin/vite.js');
  const words = [vite, '--host', '127.0.0.1', '--port', String(port), '--strictPort', '--force', '--clearScreen', 'false'];
  const env = { ...process.env, NO_COLOR: '1' };
  const program = spawn(process.execPath, words, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'], env });
  const ended = once(program, 'exit');
  const stop = async () => {
    program.kill();
    await ended;
  };
  await served(program);
  return { port, stop };
}

// It prints `Local:   http://127.0.0.1:N/` once it serves.
async function served(program) {
  for await (const line of createInterface({ input: program.stdout })) {
    if (line.includes('http://127.0.0.1:')) return program.stdout.resume();
  }
  throw new Error('vite ended without its address');
}
