// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { FAILURE_TYPES } from '../failureTypes';
import { triageReportSchema } from '../report';
import {
  INCIDENT_KINDS,
  INCIDENT_STATES,
  incidentGroupSchema,
  incidentSchema,
} from './incident';

/**
 * Query of `GET /incidents`. With `entityRef`, incidents of that entity and of its
 * repository; with neither that nor `repository`, all that the caller may see.
 *
 * @public
 */
export const incidentsRequestSchema = z.strictObject({
  entityRef: z.string().max(255).optional(),
  repository: z.string().max(255).optional(),
  kind: z.enum(INCIDENT_KINDS).optional(),
  state: z.enum(INCIDENT_STATES).optional(),
  type: z.enum(FAILURE_TYPES).optional(),
  branch: z.string().max(255).optional(),
  signature: z
    .string()
    .regex(/^[0-9a-f]{1,64}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(100).optional(),
  /** `nextCursor` of the page before. */
  cursor: z.string().max(1_024).optional(),
});

/** @public */
export type IncidentsRequest = z.infer<typeof incidentsRequestSchema>;

/** Answer of `GET /incidents`: the newest first. @public */
export const incidentsResponseSchema = z.object({
  items: z.array(incidentSchema),
  /** Absent on the last page. */
  nextCursor: z.string().optional(),
  /** Of all that match, not of this page only; the latest seen first, at most 100. */
  groups: z.array(incidentGroupSchema),
  /** Of the signals that say when this answer is another one. */
  channel: z.string(),
});

/** @public */
export type IncidentsResponse = z.infer<typeof incidentsResponseSchema>;

/** Query of `GET /reports`. @public */
export const reportsRequestSchema = incidentsRequestSchema.pick({
  limit: true,
  cursor: true,
});

/** @public */
export type ReportsRequest = z.infer<typeof reportsRequestSchema>;

/**
 * Answer of `GET /reports`: incidents with their reports, the newest first. Those
 * whose report is not made yet are left out.
 *
 * @public
 */
export const reportsResponseSchema = z.object({
  items: z.array(
    z.object({ incident: incidentSchema, report: triageReportSchema }),
  ),
  /** Absent on the last page. */
  nextCursor: z.string().optional(),
});

/** @public */
export type ReportsResponse = z.infer<typeof reportsResponseSchema>;

/** Query of `GET /incidents/:id/log`. @public */
export const incidentLogRequestSchema = z.strictObject({
  /** A name of `logs` in the incident's details, which is evidence's `source`. */
  job: z.string().min(1).max(1_024),
  /** First line, from 1. */
  from: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(5_000).optional(),
});

/** @public */
export type IncidentLogRequest = z.infer<typeof incidentLogRequestSchema>;

/**
 * Answer of `GET /incidents/:id/log`: redacted lines, numbered as in the untouched
 * log, so that evidence's line can be found.
 *
 * @public
 */
export const incidentLogSchema = z.object({
  job: z.string(),
  lines: z.array(z.object({ number: z.int(), text: z.string() })),
  /** Lines of the untouched log. */
  total: z.int(),
});

/** @public */
export type IncidentLog = z.infer<typeof incidentLogSchema>;

/** Query of `GET /inbox`. @public */
export const inboxRequestSchema = incidentsRequestSchema.pick({ kind: true });

/** @public */
export type InboxRequest = z.infer<typeof inboxRequestSchema>;

/**
 * Answer of `GET /inbox`: incidents `new` or `acknowledged` of entities that the
 * caller may see, the most pressing first, at most 100; those that the caller owns
 * or is assigned to are `mine`.
 *
 * @public
 */
export const inboxResponseSchema = z.object({
  items: z.array(incidentSchema.extend({ mine: z.boolean() })),
  channel: z.string(),
});

/** @public */
export type InboxResponse = z.infer<typeof inboxResponseSchema>;

const durations = z.object({
  count: z.int(),
  medianSeconds: z.number().optional(),
  p90Seconds: z.number().optional(),
});

/** Counts of one type of failure, of one model, or of all. @public */
export const triageFiguresSchema = z.object({
  incidents: z.int(),
  reports: z.int(),
  identified: z.int(),
  useful: z.int(),
  notUseful: z.int(),
  rootCauseRight: z.int(),
  rootCauseWrong: z.int(),
  /** From the end of the failed run, or the start of the alert, to its report. */
  toReport: durations,
  /** From the end of the failed run to a green one, or from an alert's start to its end. */
  toGreen: durations,
});

/** @public */
export type TriageFigures = z.infer<typeof triageFiguresSchema>;

/** Answer of `GET /statistics?days=30`, over what the caller may see. @public */
export const statisticsResponseSchema = z.object({
  since: z.iso.datetime(),
  all: triageFiguresSchema,
  byType: z.array(triageFiguresSchema.extend({ type: z.enum(FAILURE_TYPES) })),
  /** `model` is `none` for reports made by rules alone. */
  byModel: z.array(triageFiguresSchema.extend({ model: z.string() })),
  /** What could not be done, counted. */
  deadLetters: z.int(),
});

/** @public */
export type StatisticsResponse = z.infer<typeof statisticsResponseSchema>;
