// SPDX-License-Identifier: Apache-2.0
import { sleep } from '../../bootstrap/processes.mjs';
import { PortalClient } from '../portal/PortalClient';
import { TaskContext } from '../supervisor/BackgroundTasks';
import { DEMO_MODEL } from './createDemoModel';

const TIMEOUT_MS = 10 * 60_000;
const POLL_MS = 1_000;

/** Waits until the portal says that the demo model is served, and tells meanwhile what it says. */
export async function followServing(
  portal: PortalClient,
  { report, signal }: TaskContext,
): Promise<void> {
  if (!(await portal.hasEntity('component', DEMO_MODEL, signal))) {
    // Somebody has removed it since.
    return;
  }
  const deadline = Date.now() + TIMEOUT_MS;
  let last = 'the portal knows no inference service of it';
  while (Date.now() < deadline) {
    signal.throwIfAborted();
    const [service] = await portal.inferenceServices(
      'component',
      DEMO_MODEL,
      signal,
    );
    if (service) {
      last = service.explanation.sentence;
      report({ detail: last });
      if (service.explanation.state === 'ready') {
        return;
      }
    }
    await sleep(POLL_MS);
  }
  throw new Error(
    `it is not served ${TIMEOUT_MS / 60_000} minutes after its hand-off: ${last}`,
  );
}
