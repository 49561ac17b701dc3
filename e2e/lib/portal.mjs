// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../..');

/** A port with two free neighbours: the portal's, MLflow's and forge's. */
async function findPorts() {
  const isFree = (/** @type {number} */ port) =>
    new Promise(resolve => {
      const server = net
        .createServer()
        .once('error', () => resolve(false))
        .once('listening', () => server.close(() => resolve(true)))
        .listen(port, '127.0.0.1');
    });
  for (let port = 4100; port < 4900; port += 10) {
    const free = await Promise.all([port, port + 1, port + 2].map(isFree));
    if (free.every(Boolean)) {
      return port;
    }
  }
  throw new Error('No three free ports between 4100 and 4900');
}

/** @typedef {Awaited<ReturnType<typeof startPortal>>} Portal */

/**
 * Runs `npm start` as a person would, in a state folder of its own, and resolves
 * when it says that all is there, what goes on in the background included.
 *
 * @param {{ timeoutMs?: number, args?: string[], cluster?: boolean }} [options] `cluster`: with the local cluster and its
 *   monitoring, whose build takes minutes.
 */
export async function startPortal({
  timeoutMs = 15 * 60_000,
  args = [],
  cluster = false,
} = {}) {
  const port = await findPorts();
  const stateDir = fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-e2e-'));
  const started = Date.now();
  const child = spawn(
    'npm',
    [
      'start',
      '--silent',
      '--',
      '--port',
      `${port}`,
      '--state',
      stateDir,
      '--wait',
      ...(cluster ? [] : ['--no-cluster']),
      ...args,
    ],
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );
  let output = '';
  const exited = new Promise(resolve => child.once('exit', resolve));
  /** @type {string} */
  const url = await new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`npm start was not ready in time:\n${output}`)),
      timeoutMs,
    );
    const read = (/** @type {Buffer} */ chunk) => {
      output += chunk;
      process.stdout.write(chunk);
      const ready = output.match(/Greenroom is ready: (http:\S+)/);
      if (ready) {
        clearTimeout(timer);
        resolve(ready[1]);
      }
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', code => {
      clearTimeout(timer);
      reject(new Error(`npm start ended with ${code}:\n${output}`));
    });
  });
  return {
    url,
    mlflowUrl: `http://localhost:${port + 1}`,
    forgeUrl: `http://localhost:${port + 2}`,
    stateDir,
    readyAfterMs: Date.now() - started,
    /** Ends it as Ctrl-C does, and waits until every process is gone. */
    async stop() {
      if (child.exitCode === null && child.pid) {
        process.kill(-child.pid, 'SIGINT');
      }
      await exited;
    },
    async remove() {
      await this.stop();
      fs.rmSync(stateDir, { recursive: true, force: true });
    },
  };
}
