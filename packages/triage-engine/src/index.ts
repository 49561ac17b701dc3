// SPDX-License-Identifier: Apache-2.0

/**
 * The triage engine: finds the lines that prove why a pipeline failed, or why an
 * alert fired.
 *
 * @packageDocumentation
 */
export { unpackRunLogs } from './logs/unpack/unpackRunLogs';
export { unpackReports } from './logs/unpack/unpackReports';
export { readLines } from './logs/lines/readLines';
export type { LogInput, LogLine, ReportFile } from './logs/types';
export type { UnpackLimits } from './logs/unpack/limits';
export type { RunLogs } from './logs/unpack/types';
export type { RunFacts } from './steps/types';
export type {
  CompareInput,
  ModelRunSnapshot,
  RunSnapshot,
} from './evidence/compare/types';
export { createPipelineReport } from './report/createPipelineReport';
export type { PipelineFailure, TriageOptions } from './report/types';
export {
  alertmanagerBodySchema,
  type AlertmanagerAlert,
  type AlertmanagerBody,
} from './alerts/read/alertmanager';
export { createAlertReport } from './alerts/report/createAlertReport';
export { readAlertDocuments } from './alerts/report/documents';
export type { AlertFailure, MetricsQuery, PodLog } from './alerts/types';
export { createDriftReport } from './drift/createDriftReport';
export type { DriftedFeature, DriftFailure } from './drift/types';
export { createRedactor } from './redact/createRedactor';
export type { Redactor } from './redact/types';
export { renderMarkdown } from './render/renderMarkdown';
export { renderSlack, type SlackMessage } from './render/renderSlack';
export { renderAlertTitle, renderIssueTitle } from './render/renderIssueTitle';
export type { TitledAlert } from './render/sections/alertWords';
export {
  renderIncidentReport,
  type IncidentRecord,
} from './render/incidentReport/renderIncidentReport';
export { readReportMarker } from './render/reportMarker';
export { abortCode } from './explain/ask/abortCode';
export { Budgets, withBudgets, type TokenPrice } from './explain/ask/Budgets';
export type {
  BudgetAmounts,
  BudgetStore,
  BudgetWindow,
} from './explain/ask/BudgetStore';
export { LlmError } from './explain/ask/LlmError';
export { retryAfterToMs } from './explain/ask/retryAfter';
export type {
  LlmAnswer,
  LlmClient,
  LlmFailureCode,
  LlmRequest,
} from './explain/ask/types';
export { withRetries } from './explain/ask/withRetries';
