// SPDX-License-Identifier: Apache-2.0
import type {
  MlflowEntityReferences,
  MlflowExperimentSummary,
  MlflowInstanceError,
  MlflowModelVersion,
  MlflowRegisteredModelSummary,
  MlflowRun,
} from './types';

/**
 * The shape of every list answer.
 *
 * @public
 */
export interface MlflowListResponse<T> {
  items: T[];
  errors: MlflowInstanceError[];
  /** Opaque; present when there is a next page. */
  nextPageToken?: string;
  /**
   * Set when the items are an earlier answer because the instance does not
   * answer now: when they were fetched (ms since 1970).
   */
  staleSince?: number;
}

/**
 * Answer of `GET /entities/:kind/:namespace/:name/runs`.
 *
 * @public
 */
export interface MlflowRunsResponse extends MlflowListResponse<MlflowRun> {
  /** What the entity names, each with its state. */
  experiments: MlflowExperimentSummary[];
}

/**
 * Answer of `GET /entities/:kind/:namespace/:name/model-versions`.
 *
 * @public
 */
export interface MlflowModelVersionsResponse extends MlflowListResponse<MlflowModelVersion> {
  /** What the entity names, each with its state. */
  registeredModels: MlflowRegisteredModelSummary[];
  /**
   * Versions that hold an alias or a stage and are not among `items`, the
   * champion first, so that none of them is out of sight; at most 20.
   */
  aliased: MlflowModelVersion[];
}

/**
 * Answer of `GET /entities/:kind/:namespace/:name/overview`: what the overview
 * card shows.
 *
 * @public
 */
export interface MlflowEntityOverview {
  /** What the annotations name; all empty means: no annotation. */
  references: MlflowEntityReferences;
  /** Configured instance names; empty means: MLflow is not configured. */
  instances: string[];
  experiments: MlflowExperimentSummary[];
  registeredModels: MlflowRegisteredModelSummary[];
  /**
   * The version that holds the alias `champion`, with its source run. Where no
   * alias is used at all, the newest in stage `Production`.
   */
  champion?: MlflowModelVersion;
  /** The newest version, whether champion or not. */
  latestVersion?: MlflowModelVersion;
  /** The newest run that has begun: none that claims to start in the future. */
  lastRun?: MlflowRun;
  /** The newest of the recent runs that went through the quality gate. */
  lastGatedRun?: MlflowRun;
  errors: MlflowInstanceError[];
  staleSince?: number;
}

/**
 * Answer of `GET /entities/:kind/:namespace/:name/runs/:instance/:runId`.
 *
 * @public
 */
export interface MlflowRunResponse {
  /** Absent when the instance did not answer and nothing is known from before. */
  item?: MlflowRun;
  errors: MlflowInstanceError[];
  staleSince?: number;
}

/**
 * One row of the input that a model version was logged with: its values by column, or the row itself
 * where the model takes a tensor without names.
 *
 * @public
 */
export type MlflowInputExample =
  { columns: Record<string, unknown> } | { row: unknown };

/**
 * Answer of `GET /entities/:kind/:namespace/:name/input-example`.
 *
 * @public
 */
export interface MlflowInputExampleResponse {
  /** Absent when the version was logged without one, or nothing is known. */
  item?: MlflowInputExample;
  errors: MlflowInstanceError[];
  staleSince?: number;
}

/**
 * One row of `GET /instances`; the default instance comes first.
 *
 * @public
 */
export interface MlflowInstanceSummary {
  name: string;
  /** Whether annotations without an `instance:` prefix mean this one. */
  isDefault: boolean;
  /** MLflow's own UI. */
  webUrl: string;
  /** What pipelines use as `MLFLOW_TRACKING_URI`. */
  trackingUri: string;
}

/**
 * Query of `GET /entities/:kind/:namespace/:name/runs`.
 *
 * @public
 */
export interface MlflowRunsQuery {
  /** MLflow's own filter expression, e.g. `metrics.accuracy > 0.9`. */
  filter?: string;
  /** MLflow's `order_by`, e.g. `metrics.accuracy DESC`; default `attributes.start_time DESC`. */
  orderBy?: string;
  /** Leaves out runs that have a parent (`parentRunId`). */
  topLevel?: boolean;
  /** 1 to 100, default 20. */
  pageSize?: number;
  pageToken?: string;
}

/**
 * One row of `GET /models`: a model of the user with what needs attention.
 *
 * @public
 */
export interface MlflowModelSummary {
  entityRef: string;
  title: string;
  overview: MlflowEntityOverview;
  attention: MlflowAttention[];
}

/**
 * Something about a model that a person should look at. `reason` is a stable
 * code, the words are the frontend's.
 *
 * @public
 */
export interface MlflowAttention {
  reason:
    | 'gate-failed'
    | 'run-failed'
    | 'run-stalled'
    | 'registration-failed'
    | 'no-champion'
    | 'not-found'
    | 'instance-unavailable';
  /** ms since 1970. */
  since?: number;
  run?: MlflowRun;
  version?: MlflowModelVersion;
  experiment?: MlflowExperimentSummary;
  error?: MlflowInstanceError;
}
