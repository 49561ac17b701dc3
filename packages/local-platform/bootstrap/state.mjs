// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import { Problem } from './Problem.mjs';
import { readJsonIfValid } from './files.mjs';
import { isAlive } from './processes.mjs';

/**
 * @typedef {object} StateRecord
 * @property {1} version
 * @property {{ portal: number, mlflow: number, forge: number }} [ports] Kept, since URLs with them are in repositories and runs.
 */

/** The file that makes a folder a state folder of ours. @param {string} stateDir */
export function stateFile(stateDir) {
  return path.join(stateDir, 'greenroom.json');
}

/** Held by the process that runs the platform of a state folder. @param {string} stateDir */
export function instanceLock(stateDir) {
  return path.join(stateDir, 'run', 'platform.lock');
}

/** @param {string} stateDir @returns {StateRecord | undefined} */
export function readState(stateDir) {
  return readJsonIfValid(stateFile(stateDir));
}

/**
 * Refuses a folder with somebody else's files: a start would scatter data in it, a reset remove it.
 *
 * @param {string} stateDir
 */
export function requireStateFolder(stateDir) {
  const stat = fs.statSync(stateDir, { throwIfNoEntry: false });
  if (!stat) {
    return;
  }
  const ours = ['run', 'logs', 'greenroom.json'];
  const names = stat.isDirectory() ? fs.readdirSync(stateDir) : ['a file'];
  // The marker is the first file written, but a lock and a log may be there before it.
  if (
    !fs.existsSync(stateFile(stateDir)) &&
    names.some(name => !ours.includes(name))
  ) {
    throw new Problem(
      `${stateDir} is not a state folder of Greenroom, and it is not empty.`,
      'Name a new or empty folder with --state.',
    );
  }
}

/**
 * Who runs the platform of this state folder, if anybody does.
 *
 * @param {string} stateDir
 * @returns {{ pid: number, url?: string } | undefined}
 */
export function findRunning(stateDir) {
  const owner = readJsonIfValid(instanceLock(stateDir));
  return owner && isAlive(owner) ? owner : undefined;
}

/**
 * @param {{ pid: number, url?: string }} owner
 * @param {string} stateDir
 */
export function alreadyRunning(owner, stateDir) {
  return new Problem(
    `Greenroom is already running with this state folder${owner.url ? `: ${owner.url}` : ''} (pid ${owner.pid}).`,
    [
      `Use it, end it with Ctrl-C in its terminal (or: kill ${owner.pid}),`,
      'or start a second one beside it: npm start -- --state DIR --port N',
    ],
    { detail: [`state folder: ${stateDir}`] },
  );
}
