// SPDX-License-Identifier: Apache-2.0
import type {
  MlflowDatasetInput,
  MlflowMetricValue,
  MlflowModelVersionStage,
  MlflowModelVersionStatus,
  MlflowRunStatus,
} from '@greenroom/plugin-mlflow-common';

/**
 * An experiment as MLflow's REST API answers it. Times are milliseconds since
 * 1970.
 *
 * @public
 */
export interface MlflowExperimentInfo {
  experimentId: string;
  name: string;
  artifactLocation?: string;
  lifecycleStage: 'active' | 'deleted';
  creationTime?: number;
  lastUpdateTime?: number;
  tags: Record<string, string>;
}

/**
 * A run as MLflow's REST API answers it. Times are milliseconds since 1970;
 * `metrics` holds the last value of each metric; `runName` is the id where the
 * run has no name that a reader can see.
 *
 * @public
 */
export interface MlflowRunInfo {
  runId: string;
  runName: string;
  experimentId: string;
  userId?: string;
  status: MlflowRunStatus;
  startTime?: number;
  endTime?: number;
  artifactUri?: string;
  lifecycleStage: 'active' | 'deleted';
  metrics: Record<string, MlflowMetricValue>;
  params: Record<string, string>;
  tags: Record<string, string>;
  datasets: MlflowDatasetInput[];
  /**
   * Places of what was left out of it because it is not in MLflow's form, e.g.
   * `data.metrics.3.value`.
   */
  unreadable?: string[];
}

/**
 * A model version as MLflow's REST API answers it. Times are milliseconds
 * since 1970.
 *
 * @public
 */
export interface MlflowModelVersionInfo {
  name: string;
  version: string;
  status: MlflowModelVersionStatus;
  statusMessage?: string;
  creationTime?: number;
  lastUpdatedTime?: number;
  userId?: string;
  description?: string;
  source?: string;
  runId?: string;
  /** MLflow's `current_stage`, absent for `None`. */
  stage?: MlflowModelVersionStage;
  tags: Record<string, string>;
  /** Places of what was left out of it, see {@link MlflowRunInfo}. */
  unreadable?: string[];
  /**
   * Empty in the answers of `searchModelVersions`, where MLflow leaves aliases
   * out: read them from the registered model.
   */
  aliases: string[];
}

/**
 * A registered model as MLflow's REST API answers it. Times are milliseconds
 * since 1970.
 *
 * @public
 */
export interface MlflowRegisteredModelInfo {
  name: string;
  creationTime?: number;
  lastUpdatedTime?: number;
  description?: string;
  tags: Record<string, string>;
  aliases: Array<{ alias: string; version: string }>;
  /** The newest version of each (deprecated) stage. */
  latestVersions: MlflowModelVersionInfo[];
  /** Places of what was left out of it, see {@link MlflowRunInfo}. */
  unreadable?: string[];
}

/**
 * One page of a list.
 *
 * @public
 */
export interface MlflowPage<T> {
  items: T[];
  /** MLflow's own token; present when there is a next page. */
  nextPageToken?: string;
  /**
   * One place for each item that was left out because it is not in MLflow's
   * form, e.g. `4.info.experiment_id`.
   */
  unreadable?: string[];
}

/**
 * What every search takes. `filter` and `orderBy` are MLflow's own expressions.
 *
 * @public
 */
export interface MlflowSearchRequest {
  filter?: string;
  orderBy?: string[];
  maxResults?: number;
  pageToken?: string;
}

/**
 * A search of runs. `topLevel` leaves out runs that have a parent; a page may
 * then hold more than `maxResults` runs where MLflow is older than its filter
 * `IS NULL`.
 *
 * @public
 */
export interface MlflowRunSearchRequest extends MlflowSearchRequest {
  experimentIds: string[];
  topLevel?: boolean;
}

/**
 * How much there is of something: `count`, or more where `isMore`.
 *
 * @public
 */
export interface MlflowCount {
  count: number;
  isMore: boolean;
}

/**
 * Options of every call.
 *
 * @public
 */
export interface MlflowCallOptions {
  /** Ends the call; the instance's own time limit holds besides. */
  signal?: AbortSignal;
}

/**
 * Bounds of an iteration over all pages.
 *
 * @public
 */
export interface MlflowIterateOptions extends MlflowCallOptions {
  /** Ends the iteration after this many items. Default: 10 000. */
  maxItems?: number;
}

/**
 * Items of all pages, fetched as they are asked for.
 *
 * @public
 */
export type MlflowIterator<T> = AsyncGenerator<T, void, undefined>;
