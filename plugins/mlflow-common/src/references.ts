// SPDX-License-Identifier: Apache-2.0
import type { Entity } from '@backstage/catalog-model';
import {
  MLFLOW_EXPERIMENT_ANNOTATION,
  MLFLOW_EXPERIMENT_ID_ANNOTATION,
  MLFLOW_EXPERIMENT_NAME_ANNOTATION,
  MLFLOW_REGISTERED_MODEL_ANNOTATION,
} from './annotations';
import type { MlflowEntityReferences, MlflowReference } from './types';

function parseJsonList(value: string): string[] | undefined {
  if (!value.startsWith('[')) {
    return undefined;
  }
  try {
    const list: unknown = JSON.parse(value);
    return Array.isArray(list) && list.every(item => typeof item === 'string')
      ? list
      : undefined;
  } catch {
    // A name may begin with a bracket.
    return undefined;
  }
}

// YAML's own white space: whatever else looks blank may be part of a name.
function trim(text: string): string {
  return text
    .replace(/^[ \t\r\n]+/, '')
    .replace(/(?<![ \t\r\n])[ \t\r\n]+$/, '');
}

function parseList(value: string, instances: readonly string[]) {
  const toReference = (item: string): MlflowReference => {
    // MLflow allows colons in names: only a configured instance is a prefix.
    const colon = item.indexOf(':');
    const prefix = item.slice(0, Math.max(colon, 0));
    return instances.includes(prefix)
      ? { instance: prefix, name: item.slice(colon + 1) }
      : { name: item };
  };
  const trimmed = trim(value);
  const json = parseJsonList(trimmed);
  if (json) {
    return json.map(toReference);
  }
  const items = trimmed.match(/(?:\\[\\,]|[^,])+/g) ?? [];
  return items
    .map(item => toReference(trim(item).replace(/\\([\\,])/g, '$1')))
    .map(reference => ({ ...reference, name: trim(reference.name) }));
}

function parseReferences(
  values: Array<string | undefined>,
  instances: readonly string[],
): MlflowReference[] {
  const references = values
    .flatMap(value => parseList(value ?? '', instances))
    .filter(reference => reference.name !== '');
  const seen = new Set<string>();
  return references.filter(reference => {
    const key = JSON.stringify([reference.instance, reference.name]);
    return seen.has(key) ? false : seen.add(key);
  });
}

/**
 * Reads what an entity's annotations say about MLflow. A value is a JSON list of
 * strings, whose names are taken as they are, or a list separated by commas, in
 * which `\,` is a comma and `\\` a backslash of a name. Each item is
 * `[instance:]name`; a prefix counts as an instance only when it is one of
 * `instances`, since MLflow allows colons in names.
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
