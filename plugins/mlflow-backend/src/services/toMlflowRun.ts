// SPDX-License-Identifier: Apache-2.0
import {
  MLFLOW_TAGS,
  readMlflowGate,
  type MlflowRun,
} from '@greenroom/plugin-mlflow-common';
import type {
  MlflowInstance,
  MlflowRunInfo,
} from '@greenroom/plugin-mlflow-node';
import {
  removeUrlCredentials,
  toCommitUrl,
  toHttpUrl,
  toRunUrl,
} from './links';

// MLflow's own bookkeeping: kilobytes of JSON that no page shows.
const INTERNAL_TAGS = new Set(['mlflow.log-model.history']);

/** Texts that people and pipelines wrote, without credentials in addresses. */
export function cleanTexts(
  texts: Record<string, string>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts)
      .filter(([key]) => !INTERNAL_TAGS.has(key))
      .map(([key, value]) => [key, removeUrlCredentials(value)]),
  );
}

/** A run of MLflow's REST API as the portal shows it. */
export function toMlflowRun(
  instance: MlflowInstance,
  run: MlflowRunInfo,
  context: {
    experimentName?: string;
    modelVersions: MlflowRun['modelVersions'];
  },
): MlflowRun {
  const { tags } = run;
  const sha = tags[MLFLOW_TAGS.gitCommit];
  const ciRunId = tags[MLFLOW_TAGS.ciRunId];
  return {
    instance: instance.name,
    runId: run.runId,
    runName: run.runName,
    experimentId: run.experimentId,
    experimentName: context.experimentName,
    status: run.status,
    lifecycleStage: run.lifecycleStage === 'deleted' ? 'deleted' : undefined,
    parentRunId: tags[MLFLOW_TAGS.parentRunId] || undefined,
    startTime: run.startTime,
    endTime: run.endTime,
    user: tags[MLFLOW_TAGS.user] || run.userId,
    metrics: run.metrics,
    params: cleanTexts(run.params),
    tags: cleanTexts(tags),
    datasets: run.datasets,
    gate: readMlflowGate(tags),
    commit: sha
      ? {
          sha,
          branch: tags[MLFLOW_TAGS.gitBranch] || undefined,
          url: toCommitUrl(tags[MLFLOW_TAGS.gitRepoUrl], sha),
        }
      : undefined,
    ciRun: ciRunId
      ? {
          id: ciRunId,
          attempt: tags[MLFLOW_TAGS.ciRunAttempt] || undefined,
          workflow: tags[MLFLOW_TAGS.ciWorkflow] || undefined,
          url: toHttpUrl(tags[MLFLOW_TAGS.ciRunUrl])?.toString(),
        }
      : undefined,
    modelVersions: context.modelVersions,
    url: toRunUrl(instance, run),
  };
}
