// A screen for programs that cannot do without one: Xvfb on a number that it chooses itself.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export async function openDisplay() {
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x1800x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const ended = once(server, 'exit');
  const [number] = await Promise.race([
    once(createInterface({ input: server.stdio[3] }), 'line'),
    ended.then(() => Promise.reject(new Error('Xvfb ended at once'))),
  ]);
  return {
    name: `:${number}`,
    close() {
      server.kill();
      return ended;
    },
  };
}
