// SPDX-License-Identifier: Apache-2.0
import type { MlflowModelVersion } from '@greenroom/plugin-mlflow-common';
import type { MlflowRunInfo } from '@greenroom/plugin-mlflow-node';
import type { CachedMlflowReader } from './CachedMlflowReader';
import type { MlflowAccess } from './MlflowAccess';
import { toResourceLabel } from './toResourceLabel';
import type { UpstreamReport } from './UpstreamReport';

/** A run with its experiment's name, or why there is none; all absent: unknown. */
export interface ResolvedRun {
  run?: MlflowRunInfo;
  experimentName?: string;
  missing?: MlflowModelVersion['runMissing'];
}

/**
 * Reads a run of any experiment: a version's source run, a run's parent. Whether
 * the caller may see it is its experiment's matter.
 */
export async function resolveSourceRun(
  reader: CachedMlflowReader,
  access: MlflowAccess,
  report: UpstreamReport,
  { instance, runId }: { instance: string; runId: string },
): Promise<ResolvedRun> {
  const answer = reader.run(instance, runId);
  const { known } = await answer;
  const { value: run } = await report.take(answer);
  if (!run) {
    return known ? { missing: 'not-found' } : {};
  }
  const owner = reader.experimentById(instance, run.experimentId);
  const { known: isOwnerKnown } = await owner;
  const { value: experiment } = await report.take(owner);
  if (!experiment) {
    return isOwnerKnown ? { missing: 'not-found' } : {};
  }
  const label = toResourceLabel('experiment with id', run.experimentId);
  const { tags } = experiment;
  if (await access.check({ instance, label, tags })) {
    return { missing: 'not-allowed' };
  }
  const isDeleted =
    run.lifecycleStage === 'deleted' || experiment.lifecycleStage === 'deleted';
  return isDeleted
    ? { missing: 'deleted' }
    : { run, experimentName: experiment.name };
}
