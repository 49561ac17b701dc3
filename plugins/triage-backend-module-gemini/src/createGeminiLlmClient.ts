// SPDX-License-Identifier: Apache-2.0
import {
  Budgets,
  withBudgets,
  withRetries,
  type BudgetStore,
  type LlmClient,
} from '@greenroom/triage-engine';
import { GeminiLlmClient } from './GeminiLlmClient';
import type { GeminiConfig } from './readGeminiConfig';

/**
 * Gemini within its budgets, asked again where that may help.
 *
 * @param options - `budgetStore`: shared by replicas; this process counts for
 * itself without one
 * @public
 */
export function createGeminiLlmClient(
  config: GeminiConfig,
  options: { budgetStore?: BudgetStore } = {},
): LlmClient {
  const budgets = new Budgets({
    ...config.budgets,
    prices: config.prices,
    store: options.budgetStore,
  });
  return withRetries(withBudgets(new GeminiLlmClient(config), budgets), {
    maxAttempts: config.maxAttempts,
    totalMs: config.timeoutMs,
  });
}
