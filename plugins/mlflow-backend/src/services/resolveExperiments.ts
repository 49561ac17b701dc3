import type { CachedMlflowReader } from './CachedMlflowReader';
import type { MlflowTarget } from './resolveTargets';
import type { UpstreamReport } from './UpstreamReport';

/** Names of experiments by their ids. */
export interface ResolvedExperiments {
  names: Map<string, string>;
  /** Whether the instance answered for all of them. */
  isComplete: boolean;
}

/**
 * Names of a target's experiments by their ids. One that is missing or deleted
 * is reported and left out.
 */
export async function resolveExperiments(
  reader: CachedMlflowReader,
  target: MlflowTarget,
  report: UpstreamReport,
): Promise<ResolvedExperiments> {
  const { name: instance } = target.instance;
  const lookups = [
    ...target.experimentNames.map(name => ({
      label: `experiment '${name}'`,
      answer: reader.experimentByName(instance, name),
    })),
    ...target.experimentIds.map(id => ({
      label: `experiment with id '${id}'`,
      answer: reader.experimentById(instance, id),
    })),
  ];
  const names = new Map<string, string>();
  let isComplete = true;
  await Promise.all(
    lookups.map(async ({ label, answer }) => {
      const { known } = await answer;
      const { value: experiment } = await report.take(answer);
      isComplete &&= known;
      if (experiment?.lifecycleStage === 'active') {
        names.set(experiment.experimentId, experiment.name);
      } else if (known) {
        report.add({
          instance,
          code: 'NOT_FOUND',
          message: experiment
            ? `The ${label} is deleted on MLflow instance '${instance}'`
            : `There is no ${label} on MLflow instance '${instance}'`,
          retryable: false,
        });
      }
    }),
  );
  return { names, isComplete };
}
