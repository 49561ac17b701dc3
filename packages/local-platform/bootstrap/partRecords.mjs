// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { readJsonIfValid, writeAtomically } from './files.mjs';
import { isAlive, startTimeOf } from './processes.mjs';

/**
 * A process that cannot be mistaken for a later one with the same id.
 *
 * @typedef {{ pid: number, startTime: string }} ProcessRecord
 */

/** @param {string} stateDir @param {string} part */
function recordFile(stateDir, part) {
  return path.join(stateDir, 'run', `${part}.json`);
}

/**
 * What a process has started, and what that has started, whatever process groups they are in.
 *
 * @param {number} pid
 * @returns {ProcessRecord[]}
 */
export function findDescendants(pid) {
  let table;
  try {
    table = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return [];
  }
  /** @type {Map<number, number[]>} */
  const childrenOf = new Map();
  for (const line of table.trim().split('\n')) {
    const [child, parent] = line.trim().split(/\s+/).map(Number);
    childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), child]);
  }
  const found = [];
  const queue = [...(childrenOf.get(pid) ?? [])];
  for (const child of queue) {
    const startTime = startTimeOf(child);
    if (startTime) {
      found.push({ pid: child, startTime });
    }
    queue.push(...(childrenOf.get(child) ?? []));
  }
  return found;
}

/**
 * Signals a process (or, with a negative id, a group) that may be gone already.
 *
 * @param {number} pid
 * @param {NodeJS.Signals} signal
 */
export function signalQuietly(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') {
      throw error;
    }
  }
}

/**
 * Kills what of the records is still the same process, with all it has started.
 *
 * @param {ProcessRecord[]} records
 * @returns {number} How many were alive.
 */
export function killRecorded(records) {
  const alive = records.filter(isAlive);
  const families = alive.flatMap(({ pid }) => findDescendants(pid));
  for (const record of [...alive, ...families]) {
    if (isAlive(record)) {
      signalQuietly(record.pid, 'SIGKILL');
    }
  }
  return alive.length;
}

/**
 * Writes down which processes a part is, for a start after a crash.
 *
 * @param {string} stateDir
 * @param {string} part
 * @param {ProcessRecord[]} processes
 */
export function recordPart(stateDir, part, processes) {
  writeAtomically(recordFile(stateDir, part), JSON.stringify(processes), 0o600);
}

/** @param {string} stateDir @param {string} part */
export function forgetPart(stateDir, part) {
  fs.rmSync(recordFile(stateDir, part), { force: true });
}

/**
 * Ends what an earlier start left behind when it was killed.
 *
 * @param {string} stateDir
 * @returns {number} How many processes that were.
 */
export function killRecordedParts(stateDir) {
  const folder = path.join(stateDir, 'run');
  let killed = 0;
  for (const name of fs.existsSync(folder) ? fs.readdirSync(folder) : []) {
    if (name.endsWith('.json')) {
      killed += killRecorded(readJsonIfValid(path.join(folder, name)) ?? []);
      fs.rmSync(path.join(folder, name), { force: true });
    }
  }
  return killed;
}
