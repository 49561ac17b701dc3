// SPDX-License-Identifier: Apache-2.0
import type { BudgetAmounts, BudgetStore, BudgetWindow } from './BudgetStore';

const NONE: BudgetAmounts = { requests: 0, tokens: 0, cost: 0 };
const KINDS = ['requests', 'tokens', 'cost'] as const;

function add(a: BudgetAmounts, b: BudgetAmounts): BudgetAmounts {
  return {
    requests: a.requests + b.requests,
    tokens: a.tokens + b.tokens,
    cost: a.cost + b.cost,
  };
}

/**
 * Counts in this process; a restart forgets.
 */
export class MemoryBudgetStore implements BudgetStore {
  readonly #counts = new Map<string, { endsAt: number; used: BudgetAmounts }>();

  async take(
    windows: BudgetWindow[],
    amounts: BudgetAmounts,
  ): Promise<BudgetWindow | undefined> {
    const refused = windows.filter(window => {
      const after = add(this.#used(window), amounts);
      return KINDS.some(
        kind => after[kind] > (window.limits[kind] ?? Infinity),
      );
    });
    if (refused.length > 0) {
      return refused.reduce((a, b) => (b.endsAt > a.endsAt ? b : a));
    }
    await this.settle(windows, amounts);
    return undefined;
  }

  async settle(
    windows: BudgetWindow[],
    difference: BudgetAmounts,
  ): Promise<void> {
    const now = Date.now();
    for (const [key, { endsAt }] of this.#counts) {
      if (endsAt <= now) {
        this.#counts.delete(key);
      }
    }
    for (const window of windows) {
      this.#counts.set(window.key, {
        endsAt: window.endsAt,
        used: add(this.#used(window), difference),
      });
    }
  }

  #used({ key }: BudgetWindow): BudgetAmounts {
    return this.#counts.get(key)?.used ?? NONE;
  }
}
