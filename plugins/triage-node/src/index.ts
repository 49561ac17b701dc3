/**
 * The triage engine: finds the lines that prove why a pipeline failed.
 *
 * @packageDocumentation
 */
export { abortCode } from './ask/abortCode';
export { askModel } from './ask/askModel';
export {
  Budgets,
  withBudgets,
  type BudgetOptions,
  type TokenPrice,
} from './ask/Budgets';
export type {
  BudgetAmounts,
  BudgetStore,
  BudgetWindow,
} from './ask/BudgetStore';
export { buildPrompt, type BuiltPrompt } from './ask/buildPrompt';
export { LlmError, type LlmErrorOptions } from './ask/LlmError';
export { MemoryBudgetStore } from './ask/MemoryBudgetStore';
export {
  MISSING_INFORMATION,
  modelAnswerSchema,
  type MissingInformation,
  type ModelAnswer,
} from './ask/modelAnswer';
export { retryAfterToMs } from './ask/retryAfter';
export type {
  LlmAnswer,
  LlmClient,
  LlmFailureCode,
  LlmRequest,
} from './ask/types';
export { withRetries, type RetryOptions } from './ask/withRetries';
export { decide, type DecisionInput } from './decide/decide';
export {
  TRIAGE_LABELS,
  type DecisionSeverity,
  type TriageLabel,
} from './decide/policy';
export { verifyAnswer } from './verify/verifyAnswer';
export {
  triageLlmExtensionPoint,
  type TriageLlmExtensionPoint,
} from './extensions/triageLlmExtensionPoint';
export { classify } from './classify/classify';
export { findFailedSteps } from './classify/findFailedSteps';
export { rootSignature } from './classify/rootSignature';
export type {
  Classification,
  ClassifyInput,
  FailedStep,
  RunFacts,
} from './classify/types';
export { compareRuns, type CompareRunsInput } from './compare/compareRuns';
export type {
  CommitFacts,
  CompareInput,
  Comparison,
  ModelRunSnapshot,
  RunSnapshot,
} from './compare/types';
export { bufferInput } from './lines/bufferInput';
export { countTokens } from './lines/countTokens';
export { fileInput } from './lines/fileInput';
export { readLines } from './lines/readLines';
export type { LogInput, LogLine } from './lines/types';
export { parseReport } from './parse/parseReport';
export { ScanConsoleReader } from './parse/ScanConsoleReader';
export { TestConsoleReader } from './parse/TestConsoleReader';
export type { ConsoleReader, ParseResult, ReportFile } from './parse/types';
export { createPipelineReport } from './pipeline/createPipelineReport';
export type { PipelineFailure, TriageOptions } from './pipeline/types';
export { createRedactor, type RedactorOptions } from './redact/createRedactor';
export type { Redactor } from './redact/types';
export { reduceLog } from './reduce/reduceLog';
export type { Reduction } from './reduce/types';
export { renderIssueTitle } from './render/renderIssueTitle';
export type { MarkdownTarget } from './render/renderLimits';
export { renderMarkdown } from './render/renderMarkdown';
export {
  renderSlack,
  type SlackBlock,
  type SlackMessage,
  type SlackText,
} from './render/renderSlack';
export { readReportMarker } from './render/reportMarker';
export type { JobLog, RunLogs, StepLog } from './unpack/types';
export { archiveJobName } from './unpack/archiveJobName';
export { DEFAULT_UNPACK_LIMITS, type UnpackLimits } from './unpack/limits';
export { unpackReports, type Reports } from './unpack/unpackReports';
export { unpackRunLogs, type UnpackOptions } from './unpack/unpackRunLogs';
