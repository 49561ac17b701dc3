// SPDX-License-Identifier: Apache-2.0
import { stringifyEntityRef, type Entity } from '@backstage/catalog-model';
import {
  getKserveReferences,
  type KubernetesObject,
} from '@greenroom/plugin-kserve-common';
import {
  COMPONENT_LABELS,
  readComponentMark,
  SERVICE_LABEL,
  type KserveClustersService,
} from '@greenroom/plugin-kserve-node';
import { refuseMarks } from '../../evidence/refuseMarks';
import { ClusterReader, type FoundObject } from './ClusterReader';
import { judgeApplication } from './judgeApplication';
import { judgeInferenceService, type Judgement } from './judgeInferenceService';

/** Names of Argo CD applications, separated by commas. */
const APPLICATION_ANNOTATION = 'argocd/app-name';
/** Argo CD's own, on what it manages: `NAMESPACE_NAME:GROUP/KIND:…`. */
const TRACKING_ANNOTATION = 'argocd.argoproj.io/tracking-id';
const SERVING = 'serving.kserve.io/v1beta1';
/** Anyone may write annotations: they must not cost hundreds of requests. */
const MAX_NAMES = 20;
const NAME = /^[a-z0-9][a-z0-9.-]{0,252}$/;

/** What stands in the way of a training, and what was looked at. */
export interface RolloutFindings {
  /** Why a rollout or rollback may be under way, each naming the thing. */
  reasons: string[];
  /** For the auditor, the same things and those that are settled. */
  figures: string[];
}

/** With where the manifests come from. */
export interface ServedFindings extends RolloutFindings {
  /** Addresses of Git repositories, as Argo CD has them. */
  repositories: string[];
}

/** How what an entity serves stands in the clusters: InferenceServices and the applications that deploy them. */
export class ServedObjects {
  readonly #clusters: KserveClustersService;
  readonly #takesUnmarked: boolean;

  constructor(options: {
    clusters: KserveClustersService;
    /** Whether what bears no mark is anybody's, as `kserve.access.unmarked` says. */
    takesUnmarked: boolean;
  }) {
    this.#clusters = options.clusters;
    this.#takesUnmarked = options.takesUnmarked;
  }

  /** @throws RetryLaterError where a cluster does not answer */
  async find(entity: Entity, signal: AbortSignal): Promise<ServedFindings> {
    const findings: ServedFindings = {
      reasons: [],
      figures: [],
      repositories: [],
    };
    if (this.#clusters.clusters.length === 0) {
      findings.figures.push("not known: no cluster is read from 'kubernetes:'");
      return findings;
    }
    const services = await this.#findServices(entity, findings, signal);
    for (const found of services) {
      await this.#judgeService(found, findings, signal);
    }
    await this.#judgeApplications(entity, services, findings, signal);
    if (findings.figures.length === 0) {
      findings.figures.push('not known: the entity leads to nothing in them');
    }
    return findings;
  }

  async #findServices(
    entity: Entity,
    findings: ServedFindings,
    signal: AbortSignal,
  ): Promise<FoundObject[]> {
    const { references } = getKserveReferences(entity);
    const kind = 'InferenceService';
    if (references.length === 0) {
      const reader = new ClusterReader(signal);
      const [label] = COMPONENT_LABELS;
      const id = entity.metadata.annotations?.[label] ?? entity.metadata.name;
      const found = await reader.find(this.#clusters.clusters, {
        apiVersion: SERVING,
        kind,
        labelSelector: `${label}=${id}`,
      });
      tellUnread(kind, found, reader, findings);
      return this.#takeOwn(entity, found, findings);
    }
    const all: FoundObject[] = [];
    for (const { cluster, name, namespace } of references.slice(0, MAX_NAMES)) {
      const reader = new ClusterReader(signal);
      const what = `${kind} ${namespace}/${name}`;
      const clusters = this.#clusters.clusters.filter(
        each => cluster === undefined || each.name === cluster,
      );
      const found = await reader.find(clusters, {
        apiVersion: SERVING,
        kind,
        namespace,
        name,
      });
      if (clusters.length === 0) {
        findings.figures.push(
          `${what}: not known, no cluster '${cluster}' is read from 'kubernetes:'`,
        );
      } else if (!tellUnread(what, found, reader, findings)) {
        findings.figures.push(`${what}: there is none`);
      }
      all.push(...this.#takeOwn(entity, found, findings));
    }
    return all;
  }

  async #judgeService(
    { cluster, object }: FoundObject,
    findings: ServedFindings,
    signal: AbortSignal,
  ): Promise<void> {
    const { name, namespace } = object.metadata;
    const what = `InferenceService ${namespace}/${name}`;
    const reader = new ClusterReader(signal);
    const others: KubernetesObject[] = [];
    const add = async (
      apiVersion: string,
      kind: string,
      labelSelector?: string,
    ) => {
      const place = { apiVersion, kind, labelSelector, namespace };
      const found = await reader.find([cluster], place);
      others.push(...found.map(each => each.object));
    };
    await add('apps/v1', 'Deployment', `${SERVICE_LABEL}=${name}`);
    await add('gateway.networking.k8s.io/v1', 'HTTPRoute');
    const now = Date.now() + cluster.server.clockSkewMs;
    tell(what, judgeInferenceService(object, { others, now }), findings);
    tellUnread(`What serves for ${what}`, [], reader, findings);
  }

  async #judgeApplications(
    entity: Entity,
    services: FoundObject[],
    findings: ServedFindings,
    signal: AbortSignal,
  ): Promise<void> {
    const tracked = services.flatMap(({ object }) =>
      toApplicationName(object.metadata.annotations?.[TRACKING_ANNOTATION]),
    );
    const named = (
      entity.metadata.annotations?.[APPLICATION_ANNOTATION] ?? ''
    ).split(',');
    const names = [...tracked, ...named.map(name => name.trim())];
    const valid = new Set(names.filter(name => NAME.test(name)));
    for (const name of [...valid].slice(0, MAX_NAMES)) {
      const reader = new ClusterReader(signal);
      const found = await reader.find(this.#clusters.clusters, {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Application',
        name,
      });
      const what = `Argo CD application ${name}`;
      if (!tellUnread(what, found, reader, findings)) {
        findings.figures.push(`${what}: there is none`);
      }
      const own = tracked.includes(name)
        ? found
        : this.#takeOwn(entity, found, findings);
      for (const { object } of own) {
        const judged = judgeApplication(object);
        tell(what, judged, findings);
        findings.repositories.push(...judged.repositories);
      }
    }
  }

  #takeOwn(
    entity: Entity,
    found: FoundObject[],
    { figures }: ServedFindings,
  ): FoundObject[] {
    return found.filter(({ object }) => {
      const refusal = refuseMarks(readComponentMark(object), {
        entityRef: stringifyEntityRef(entity),
        takesUnmarked: this.#takesUnmarked,
      });
      if (refusal) {
        figures.push(`${object.kind} ${object.metadata.name}: ${refusal}`);
      }
      return !refusal;
    });
  }
}

function tell(
  what: string,
  { is, isSettled }: Judgement,
  { figures, reasons }: RolloutFindings,
): void {
  figures.push(`${what} ${is}`);
  if (!isSettled) {
    reasons.push(`${what} ${is}`);
  }
}

/** Where nothing is found and a cluster lets nobody look, a rollout may be hidden. @returns whether something was found or refused */
function tellUnread(
  what: string,
  found: FoundObject[],
  { refusals }: ClusterReader,
  { figures, reasons }: RolloutFindings,
): boolean {
  if (found.length > 0 || refusals.length === 0) {
    return found.length > 0;
  }
  const text = `${what} cannot be read: ${refusals.join('; ')}`;
  figures.push(text);
  reasons.push(text);
  return true;
}

function toApplicationName(trackingId: string = ''): string[] {
  const [application] = trackingId.split(':');
  return application ? [application.split('_').pop() ?? ''] : [];
}
