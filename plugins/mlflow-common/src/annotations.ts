// SPDX-License-Identifier: Apache-2.0

/**
 * Names the MLflow experiments of an entity: `[instance:]name`, several as a JSON
 * list or separated by commas (`\,` is a comma of a name). `mlflow.org/experiment` (the 2020 Backstage plugin's name) is
 * read as an alias.
 *
 * @public
 */
export const MLFLOW_EXPERIMENT_NAME_ANNOTATION = 'mlflow.org/experiment-name';

/**
 * Read as an alias of {@link MLFLOW_EXPERIMENT_NAME_ANNOTATION}.
 *
 * @public
 */
export const MLFLOW_EXPERIMENT_ANNOTATION = 'mlflow.org/experiment';

/**
 * Names the MLflow experiments of an entity by id: `[instance:]id`, several as
 * for {@link MLFLOW_EXPERIMENT_NAME_ANNOTATION}.
 *
 * @public
 */
export const MLFLOW_EXPERIMENT_ID_ANNOTATION = 'mlflow.org/experiment-id';

/**
 * Names the registered models of an entity: `[instance:]name`, several as for
 * {@link MLFLOW_EXPERIMENT_NAME_ANNOTATION}.
 *
 * @public
 */
export const MLFLOW_REGISTERED_MODEL_ANNOTATION = 'mlflow.org/registered-model';
