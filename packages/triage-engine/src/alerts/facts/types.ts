// SPDX-License-Identifier: Apache-2.0
import type { Change, Evidence } from '@greenroom/plugin-triage-common';
import type { AlertmanagerAlert } from '../read/alertmanager';
import type { ObjectsDocument } from '../read/ObjectsDocument';
import type { ContainerLog, TimedLine } from '../read/readLogs';
import type { Json } from '../read/json';
import type { KubeObject } from '../read/readObjects';
import type { Series } from '../read/readMetrics';
import type { Trend } from './trend';

/** What an alert is about. */
export interface Subject {
  namespace?: string;
  pod?: string;
  container?: string;
  /** Name of the workload or of the InferenceService. */
  service?: string;
  /** Names by which objects and logs belong to it. */
  names: string[];
  pods: KubeObject[];
  nodes: Set<string>;
}

/** An event of Kubernetes. */
export interface KubeEvent {
  object: KubeObject;
  reason: string;
  message: string;
  isWarning: boolean;
  count: number;
  at?: number;
  firstAt?: number;
  involved: { kind: string; name: string; namespace?: string };
  /** The container that it is about, where it tells. */
  container?: string;
  /** 1 of the subject, less of its neighbours, little of others. */
  relevance: number;
  evidence: Evidence;
}

/** A container, from spec and status of its pod. */
export interface Container {
  pod: KubeObject;
  name: string;
  image?: string;
  spec: Json;
  /** It runs before the others of its pod. */
  isInit: boolean;
  /** Absent where its status does not tell. */
  isReady?: boolean;
  restarts: number;
  waiting?: { reason?: string; message?: string };
  terminated?: {
    reason?: string;
    exitCode?: number;
    message?: string;
    startedAt?: number;
    finishedAt?: number;
  };
  memoryLimit?: number;
  cpuLimit?: number;
  isOfSubject: boolean;
}

/** Lines of one log that differ in numbers only. */
export interface LineGroup {
  log: ContainerLog;
  line: TimedLine;
  last: TimedLine;
  count: number;
  /** How many of them came clearly before the alert's cause can have. */
  before: number;
  /** Whether it is of a log of the subject. */
  isOfSubject: boolean;
  /** Whether lines of it say that something went wrong. */
  isError: boolean;
}

/** What changed before the alert. */
export interface Rollout {
  /** `Deployment risk/loan-lgb-predictor`. */
  of: KubeObject;
  at: number;
  from?: string;
  to?: string;
  differences: Change[];
  evidence: Evidence[];
  isOfSubject: boolean;
}

/** A series and how it went. */
export interface Measured extends Series {
  trend: Trend;
  /** Its line in the document of metrics. */
  evidence: Evidence;
  kind: MeasuredKind;
}

export type MeasuredKind =
  | 'memory'
  | 'gpu-memory'
  | 'cpu'
  | 'throttling'
  | 'restarts'
  | 'oom'
  | 'latency'
  | 'errors'
  | 'traffic'
  | 'replicas'
  | 'disk'
  | 'queue'
  | 'limit'
  | 'up'
  | 'other';

/** All that is known around one alert. */
export interface Situation {
  alert: AlertmanagerAlert;
  /** When it began to fire, in milliseconds since 1970. */
  start: number;
  /** When what it measures began to change; at the latest `start`. */
  onset: number;
  expression?: string;
  /** Name, summary, description and expression of the alert, for words. */
  text: string;
  subject: Subject;
  objects: KubeObject[];
  document: ObjectsDocument;
  events: KubeEvent[];
  containers: Container[];
  logs: ContainerLog[];
  groups: LineGroup[];
  rollouts: Rollout[];
  metrics: Measured[];
}
