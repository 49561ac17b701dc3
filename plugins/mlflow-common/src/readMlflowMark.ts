// SPDX-License-Identifier: Apache-2.0
import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import { MLFLOW_TAGS } from './tags';

// Anyone who writes to MLflow writes marks: they must not cost hundreds of reads.
const MAX_REFS = 10;

// The catalog's parser lets more pass than its names may hold.
const ENTITY_REF =
  /^[^\s:/\p{C}]{1,63}:[^\s:/\p{C}]{1,63}\/[^\s:/\p{C}]{1,63}$/u;

function toEntityRef(text: string): string | undefined {
  try {
    const ref = stringifyEntityRef(
      parseEntityRef(text, {
        defaultKind: 'Component',
        defaultNamespace: 'default',
      }),
    );
    return ENTITY_REF.test(ref) ? ref : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whose an experiment or registered model is, by its tag `greenroom.component`:
 * at most ten entity refs in lower case, as the catalog compares them. Undefined
 * where it bears no mark or a blank one; empty where the mark is no entity ref,
 * so that it names nobody.
 *
 * @public
 */
export function readMlflowMark(
  tags: Record<string, string>,
): string[] | undefined {
  const mark = tags[MLFLOW_TAGS.component]?.trim();
  if (!mark) {
    return undefined;
  }
  return mark
    .split(',')
    .slice(0, MAX_REFS)
    .flatMap(part => toEntityRef(part.trim()) ?? []);
}
