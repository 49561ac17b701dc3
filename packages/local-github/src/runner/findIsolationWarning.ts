import { setTimeout as sleep } from 'node:timers/promises';
import { readLog } from './ManagedProcess';

/** The runner tries what the system offers while forge answers already. */
const waitMs = 15_000;

/**
 * The runner's sentence that nothing is kept from its jobs, out of forge's log; undefined where something keeps them apart.
 */
export async function findIsolationWarning(
  logFile: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const end = Date.now() + waitMs;
  while (Date.now() < end && !signal.aborted) {
    const line = readLog(logFile).find(each => /^info Jobs /.test(each));
    if (line) {
      return line.startsWith('info Jobs can read')
        ? line.slice('info '.length)
        : undefined;
    }
    await sleep(100);
  }
  return undefined;
}
