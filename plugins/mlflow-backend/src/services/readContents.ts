// SPDX-License-Identifier: Apache-2.0
import type { MlflowExperimentSummary } from '@greenroom/plugin-mlflow-common';
import type { CachedMlflowReader } from './CachedMlflowReader';

const MAX_EXPERIMENTS = 5;

/**
 * Says of experiments without runs what else they hold (GenAI experiments have
 * traces and LoggedModels). A count that cannot be read is left out: it is no
 * more than a hint.
 */
export async function readContents(
  reader: CachedMlflowReader,
  experiments: MlflowExperimentSummary[],
): Promise<MlflowExperimentSummary[]> {
  const asked = experiments
    .filter(({ state }) => state === 'active')
    .slice(0, MAX_EXPERIMENTS);
  return Promise.all(
    experiments.map(async experiment => {
      const { experimentId, instance } = experiment;
      if (experimentId === undefined || !asked.includes(experiment)) {
        return experiment;
      }
      const answer = await reader.contentsOfExperiment(instance, experimentId);
      return answer.known ? { ...experiment, ...answer.value } : experiment;
    }),
  );
}
