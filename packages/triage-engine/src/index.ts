/**
 * The triage engine: finds the lines that prove why a pipeline failed.
 *
 * @packageDocumentation
 */
export { abortCode } from './explain/ask/abortCode';
export { askModel } from './explain/ask/askModel';
export {
  Budgets,
  withBudgets,
  type BudgetOptions,
  type TokenPrice,
} from './explain/ask/Budgets';
export type {
  BudgetAmounts,
  BudgetStore,
  BudgetWindow,
} from './explain/ask/BudgetStore';
export { buildPrompt, type BuiltPrompt } from './explain/ask/buildPrompt';
export { LlmError, type LlmErrorOptions } from './explain/ask/LlmError';
export { MemoryBudgetStore } from './explain/ask/MemoryBudgetStore';
export {
  MISSING_INFORMATION,
  modelAnswerSchema,
  type MissingInformation,
  type ModelAnswer,
} from './explain/ask/modelAnswer';
export { retryAfterToMs } from './explain/ask/retryAfter';
export type {
  LlmAnswer,
  LlmClient,
  LlmFailureCode,
  LlmRequest,
} from './explain/ask/types';
export { withRetries, type RetryOptions } from './explain/ask/withRetries';
export { decide, type DecisionInput } from './explain/decide/decide';
export {
  TRIAGE_LABELS,
  type DecisionSeverity,
  type TriageLabel,
} from './explain/decide/policy';
export { verifyAnswer } from './explain/verify/verifyAnswer';
export { classify } from './classify/classify';
export { findFailedSteps } from './steps/findFailedSteps';
export { rootSignature } from './classify/rootSignature';
export type {
  Classification,
  ClassifyInput,
  FailedStep,
  RunFacts,
} from './classify/types';
export {
  compareRuns,
  type CompareRunsInput,
} from './evidence/compare/compareRuns';
export type {
  CommitFacts,
  CompareInput,
  Comparison,
  ModelRunSnapshot,
  RunSnapshot,
} from './evidence/compare/types';
export { bufferInput } from './logs/input/bufferInput';
export { countTokens } from './evidence/reduce/countTokens';
export { fileInput } from './logs/input/fileInput';
export { readLines } from './logs/lines/readLines';
export type { LogInput, LogLine } from './logs/types';
export { parseReport } from './evidence/parse/parseReport';
export { ScanConsoleReader } from './evidence/parse/ScanConsoleReader';
export { TestConsoleReader } from './evidence/parse/TestConsoleReader';
export type {
  ConsoleReader,
  ParseResult,
  ReportFile,
} from './evidence/parse/types';
export { createPipelineReport } from './report/createPipelineReport';
export type { PipelineFailure, TriageOptions } from './report/types';
export { createRedactor, type RedactorOptions } from './redact/createRedactor';
export type { Redactor } from './redact/types';
export { reduceLog } from './evidence/reduce/reduceLog';
export type { Reduction } from './evidence/reduce/types';
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
export type { JobLog, RunLogs, StepLog } from './logs/unpack/types';
export { archiveJobName } from './logs/unpack/archiveJobName';
export { DEFAULT_UNPACK_LIMITS, type UnpackLimits } from './logs/unpack/limits';
export { unpackReports, type Reports } from './logs/unpack/unpackReports';
export { unpackRunLogs, type UnpackOptions } from './logs/unpack/unpackRunLogs';
