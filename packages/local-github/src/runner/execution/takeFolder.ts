// SPDX-License-Identifier: Apache-2.0
import { mkdir } from 'node:fs/promises';
import { lock } from 'proper-lockfile';

/** A folder of the cache that one job has for itself. */
export interface TakenFolder {
  directory: string;
  release(): Promise<void>;
}

/** So many jobs do not run at once on one machine. */
const MOST = 64;
/** After that long without a sign of life, whoever had it is gone. */
const STALE_MS = 30_000;

const isTaken = (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === 'ELOCKED';

/**
 * Takes a folder of the cache for one job: `directory`, or `directory-2` and so on where other jobs, of whatever process,
 * have those before. What is in it stays for the next one.
 *
 * @throws Error when all are taken
 */
export async function takeFolder(directory: string): Promise<TakenFolder> {
  for (let number = 1; number <= MOST; number += 1) {
    const candidate = number === 1 ? directory : `${directory}-${number}`;
    await mkdir(candidate, { recursive: true });
    try {
      return {
        directory: candidate,
        release: await lock(candidate, {
          stale: STALE_MS,
          // A busy machine is no reason to end: the folder is still used by nobody else.
          onCompromised: () => undefined,
        }),
      };
    } catch (error) {
      if (!isTaken(error)) {
        throw error;
      }
    }
  }
  throw new Error(`Other jobs have all of ${MOST} folders at ${directory}`);
}
