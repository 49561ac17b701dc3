// SPDX-License-Identifier: Apache-2.0
import type {
  MlflowDatasetInput,
  MlflowMetricValue,
  MlflowModelVersionStage,
  MlflowModelVersionStatus,
  MlflowRunStatus,
} from '@greenroom/plugin-mlflow-common';
import { z } from 'zod';
import { hasVisibleText } from './hasVisibleText';
import { listOf, pageOf, unreadableIn } from './lists';
import type {
  MlflowExperimentInfo,
  MlflowModelVersionInfo,
  MlflowRegisteredModelInfo,
  MlflowRunInfo,
} from './types';

// MLflow's servers write ids and int64 as JSON strings or numbers, leave out
// what is unset, and add fields with each release: only what is used is read.
const id = z.union([z.string(), z.number().transform(String)]);
const text = z.string().nullish();

// The last moment that a Date can hold; clients may write any int64.
const LAST_TIME = 8_640_000_000_000_000;

// MLflow answers an unset time as 0.
const time = z
  .union([z.number(), z.string()])
  .nullish()
  .transform(value => {
    const number = Number(value ?? 0);
    return number > 0 ? Math.min(number, LAST_TIME) : undefined;
  });

/** JSON of MLflow's metric value, see {@link MlflowMetricValue}. */
function toMetricValue(
  value: number | string | null | undefined,
): MlflowMetricValue {
  const number =
    typeof value === 'string' && value.trim() !== ''
      ? Number(value.replace(/^([+-]?)inf$/i, '$1Infinity'))
      : (value ?? NaN);
  if (typeof number === 'string' || Number.isNaN(number)) {
    return 'NaN';
  }
  // MLflow's SQL store keeps infinity as the largest double.
  if (Math.abs(number) >= Number.MAX_VALUE) {
    return number > 0 ? 'Infinity' : '-Infinity';
  }
  return number;
}

const keyValue = z
  .object({ key: z.string(), value: text })
  .transform(({ key, value }) => [key, value ?? ''] as const);

// Whole or not at all: rights hang on these tags.
const tagsOfOwner = z
  .array(keyValue)
  .nullish()
  .transform(entries => Object.fromEntries(entries ?? []));

const keyValues = listOf(keyValue);

const metrics = listOf(
  z
    .object({
      key: z.string(),
      value: z.union([z.number(), z.string()]).nullish(),
    })
    .transform(({ key, value }) => [key, toMetricValue(value)] as const),
);

/**
 * A protobuf enum by name, or by number as old servers and other
 * implementations write it. `unset` is what it means to leave it out.
 */
function enumOf<T extends string>(names: readonly T[], unset: T) {
  return id.nullish().transform((value, context): T => {
    if (value === undefined || value === null || value === '') {
      return unset;
    }
    const name =
      names.find(known => known === value) ?? names[Number(value) - 1];
    if (name === undefined) {
      context.addIssue({ code: 'custom', message: 'unknown' });
      return z.NEVER;
    }
    return name;
  });
}

const runStatus = enumOf<MlflowRunStatus>(
  ['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'],
  'RUNNING',
);

const versionStatus = enumOf<MlflowModelVersionStatus>(
  ['PENDING_REGISTRATION', 'FAILED_REGISTRATION', 'READY'],
  'READY',
);

const STAGES: readonly MlflowModelVersionStage[] = [
  'Staging',
  'Production',
  'Archived',
];

const stage = text
  .catch(undefined)
  .transform(value => STAGES.find(known => known === value));

const datasetInputs = listOf(
  z
    .object({
      tags: keyValues,
      dataset: z.object({ name: text, digest: text }).nullish(),
    })
    .transform(({ tags, dataset }): MlflowDatasetInput => ({
      name: dataset?.name ?? '',
      digest: dataset?.digest ?? '',
      context: Object.fromEntries(tags.items)['mlflow.data.context'],
    })),
);

const experiment = z
  .object({
    experiment_id: id,
    name: z.string(),
    artifact_location: text,
    lifecycle_stage: text,
    creation_time: time,
    last_update_time: time,
    tags: tagsOfOwner,
  })
  .transform((value): MlflowExperimentInfo => ({
    experimentId: value.experiment_id,
    name: value.name,
    artifactLocation: value.artifact_location ?? undefined,
    lifecycleStage: value.lifecycle_stage === 'deleted' ? 'deleted' : 'active',
    creationTime: value.creation_time,
    lastUpdateTime: value.last_update_time,
    tags: value.tags,
  }));

const run = z
  .object({
    info: z.object({
      run_id: text,
      run_uuid: text,
      run_name: text,
      experiment_id: id,
      user_id: text,
      status: runStatus,
      start_time: time,
      end_time: time,
      artifact_uri: text,
      lifecycle_stage: text,
    }),
    data: z.object({ metrics, params: keyValues, tags: keyValues }).nullish(),
    inputs: z
      .object({ dataset_inputs: datasetInputs })
      .nullish()
      .catch({ dataset_inputs: { items: [], unreadable: [''] } }),
  })
  .transform(({ info, data, inputs }, context): MlflowRunInfo => {
    const runId = info.run_id ?? info.run_uuid;
    if (!runId) {
      context.addIssue({
        code: 'custom',
        message: 'a run without run_id',
        path: ['info', 'run_id'],
      });
      return z.NEVER;
    }
    const tags = Object.fromEntries(data?.tags.items ?? []);
    const runName = [info.run_name, tags['mlflow.runName']].find(
      name => name && hasVisibleText(name),
    );
    return {
      runId,
      runName: runName ?? runId,
      experimentId: info.experiment_id,
      userId: info.user_id || undefined,
      status: info.status,
      startTime: info.start_time,
      endTime: info.end_time,
      artifactUri: info.artifact_uri ?? undefined,
      lifecycleStage: info.lifecycle_stage === 'deleted' ? 'deleted' : 'active',
      metrics: Object.fromEntries(data?.metrics.items ?? []),
      params: Object.fromEntries(data?.params.items ?? []),
      tags,
      datasets: inputs?.dataset_inputs.items ?? [],
      unreadable: unreadableIn({
        'data.metrics': data?.metrics,
        'data.params': data?.params,
        'data.tags': data?.tags,
        'inputs.dataset_inputs': inputs?.dataset_inputs,
      }),
    };
  });

const modelVersion = z
  .object({
    name: z.string(),
    version: id,
    creation_timestamp: time,
    last_updated_timestamp: time,
    user_id: text,
    description: text,
    source: text,
    run_id: text,
    status: versionStatus,
    status_message: text,
    current_stage: stage,
    tags: keyValues,
    aliases: listOf(z.string()),
  })
  .transform((value): MlflowModelVersionInfo => ({
    name: value.name,
    version: value.version,
    creationTime: value.creation_timestamp,
    lastUpdatedTime: value.last_updated_timestamp,
    userId: value.user_id || undefined,
    description: value.description || undefined,
    source: value.source || undefined,
    runId: value.run_id || undefined,
    status: value.status,
    statusMessage: value.status_message || undefined,
    stage: value.current_stage,
    tags: Object.fromEntries(value.tags.items),
    aliases: value.aliases.items,
    unreadable: unreadableIn({ tags: value.tags, aliases: value.aliases }),
  }));

const registeredModel = z
  .object({
    name: z.string(),
    creation_timestamp: time,
    last_updated_timestamp: time,
    description: text,
    latest_versions: listOf(modelVersion),
    tags: tagsOfOwner,
    aliases: listOf(z.object({ alias: z.string(), version: id })),
  })
  .transform((value): MlflowRegisteredModelInfo => {
    const aliasesOf = (version: string) =>
      value.aliases.items
        .filter(alias => alias.version === version)
        .map(({ alias }) => alias);
    return {
      name: value.name,
      creationTime: value.creation_timestamp,
      lastUpdatedTime: value.last_updated_timestamp,
      description: value.description || undefined,
      tags: value.tags,
      aliases: value.aliases.items,
      latestVersions: value.latest_versions.items.map(version => ({
        ...version,
        aliases: aliasesOf(version.version),
      })),
      unreadable: unreadableIn({
        latest_versions: value.latest_versions,
        aliases: value.aliases,
      }),
    };
  });

/** Answers of MLflow's REST API, by call. */
export const responses = {
  experiment: z.object({ experiment }),
  createdExperiment: z.object({ experiment_id: id }),
  experiments: pageOf('experiments', experiment),
  run: z.object({ run }),
  runs: pageOf('runs', run),
  registeredModel: z.object({ registered_model: registeredModel }),
  registeredModels: pageOf('registered_models', registeredModel),
  modelVersion: z.object({ model_version: modelVersion }),
  modelVersions: pageOf('model_versions', modelVersion),
  // What it holds beside runs is only counted.
  loggedModels: pageOf('models', z.unknown()),
  traces: pageOf('traces', z.unknown()),
};
