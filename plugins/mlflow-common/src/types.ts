// SPDX-License-Identifier: Apache-2.0

/**
 * A metric's value. JSON has no NaN or Infinity, MLflow has both: they travel
 * as these strings.
 *
 * @public
 */
export type MlflowMetricValue = number | 'NaN' | 'Infinity' | '-Infinity';

/**
 * MLflow's `RunStatus`.
 *
 * @public
 */
export type MlflowRunStatus =
  'RUNNING' | 'SCHEDULED' | 'FINISHED' | 'FAILED' | 'KILLED';

/**
 * MLflow's `ModelVersionStatus`.
 *
 * @public
 */
export type MlflowModelVersionStatus =
  'PENDING_REGISTRATION' | 'FAILED_REGISTRATION' | 'READY';

/**
 * MLflow's `current_stage` other than `None`: what 2.x registries used before
 * aliases, and still answer.
 *
 * @public
 */
export type MlflowModelVersionStage = 'Staging' | 'Production' | 'Archived';

/**
 * One `[instance:]name` of an annotation, resolved. `instance` is undefined
 * where the annotation names none: the default instance is meant.
 *
 * @public
 */
export interface MlflowReference {
  instance?: string;
  name: string;
}

/**
 * What an entity's annotations say about MLflow.
 *
 * @public
 */
export interface MlflowEntityReferences {
  /** Experiments by name. */
  experiments: MlflowReference[];
  /** Experiments by id; `name` holds the id. */
  experimentIds: MlflowReference[];
  registeredModels: MlflowReference[];
}

/**
 * The verdict of the pipeline's quality gate, read from the run's tags.
 *
 * @public
 */
export interface MlflowGateVerdict {
  metric: string;
  /** Whether a higher or a lower value is better. */
  direction: 'maximize' | 'minimize';
  threshold: number;
  /** With greenroom-ml: the mean of a cross-validation. */
  value: MlflowMetricValue;
  /** Its 95 % interval. */
  interval?: { low: number; high: number };
  /** The metric of the same answer to every row. */
  constantValue?: number;
  /** The metric of a linear model. */
  linearValue?: number;
  passed: boolean;
  /** The threshold lies within the interval: the rows cannot tell. */
  isUnsure?: boolean;
  /** The sentence of the check that decided; text of the run. */
  reason?: string;
  /** The registered version that held the alias `champion` at that moment. */
  championVersion?: string;
  /** Its metric on the rows held out of this run's training. */
  championValue?: number;
  /** This run's metric on the same rows; never to be held against `value`. */
  candidateValue?: number;
}

/**
 * A dataset input of a run.
 *
 * @public
 */
export interface MlflowDatasetInput {
  name: string;
  digest: string;
  /** MLflow's `mlflow.data.context`, e.g. `training`. */
  context?: string;
}

/**
 * An MLflow run as the portal shows it. Times are milliseconds since 1970.
 *
 * @public
 */
export interface MlflowRun {
  instance: string;
  runId: string;
  runName: string;
  experimentId: string;
  experimentName?: string;
  status: MlflowRunStatus;
  /** MLflow's `lifecycle_stage` of a run that was deleted; lists leave it out. */
  lifecycleStage?: 'deleted';
  /** MLflow's `mlflow.parentRunId`: the run that this one is a child of. */
  parentRunId?: string;
  startTime?: number;
  endTime?: number;
  user?: string;
  metrics: Record<string, MlflowMetricValue>;
  params: Record<string, string>;
  tags: Record<string, string>;
  datasets: MlflowDatasetInput[];
  /** Absent when the run was not gated. */
  gate?: MlflowGateVerdict;
  /** The commit the run was made from; `url` only for http(s) repositories. */
  commit?: { sha: string; branch?: string; url?: string };
  /** The workflow run that made it; `url` only for http(s). */
  ciRun?: { id: string; attempt?: string; workflow?: string; url?: string };
  /** Versions registered from this run. */
  modelVersions: Array<{ name: string; version: string; aliases: string[] }>;
  /** The run in MLflow's own UI. */
  url?: string;
}

/**
 * A version of a registered model. Times are milliseconds since 1970.
 *
 * @public
 */
export interface MlflowModelVersion {
  instance: string;
  name: string;
  version: string;
  status: MlflowModelVersionStatus;
  statusMessage?: string;
  aliases: string[];
  stage?: MlflowModelVersionStage;
  description?: string;
  creationTime?: number;
  lastUpdatedTime?: number;
  user?: string;
  runId?: string;
  /** The source run, where it could be read. */
  run?: MlflowRun;
  /**
   * Why there is no `run` though there is a `runId`: deleted in MLflow, not
   * there, or of a component that the reader may not see. Absent when unknown.
   */
  runMissing?: 'deleted' | 'not-found' | 'not-allowed';
  tags: Record<string, string>;
  /** The version in MLflow's own UI. */
  url?: string;
}

/**
 * An experiment that an entity names, as its instance knows it.
 *
 * - `active`: its runs are read. - `deleted`, `missing`: not there any more, or
 *   not yet. - `not-allowed`: it is marked as that of a component which the
 *   reader may not see. - `unknown`: the instance did not answer.
 *
 * @public
 */
export interface MlflowExperimentSummary {
  instance: string;
  /** As MLflow has it, else what the annotation says (a name, or an id). */
  name: string;
  experimentId?: string;
  state: 'active' | 'deleted' | 'missing' | 'not-allowed' | 'unknown';
  /**
   * What else it holds, asked for only where it has no runs (GenAI
   * experiments). `isMore`: at least so many.
   */
  traces?: { count: number; isMore: boolean };
  loggedModels?: { count: number; isMore: boolean };
  /** The experiment in MLflow's own UI. */
  url?: string;
}

/**
 * A registered model that an entity names, as its instance knows it. For the
 * states see {@link MlflowExperimentSummary}.
 *
 * @public
 */
export interface MlflowRegisteredModelSummary {
  instance: string;
  name: string;
  state: 'registered' | 'missing' | 'not-allowed' | 'unknown';
  /** A prompt of MLflow's prompt registry, which is kept as a registered model. */
  isPrompt?: boolean;
  /** The model (or prompt) in MLflow's own UI. */
  url?: string;
}

/**
 * Why an instance could not answer. `OTHER_COMPONENT`: the experiment or model
 * is marked (`greenroom.component`) as that of a component which the reader may
 * not see. `UNMARKED`: it bears no mark, and configuration asks for one.
 * `UNREADABLE_ITEMS`: it answered, but some items of a list are in a form that
 * is not MLflow's; the others are there.
 *
 * @public
 */
export type MlflowErrorCode =
  | 'UNREACHABLE'
  | 'TIMEOUT'
  | 'UNAUTHENTICATED'
  | 'NOT_ALLOWED'
  | 'NOT_FOUND'
  | 'BAD_REQUEST'
  | 'RATE_LIMITED'
  | 'SERVER_ERROR'
  | 'MALFORMED_RESPONSE'
  | 'RESPONSE_TOO_LARGE'
  | 'INSTANCE_NOT_CONFIGURED'
  | 'OTHER_COMPONENT'
  | 'UNMARKED'
  | 'UNREADABLE_ITEMS';

/**
 * An upstream failure as data: one instance failed, the others answered.
 *
 * @public
 */
export interface MlflowInstanceError {
  instance: string;
  code: MlflowErrorCode;
  /** A sentence for a person; holds no secret and no response body. */
  message: string;
  retryable: boolean;
  /**
   * Since when the instance has answered nothing at all (ms since 1970). Absent
   * where only what was asked for failed, such as a search that is too slow.
   */
  since?: number;
}
