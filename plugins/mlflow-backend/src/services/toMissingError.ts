// SPDX-License-Identifier: Apache-2.0
import type { MlflowInstanceError } from '@greenroom/plugin-mlflow-common';
import type { MlflowInstance } from '@greenroom/plugin-mlflow-node';

// What readMlflowInstances allows in an instance's name.
const INSTANCE_PREFIX = /^([\w.-]{1,63}):/;

/**
 * Says that MLflow has no such experiment or registered model. A prefix that
 * looks like an instance is no part of a reference unless one is configured by
 * that name, which is what a typo in it comes down to.
 */
export function toMissingError(options: {
  /** For example `experiment 'churn'`. */
  label: string;
  /** As the annotation says it. */
  name: string;
  instance: string;
  instances: MlflowInstance[];
}): MlflowInstanceError {
  const { instance, instances, label, name } = options;
  const prefix = INSTANCE_PREFIX.exec(name)?.[1];
  let hint = '';
  if (name.startsWith('["')) {
    hint = `; a list in JSON looks like ["a", "b"]`;
  } else if (prefix && instances.every(({ name: known }) => known !== prefix)) {
    const known = instances.map(other => other.name).join(', ');
    hint = `; '${prefix}' is no configured instance (there are: ${known})`;
  }
  return {
    instance,
    code: 'NOT_FOUND',
    message: `There is no ${label} on MLflow instance '${instance}'${hint}`,
    retryable: false,
  };
}
