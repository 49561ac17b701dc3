// SPDX-License-Identifier: Apache-2.0
import type { Entity } from '@backstage/catalog-model';
import { KSERVE_INFERENCE_SERVICE_ANNOTATION } from './annotations';

/**
 * One `[cluster:]namespace/name` of an annotation. `cluster` is undefined where
 * the annotation names none: all clusters are meant.
 *
 * @public
 */
export interface KserveReference {
  cluster?: string;
  namespace: string;
  name: string;
}

/**
 * Reads which inference services an entity's annotation names, each once.
 * `invalid` holds the items that are not `[cluster:]namespace/name`.
 *
 * @public
 */
export function getKserveReferences(entity: Entity): {
  references: KserveReference[];
  invalid: string[];
} {
  const value =
    entity.metadata.annotations?.[KSERVE_INFERENCE_SERVICE_ANNOTATION] ?? '';
  const items = new Set(
    value
      .split(',')
      .map(item => item.trim())
      .filter(Boolean),
  );
  const references: KserveReference[] = [];
  const invalid: string[] = [];
  for (const item of items) {
    // Namespaces and names are DNS labels; a cluster's name is free, so its colon is the last one.
    const [, cluster, namespace, name] =
      item.match(/^(?:(.+):)?([a-z0-9-]{1,63})\/([a-z0-9.-]{1,253})$/) ?? [];
    if (namespace && name) {
      references.push({ ...(cluster && { cluster }), namespace, name });
    } else {
      invalid.push(item);
    }
  }
  return { references, invalid };
}
