// SPDX-License-Identifier: Apache-2.0

/** What is counted. @public */
export interface BudgetAmounts {
  requests: number;
  tokens: number;
  /** In the currency of the configured prices. */
  cost: number;
}

/** A span of time with its limits. @public */
export interface BudgetWindow {
  /** The same on every replica: `day:2026-11-21`. */
  key: string;
  /** In milliseconds since 1970; what was counted may be forgotten then. */
  endsAt: number;
  limits: Partial<BudgetAmounts>;
}

/**
 * Where budgets are counted. A database can stand behind it, so that replicas
 * share them.
 *
 * @public
 */
export interface BudgetStore {
  /**
   * Adds the amounts to all windows in one step, unless a limit of one would be
   * passed; then nothing is added, and the window that refused and ends last is
   * returned.
   */
  take(
    windows: BudgetWindow[],
    amounts: BudgetAmounts,
  ): Promise<BudgetWindow | undefined>;
  /** Adds differences, which may be negative, whatever the limits. */
  settle(windows: BudgetWindow[], difference: BudgetAmounts): Promise<void>;
}
