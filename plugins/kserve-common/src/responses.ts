// SPDX-License-Identifier: Apache-2.0
import type { KserveReference } from './references';
import type { KserveInferenceService } from './types';

/**
 * Why a cluster has no (new) answer. `not-installed`: it has no KServe.
 * `not-allowed`: the portal's credentials may not read there. Of one reference:
 * `not-found`; `other-component`: the inference service bears the mark of a
 * component that the user may not see; `unmarked`: it bears none, and the
 * configuration wants one.
 *
 * @public
 */
export type KserveClusterErrorCode =
  | 'not-installed'
  | 'not-allowed'
  | 'unauthenticated'
  | 'unreachable'
  | 'timeout'
  | 'not-configured'
  | 'not-found'
  | 'other-component'
  | 'unmarked'
  | 'failed';

/**
 * A cluster, or a reference into it, that gave no (new) answer.
 *
 * @public
 */
export interface KserveClusterError {
  /** Name of the cluster in `kubernetes:`. */
  cluster: string;
  code: KserveClusterErrorCode;
  message: string;
  retryable: boolean;
  /** ms since 1970: since when what is shown of this cluster is not renewed. */
  staleSince?: number;
}

/**
 * A cluster as the configuration of the Kubernetes plugin names it.
 *
 * @public
 */
export interface KserveClusterSummary {
  name: string;
  title?: string;
  state: 'connected' | 'connecting' | 'failed';
  /** False where the API server answers without KServe or Argo CD. */
  kserve: boolean;
  argocd: boolean;
  /** KServe's API versions that are served, newest first. */
  kserveVersions: string[];
}

/**
 * Progress of a local cluster that is still being built; `npm start` only.
 *
 * @public
 */
export interface KserveClusterBuild {
  cluster: string;
  step: number;
  of: number;
  detail: string;
  minutesLeft?: number;
  /** Why it will not come, e.g. too little memory. */
  problem?: string;
}

/**
 * Answer of `GET /entities/:kind/:namespace/:name/inference-services`.
 *
 * @public
 */
export interface KserveInferenceServicesResponse {
  items: KserveInferenceService[];
  /** What the annotation names; empty means: found by label, or no annotation. */
  references: KserveReference[];
  /** Empty means: no cluster is configured. */
  clusters: KserveClusterSummary[];
  errors: KserveClusterError[];
  /** Channel of signals on which a change of this answer is told: `{ changed: true }`. */
  signalChannel: string;
  build?: KserveClusterBuild;
  /** What the caller may do with this entity. */
  permissions: { logs: boolean; predict: boolean };
}

/**
 * One row of `GET /models`: a model of the user and what of it is served.
 *
 * @public
 */
export interface KserveModelSummary {
  entityRef: string;
  title: string;
  items: Array<
    Pick<
      KserveInferenceService,
      'cluster' | 'namespace' | 'name' | 'explanation' | 'model'
    >
  >;
  errors: KserveClusterError[];
}

/**
 * Answer of `GET /models`: the components of type `ml-model` that the user owns,
 * by name. `errors` are those of clusters as such.
 *
 * @public
 */
export interface KserveModelsResponse {
  items: KserveModelSummary[];
  errors: KserveClusterError[];
  build?: KserveClusterBuild;
  /** Channel of signals on which a change of this answer is told: `{ changed: true }`. */
  signalChannel: string;
}

/**
 * Answer of `GET /clusters`.
 *
 * @public
 */
export interface KserveClustersResponse {
  items: KserveClusterSummary[];
  errors: KserveClusterError[];
  build?: KserveClusterBuild;
}

/**
 * Query of `GET …/inference-services/:cluster/:namespace/:service/logs`. The
 * answer is `text/plain`, one line after another, each with the time at which it
 * was written (RFC 3339) before it.
 *
 * @public
 */
export interface KserveLogsQuery {
  /** A pod of this inference service. */
  pod: string;
  /** Absent means the model server's container. */
  container?: string;
  /** The log of the container before its last restart. */
  previous?: boolean;
  /** Only lines of the last so many seconds. */
  sinceSeconds?: number;
  /** Only so many lines from the end; default 500, at most 5000. */
  tailLines?: number;
  /** Goes on as lines are written, for 10 minutes at most. */
  follow?: boolean;
}

/**
 * Body of `POST …/inference-services/:cluster/:namespace/:service/predict`.
 *
 * @public
 */
export interface KservePredictRequest {
  protocol: 'v1' | 'v2';
  /** The body of the protocol's request, sent as it is. */
  body: unknown;
  /** Component whose Service is asked; absent means the stable predictor. */
  canary?: string;
}

/**
 * What a prediction gave. An answer of the model server that is not 2xx is an
 * answer too.
 *
 * @public
 */
export interface KservePredictResponse {
  status: number;
  /** JSON where the answer is JSON, otherwise text. */
  body: unknown;
  /** From request to the whole answer, in the backend. */
  latencyMs: number;
  /** The model version that answered, where known. */
  modelVersion?: string;
  truncated?: boolean;
}

/**
 * A tensor of the v2 model metadata.
 *
 * @public
 */
export interface KserveTensor {
  name: string;
  datatype: string;
  shape: number[];
}

/**
 * Answer of `GET …/inference-services/:cluster/:namespace/:service/metadata`:
 * what the Try it form is made from.
 *
 * @public
 */
export interface KserveModelMetadata {
  /** Name under which the model server knows the model. */
  name: string;
  protocols: Array<'v1' | 'v2'>;
  inputs: KserveTensor[];
  outputs: KserveTensor[];
  /** A whole request body per protocol, to begin with. */
  examples: Partial<Record<'v1' | 'v2', unknown>>;
}
