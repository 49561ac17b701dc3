// SPDX-License-Identifier: Apache-2.0
import type { MlflowRegisteredModelInfo } from '@greenroom/plugin-mlflow-node';

const CHAMPION = 'champion';

/**
 * Whether a version is the one in charge: it holds the alias `champion`, or,
 * where the model has no alias at all (MLflow had stages before), it is the
 * newest in stage `Production`.
 */
export function isChampion(
  model: MlflowRegisteredModelInfo,
  version: string,
): boolean {
  return model.aliases.length > 0
    ? model.aliases.some(
        entry => entry.alias === CHAMPION && entry.version === version,
      )
    : model.latestVersions.some(
        entry => entry.stage === 'Production' && entry.version === version,
      );
}
