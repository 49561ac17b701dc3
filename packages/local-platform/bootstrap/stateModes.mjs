// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import { Problem } from './Problem.mjs';

/** Work of jobs, as large as a Python environment: its folder's own mode guards it. */
const NOT_ENTERED = ['runner'];

/**
 * Refuses a state folder that is not this user's own, and takes from all others what they may do
 * in it: folders become 0700, files lose the rights of group and others, also those that an
 * earlier version made. Links are neither followed nor changed.
 *
 * @param {string} stateDir
 */
export function secureStateFolder(stateDir) {
  const stat = fs.lstatSync(stateDir, { throwIfNoEntry: false });
  if (!stat) {
    return;
  }
  if (stat.isSymbolicLink()) {
    throw new Problem(
      `${stateDir} is a symbolic link: whoever may change it decides where passwords and tokens are written.`,
      `Name the folder itself with --state, for example: npm start -- --state ${fs.readlinkSync(stateDir)}`,
    );
  }
  const user = process.getuid?.();
  if (user !== undefined && stat.uid !== user) {
    throw new Problem(
      `${stateDir} belongs to another user (uid ${stat.uid}; yours is ${user}), who could read and change all of it.`,
      [
        'Name a folder of your own with --state,',
        `or make it yours: chown -R ${user} ${stateDir}`,
      ],
    );
  }
  tighten(stateDir, stat);
  for (const name of fs.readdirSync(stateDir)) {
    tightenAll(path.join(stateDir, name), NOT_ENTERED.includes(name));
  }
}

/** @param {string} file @param {boolean} [only] Its own mode, and not that of what it holds. */
function tightenAll(file, only = false) {
  const stat = fs.lstatSync(file, { throwIfNoEntry: false });
  if (!stat || stat.isSymbolicLink()) {
    return;
  }
  tighten(file, stat);
  if (stat.isDirectory() && !only) {
    for (const name of fs.readdirSync(file)) {
      tightenAll(path.join(file, name));
    }
  }
}

/** @param {string} file @param {fs.Stats} stat */
function tighten(file, stat) {
  const mode = stat.mode & 0o7777;
  const wanted = (mode & 0o700) | (stat.isDirectory() ? 0o700 : 0);
  if (mode !== wanted) {
    fs.chmodSync(file, wanted);
  }
}
