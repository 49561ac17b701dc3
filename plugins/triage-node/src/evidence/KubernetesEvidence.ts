// SPDX-License-Identifier: Apache-2.0
import { toError } from '@backstage/errors';
import { z } from 'zod';
import {
  deploymentSchema,
  listSchema,
  objectSchema,
  podSchema,
  type ReadObject,
  type ReadPod,
} from './kubernetesSchemas';
import { slim } from './slim';
import type { KubernetesApi, KubernetesObjects } from './types';

/** KServe's, on the pods of a service. */
const SERVICE_LABEL = 'serving.kserve.io/inferenceservice';

const TIMEOUT_MS = 5_000;
const MAX_PODS = 3;
const MAX_REPLICA_SETS = 4;
const MAX_EVENTS = 60;
const EVENTS_PER_OBJECT = 100;

/** Where to look. */
export interface KubernetesPlace {
  namespace: string;
  pod?: string;
  /** The inference service, or the Deployment. */
  service?: string;
}

/** With what is read of the pods. */
interface FoundObjects extends KubernetesObjects {
  pods: ReadPod[];
}

/** Reads the objects that an alert concerns, with the rights of whoever asks. */
export class KubernetesEvidence {
  readonly #server: KubernetesApi;
  readonly #signal: AbortSignal;
  readonly #errors: string[] = [];
  #isAway = false;

  constructor(server: KubernetesApi, signal: AbortSignal) {
    this.#server = server;
    this.#signal = signal;
  }

  /** Never fails: what cannot be read is in `errors`. */
  async collect(place: KubernetesPlace): Promise<FoundObjects> {
    const pods = await this.#findPods(place);
    const workloads = await this.#findWorkloads(place, pods);
    const nodes = await this.#findNodes(pods);
    const events = await this.#findEvents(place.namespace, [
      ...pods,
      ...workloads,
    ]);
    return {
      pods,
      workloads,
      nodes,
      events,
      errors: this.#errors,
      isAway: this.#isAway,
    };
  }

  /** The named pod, else those of the service that are in trouble. */
  async #findPods({
    namespace,
    pod,
    service,
  }: KubernetesPlace): Promise<ReadPod[]> {
    const pods = `/api/v1/namespaces/${namespace}/pods`;
    if (pod) {
      const found = await this.#get(`${pods}/${pod}`, podSchema, `Pod ${pod}`);
      if (found) {
        return [{ ...found, kind: 'Pod' }];
      }
    }
    if (!service) {
      return [];
    }
    const listPods = (labelSelector: string) =>
      this.#list(pods, { labelSelector, limit: 50 }, podSchema);
    const found = await listPods(`${SERVICE_LABEL}=${service}`);
    if (found.length === 0) {
      const deployment = await this.#get(
        `/apis/apps/v1/namespaces/${namespace}/deployments/${service}`,
        deploymentSchema,
        undefined,
      );
      found.push(...(deployment ? await listPods(toSelector(deployment)) : []));
    }
    return found
      .sort((a, b) => trouble(b) - trouble(a))
      .slice(0, MAX_PODS)
      .map(each => ({ ...each, kind: 'Pod' }));
  }

  async #findWorkloads(
    { namespace, service }: KubernetesPlace,
    pods: ReadPod[],
  ): Promise<ReadObject[]> {
    const apps = `/apis/apps/v1/namespaces/${namespace}`;
    const deployments = new Set<string>();
    const services = new Set<string>();
    for (const { metadata } of pods) {
      const inference = metadata.labels?.[SERVICE_LABEL];
      if (inference) {
        services.add(inference);
      }
      const owner = ownerOf(metadata, 'ReplicaSet');
      const set =
        owner &&
        (await this.#get(
          `${apps}/replicasets/${encodeURIComponent(owner)}`,
          objectSchema,
          `ReplicaSet ${owner}`,
        ));
      const deployment = set && ownerOf(set.metadata, 'Deployment');
      if (deployment) {
        deployments.add(deployment);
      }
    }
    if (service && pods.length === 0) {
      services.add(service);
      deployments.add(service).add(`${service}-predictor`);
    }
    const found: ReadObject[] = [];
    for (const name of [...services].slice(0, 1)) {
      const object = await this.#get(
        `/apis/serving.kserve.io/v1beta1/namespaces/${namespace}/inferenceservices/${encodeURIComponent(name)}`,
        objectSchema,
        pods.length > 0 ? `InferenceService ${name}` : undefined,
      );
      found.push(...(object ? [{ ...object, kind: 'InferenceService' }] : []));
    }
    for (const name of [...deployments].slice(0, 2)) {
      const object = await this.#get(
        `${apps}/deployments/${encodeURIComponent(name)}`,
        deploymentSchema,
        pods.length > 0 ? `Deployment ${name}` : undefined,
      );
      if (object) {
        found.push({ ...object, kind: 'Deployment' });
        found.push(...(await this.#findReplicaSets(apps, object)));
      }
    }
    return found;
  }

  /** Each rollout of a Deployment leaves one: the newest tell what changed. */
  async #findReplicaSets(
    apps: string,
    deployment: z.infer<typeof deploymentSchema>,
  ): Promise<ReadObject[]> {
    const { name } = deployment.metadata;
    const sets = await this.#list(
      `${apps}/replicasets`,
      { labelSelector: toSelector(deployment), limit: 50 },
      objectSchema,
    );
    return sets
      .filter(set => ownerOf(set.metadata, 'Deployment') === name)
      .sort((a, b) => createdAt(b) - createdAt(a))
      .slice(0, MAX_REPLICA_SETS)
      .map(set => ({ ...set, kind: 'ReplicaSet' }));
  }

  async #findNodes(pods: ReadPod[]): Promise<ReadObject[]> {
    const names = new Set(pods.flatMap(({ spec }) => spec.nodeName ?? []));
    const nodes: ReadObject[] = [];
    for (const name of [...names].slice(0, 2)) {
      const node = await this.#get(
        `/api/v1/nodes/${encodeURIComponent(name)}`,
        objectSchema,
        `Node ${name}`,
      );
      nodes.push(...(node ? [{ ...node, kind: 'Node' }] : []));
    }
    return nodes;
  }

  async #findEvents(
    namespace: string,
    objects: ReadObject[],
  ): Promise<ReadObject[]> {
    const names = [...new Set(objects.map(({ metadata }) => metadata.name))];
    const events: ReadObject[] = [];
    for (const name of names) {
      const found = await this.#list(
        `/api/v1/namespaces/${namespace}/events`,
        {
          fieldSelector: `involvedObject.name=${name}`,
          limit: EVENTS_PER_OBJECT,
        },
        objectSchema,
      );
      events.push(...found.map(event => ({ ...event, kind: 'Event' })));
    }
    return events
      .sort((a, b) => eventAt(b) - eventAt(a))
      .slice(0, MAX_EVENTS)
      .reverse();
  }

  /** `what` is named in `errors` where it is missing; where it need not be there, nothing is. */
  async #get<T>(
    path: string,
    schema: z.ZodType<T>,
    what: string | undefined,
  ): Promise<T | undefined> {
    return this.#attempt(what, async signal =>
      schema.parse(slim(await this.#server.getJson({ path, signal }))),
    );
  }

  async #list<T>(
    path: string,
    query: Record<string, string | number>,
    schema: z.ZodType<T>,
  ): Promise<T[]> {
    const found = await this.#attempt(path.split('/').pop(), async signal => {
      const json = await this.#server.getJson({ path, query, signal });
      return listSchema.parse(json).items.flatMap(item => {
        const { data } = schema.safeParse(slim(item));
        return data === undefined ? [] : [data];
      });
    });
    return found ?? [];
  }

  async #attempt<T>(
    what: string | undefined,
    run: (signal: AbortSignal) => Promise<T>,
  ): Promise<T | undefined> {
    try {
      return await run(
        AbortSignal.any([this.#signal, AbortSignal.timeout(TIMEOUT_MS)]),
      );
    } catch (error) {
      this.#signal.throwIfAborted();
      this.#isAway ||= isAway(error);
      if (what) {
        const words =
          error instanceof z.ZodError
            ? 'is in no known form'
            : toError(error).message;
        this.#errors.push(`${what}: ${words}`);
      }
      return undefined;
    }
  }
}

/** A deadline, no connection, or a server that is overloaded or starting. */
function isAway(error: unknown): boolean {
  return (
    error instanceof Error &&
    (error.name === 'TimeoutError' ||
      ('isRetryable' in error && error.isRetryable === true))
  );
}

function ownerOf(
  { ownerReferences = [] }: ReadObject['metadata'],
  kind: string,
): string | undefined {
  return ownerReferences.find(owner => owner.kind === kind)?.name;
}

function toSelector({ spec }: z.infer<typeof deploymentSchema>): string {
  return Object.entries(spec.selector.matchLabels)
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
}

function createdAt({ metadata }: ReadObject): number {
  return Date.parse(metadata.creationTimestamp ?? '') || 0;
}

function eventAt(event: ReadObject): number {
  const { lastTimestamp, eventTime } = event;
  const at = lastTimestamp ?? eventTime;
  return (typeof at === 'string' && Date.parse(at)) || createdAt(event);
}

/** Not ready counts more than every restart. */
function trouble({ status }: ReadPod): number {
  return status.containerStatuses.reduce(
    (sum, { ready, restartCount }) =>
      sum + (ready ? 0 : 1_000) + Math.min(restartCount, 999),
    0,
  );
}
