// SPDX-License-Identifier: Apache-2.0
import type { Entity } from '@backstage/catalog-model';
import {
  getKserveReferences,
  KSERVE_INFERENCE_SERVICE_ANNOTATION,
  type KserveClusterError,
  type KserveReference,
  type KubernetesObject,
} from '@greenroom/plugin-kserve-common';
import type { Clusters } from './Clusters';
import type { ClusterWatcher } from './ClusterWatcher';
import { matchLabels } from './matchLabels';

// Anyone may write annotations: they must not make hundreds of answers.
const MAX_REFERENCES = 20;
const MAX_FOUND = 50;

/** An inference service that an entity leads to; access is not checked yet. */
export interface FoundService {
  watcher: ClusterWatcher;
  /** `namespace/name` */
  key: string;
  object: KubernetesObject;
}

/** What an entity leads to, and why some of it leads nowhere. */
export interface ResolvedServices {
  references: KserveReference[];
  found: FoundService[];
  errors: KserveClusterError[];
  /** Names of the clusters whose state matters for it. */
  clusters: ReadonlySet<string>;
  /** `cluster/namespace/name` of all that could be there. */
  keys: ReadonlySet<string>;
  /** Whether it is found by labels, so that others may come. */
  isOpen: boolean;
}

function toError(
  cluster: string,
  code: KserveClusterError['code'],
  message: string,
): KserveClusterError {
  return { cluster, code, message, retryable: false };
}

function resolveReferences(
  clusters: Clusters,
  references: KserveReference[],
): Pick<ResolvedServices, 'found' | 'errors' | 'clusters' | 'keys'> {
  const found: FoundService[] = [];
  const errors: KserveClusterError[] = [];
  const names = new Set<string>();
  const keys = new Set<string>();
  for (const { cluster, name, namespace } of references) {
    const key = `${namespace}/${name}`;
    const known = cluster === undefined ? undefined : clusters.get(cluster);
    if (cluster !== undefined && !known) {
      errors.push(
        toError(
          cluster,
          'not-configured',
          `There is no cluster '${cluster}' in 'kubernetes:' (there are: ${clusters.names.join(', ') || 'none'})`,
        ),
      );
      continue;
    }
    const watchers = known ? [known] : clusters.all();
    const there = watchers.flatMap(watcher => {
      names.add(watcher.name);
      keys.add(`${watcher.name}/${key}`);
      const object = watcher.objects.get(key);
      return object ? [{ watcher, key, object }] : [];
    });
    found.push(...there);
    const all = watchers.map(watcher => watcher.name).join("', '");
    if (
      there.length === 0 &&
      watchers.length > 0 &&
      watchers.every(({ isListed }) => isListed)
    ) {
      errors.push(
        toError(
          known?.name ?? watchers[0].name,
          'not-found',
          `There is no inference service '${key}' on cluster '${all}'`,
        ),
      );
    }
  }
  return { found, errors, clusters: names, keys };
}

function discover(clusters: Clusters, entity: Entity): FoundService[] {
  const { annotations = {}, name } = entity.metadata;
  const selector = annotations['backstage.io/kubernetes-label-selector'];
  const id = annotations['backstage.io/kubernetes-id'] ?? name;
  const namespace = annotations['backstage.io/kubernetes-namespace'];
  const cluster = annotations['backstage.io/kubernetes-cluster'];
  const found: FoundService[] = [];
  for (const watcher of clusters.all()) {
    if (cluster && watcher.name !== cluster) {
      continue;
    }
    const candidates = selector
      ? watcher.objects.services()
      : watcher.objects.servicesOf(id);
    for (const [key, object] of candidates) {
      const { labels = {}, namespace: at } = object.metadata ?? {};
      if (
        (!selector || matchLabels(selector, labels)) &&
        (!namespace || at === namespace)
      ) {
        found.push({ watcher, key, object });
      }
    }
  }
  return found;
}

/**
 * Finds what an entity's annotation names; where it has none, what bears its
 * labels, as the Kubernetes plugin does (`backstage.io/kubernetes-id`,
 * `kubernetes-label-selector`, `kubernetes-namespace`, `kubernetes-cluster`).
 */
export function resolveServices(
  clusters: Clusters,
  entity: Entity,
): ResolvedServices {
  const { invalid, references } = getKserveReferences(entity);
  if (references.length + invalid.length === 0) {
    const found = discover(clusters, entity).slice(0, MAX_FOUND);
    return {
      references,
      found,
      errors: [],
      clusters: new Set(clusters.names),
      keys: new Set(found.map(({ key, watcher }) => `${watcher.name}/${key}`)),
      isOpen: true,
    };
  }
  const resolved = resolveReferences(
    clusters,
    references.slice(0, MAX_REFERENCES),
  );
  const errors = invalid
    .slice(0, MAX_REFERENCES)
    .map(item =>
      toError(
        '',
        'not-found',
        `'${item.slice(0, 100)}' in ${KSERVE_INFERENCE_SERVICE_ANNOTATION} is not [cluster:]namespace/name`,
      ),
    );
  if (references.length > MAX_REFERENCES) {
    errors.push(
      toError(
        '',
        'failed',
        `${KSERVE_INFERENCE_SERVICE_ANNOTATION} names more than ${MAX_REFERENCES} inference services; the first ${MAX_REFERENCES} are read`,
      ),
    );
  }
  return {
    references,
    ...resolved,
    errors: [...errors, ...resolved.errors],
    isOpen: false,
  };
}
