// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { evidenceSchema } from './evidence';

/** What the parsers read. @public */
export const FINDING_TOOLS = [
  'flake8',
  'pytest',
  'bandit',
  'snyk',
  'gitleaks',
  'trivy',
  'pip-audit',
  'hadolint',
  'sarif',
  'junit',
  'gate',
] as const;

/** @public */
export type FindingTool = (typeof FINDING_TOOLS)[number];

/** From worst to best; `unknown` where the tool says none. @public */
export const FINDING_SEVERITIES = [
  'critical',
  'high',
  'medium',
  'low',
  'info',
  'unknown',
] as const;

/** @public */
export type FindingSeverity = (typeof FINDING_SEVERITIES)[number];

/**
 * One thing that a tool found, from its report file or from what it printed.
 *
 * @public
 */
export const findingSchema = z.strictObject({
  tool: z.enum(FINDING_TOOLS),
  kind: z.enum([
    'lint',
    'test',
    'sast',
    'sca',
    'secret',
    'container-cve',
    'license',
    'misconfiguration',
    'gate',
    'other',
  ]),
  /** As the tool names it: `E501`, `B602`, `CVE-2024-1234`, a test's name. */
  rule: z.string(),
  message: z.string(),
  severity: z.enum(FINDING_SEVERITIES),
  /** Of the repository, or of the image that was scanned. */
  file: z.string().optional(),
  line: z.int().min(1).optional(),
  endLine: z.int().min(1).optional(),
  column: z.int().min(1).optional(),
  package: z.string().optional(),
  version: z.string().optional(),
  /** The first of the versions that mend it. */
  fixedVersion: z.string().optional(),
  /** CVE, GHSA, CWE. */
  identifiers: z.array(z.string()).optional(),
  url: z.string().optional(),
  /** Where it was printed, when it comes from a log. */
  evidence: evidenceSchema.optional(),
  /** What else the tool said of it, as it said it. */
  extra: z.record(z.string(), z.json()).optional(),
});

/** @public */
export type Finding = z.infer<typeof findingSchema>;

/** What could not be read, or was left out. @public */
export const stageErrorSchema = z.strictObject({
  /** The stage or the tool. */
  stage: z.string(),
  /** The file or address that it concerns. */
  source: z.string().optional(),
  /** For machines: `broken-report`, `unsafe-path`, `timeout`. */
  code: z.string(),
  message: z.string(),
});

/** @public */
export type StageError = z.infer<typeof stageErrorSchema>;

/** What one run of a test framework printed or reported. @public */
export const testSummarySchema = z.strictObject({
  /** `pytest`, `surefire`, `gradle`, `go`, `jest`, `mocha`, `unittest` … */
  framework: z.string(),
  source: z.string(),
  total: z.int().min(0).optional(),
  passed: z.int().min(0).optional(),
  failed: z.int().min(0).optional(),
  errors: z.int().min(0).optional(),
  skipped: z.int().min(0).optional(),
  failedTests: z.array(
    z.strictObject({
      name: z.string(),
      message: z.string().optional(),
      file: z.string().optional(),
      line: z.int().min(1).optional(),
      evidence: evidenceSchema.optional(),
    }),
  ),
});

/** @public */
export type TestSummary = z.infer<typeof testSummarySchema>;
