// SPDX-License-Identifier: Apache-2.0

/**
 * The report of a triage and the API that answers it: schemas, types and
 * permissions, for browser and Node.
 *
 * @packageDocumentation
 */
export * from './api';
export { evidenceSchema, type Evidence } from './evidence';
export { FAILURE_TYPES, type FailureType } from './failureTypes';
export {
  FINDING_SEVERITIES,
  FINDING_TOOLS,
  findingSchema,
  stageErrorSchema,
  testSummarySchema,
  type Finding,
  type FindingSeverity,
  type FindingTool,
  type StageError,
  type TestSummary,
} from './findings';
export {
  triageAnalyzePermission,
  triagePermissions,
  triageReportReadPermission,
  triageReportUpdatePermission,
  triageUnownedReadPermission,
} from './permissions';
export { readProse, type ProseToken } from './readProse';
export {
  PRIORITIES,
  alertSchema,
  changeSchema,
  claimSchema,
  reportedDistributionSchema,
  reportedMetricSchema,
  suspectSchema,
  timelineEntrySchema,
  triageReportSchema,
  type Change,
  type Claim,
  type Priority,
  type ReportedAlert,
  type ReportedDistribution,
  type ReportedMetric,
  type Suspect,
  type TimelineEntry,
  type TriageReport,
} from './report';
export { suspectedCauses } from './suspectedCauses';
