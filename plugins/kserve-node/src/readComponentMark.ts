// SPDX-License-Identifier: Apache-2.0
import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import type { KubernetesObject } from '@greenroom/plugin-kserve-common';
import { COMPONENT_LABELS } from './labels';

/** Annotation of an InferenceService: refs of the entities whose it is. @public */
export const COMPONENT_ANNOTATION = 'greenroom.dev/component';

// Whoever may deploy writes marks: they must not cost hundreds of reads.
const MAX_REFS = 10;

function toRef(text: string): string | undefined {
  try {
    return stringifyEntityRef(
      parseEntityRef(text, {
        defaultKind: 'Component',
        defaultNamespace: 'default',
      }),
    );
  } catch {
    return undefined;
  }
}

/**
 * Whose an inference service is: entity refs in lower case, as the catalog
 * compares them. The annotation decides where there is one, otherwise the labels,
 * which hold the name of a component of the namespace `default`. Undefined where
 * it bears no mark; empty where the mark names nobody.
 *
 * @public
 */
export function readComponentMark({
  metadata,
}: KubernetesObject): string[] | undefined {
  const marks =
    metadata?.annotations?.[COMPONENT_ANNOTATION]?.split(',') ??
    COMPONENT_LABELS.flatMap(label => metadata?.labels?.[label] ?? []);
  const given = marks.map(mark => mark.trim()).filter(Boolean);
  if (given.length === 0) {
    return undefined;
  }
  const refs = given.slice(0, MAX_REFS).flatMap(mark => toRef(mark) ?? []);
  return [...new Set(refs)];
}
