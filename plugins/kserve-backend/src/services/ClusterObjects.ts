// SPDX-License-Identifier: Apache-2.0
import type { KubernetesObject } from '@greenroom/plugin-kserve-common';
import { COMPONENT_LABELS, SERVICE_LABEL } from '@greenroom/plugin-kserve-node';
import {
  eventTime,
  involvedName,
  isPodReady,
  readBackends,
  slim,
} from './kubernetesObjects';
import { LabelIndex } from './LabelIndex';
import { toKey, type WatchSink } from './ResourceWatch';

const SERVICES = ['InferenceService', 'LLMInferenceService'];

/** What changed, for those who show it. */
export interface ServiceChange {
  /** `namespace/name` of the inference service. */
  key: string;
  /** Whether it came, went, or bears other labels or annotations. */
  isListChange: boolean;
  /** Whether a pod of it that was not ready became so. */
  hasNewReadyPod?: boolean;
}

interface Stored {
  object: KubernetesObject;
  /** Key of the inference service that it belongs to. */
  service: string;
}

/**
 * The inference services of one cluster with what belongs to them. Other objects
 * are not kept, events only so many for each service, and in all no more than
 * `maxObjects`.
 */
export class ClusterObjects {
  readonly #maxObjects: number;
  readonly #maxEvents: number;
  readonly #onChange: (change: ServiceChange) => void;
  readonly #services = new Map<string, KubernetesObject>();
  readonly #components = new LabelIndex(COMPONENT_LABELS);
  /** Names of the services of a namespace. */
  readonly #names = new Map<string, Set<string>>();
  /** By kind and key. */
  readonly #parts = new Map<string, Stored>();
  /** Ids of a service's parts. */
  readonly #byService = new Map<string, Set<string>>();
  #left = 0;

  constructor(options: {
    maxObjects: number;
    maxEvents: number;
    onChange: (change: ServiceChange) => void;
  }) {
    this.#maxObjects = options.maxObjects;
    this.#maxEvents = options.maxEvents;
    this.#onChange = options.onChange;
  }

  /** How many objects did not fit. */
  get left(): number {
    return this.#left;
  }

  get size(): number {
    return this.#services.size + this.#parts.size;
  }

  get(key: string): KubernetesObject | undefined {
    return this.#services.get(key);
  }

  /** Those that a label names as parts of this component. */
  servicesOf(
    component: string,
  ): Array<[key: string, object: KubernetesObject]> {
    return [...this.#components.find(component)].flatMap(key => {
      const object = this.#services.get(key);
      return object ? [[key, object] as [string, KubernetesObject]] : [];
    });
  }

  services(): IterableIterator<[key: string, object: KubernetesObject]> {
    return this.#services.entries();
  }

  /** The inference service and all that is known of it. */
  objectsOf(key: string): KubernetesObject[] {
    const service = this.#services.get(key);
    const objects = service ? [service] : [];
    for (const id of this.#byService.get(key) ?? []) {
      const part = this.#parts.get(id);
      if (part) {
        objects.push(part.object);
      }
    }
    return objects;
  }

  /** A sink for a watch of objects of one kind; `isMine` where two watches share a kind. */
  sink(
    kind: string,
    isMine: (object: KubernetesObject) => boolean = () => true,
  ): WatchSink {
    return {
      upsert: object => this.#upsert(object),
      remove: object => this.#remove(kind, toKey(object)),
      retain: keys => {
        for (const [key, object] of this.#objectsOfKind(kind)) {
          if (!keys.has(key) && isMine(object)) {
            this.#remove(kind, key);
          }
        }
      },
    };
  }

  *#objectsOfKind(kind: string): Generator<[string, KubernetesObject]> {
    if (SERVICES.includes(kind)) {
      for (const entry of [...this.#services]) {
        if (entry[1].kind === kind) {
          yield entry;
        }
      }
      return;
    }
    for (const { object } of [...this.#parts.values()]) {
      if (object.kind === kind) {
        yield [toKey(object), object];
      }
    }
  }

  #upsert(given: KubernetesObject): void {
    const key = toKey(given);
    const isService = SERVICES.includes(given.kind ?? '');
    const id = `${given.kind} ${key}`;
    const known = isService
      ? this.#services.get(key)
      : this.#parts.get(id)?.object;
    const { resourceVersion, uid } = given.metadata ?? {};
    if (
      known?.metadata?.resourceVersion === resourceVersion &&
      known?.metadata?.uid === uid &&
      known?.kind === given.kind
    ) {
      return;
    }
    const service = isService ? key : this.#serviceOf(given);
    if (service === undefined) {
      // Its labels changed: it belongs to nobody now.
      this.#remove(given.kind ?? '', key);
      return;
    }
    if (!known && this.size >= this.#maxObjects) {
      this.#left += 1;
      return;
    }
    const object = slim(given);
    if (isService) {
      const namespace = object.metadata?.namespace ?? '';
      this.#services.set(key, object);
      this.#components.replace(key, known, object);
      const names = this.#names.get(namespace) ?? new Set();
      this.#names.set(namespace, names.add(object.metadata?.name ?? ''));
      this.#onChange({
        key,
        isListChange:
          !known ||
          JSON.stringify([
            known.metadata?.labels,
            known.metadata?.annotations,
          ]) !==
            JSON.stringify([
              object.metadata?.labels,
              object.metadata?.annotations,
            ]),
      });
      return;
    }
    const earlier = this.#parts.get(id);
    if (earlier && earlier.service !== service) {
      this.#remove(given.kind ?? '', key);
    }
    this.#parts.set(id, { object, service });
    const ids = this.#byService.get(service) ?? new Set();
    this.#byService.set(service, ids.add(id));
    if (object.kind === 'Event') {
      this.#capEvents(ids);
    }
    this.#onChange({
      key: service,
      isListChange: false,
      hasNewReadyPod:
        known !== undefined && !isPodReady(known) && isPodReady(object),
    });
  }

  #remove(kind: string, key: string): void {
    if (SERVICES.includes(kind)) {
      const known = this.#services.get(key);
      if (known?.kind !== kind) {
        return;
      }
      this.#services.delete(key);
      this.#components.replace(key, known, undefined);
      const [namespace, name] = key.split('/');
      this.#names.get(namespace)?.delete(name);
      // Its pods tell of their own end; nobody tells of events and routes that only name it.
      for (const id of this.#byService.get(key) ?? []) {
        const part = this.#parts.get(id)?.object;
        if (part?.kind === 'Event' || part?.kind === 'HTTPRoute') {
          this.#forget(id, key);
        }
      }
      this.#onChange({ key, isListChange: true });
      return;
    }
    const id = `${kind} ${key}`;
    const part = this.#parts.get(id);
    if (part) {
      this.#forget(id, part.service);
      this.#onChange({ key: part.service, isListChange: false });
    }
  }

  #forget(id: string, service: string): void {
    this.#parts.delete(id);
    const ids = this.#byService.get(service);
    ids?.delete(id);
    if (ids?.size === 0) {
      this.#byService.delete(service);
    }
  }

  #capEvents(ids: Set<string>): void {
    const events = [...ids].filter(id => id.startsWith('Event '));
    if (events.length <= this.#maxEvents) {
      return;
    }
    let oldest = events[0];
    let oldestAt = Infinity;
    for (const id of events) {
      const at = eventTime(this.#parts.get(id)?.object ?? {});
      if (at < oldestAt) {
        [oldest, oldestAt] = [id, at];
      }
    }
    this.#parts.delete(oldest);
    ids.delete(oldest);
  }

  #serviceOf(object: KubernetesObject): string | undefined {
    const {
      labels = {},
      namespace = '',
      ownerReferences,
    } = object.metadata ?? {};
    if (object.kind === 'Event') {
      return this.#byPrefix(namespace, involvedName(object));
    }
    const name =
      labels[SERVICE_LABEL] ??
      (labels['app.kubernetes.io/part-of'] === 'llminferenceservice'
        ? labels['app.kubernetes.io/name']
        : undefined) ??
      ownerReferences?.find(({ kind }) => SERVICES.includes(kind ?? ''))?.name;
    if (name) {
      return `${namespace}/${name}`;
    }
    if (object.kind === 'HTTPRoute') {
      for (const backend of readBackends(object)) {
        const service = this.#byPrefix(namespace, backend);
        if (service) {
          return service;
        }
      }
    }
    return undefined;
  }

  /** KServe names what it makes after the service: `churn-predictor-7c9`. */
  #byPrefix(namespace: string, name = ''): string | undefined {
    const names = this.#names.get(namespace);
    for (let end = name.length; names && end > 0;) {
      const prefix = name.slice(0, end);
      if (names.has(prefix)) {
        return `${namespace}/${prefix}`;
      }
      end = Math.max(
        name.lastIndexOf('-', end - 1),
        name.lastIndexOf('.', end - 1),
      );
    }
    return undefined;
  }
}
