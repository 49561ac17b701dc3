import type {
  MlflowDatasetInput,
  MlflowMetricValue,
  MlflowModelVersionStatus,
  MlflowRunStatus,
} from '@greenroom/plugin-mlflow-common';
import { z } from 'zod';
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

const int64 = z
  .union([z.number(), z.string()])
  .nullish()
  .transform(value => {
    if (value === undefined || value === null || value === '') {
      return undefined;
    }
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : undefined;
  });

// MLflow answers an unset time as 0.
const time = int64.transform(value => value || undefined);

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

const keyValues = z
  .array(z.object({ key: z.string(), value: text }))
  .nullish()
  .transform(entries =>
    Object.fromEntries(
      (entries ?? []).map(({ key, value }) => [key, value ?? '']),
    ),
  );

const metrics = z
  .array(
    z.object({
      key: z.string(),
      value: z.union([z.number(), z.string()]).nullish(),
    }),
  )
  .nullish()
  .transform(entries =>
    Object.fromEntries(
      (entries ?? []).map(({ key, value }) => [key, toMetricValue(value)]),
    ),
  );

const RUN_STATUS: readonly MlflowRunStatus[] = [
  'RUNNING',
  'SCHEDULED',
  'FINISHED',
  'FAILED',
  'KILLED',
];

// Protobuf's numbers, which old servers and other implementations write.
const runStatus = z
  .union([z.enum(['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED']), id])
  .catch('RUNNING')
  .transform(
    value =>
      RUN_STATUS.find(status => status === value) ??
      RUN_STATUS[Number(value) - 1] ??
      'RUNNING',
  );

const VERSION_STATUS: readonly MlflowModelVersionStatus[] = [
  'PENDING_REGISTRATION',
  'FAILED_REGISTRATION',
  'READY',
];

const versionStatus = id
  .nullish()
  .transform(
    value =>
      VERSION_STATUS.find(status => status === value) ??
      VERSION_STATUS[Number(value) - 1] ??
      'READY',
  );

const datasetInputs = z
  .array(
    z.object({
      tags: keyValues,
      dataset: z.object({ name: text, digest: text }).nullish(),
    }),
  )
  .nullish()
  .transform((inputs): MlflowDatasetInput[] =>
    (inputs ?? []).map(({ tags, dataset }) => ({
      name: dataset?.name ?? '',
      digest: dataset?.digest ?? '',
      context: tags['mlflow.data.context'],
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
    tags: keyValues,
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
    inputs: z.object({ dataset_inputs: datasetInputs }).nullish(),
  })
  .transform(({ info, data, inputs }, context): MlflowRunInfo => {
    const runId = info.run_id ?? info.run_uuid;
    if (!runId) {
      context.addIssue({ code: 'custom', message: 'a run without run_id' });
      return z.NEVER;
    }
    const tags = data?.tags ?? {};
    return {
      runId,
      runName: info.run_name || tags['mlflow.runName'] || runId,
      experimentId: info.experiment_id,
      userId: info.user_id || undefined,
      status: info.status,
      startTime: info.start_time,
      endTime: info.end_time,
      artifactUri: info.artifact_uri ?? undefined,
      lifecycleStage: info.lifecycle_stage === 'deleted' ? 'deleted' : 'active',
      metrics: data?.metrics ?? {},
      params: data?.params ?? {},
      tags,
      datasets: inputs?.dataset_inputs ?? [],
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
    tags: keyValues,
    aliases: z.array(z.string()).nullish(),
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
    tags: value.tags,
    aliases: value.aliases ?? [],
  }));

const registeredModel = z
  .object({
    name: z.string(),
    creation_timestamp: time,
    last_updated_timestamp: time,
    description: text,
    latest_versions: z.array(modelVersion).nullish(),
    tags: keyValues,
    aliases: z
      .array(z.object({ alias: z.string(), version: id }))
      .nullish()
      .transform(aliases => aliases ?? []),
  })
  .transform((value): MlflowRegisteredModelInfo => {
    const aliasesOf = (version: string) =>
      value.aliases
        .filter(alias => alias.version === version)
        .map(({ alias }) => alias);
    return {
      name: value.name,
      creationTime: value.creation_timestamp,
      lastUpdatedTime: value.last_updated_timestamp,
      description: value.description || undefined,
      tags: value.tags,
      aliases: value.aliases,
      latestVersions: (value.latest_versions ?? []).map(version => ({
        ...version,
        aliases: aliasesOf(version.version),
      })),
    };
  });

const envelope = z.record(z.string(), z.unknown());

function pageOf<T>(key: string, item: z.ZodType<T>) {
  return z.preprocess(
    body => {
      const answer = envelope.safeParse(body);
      // Without a match MLflow answers an empty object.
      return answer.success
        ? {
            items: answer.data[key] ?? [],
            nextPageToken: answer.data.next_page_token || undefined,
          }
        : body;
    },
    z.object({ items: z.array(item), nextPageToken: z.string().optional() }),
  );
}

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
};
