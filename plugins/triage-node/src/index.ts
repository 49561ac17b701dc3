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
export type { MissingInformation, ModelAnswer } from './ask/modelAnswer';
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
