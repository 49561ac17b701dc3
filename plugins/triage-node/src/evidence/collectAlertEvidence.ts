// SPDX-License-Identifier: Apache-2.0
import { createRedactor, type PodLog } from '@greenroom/triage-engine';
import { KubernetesEvidence } from './KubernetesEvidence';
import type { PrometheusEvidence } from './PrometheusEvidence';
import { readPodLogs } from './readPodLogs';
import type {
  AlertEvidence,
  AlertSubject,
  KubernetesApi,
  KubernetesObjects,
} from './types';

const MAX_MESSAGE = 500;

/**
 * Reads what surrounds an alert within limits: the pods that it names and what they belong to, their logs,
 * what was measured. Never fails: what is not to be had is in `errors`.
 *
 * @public
 */
export async function collectAlertEvidence(options: {
  alert: AlertSubject;
  /** Why there is none, for people. */
  api: KubernetesApi | string;
  /** Of the API, where it is known. */
  cluster?: string;
  prometheus: PrometheusEvidence;
  /** Why what was found must not be read on, for people. */
  refuse?: (found: KubernetesObjects) => string | undefined;
  signal: AbortSignal;
}): Promise<AlertEvidence> {
  const { alert, api, cluster, prometheus, refuse, signal } = options;
  const { container, namespace } = alert;
  const errors: AlertEvidence['errors'] = [];
  const tell = (code: string, messages: string[]) =>
    errors.push(
      ...messages.map(message => ({
        stage: 'collect',
        code,
        message: createRedactor().redact(message.slice(0, MAX_MESSAGE)),
      })),
    );
  if (typeof api === 'string') {
    tell('not-configured', [api]);
  }
  const server = typeof api === 'string' ? undefined : api;
  const found =
    server && namespace
      ? await new KubernetesEvidence(server, signal).collect({
          ...alert,
          namespace,
        })
      : undefined;
  const refusal = found && refuse?.(found);
  const isAway = found?.isAway ?? false;
  if (refusal) {
    tell('unreadable', found?.errors ?? []);
    // Of a cluster that does not answer nobody knows whose a thing is.
    tell('other-component', isAway ? [] : [refusal]);
    return { objects: [], logs: [], metrics: [], errors, isAway };
  }
  const measured = await prometheus.collect(alert, {
    cluster,
    pod: found?.pods[0]?.metadata.name,
    signal,
  });
  tell('unreadable', found?.errors ?? []);
  tell('unmeasured', measured.errors);
  const logs: PodLog[] = [];
  for (const pod of found?.pods ?? []) {
    if (server && namespace) {
      const read = await readPodLogs({
        server,
        pod,
        namespace,
        container,
        signal,
      });
      logs.push(...read.logs);
      tell('unreadable', read.errors);
    }
  }
  return {
    objects: found
      ? [...found.pods, ...found.workloads, ...found.nodes, ...found.events]
      : [],
    logs,
    metrics: measured.metrics,
    expression: measured.expression,
    errors,
    isAway: isAway || measured.isAway,
  };
}
