import type { Entity } from '@backstage/catalog-model';
import {
  MLFLOW_EXPERIMENT_ANNOTATION,
  MLFLOW_EXPERIMENT_ID_ANNOTATION,
  MLFLOW_EXPERIMENT_NAME_ANNOTATION,
  MLFLOW_REGISTERED_MODEL_ANNOTATION,
} from './annotations';
import type { MlflowEntityReferences, MlflowReference } from './types';

function parseReferences(
  values: Array<string | undefined>,
  instances: readonly string[],
): MlflowReference[] {
  const references = values
    .flatMap(value => value?.split(',') ?? [])
    .map(part => part.trim())
    .filter(part => part !== '')
    .map(part => {
      // MLflow allows colons in names: only a configured instance is a prefix.
      const colon = part.indexOf(':');
      const prefix = part.slice(0, Math.max(colon, 0));
      return instances.includes(prefix)
        ? { instance: prefix, name: part.slice(colon + 1).trim() }
        : { name: part };
    })
    .filter(reference => reference.name !== '');
  const seen = new Set<string>();
  return references.filter(reference => {
    const key = JSON.stringify([reference.instance, reference.name]);
    return seen.has(key) ? false : seen.add(key);
  });
}

/**
 * Reads what an entity's annotations say about MLflow. Annotation values are
 * comma-separated lists of `[instance:]name`; a prefix counts as an instance
 * only when it is one of `instances`, since MLflow allows colons in names.
 *
 * @public
 */
export function getMlflowReferences(
  entity: Entity,
  options?: { instances?: readonly string[] },
): MlflowEntityReferences {
  const annotations = entity.metadata.annotations ?? {};
  const instances = options?.instances ?? [];
  return {
    experiments: parseReferences(
      [
        annotations[MLFLOW_EXPERIMENT_NAME_ANNOTATION],
        annotations[MLFLOW_EXPERIMENT_ANNOTATION],
      ],
      instances,
    ),
    experimentIds: parseReferences(
      [annotations[MLFLOW_EXPERIMENT_ID_ANNOTATION]],
      instances,
    ),
    registeredModels: parseReferences(
      [annotations[MLFLOW_REGISTERED_MODEL_ANNOTATION]],
      instances,
    ),
  };
}
