// SPDX-License-Identifier: Apache-2.0
import type { KserveObjective } from '@greenroom/plugin-kserve-common';
import type { PrometheusRule } from '@greenroom/prometheus-client';

const DAYS = 30;
const HOUR_S = 3_600;
const UNITS: Record<string, number> = { m: 60, h: HOUR_S, d: 24 * HOUR_S };
/** Of hostile length is no rule. */
const MAX_QUERY = 4_000;
const COMPARISON =
  /\b(model:[a-z_]+:[a-z0-9_]*ratio)(\d{1,4})([mhd]) *> *(\d[\d.e+-]{0,30})/g;

/** Alerts of the generated rules (platform/monitoring/model-serving.rules.yaml). */
export const OBJECTIVE_ALERTS = [
  'ModelErrorBudgetBurnFast',
  'ModelErrorBudgetBurnSlow',
  'ModelLatencyBudgetBurnFast',
  'ModelLatencyBudgetBurnSlow',
];

/** Share of the budget that a long window may use up, by its seconds, as Google's SRE workbook has it. */
const SHARES = new Map([
  [HOUR_S, 0.02],
  [6 * HOUR_S, 0.05],
  [24 * HOUR_S, 0.1],
  [72 * HOUR_S, 0.1],
]);

/** A long window and a short one, with the ratio of bad requests above which both alert. */
export interface RulePair {
  rule: PrometheusRule;
  long: string;
  short: string;
  ratio: number;
  /** Of the long window. */
  seconds: number;
}

/** An objective as the rules have it. */
export interface RuleObjective extends Pick<
  KserveObjective,
  'kind' | 'target' | 'days' | 'thresholdMs'
> {
  /** Name of the records without its window, e.g. `model:ml_request_errors_internal:ratio`. */
  record: string;
  pairs: RulePair[];
}

function toPairs(rule: PrometheusRule) {
  return rule.query
    .slice(0, MAX_QUERY)
    .split(/\bor\b/)
    .flatMap(part => {
      const sides = [...part.matchAll(COMPARISON)]
        .map(([, record, count, unit, ratio]) => ({
          record,
          window: `${count}${unit}`,
          seconds: Number(count) * UNITS[unit],
          ratio: Number(ratio),
        }))
        .sort((a, b) => b.seconds - a.seconds);
      const [long, short] = sides;
      return sides.length === 2 &&
        long.record === short.record &&
        long.ratio > 0
        ? [
            {
              record: long.record,
              rule,
              long: long.window,
              short: short.window,
              ratio: long.ratio,
              seconds: long.seconds,
            },
          ]
        : [];
    });
}

/** The budget by the pair of the longest window of which the workbook says what it may use up. */
function findBudget(pairs: readonly RulePair[]): number | undefined {
  const [known] = pairs
    .filter(({ seconds }) => SHARES.has(seconds))
    .sort((a, b) => b.seconds - a.seconds);
  const share = known && SHARES.get(known.seconds);
  const budget =
    share && (known.ratio * known.seconds) / (share * DAYS * 24 * HOUR_S);
  return budget && budget < 1 ? budget : undefined;
}

/** The objectives that the alerting rules stand for, latency first. */
export function toObjectives(
  rules: readonly PrometheusRule[],
): RuleObjective[] {
  const pairs = rules.flatMap(toPairs);
  const records = [...new Set(pairs.map(({ record }) => record))].sort();
  return records
    .flatMap(record => {
      const own = pairs
        .filter(pair => pair.record === record)
        .sort((a, b) => a.seconds - b.seconds);
      const budget = findBudget(own);
      if (!budget) {
        return [];
      }
      const over = /:over_(\d{1,9})ms_ratio$/.exec(record)?.[1];
      return [
        {
          kind: over ? ('latency' as const) : ('errors' as const),
          // The rules round thresholds to six digits.
          target: Number((1 - budget).toFixed(5)),
          days: DAYS,
          ...(over && { thresholdMs: Number(over) }),
          record,
          pairs: own,
        },
      ];
    })
    .sort((a, b) => b.kind.localeCompare(a.kind));
}
