// SPDX-License-Identifier: Apache-2.0

/** What a retraining is decided from; nothing a model said is among it. */
export interface RetrainingFacts {
  /** What `config.yaml` of the model says (`drift.retrain`), as the analysis recorded it. */
  ownerAllows: boolean;
  /** Whether this portal may start one at all (`triage.drift.retraining.enabled`). */
  portalAllows: boolean;
  /** Whether a module can start one. */
  canDispatch: boolean;
  /** Earlier ones of this repository within the time of the budget, ms since 1970. */
  earlier: number[];
  isTraining: boolean;
  isRollingBack: boolean;
  now: number;
}

/** How often a retraining may be started. */
export interface RetrainingLimits {
  cooldownMs: number;
  /** In `budgetMs`. */
  budget: number;
  budgetMs: number;
}

/** Whether to start one, and why or why not: each reason names who could change it. */
export function decideRetraining(
  facts: RetrainingFacts,
  { budget, budgetMs, cooldownMs }: RetrainingLimits,
): { isAllowed: boolean; reasons: string[] } {
  const { earlier, now } = facts;
  const spent = earlier.filter(at => now - at < budgetMs).length;
  const last = Math.max(...earlier, -Infinity);
  const days = (ms: number) => `${Math.round(ms / 864_000) / 100} days`;
  const refusals = [
    ...(facts.portalAllows
      ? []
      : [
          'this portal starts none (triage.drift.retraining.enabled; the portal’s operators)',
        ]),
    ...(facts.ownerAllows
      ? []
      : [
          'the model’s owner has not switched it on (drift.retrain in config.yaml)',
        ]),
    ...(facts.canDispatch ? [] : ['no module of this portal can start one']),
    ...(now - last < cooldownMs
      ? [
          `one was started at ${new Date(last).toISOString()}, and ${days(cooldownMs)} have to pass (triage.drift.retraining.cooldown)`,
        ]
      : []),
    ...(spent >= budget
      ? [
          `${spent} of ${budget} in ${days(budgetMs)} are spent (triage.drift.retraining.budget)`,
        ]
      : []),
    ...(facts.isTraining ? ['a training of this model is running'] : []),
    ...(facts.isRollingBack
      ? ['a promotion or rollback of this model is under way']
      : []),
  ];
  return refusals.length > 0
    ? { isAllowed: false, reasons: refusals }
    : {
        isAllowed: true,
        reasons: [
          'the model’s owner and this portal allow it; either switch, or cancelling the run, would have stopped it',
        ],
      };
}
