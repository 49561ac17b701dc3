// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** The runner tries what the system offers while forge answers already. */
const WAIT_MS = 15_000;

/**
 * The runner's sentence that nothing is kept from its jobs, out of forge's log; undefined where something keeps them apart.
 */
export async function findIsolationWarning(
  logFile: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const end = Date.now() + WAIT_MS;
  while (Date.now() < end && !signal.aborted) {
    const log = fs.existsSync(logFile) ? fs.readFileSync(logFile, 'utf8') : '';
    const line = /^info (Jobs .*)$/m.exec(log)?.[1];
    if (line) {
      return line.startsWith('Jobs can read') ? line : undefined;
    }
    await sleep(100);
  }
  return undefined;
}
