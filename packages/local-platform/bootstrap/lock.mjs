// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import { readJsonIfValid } from './files.mjs';
import { isAlive, ownRecord, sleep } from './processes.mjs';

/**
 * Tries to take a lock file. The file appears with its content at once (a hard link), so a lock
 * without an owner cannot be seen; one whose owner is dead is taken over.
 *
 * @param {string} file
 * @param {object} [extra] Kept beside the owner, for who finds the lock taken.
 * @returns {{ release(): void } | { owner: any }}
 */
export function tryLock(file, extra = {}) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const mine = `${file}.${process.pid}`;
  fs.writeFileSync(mine, JSON.stringify({ ...ownRecord(), ...extra }), {
    mode: 0o600,
  });
  try {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      try {
        fs.linkSync(mine, file);
        return {
          release: () => {
            if (readJsonIfValid(file)?.pid === process.pid) {
              fs.rmSync(file, { force: true });
            }
          },
        };
      } catch (error) {
        if (/** @type {any} */ (error).code !== 'EEXIST') {
          throw error;
        }
      }
      const owner = readJsonIfValid(file);
      if (owner && isAlive(owner)) {
        return { owner };
      }
      takeAway(file, owner);
    }
    return { owner: readJsonIfValid(file) ?? {} };
  } finally {
    fs.rmSync(mine, { force: true });
  }
}

/**
 * Removes a dead owner's lock, but puts it back when somebody else took it over in between.
 *
 * @param {string} file
 * @param {any} deadOwner
 */
function takeAway(file, deadOwner) {
  const aside = `${file}.${process.pid}.stale`;
  try {
    fs.renameSync(file, aside);
  } catch {
    return;
  }
  const taken = readJsonIfValid(aside);
  if (taken && taken.pid !== deadOwner?.pid && isAlive(taken)) {
    try {
      fs.linkSync(aside, file);
    } catch {
      // A third one has it by now; the one we put aside finds out when it releases.
    }
  }
  fs.rmSync(aside, { force: true });
}

/**
 * Does work that only one process at a time may do; others wait.
 *
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 * @param {() => void} [onWait] Called once when somebody else has the lock.
 * @returns {Promise<T>}
 */
export async function withLock(file, work, onWait) {
  let told = false;
  for (;;) {
    const lock = tryLock(file);
    if ('release' in lock) {
      try {
        return await work();
      } finally {
        lock.release();
      }
    }
    if (!told) {
      onWait?.();
      told = true;
    }
    await sleep(250);
  }
}
