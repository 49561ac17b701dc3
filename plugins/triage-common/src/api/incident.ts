// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { FAILURE_TYPES } from '../failureTypes';

/**
 * Where an incident stands. `resolved` is said by a person, `recovered` by a green
 * run.
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

/**
 * One attempt of a workflow run that failed. Texts in it are redacted and of one
 * line.
 *
 * @public
 */
export const incidentSchema = z.object({
  id: z.string(),
  kind: z.literal('pipeline'),
  /** Of the entity whose repository it is; absent while the catalog has none. */
  entityRef: z.string().optional(),
  /** `owner/name` */
  repository: z.string(),
  workflow: z.string(),
  runId: z.string(),
  runAttempt: z.int().min(1),
  runUrl: z.string(),
  branch: z.string(),
  commit: z.string(),
  isDefaultBranch: z.boolean(),
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
  /** When the run ended. */
  failedAt: time,
  /** When its report was made. */
  reportedAt: time.optional(),
  /** When a later run of the same branch and workflow passed. */
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
