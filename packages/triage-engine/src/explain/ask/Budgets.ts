// SPDX-License-Identifier: Apache-2.0
import type { BudgetAmounts, BudgetStore, BudgetWindow } from './BudgetStore';
import { LlmError } from './LlmError';
import { MemoryBudgetStore } from './MemoryBudgetStore';
import type { LlmAnswer, LlmClient, LlmRequest } from './types';

/** Price of a million tokens, in any currency, the same for all. @public */
export interface TokenPrice {
  input: number;
  output: number;
}

// The model may have worked for these, so they count in full.
const BILLED = new Set<string>([
  'timeout',
  'aborted',
  'truncated',
  'malformed',
  'blocked',
]);

/**
 * Own budgets for requests, tokens and money, per minute and per day.
 *
 * What a request may use at most is taken before it is sent, and set right when
 * its answer says what it used; so the limits hold with requests at once.
 *
 * @public
 */
export class Budgets {
  readonly #store: BudgetStore;
  readonly #options: {
    perMinute?: Partial<BudgetAmounts>;
    /** A day of UTC. */
    perDay?: Partial<BudgetAmounts>;
    /** Needed for limits of `cost`. */
    prices?: Record<LlmRequest['tier'], TokenPrice>;
    store?: BudgetStore;
  };

  /** @param options - what may be used; what is absent is not limited. */
  constructor(options: {
    perMinute?: Partial<BudgetAmounts>;
    /** A day of UTC. */
    perDay?: Partial<BudgetAmounts>;
    /** Needed for limits of `cost`. */
    prices?: Record<LlmRequest['tier'], TokenPrice>;
    store?: BudgetStore;
  }) {
    this.#options = options;
    this.#store = options.store ?? new MemoryBudgetStore();
  }

  /** @throws LlmError with code `budget`, which says when it is free again */
  async spend(
    request: LlmRequest,
    send: () => Promise<LlmAnswer>,
  ): Promise<LlmAnswer> {
    const windows = this.#windows(Date.now());
    const reserved = this.#amounts(
      request.tier,
      estimateTokens(request.system) + estimateTokens(request.user),
      request.maxOutputTokens,
    );
    const refused = await this.#store.take(windows, reserved);
    if (refused) {
      throw budgetError(refused, reserved);
    }
    let used: BudgetAmounts = { ...reserved, tokens: 0, cost: 0 };
    try {
      const answer = await send();
      used = this.#amounts(
        request.tier,
        answer.inputTokens ?? estimateTokens(request.user),
        answer.outputTokens ?? request.maxOutputTokens,
      );
      return answer;
    } catch (error) {
      if (!(error instanceof LlmError) || BILLED.has(error.code)) {
        used = reserved;
      }
      throw error;
    } finally {
      await this.#store.settle(windows, {
        requests: 0,
        tokens: used.tokens - reserved.tokens,
        cost: used.cost - reserved.cost,
      });
    }
  }

  #windows(now: number): BudgetWindow[] {
    const iso = new Date(now).toISOString();
    const minute = 60_000;
    const day = 24 * 60 * minute;
    return [
      {
        key: `minute:${iso.slice(0, 16)}`,
        endsAt: (Math.floor(now / minute) + 1) * minute,
        limits: this.#options.perMinute ?? {},
      },
      {
        key: `day:${iso.slice(0, 10)}`,
        endsAt: (Math.floor(now / day) + 1) * day,
        limits: this.#options.perDay ?? {},
      },
    ];
  }

  #amounts(
    tier: LlmRequest['tier'],
    input: number,
    output: number,
  ): BudgetAmounts {
    const price = this.#options.prices?.[tier];
    return {
      requests: 1,
      tokens: input + output,
      cost: price
        ? (input * price.input + output * price.output) / 1_000_000
        : 0,
    };
  }
}

function estimateTokens(text: string): number {
  return Math.ceil(text.length / 3.5);
}

function budgetError(window: BudgetWindow, wanted: BudgetAmounts): LlmError {
  const alone = (['requests', 'tokens', 'cost'] as const).find(
    kind => wanted[kind] > (window.limits[kind] ?? Infinity),
  );
  if (alone) {
    return new LlmError(
      'budget',
      `One request may need more ${alone} than the budget of ${window.key} has in all`,
    );
  }
  return new LlmError(
    'budget',
    `The budget of ${window.key} is used up until ${new Date(window.endsAt).toISOString()}`,
    { retryAfterMs: Math.max(0, window.endsAt - Date.now()) },
  );
}

/**
 * A client that asks only while the budgets allow it. Put it inside
 * `withRetries`, so that every attempt counts.
 *
 * @public
 */
export function withBudgets(client: LlmClient, budgets: Budgets): LlmClient {
  return {
    name: client.name,
    generate: request => budgets.spend(request, () => client.generate(request)),
  };
}
