// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { evidenceSchema } from './evidence';
import { FAILURE_TYPES } from './failureTypes';
import { findingSchema, stageErrorSchema, testSummarySchema } from './findings';

/** How soon a person should act; computed, never asked of a model. @public */
export const PRIORITIES = ['P0', 'P1', 'P2', 'P3'] as const;

/** @public */
export type Priority = (typeof PRIORITIES)[number];

/** A sentence, and what proves it. @public */
export const claimSchema = z.strictObject({
  statement: z.string(),
  /** Every one was found in the kept lines. */
  evidence: z.array(evidenceSchema),
  confidence: z.enum(['high', 'medium', 'low']),
});

/** @public */
export type Claim = z.infer<typeof claimSchema>;

/** A commit that may have caused the failure. @public */
export const suspectSchema = z.strictObject({
  sha: z.string(),
  message: z.string(),
  author: z.string().optional(),
  /** From 0 to 1: how much of what fails it touches. */
  score: z.number().min(0).max(1),
  /** `changes src/churn/data.py, which the traceback names`. */
  reasons: z.array(z.string()),
});

/** @public */
export type Suspect = z.infer<typeof suspectSchema>;

/**
 * What is other than in the last green run, or than in the champion; for an alert,
 * than before it.
 *
 * @public
 */
export const changeSchema = z.strictObject({
  kind: z.enum([
    'file',
    'workflow',
    'action',
    'dependency',
    'duration',
    'parameter',
    'data',
    'library',
    'metric',
    'rollout',
    'image',
    'environment',
    'resources',
    'model-version',
    'configuration',
    'replicas',
  ]),
  name: z.string(),
  before: z.string().optional(),
  after: z.string().optional(),
});

/** @public */
export type Change = z.infer<typeof changeSchema>;

const instant = z.iso.datetime({ offset: true });

/** One alert of Alertmanager, as far as it tells what is concerned. @public */
export const alertSchema = z.strictObject({
  name: z.string(),
  status: z.enum(['firing', 'resolved']),
  fingerprint: z.string(),
  startsAt: instant,
  endsAt: instant.optional(),
  severity: z.string().optional(),
  summary: z.string().optional(),
  description: z.string().optional(),
  /** PromQL, where the alert or its generator's address tells it. */
  expression: z.string().optional(),
  cluster: z.string().optional(),
  namespace: z.string().optional(),
  pod: z.string().optional(),
  container: z.string().optional(),
  /** The InferenceService or the workload. */
  service: z.string().optional(),
  /** Its `generatorURL`, where that is http or https. */
  url: z.url({ protocol: /^https?$/ }).optional(),
});

/** @public */
export type ReportedAlert = z.infer<typeof alertSchema>;

/** What one expression answered around an alert. @public */
export const reportedMetricSchema = z.strictObject({
  expression: z.string(),
  series: z
    .array(
      z.strictObject({
        labels: z.record(z.string(), z.string()),
        /** Milliseconds since 1970, and the value. */
        points: z.array(z.tuple([z.number(), z.number()])).max(240),
      }),
    )
    .max(8),
});

/** @public */
export type ReportedMetric = z.infer<typeof reportedMetricSchema>;

const share = z.number().min(0).max(1);

/** How one feature, or what a model answers, was at training and is now. @public */
export const reportedDistributionSchema = z.strictObject({
  /** Absent for the predictions. */
  name: z.string().optional(),
  /** Population stability index. */
  psi: z.number().optional(),
  /** Of the training; absent where that is not known. */
  referenceRows: z.number().min(0).optional(),
  rows: z.number().min(0),
  bins: z
    .array(z.strictObject({ name: z.string(), reference: share, now: share }))
    .max(12),
});

/** @public */
export type ReportedDistribution = z.infer<typeof reportedDistributionSchema>;

/** Something that happened before, at or after an alert. @public */
export const timelineEntrySchema = z.strictObject({
  at: instant,
  /** A document of the evidence, or an object's kind and name. */
  source: z.string(),
  text: z.string(),
});

/** @public */
export type TimelineEntry = z.infer<typeof timelineEntrySchema>;

/**
 * What triage says of one incident. Every text in it is redacted. It is ours:
 * what a model said is in `rootCause`, `claims` and `nextSteps` only, after it
 * was checked.
 *
 * @public
 */
export const triageReportSchema = z.strictObject({
  schemaVersion: z.literal(1),
  incident: z.strictObject({
    kind: z.enum(['pipeline', 'alert', 'drift']),
    repository: z.string().optional(),
    workflow: z.string().optional(),
    run: z
      .strictObject({
        id: z.string(),
        attempt: z.int().min(1).optional(),
        url: z.string().optional(),
        branch: z.string().optional(),
        commit: z.string().optional(),
      })
      .optional(),
    model: z.string().optional(),
    /** Of the kind `alert`. */
    alert: alertSchema.optional(),
  }),
  failure: z.strictObject({
    type: z.enum(FAILURE_TYPES),
    /** The rule that decided, for example `pytest-summary`. */
    rule: z.string(),
    /** For people: what that rule saw. */
    reason: z.string(),
    /** Whether the same run may pass when it is run again; absent where that is not known. */
    transient: z.boolean().optional(),
    step: z
      .strictObject({
        job: z.string(),
        name: z.string().optional(),
        source: z.string(),
        exitCode: z.int().optional(),
      })
      .optional(),
    evidence: z.array(evidenceSchema),
    /** In hex. The same for the same cause in another run or on another machine. */
    signature: z.string(),
  }),
  /** One sentence, made by code. */
  summary: z.string(),
  rootCause: z.discriminatedUnion('outcome', [
    z.strictObject({ outcome: z.literal('identified'), ...claimSchema.shape }),
    z.strictObject({
      outcome: z.literal('inconclusive'),
      /**
       * Of an alert: what may be the cause, the likeliest first, each as it stands in
       * `claims`; absent where nothing stands out, and in reports of before.
       */
      statement: z.string().optional(),
      /** The first line that speaks for each of these, then others. */
      evidence: z.array(evidenceSchema).optional(),
      /** What would be needed to say more. */
      missing: z.array(z.string()),
    }),
  ]),
  /** What else was found, each with its proof. */
  claims: z.array(claimSchema),
  /** What was looked at and is not the cause; absent in reports of before. */
  excluded: z
    .array(z.strictObject({ cause: z.string(), reason: z.string() }))
    .optional(),
  /** What a person may do next. Nothing does it by itself. */
  nextSteps: z.array(
    z.strictObject({
      text: z.string(),
      by: z.enum(['rule', 'model']),
      evidence: z.array(evidenceSchema),
    }),
  ),
  findings: z.array(findingSchema),
  tests: z.array(testSummarySchema),
  changes: z.array(changeSchema),
  /** The likeliest first. */
  suspects: z.array(suspectSchema),
  /** The lines that explain the failure. */
  excerpts: z.array(
    z.strictObject({
      source: z.string(),
      lines: z.array(z.strictObject({ number: z.int(), text: z.string() })),
      /** Of how many lines these are. */
      totalLines: z.int(),
      /** Whether a passing run told what is new. */
      comparedWithPass: z.boolean(),
    }),
  ),
  /** Of an alert: what was measured around it. */
  metrics: z.array(reportedMetricSchema).max(6).optional(),
  /** Of drift: the features that moved the most. */
  distributions: z.array(reportedDistributionSchema).max(5).optional(),
  /** Of an alert: what happened before and after it, the oldest first. */
  timeline: z.array(timelineEntrySchema).max(50).optional(),
  decision: z.strictObject({
    severity: z.enum(['critical', 'high', 'medium', 'low']),
    priority: z.enum(PRIORITIES),
    labels: z.array(z.string()),
    /** Entity reference or GitHub team, from the catalog, never from a log. */
    owner: z.string().optional(),
    /** Why this severity and priority. */
    reasons: z.array(z.string()),
  }),
  ai: z.strictObject({
    /** `off`: none is configured; `skipped`: not asked; `failed`; `answered`. */
    status: z.enum(['off', 'skipped', 'failed', 'answered']),
    /** For people, where it did not answer. */
    reason: z.string().optional(),
    model: z.string().optional(),
    /** As the answer named it. */
    modelVersion: z.string().optional(),
    /** `unit-test@3`. */
    prompt: z.string().optional(),
    inputTokens: z.int().optional(),
    outputTokens: z.int().optional(),
    /** Of these tokens, where prices are configured. */
    cost: z
      .strictObject({
        amount: z.number().min(0),
        /** ISO 4217 */
        currency: z.string().regex(/^[A-Z]{3}$/),
      })
      .optional(),
    /** What the model said and nothing proved. */
    droppedClaims: z.int().min(0),
  }),
  /** How many secrets were taken out, by kind. */
  redactions: z.record(z.string(), z.int()),
  errors: z.array(stageErrorSchema),
});

/** @public */
export type TriageReport = z.infer<typeof triageReportSchema>;
