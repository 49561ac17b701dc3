// SPDX-License-Identifier: Apache-2.0
import type { Change, TriageReport } from '@greenroom/plugin-triage-common';
import type { LogInput } from '../logs/types';
import type { AlertmanagerAlert } from './read/alertmanager';

/** The log of one container. @public */
export interface PodLog {
  pod: string;
  container: string;
  /** Of the container that ran before the last restart. */
  previous: boolean;
  input: LogInput;
}

/** What one expression answered, as the HTTP API of Prometheus gives a matrix. @public */
export interface MetricsQuery {
  expr: string;
  series: Array<{
    metric: Record<string, string>;
    /** Seconds since 1970, and the value. */
    values: Array<[number | string, string]>;
    /** Of this series alone, where it is not that of the query. */
    expr?: string;
  }>;
}

/** What a report of an alert is made from. @public */
export interface AlertFailure {
  incident: Omit<TriageReport['incident'], 'kind' | 'alert'>;
  alert: AlertmanagerAlert;
  groupLabels?: Record<string, string>;
  commonAnnotations?: Record<string, string>;
  /** Kubernetes objects, as its API gives them. */
  objects: unknown[];
  logs: PodLog[];
  metrics: MetricsQuery[];
  /** Rollouts or hand-offs that the caller knows of. */
  changes?: Change[];
  /** Entity reference or GitHub team. */
  owner?: string;
  environment?: 'dev' | 'staging' | 'prod';
}
