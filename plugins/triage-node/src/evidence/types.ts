// SPDX-License-Identifier: Apache-2.0
import type { StageError } from '@greenroom/plugin-triage-common';
import type { MetricsQuery, PodLog } from '@greenroom/triage-engine';

/** A request to a Kubernetes API; `path` is absolute and its segments are encoded. @public */
export interface KubernetesRequest {
  path: string;
  query?: Record<string, string | number | boolean | undefined>;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/**
 * What of a Kubernetes API is asked. Its errors say in `status` what it answered, where
 * it did, in `isRetryable` whether it may answer later, and in their message nothing that
 * is secret.
 *
 * @public
 */
export interface KubernetesApi {
  getJson(request: KubernetesRequest): Promise<unknown>;
  open(request: KubernetesRequest): Promise<AsyncIterable<Uint8Array>>;
}

/** What of an alert says where to look. @public */
export interface AlertSubject {
  name: string;
  /** Ms since 1970. */
  startsAt: number;
  /** Absent while it fires. */
  endsAt?: number;
  labels: Record<string, string>;
  /** Of PromQL. */
  expression?: string;
  generatorUrl?: string;
  /** These are names that Kubernetes takes. */
  cluster?: string;
  namespace?: string;
  pod?: string;
  container?: string;
  service?: string;
}

/** What an alert's report is made from. @public */
export interface AlertEvidence {
  /** As the cluster gives them. */
  objects: unknown[];
  logs: PodLog[];
  metrics: MetricsQuery[];
  /** As the alert or its rule has it. */
  expression?: string;
  errors: StageError[];
  /** Cluster or Prometheus did not answer, and may later. */
  isAway: boolean;
}

/** What is known of any object of Kubernetes. @public */
export interface KubernetesObject {
  kind?: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  [field: string]: unknown;
}

/** What was found of an alert in its cluster, as the API gives it. @public */
export interface KubernetesObjects {
  pods: KubernetesObject[];
  /** Of these pods and of what owns them. */
  workloads: KubernetesObject[];
  events: KubernetesObject[];
  nodes: KubernetesObject[];
  /** For people, one line each. */
  errors: string[];
  /** The cluster did not answer, and may later. */
  isAway: boolean;
}
