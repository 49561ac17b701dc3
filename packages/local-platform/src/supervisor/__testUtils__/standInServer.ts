// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import { startTimeOf } from '../../../bootstrap/processes.mjs';
import { ProcessSpec } from '../ManagedProcess';

/** How the stand-in behaves; see `standInServer`. */
export interface StandInOptions {
  folder: string;
  port: number;
  /** Does not go when asked, and does not mind that its parent is gone. */
  stubborn?: boolean;
  /** Starts a grandchild in a process group of its own, as a runner's job has one. */
  grandchild?: boolean;
  /** Ends with this code as soon as it has started, while the file `broken` exists. */
  failsWith?: number;
}

/** A small server in place of MLflow, forge or the backend: it listens, and it writes down its pids. */
export function standInServer(options: StandInOptions): ProcessSpec {
  const { folder, port } = options;
  const script = `
    const fs = require('fs');
    const http = require('http');
    const { spawn } = require('child_process');
    const note = pid => fs.appendFileSync(${JSON.stringify(path.join(folder, 'pids'))}, pid + '\\n');
    note(process.pid);
    if (${options.failsWith !== undefined} && fs.existsSync(${JSON.stringify(path.join(folder, 'broken'))})) {
      console.error('Error: the disk is on fire');
      console.error('    at standIn (server.js:1:1)');
      process.exit(${options.failsWith ?? 0});
    }
    if (${options.grandchild === true}) {
      note(spawn('sleep', ['300'], { detached: true, stdio: 'ignore' }).pid);
    }
    if (${options.stubborn === true}) {
      process.on('SIGTERM', () => {});
    } else {
      process.stdin.resume().on('end', () => process.exit(0));
    }
    http.createServer((request, response) => response.end('ok')).listen(${port}, '127.0.0.1');
    console.log('listening');
  `;
  return {
    name: 'The stand-in',
    command: process.execPath,
    args: ['-e', script],
    env: process.env,
    logFile: path.join(folder, 'stand-in.log'),
  };
}

/** The pids that stand-ins in a folder have written down, of processes that are still there. */
export function livingPids(folder: string): number[] {
  const file = path.join(folder, 'pids');
  if (!fs.existsSync(file)) {
    return [];
  }
  return fs
    .readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map(Number)
    .filter(pid => startTimeOf(pid) !== undefined);
}

/** Waits for what another process brings about. */
export async function waitFor(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > deadline) {
      throw new Error(`waited in vain for ${condition}`);
    }
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}
