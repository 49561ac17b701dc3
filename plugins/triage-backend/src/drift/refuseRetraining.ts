// SPDX-License-Identifier: Apache-2.0
import {
  refuseDispatch,
  toDuration,
  unless,
  type DispatchFacts,
} from './refuseDispatch';

/** What a retraining is decided from. */
export interface RetrainingFacts extends DispatchFacts {
  /** What `config.yaml` of the model says (`drift.retrain`), as the analysis recorded it. */
  ownerAllows: boolean;
  isRollingBack: boolean;
}

/** How often a retraining may be started. */
export interface RetrainingLimits {
  cooldownMs: number;
  /** In `budgetMs`. */
  budget: number;
  budgetMs: number;
}

/** Why no training is started. Empty where it may be. */
export function refuseRetraining(
  facts: RetrainingFacts,
  { budget, budgetMs, cooldownMs }: RetrainingLimits,
): string[] {
  const { earlier, isRollingBack, now, ownerAllows } = facts;
  const key = 'triage.drift.retraining';
  const spent = earlier.filter(at => now - at < budgetMs).length;
  return [
    ...unless(
      ownerAllows,
      'the model’s owner has not switched it on (drift.retrain in config.yaml)',
    ),
    ...refuseDispatch(facts, { key, what: 'a training', cooldownMs }),
    ...unless(
      spent < budget,
      `${spent} of ${budget} in ${toDuration(budgetMs)} are spent (${key}.budget)`,
    ),
    ...unless(
      !isRollingBack,
      'a promotion or rollback of this model is under way',
    ),
  ];
}
