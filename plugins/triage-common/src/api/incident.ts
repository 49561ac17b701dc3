// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { FAILURE_TYPES } from '../failureTypes';

/**
 * What an incident is of: a failed run of a pipeline, an alert of Alertmanager, drift
 * of a model's data.
 *
 * @public
 */
export const INCIDENT_KINDS = ['pipeline', 'alert', 'drift'] as const;

/** @public */
export type IncidentKind = (typeof INCIDENT_KINDS)[number];

/**
 * Where an incident stands. `resolved` is said by a person, `recovered` by a green
 * run or by Alertmanager.
 *
 * @public
 */
export const INCIDENT_STATES = [
  'new',
  'acknowledged',
  'resolved',
  'recovered',
] as const;

/** @public */
export type IncidentState = (typeof INCIDENT_STATES)[number];

/** What is being done for a report, in this order. @public */
export const TRIAGE_STAGES = [
  'queued',
  'collect',
  'reduce',
  'ask',
  'verify',
  'post',
  'done',
  'failed',
] as const;

/** @public */
export type TriageStage = (typeof TRIAGE_STAGES)[number];

/** `2026-11-29T02:31:00.000Z` */
const time = z.iso.datetime();

/** What Alertmanager says of an alert that is an incident. @public */
export const incidentAlertSchema = z.object({
  name: z.string(),
  severity: z.string().optional(),
  startsAt: time,
  /** Absent while it fires. */
  endsAt: time.optional(),
  status: z.enum(['firing', 'resolved']),
  cluster: z.string().optional(),
  namespace: z.string().optional(),
  pod: z.string().optional(),
  /** The InferenceService, or what else serves. */
  service: z.string().optional(),
  groupKey: z.string(),
  receiver: z.string(),
  /** Alerts of the group that Alertmanager left out of its message. */
  truncatedAlerts: z.int().optional(),
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()),
  /** PromQL, where the alert tells it. */
  expression: z.string().optional(),
  /** Its `generatorURL`, where that is http or https. */
  generatorUrl: z.string().optional(),
});

/** @public */
export type IncidentAlert = z.infer<typeof incidentAlertSchema>;

/**
 * One attempt of a workflow run that failed, or one alert from its start to its end.
 * Texts in it are redacted and of one line.
 *
 * @public
 */
export const incidentSchema = z.object({
  id: z.string(),
  kind: z.enum(INCIDENT_KINDS),
  /** The entity that it concerns; absent while the catalog has none. */
  entityRef: z.string().optional(),
  /** `owner/name`; of an alert that of its entity, absent where that has none. */
  repository: z.string().optional(),
  /** From here on of the kind `pipeline` only. */
  workflow: z.string().optional(),
  runId: z.string().optional(),
  runAttempt: z.int().min(1).optional(),
  runUrl: z.string().optional(),
  branch: z.string().optional(),
  commit: z.string().optional(),
  isDefaultBranch: z.boolean().optional(),
  /** Of the kind `alert` only. */
  alert: incidentAlertSchema.optional(),
  state: z.enum(INCIDENT_STATES),
  /** Absent until the deterministic part of the report is made. */
  type: z.enum(FAILURE_TYPES).optional(),
  /** In hex; the same for the same cause. */
  signature: z.string().optional(),
  /** What failed, and where. */
  title: z.string(),
  /** The verdict in one line. */
  summary: z.string().optional(),
  outcome: z.enum(['identified', 'inconclusive']).optional(),
  confidence: z.enum(['high', 'medium', 'low']).optional(),
  priority: z.string().optional(),
  progress: z.object({
    stage: z.enum(TRIAGE_STAGES),
    since: time,
    /** Why it failed, for people. */
    error: z.string().optional(),
  }),
  /** Of incidents of the same signature in this repository. */
  firstSeen: time,
  lastSeen: time,
  /** When the run ended, or the alert began. */
  failedAt: time,
  /** When its report was made. */
  reportedAt: time.optional(),
  /** When a later run of the same branch and workflow passed, or the alert ended. */
  recoveredAt: time.optional(),
  /** Entity reference of a user. */
  assignee: z.string().optional(),
});

/** @public */
export type Incident = z.infer<typeof incidentSchema>;

/** Incidents of one cause, over all repositories that the caller may see. @public */
export const incidentGroupSchema = z.object({
  signature: z.string(),
  type: z.enum(FAILURE_TYPES),
  summary: z.string(),
  count: z.int(),
  firstSeen: time,
  lastSeen: time,
  /** `owner/name` */
  repositories: z.array(z.string()),
});

/** @public */
export type IncidentGroup = z.infer<typeof incidentGroupSchema>;
