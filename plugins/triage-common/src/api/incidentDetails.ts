// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { triageReportSchema } from '../report';
import { incidentSchema } from './incident';

const time = z.iso.datetime();

/** What triage did outside of the portal for an incident. @public */
export const incidentEffectSchema = z.object({
  kind: z.enum(['comment', 'issue', 'slack', 'check-run']),
  /** Absent where there is none, or none yet. */
  url: z.string().optional(),
  /** `pending`: decided, not known to have happened. */
  status: z.enum(['pending', 'done', 'failed']),
  at: time,
  /** For people, where it failed. */
  error: z.string().optional(),
});

/** @public */
export type IncidentEffect = z.infer<typeof incidentEffectSchema>;

/** What happened to an incident. @public */
export const incidentActivitySchema = z.object({
  at: time,
  /** Entity reference of a user, or `triage`. */
  by: z.string(),
  action: z.enum([
    'received',
    'reported',
    /** Made again, and why: nothing else is known but that the analysis was repeated. */
    'reported-again',
    /** A person asked. */
    'reported-on-request',
    /** What could not be read before was read. */
    'reported-with-evidence',
    /** The catalog has its entity by now. */
    'reported-with-owner',
    'failed',
    'acknowledged',
    'resolved',
    'reopened',
    'recovered',
    'assigned',
    'analyze',
    'feedback',
    'incident-report',
    'retraining',
    'no-retraining',
    'drift-analysis',
    'no-drift-analysis',
  ]),
  text: z.string().optional(),
});

/** @public */
export type IncidentActivity = z.infer<typeof incidentActivitySchema>;

/** Body of `POST /incidents/:id/feedback`. @public */
export const feedbackRequestSchema = z.strictObject({
  useful: z.boolean(),
  reason: z.string().trim().max(2_000).optional(),
  rootCause: z.enum(['right', 'wrong']).optional(),
  /** What was done about it. */
  done: z.string().trim().max(2_000).optional(),
});

/** @public */
export type FeedbackRequest = z.infer<typeof feedbackRequestSchema>;

/** The latest answer of one person. @public */
export const incidentFeedbackSchema = z.object({
  ...feedbackRequestSchema.shape,
  at: time,
  /** Entity reference of a user. */
  by: z.string(),
});

/** @public */
export type IncidentFeedback = z.infer<typeof incidentFeedbackSchema>;

/** Body of `POST /incidents/:id/state`. @public */
export const stateRequestSchema = z.strictObject({
  state: z.enum(['new', 'acknowledged', 'resolved']),
  /** Entity reference of a user; `null` takes the assignment back. */
  assignee: z.string().max(255).nullable().optional(),
  comment: z.string().trim().max(2_000).optional(),
});

/** @public */
export type StateRequest = z.infer<typeof stateRequestSchema>;

/** Body of `POST /incidents/:id/analyze`. @public */
export const analyzeRequestSchema = z.strictObject({
  /** What a person knows. The model gets it as data. */
  hint: z.string().trim().max(2_000).optional(),
});

/** @public */
export type AnalyzeRequest = z.infer<typeof analyzeRequestSchema>;

/**
 * Answer of `GET /incidents/:id/incident-report`: a draft for people to finish.
 *
 * @public
 */
export const incidentReportSchema = z.object({
  /** Where a pull request would put it. */
  path: z.string(),
  markdown: z.string(),
});

/** @public */
export type IncidentReport = z.infer<typeof incidentReportSchema>;

/** Answer of `GET /incidents/:id`, and of each `POST` below it. @public */
export const incidentDetailsSchema = z.object({
  incident: incidentSchema,
  /** Of drift: Grafana's dashboard of its model; absent where none is known. */
  dashboardUrl: z.string().optional(),
  /** Absent until the deterministic part is made. */
  report: triageReportSchema.optional(),
  effects: z.array(incidentEffectSchema),
  /** The oldest first. */
  activity: z.array(incidentActivitySchema),
  feedback: z.array(incidentFeedbackSchema),
  /** Others of the same signature, as far as the caller may see them. */
  similar: z.object({ count: z.int(), repositories: z.array(z.string()) }),
  /** The kept logs: `job` is evidence's `source`, and the query of `GET /incidents/:id/log`. */
  logs: z.array(z.object({ job: z.string(), total: z.int() })),
  /** What the caller may do besides reading. */
  permissions: z.object({ update: z.boolean(), analyze: z.boolean() }),
  /** Of the signals that say when this answer is another one. */
  channel: z.string(),
});

/** @public */
export type IncidentDetails = z.infer<typeof incidentDetailsSchema>;
