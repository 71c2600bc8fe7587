// A server as a program of its own on a free port, started from a configuration of the guide.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { freePort } from '../free_port.js';

// Exactly what a reader is told to change is changed; what is not there as often as it should be is a fault of the guide.
export function adapted(text, changes) {
  return changes.reduce((changed, [from, to, times = 1]) => {
    assert.equal(changed.split(from).length - 1, times, `${from} should be there ${times} times`);
    return changed.replaceAll(from, to);
  }, text);
}

// `command(port)` hands back program, arguments and options. A port may be taken between the look and the start.
export async function running(command) {
  for (let tries = 3; ; tries -= 1) {
    const port = await freePort();
    try {
      return { port, stop: await started(port, ...command(port)) };
    } catch (error) {
      if (tries === 1) throw error;
    }
  }
}

// Resolves once somebody listens.
async function started(port, program, words, options = {}) {
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => { said += part; });
  const gone = new Promise((resolve) => {
    child.once('exit', resolve);
    child.once('error', (error) => { said += error.message; resolve(); });
  });
  const end = () => child.kill();
  process.once('exit', end);
  let isGone = false;
  gone.then(() => { isGone = true; });
  for (const last = Date.now() + 10_000; !(await listens(port));) {
    if (isGone || Date.now() > last) {
      end();
      throw new Error(`${program} does not listen on ${port}: ${said}`);
    }
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
  return async () => {
    process.removeListener('exit', end);
    end();
    await gone;
  };
}

const listens = (port) => new Promise((resolve) => {
  const socket = connect(port, '127.0.0.1');
  socket.once('connect', () => { socket.destroy(); resolve(true); });
  socket.once('error', () => resolve(false));
});
