// SPDX-License-Identifier: Apache-2.0
import {
  INCIDENT_KINDS,
  INCIDENT_STATES,
  TRIAGE_STAGES,
  FAILURE_TYPES,
} from '@greenroom/plugin-triage-common';
import { z } from 'zod';

/** PostgreSQL answers large integers as text. */
const time = z.coerce.number();
const optionalTime = time.nullable();
/** SQLite answers booleans as numbers. */
const flag = z.coerce.boolean();
const text = z.string().nullable();

/** An incident as its table has it. */
export const incidentRowSchema = z.object({
  id: z.string(),
  kind: z.enum(INCIDENT_KINDS),
  source: z.string(),
  host: z.string(),
  repository: z.string(),
  run_id: z.string(),
  run_attempt: z.number(),
  workflow: z.string(),
  workflow_id: z.string(),
  run_url: z.string(),
  branch: z.string(),
  is_default_branch: flag,
  commit_sha: z.string(),
  failed_at: time,
  received_at: time,
  entity_ref: text,
  state: z.enum(INCIDENT_STATES),
  stage: z.enum(TRIAGE_STAGES),
  stage_since: time,
  stage_error: text,
  // A type that a later version dropped must not make its incidents unreadable.
  type: z.enum(FAILURE_TYPES).catch('unknown').nullable(),
  signature: text,
  title: z.string(),
  summary: text,
  outcome: z.enum(['identified', 'inconclusive']).nullable(),
  confidence: z.enum(['high', 'medium', 'low']).nullable(),
  priority: text,
  model: text,
  reported_at: optionalTime,
  recovered_at: optionalTime,
  assignee: text,
});

/** @see incidentRowSchema */
export type IncidentRow = z.infer<typeof incidentRowSchema>;

/** What an incident did outside, as its table has it. */
export const effectRowSchema = z.object({
  incident_id: z.string(),
  kind: z.enum(['comment', 'issue', 'slack', 'check-run']),
  host: z.string(),
  repository: z.string(),
  target: z.string(),
  signature: z.string(),
  status: z.enum(['pending', 'done', 'failed']),
  external_id: text,
  url: text,
  at: time,
  error: text,
  report_hash: text,
  recovered_at: optionalTime,
});

/** @see effectRowSchema */
export type EffectRow = z.infer<typeof effectRowSchema>;

/** Something to do, as its table has it. */
export const jobRowSchema = z.object({
  id: z.string(),
  key: z.string(),
  kind: z.enum(['analyze', 'dispatch', 'drift', 'post', 'recover']),
  lane: z.string(),
  repository: z.string(),
  incident_id: text,
  payload: z.string(),
  received_at: time,
  attempts: z.number(),
  lease: text,
});

/** @see jobRowSchema */
export type JobRow = z.infer<typeof jobRowSchema>;
