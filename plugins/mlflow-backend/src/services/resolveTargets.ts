// SPDX-License-Identifier: Apache-2.0
import type { Entity } from '@backstage/catalog-model';
import {
  getMlflowReferences,
  type MlflowEntityReferences,
  type MlflowInstanceError,
  type MlflowReference,
} from '@greenroom/plugin-mlflow-common';
import type { MlflowInstance } from '@greenroom/plugin-mlflow-node';

// Anyone may write annotations: they must not make hundreds of calls.
const MAX_REFERENCES = 20;

/** What an entity names on one instance. */
export interface MlflowTarget {
  instance: MlflowInstance;
  experimentNames: string[];
  experimentIds: string[];
  registeredModels: string[];
}

/** What an entity's annotations lead to, and why some of it leads nowhere. */
export interface MlflowTargets {
  references: MlflowEntityReferences;
  targets: MlflowTarget[];
  errors: MlflowInstanceError[];
}

function count(references: MlflowEntityReferences): number {
  const { experimentIds, experiments, registeredModels } = references;
  return experimentIds.length + experiments.length + registeredModels.length;
}

/**
 * Resolves an entity's annotations to the configured instances. `instances`
 * starts with the default one.
 */
export function resolveTargets(
  entity: Entity,
  instances: MlflowInstance[],
): MlflowTargets {
  const references = getMlflowReferences(entity, {
    instances: instances.map(({ name }) => name),
  });
  if (instances.length === 0) {
    return {
      references,
      targets: [],
      errors:
        count(references) === 0
          ? []
          : [
              {
                instance: 'default',
                code: 'INSTANCE_NOT_CONFIGURED',
                message:
                  "No MLflow instance is configured in 'mlflow.instances'",
                retryable: false,
              },
            ],
    };
  }
  const namesOn = (
    list: MlflowReference[],
    instance: MlflowInstance,
  ): string[] =>
    list
      .slice(0, MAX_REFERENCES)
      .filter(reference =>
        reference.instance === undefined
          ? instance === instances[0]
          : reference.instance === instance.name,
      )
      .map(({ name }) => name);
  const lists = Object.values(references);
  return {
    references,
    errors: lists.some(list => list.length > MAX_REFERENCES)
      ? [
          {
            instance: instances[0].name,
            code: 'BAD_REQUEST',
            message: `The entity's annotations name more than ${MAX_REFERENCES} experiments or models; the first ${MAX_REFERENCES} are read`,
            retryable: false,
          },
        ]
      : [],
    targets: instances
      .map(instance => ({
        instance,
        experimentNames: namesOn(references.experiments, instance),
        experimentIds: namesOn(references.experimentIds, instance),
        registeredModels: namesOn(references.registeredModels, instance),
      }))
      .filter(
        target =>
          target.experimentNames.length > 0 ||
          target.experimentIds.length > 0 ||
          target.registeredModels.length > 0,
      ),
  };
}
