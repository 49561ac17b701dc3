// SPDX-License-Identifier: Apache-2.0
import {
  readComponentMark,
  type ApiServer,
  type KserveClustersService,
} from '@greenroom/plugin-kserve-node';
import type { StageError } from '@greenroom/plugin-triage-common';
import {
  createRedactor,
  type MetricsQuery,
  type PodLog,
} from '@greenroom/triage-engine';
import type { AlertRow } from '../database/alertRow';
import type { AlertEntity } from './AlertEntities';
import {
  KubernetesEvidence,
  type KubernetesObjects,
} from './KubernetesEvidence';
import type { PrometheusEvidence } from './PrometheusEvidence';
import { readPodLogs } from './readPodLogs';

/** What an alert's report is made from. */
export interface CollectedEvidence {
  /** As the cluster gives them. */
  objects: unknown[];
  logs: PodLog[];
  metrics: MetricsQuery[];
  /** As the alert or its rule has it. */
  expression?: string;
  errors: StageError[];
  /** Entity refs that the inference service says it belongs to. */
  marks?: string[];
  /** Cluster or Prometheus did not answer, and may later. */
  isAway?: boolean;
}

/** Reads what surrounds an alert, with the portal's rights, within limits. */
export class AlertEvidence {
  readonly #clusters: KserveClustersService;
  readonly #prometheus: PrometheusEvidence;
  readonly #takesUnmarked: boolean;

  constructor(options: {
    clusters: KserveClustersService;
    prometheus: PrometheusEvidence;
    /** Whether what bears no mark is anybody's, as `kserve.access.unmarked` says. */
    takesUnmarked: boolean;
  }) {
    this.#clusters = options.clusters;
    this.#prometheus = options.prometheus;
    this.#takesUnmarked = options.takesUnmarked;
  }

  /** Never fails: what is not to be had is in `errors`. */
  async collect(
    alert: AlertRow,
    owner: AlertEntity | undefined,
    signal: AbortSignal,
  ): Promise<CollectedEvidence> {
    const errors: StageError[] = [];
    const tell = (code: string, messages: string[]) =>
      errors.push(
        ...messages.map(message => ({
          stage: 'collect',
          code,
          message: createRedactor().redact(message.slice(0, 500)),
        })),
      );
    const server = this.#chooseServer(alert, owner);
    const found =
      server && alert.namespace
        ? await new KubernetesEvidence(server, signal).collect({
            namespace: alert.namespace,
            pod: alert.pod ?? undefined,
            service: owner?.service ?? alert.service ?? undefined,
          })
        : undefined;
    if (!server) {
      tell('not-configured', [this.#whyNoServer(alert)]);
    }
    const marks = found && readMarks(found);
    const refusal = found && this.#refuse(marks, owner);
    const isAway = found?.isAway ?? false;
    if (refusal) {
      tell('unreadable', found?.errors ?? []);
      // Of a cluster that does not answer nobody knows whose a thing is.
      tell('other-component', isAway ? [] : [refusal]);
      return { objects: [], logs: [], metrics: [], errors, marks, isAway };
    }
    const measured = await this.#prometheus.collect(alert, {
      cluster: server?.cluster,
      pod: found?.pods[0]?.metadata.name,
      signal,
    });
    tell('unreadable', found?.errors ?? []);
    tell('unmeasured', measured.errors);
    const logs: PodLog[] = [];
    for (const pod of found?.pods ?? []) {
      if (server && alert.namespace) {
        const read = await readPodLogs({
          server,
          pod,
          namespace: alert.namespace,
          container: alert.container ?? undefined,
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
      marks,
      isAway: isAway || measured.isAway,
    };
  }

  #chooseServer(
    { cluster: label }: AlertRow,
    owner: AlertEntity | undefined,
  ): ApiServer | undefined {
    const { clusters } = this.#clusters;
    const name = label ?? owner?.cluster;
    const known = clusters.find(each => each.name === name);
    return (
      known?.server ??
      (!name && clusters.length === 1 ? clusters[0].server : undefined)
    );
  }

  #whyNoServer({ cluster }: AlertRow): string {
    const names = this.#clusters.clusters.map(({ name }) => name);
    if (names.length === 0) {
      return "No cluster is configured in 'kubernetes:'";
    }
    return cluster
      ? `There is no cluster '${cluster}' in 'kubernetes:' (there are: ${names.join(', ')})`
      : `The alert does not say on which cluster it is: give it the label 'cluster' (${names.join(', ')})`;
  }

  /** Anyone may write an entity's annotation: the mark in the cluster says whose a thing is. */
  #refuse(
    marks: string[] | undefined,
    owner: AlertEntity | undefined,
  ): string | undefined {
    if (!owner) {
      return undefined;
    }
    const ref = owner.entityRef.toLocaleLowerCase('en-US');
    if (marks === undefined) {
      return this.#takesUnmarked
        ? undefined
        : "What runs there does not say whose it is, and 'kserve.access.unmarked' is 'deny'";
    }
    return marks.includes(ref)
      ? undefined
      : 'What runs there is marked as that of another component';
  }
}

/** Of the inference service, else of what owns the pod, else of the pod. */
function readMarks({ workloads, pods }: KubernetesObjects) {
  const object =
    workloads.find(({ kind }) => kind === 'InferenceService') ??
    workloads.find(({ kind }) => kind === 'Deployment') ??
    pods[0];
  return object && readComponentMark(object);
}
