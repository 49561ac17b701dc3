// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { KubeClient, KubeError } from './KubeClient';
import { PodKey } from './kubeTypes';

const RETRY_MS = 1_000;

/** Tells the API server that a pod which it wants deleted has ended, until it has heard. */
export async function confirmDeletion(
  { namespace, name, uid }: PodKey,
  client: KubeClient,
  log: (message: string) => void,
): Promise<void> {
  for (;;) {
    try {
      await client.delete(`/api/v1/namespaces/${namespace}/pods/${name}`, {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        gracePeriodSeconds: 0,
        preconditions: { uid },
      });
      return;
    } catch (error) {
      // Not there, or another of its name.
      if (error instanceof KubeError && [404, 409].includes(error.status)) {
        return;
      }
      log(`deleting ${name}: ${error}`);
      await sleep(RETRY_MS);
    }
  }
}
