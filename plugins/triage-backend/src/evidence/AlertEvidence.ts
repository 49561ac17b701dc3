// SPDX-License-Identifier: Apache-2.0
import {
  readComponentMark,
  type ApiServer,
  type KserveClustersService,
} from '@greenroom/plugin-kserve-node';
import {
  collectAlertEvidence,
  type AlertEvidence as Evidence,
  type AlertSubject,
  type KubernetesObjects,
  type PrometheusEvidence,
} from '@greenroom/plugin-triage-node';
import type { AlertRow } from '../database/alertRow';
import type { AlertEntity } from './AlertEntities';
import { refuseMarks } from './refuseMarks';

/** What an alert's report is made from. */
export interface CollectedEvidence extends Evidence {
  /** Entity refs that the inference service says it belongs to. */
  marks?: string[];
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
    const server = this.#chooseServer(alert, owner);
    let marks: string[] | undefined;
    const found = await collectAlertEvidence({
      alert: toSubject(alert, owner),
      api: server ?? this.#whyNoServer(alert),
      cluster: server?.cluster,
      prometheus: this.#prometheus,
      refuse: objects => {
        marks = readMarks(objects);
        return (
          owner &&
          refuseMarks(marks, {
            entityRef: owner.entityRef,
            takesUnmarked: this.#takesUnmarked,
          })
        );
      },
      signal,
    });
    return { ...found, marks };
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
}

/** Of the inference service, else of what owns the pod, else of the pod. */
function readMarks({ workloads, pods }: KubernetesObjects) {
  const object =
    workloads.find(({ kind }) => kind === 'InferenceService') ??
    workloads.find(({ kind }) => kind === 'Deployment') ??
    pods[0];
  return object && readComponentMark(object);
}

function toSubject(
  alert: AlertRow,
  owner: AlertEntity | undefined,
): AlertSubject {
  return {
    name: alert.name,
    startsAt: alert.starts_at,
    endsAt: alert.ends_at ?? undefined,
    labels: alert.labels,
    expression: alert.expression ?? undefined,
    generatorUrl: alert.generator_url ?? undefined,
    cluster: alert.cluster ?? undefined,
    namespace: alert.namespace ?? undefined,
    pod: alert.pod ?? undefined,
    container: alert.container ?? undefined,
    service: owner?.service ?? alert.service ?? undefined,
  };
}
