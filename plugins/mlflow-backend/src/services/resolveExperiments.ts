// SPDX-License-Identifier: Apache-2.0
import type { MlflowExperimentSummary } from '@greenroom/plugin-mlflow-common';
import type { CachedMlflowReader } from './CachedMlflowReader';
import { toExperimentUrl } from './links';
import type { MlflowAccess } from './MlflowAccess';
import type { MlflowTarget } from './resolveTargets';
import { toMissingError } from './toMissingError';
import { toResourceLabel } from './toResourceLabel';
import type { UpstreamReport } from './UpstreamReport';

/** What an entity's experiments on one instance are. */
export interface ResolvedExperiments {
  /** Names of those whose runs may be read, by their ids. */
  names: Map<string, string>;
  /** Whether the instance answered for all of them. */
  isComplete: boolean;
  /** All that the entity names, each with its state and without `traces`. */
  experiments: MlflowExperimentSummary[];
}

/**
 * Looks a target's experiments up. One that is missing, deleted, or of a
 * component that the caller may not see is reported.
 */
export async function resolveExperiments(
  reader: CachedMlflowReader,
  target: MlflowTarget,
  access: MlflowAccess,
  report: UpstreamReport,
): Promise<ResolvedExperiments> {
  const { name: instance } = target.instance;
  const lookups = [
    ...target.experimentNames.map(name => ({
      given: { name },
      label: toResourceLabel('experiment', name),
      answer: reader.experimentByName(instance, name),
    })),
    ...target.experimentIds.map(id => ({
      given: { name: id, experimentId: id },
      label: toResourceLabel('experiment with id', id),
      answer: reader.experimentById(instance, id),
    })),
  ];
  const names = new Map<string, string>();
  let isComplete = true;
  const experiments = await Promise.all(
    lookups.map(
      async ({ answer, given, label }): Promise<MlflowExperimentSummary> => {
        const { known } = await answer;
        const { value: experiment } = await report.take(answer);
        if (!known) {
          isComplete = false;
          return { instance, ...given, state: 'unknown' };
        }
        if (!experiment) {
          const { instances } = reader;
          const { name } = given;
          report.add(toMissingError({ label, name, instance, instances }));
          return { instance, ...given, state: 'missing' };
        }
        const { tags } = experiment;
        const refusal = await access.check({ instance, label, tags });
        if (refusal) {
          report.add(refusal);
          return { instance, ...given, state: 'not-allowed' };
        }
        const { experimentId, name } = experiment;
        const isActive = experiment.lifecycleStage === 'active';
        if (isActive) {
          names.set(experimentId, name);
        } else {
          report.add({
            instance,
            code: 'NOT_FOUND',
            message: `The ${label} is deleted on MLflow instance '${instance}'`,
            retryable: false,
          });
        }
        return {
          instance,
          name,
          experimentId,
          state: isActive ? 'active' : 'deleted',
          url: toExperimentUrl(target.instance, experimentId),
        };
      },
    ),
  );
  return {
    names,
    isComplete,
    // One may be named by its name and by its id.
    experiments: experiments.filter(
      ({ experimentId }, index) =>
        experimentId === undefined ||
        experiments.findIndex(other => other.experimentId === experimentId) ===
          index,
    ),
  };
}
