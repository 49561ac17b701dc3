// SPDX-License-Identifier: Apache-2.0
import { parseQuantity } from '../parseQuantity';
import { PodWorker } from '../PodWorker';
import { readProcessTable, usageOf } from '../processTable';
import { cadvisorMetrics } from './cadvisorMetrics';
import { formatMetrics } from './formatMetrics';
import { kubeStateMetrics } from './kubeStateMetrics';

/** What each path of the kubelet's metrics answers, of the pods that are there now. */
export const NODE_METRICS: Record<
  string,
  (pods: PodWorker[]) => Promise<string>
> = {
  '/metrics/cadvisor': async pods => {
    const rows = await readProcessTable();
    const containers = pods.flatMap(({ key, containers: all }) =>
      all.flatMap(({ spec, status, running, oomEvents }) =>
        running
          ? [
              {
                namespace: key.namespace,
                pod: key.name,
                container: spec.name,
                image: status.image,
                usage: usageOf(running.pid, rows),
                memoryLimitBytes: parseQuantity(
                  spec.resources?.limits?.memory ?? '0',
                ),
                oomEvents,
                startedAt: running.startedAt,
              },
            ]
          : [],
      ),
    );
    return formatMetrics(cadvisorMetrics(containers));
  },
  '/metrics/kube-state-metrics': async pods =>
    formatMetrics(kubeStateMetrics(pods.map(({ pod }) => pod))),
};
