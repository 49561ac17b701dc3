// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import type { StepLog } from '../execution/StepLog';
import type { LocalRegistry } from './LocalRegistry';

const WAIT_MS = 10 * 60_000;
const POLL_MS = 1_000;

/**
 * Waits until the registry answers: with the first start of a machine it is still being built.
 *
 * @returns whether it does
 */
export async function waitForRegistry(
  registry: LocalRegistry,
  log: StepLog,
  signal: AbortSignal,
): Promise<boolean> {
  const end = Date.now() + WAIT_MS;
  for (let isFirst = true; Date.now() < end; isFirst = false) {
    signal.throwIfAborted();
    const answers = await fetch(`${registry.url}/v2/`, {
      signal: AbortSignal.timeout(5_000),
    }).then(
      response => response.status === 401,
      () => false,
    );
    if (answers) {
      return true;
    }
    if (isFirst) {
      log.write(
        'The local registry does not answer yet: with the first start it is still being built. Waiting for it, 10 minutes at most.',
      );
    }
    await sleep(POLL_MS, undefined, { signal });
  }
  return false;
}
