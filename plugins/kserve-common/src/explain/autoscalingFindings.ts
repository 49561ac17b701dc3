// SPDX-License-Identifier: Apache-2.0
import { Rank, type Finding } from './Finding';
import { shortName, toFinding } from './conditionFindings';
import { clean, titleOf } from './quote';
import { readConditions, type Situation } from './Situation';

/** What autoscalers say that matters to those who wait for an answer. */
export function autoscalingFindings(situation: Situation): Finding[] {
  const bad: Record<string, (status: string) => boolean> = {
    ScalingActive: status => status === 'False',
    AbleToScale: status => status === 'False',
    Ready: status => status === 'False',
    Fallback: status => status === 'True',
  };
  return ['HorizontalPodAutoscaler', 'ScaledObject']
    .flatMap(situation.own)
    .flatMap(scaler =>
      readConditions(scaler)
        .filter(
          ({ type, status, reason }) =>
            Object.hasOwn(bad, type) &&
            bad[type](status) &&
            reason !== 'ScalingDisabled',
        )
        .map(condition =>
          toFinding(
            { ...condition, status: 'False' },
            {
              source: titleOf(scaler),
              what: `It does not scale: ${shortName(scaler)} has ${clean(condition.type)} ${clean(condition.status)} (${clean(condition.reason)})`,
              rank: Rank.autoscaling,
            },
          ),
        ),
    );
}
