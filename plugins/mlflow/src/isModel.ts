// SPDX-License-Identifier: Apache-2.0
import type { FilterPredicate } from '@backstage/filter-predicates';
import {
  MLFLOW_EXPERIMENT_ANNOTATION,
  MLFLOW_EXPERIMENT_ID_ANNOTATION,
  MLFLOW_EXPERIMENT_NAME_ANNOTATION,
  MLFLOW_REGISTERED_MODEL_ANNOTATION,
} from '@greenroom/plugin-mlflow-common';

/** Components of type ml-model, and those that name anything in MLflow. */
export const isModel: FilterPredicate = {
  $all: [
    { kind: 'component' },
    {
      $any: [
        { 'spec.type': 'ml-model' },
        {
          [`metadata.annotations.${MLFLOW_EXPERIMENT_NAME_ANNOTATION}` as const]:
            { $exists: true },
        },
        {
          [`metadata.annotations.${MLFLOW_EXPERIMENT_ANNOTATION}` as const]: {
            $exists: true,
          },
        },
        {
          [`metadata.annotations.${MLFLOW_EXPERIMENT_ID_ANNOTATION}` as const]:
            { $exists: true },
        },
        {
          [`metadata.annotations.${MLFLOW_REGISTERED_MODEL_ANNOTATION}` as const]:
            { $exists: true },
        },
      ],
    },
  ],
};
