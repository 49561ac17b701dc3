// SPDX-License-Identifier: Apache-2.0
import type { TableProfile } from '../table';
import { getGateMetric, getGateMetrics } from '../metrics';
import type { ModelTask } from '../types';
import { countPlaces, InspectedTable } from './InspectedTable';

/** Above this share of the largest class, accuracy says little. */
export const RARE_SHARE = 0.8;

/**
 * What a model scores that always gives the same answer: the most frequent class
 * (scikit-learn's `DummyClassifier`), or the mean (`DummyRegressor`).
 *
 * @public
 */
export interface ConstantAnswer {
  /** The class, or the mean. */
  answer: string;
  /** Of classes: the share of rows that have it, and how many classes there are. */
  share?: number;
  classes?: number;
  /** By the names of {@link GATE_METRICS}. */
  metrics: Record<string, number>;
}

/**
 * Works out the floor under a gate from a table's own target.
 *
 * @returns undefined where the column holds nothing of the kind
 * @public
 */
export function getConstantAnswer(
  profile: TableProfile,
  options: { target: string; task: ModelTask },
): ConstantAnswer | undefined {
  const { target } = new InspectedTable(profile, options.target);
  if (!target || target.count === 0) {
    return undefined;
  }
  const counts = [...countPlaces(target)];
  if (options.task === 'classification') {
    const [place, largest] = counts.reduce((best, each) =>
      each[1] > best[1] ? each : best,
    );
    const share = largest / target.count;
    return {
      answer: target.values[place],
      share,
      classes: counts.length,
      metrics: {
        accuracy: share,
        f1_macro: (2 * share) / (1 + share) / counts.length,
        roc_auc: 0.5,
      },
    };
  }
  if (target.profile.type !== 'number') {
    return undefined;
  }
  const mean = (of: (number: number) => number) =>
    counts.reduce(
      (sum, [place, count]) => sum + count * of(target.numbers[place]),
      0,
    ) / target.count;
  const average = mean(number => number);
  return {
    answer: String(Number(average.toPrecision(4))),
    metrics: {
      r2: 0,
      rmse: Math.sqrt(mean(number => (number - average) ** 2)),
      mae: mean(number => Math.abs(number - average)),
    },
  };
}

/**
 * What a threshold is worth beside the constant answer: `refused` where accuracy
 * is to judge a table with one large class and a constant answer passes,
 * `doubtful` where a constant answer passes otherwise.
 *
 * @returns undefined when it takes more than a constant answer to pass
 * @public
 */
export function checkFloor(
  gate: { metric: string; threshold: number },
  constant: ConstantAnswer,
): 'refused' | 'doubtful' | undefined {
  const floor = constant.metrics[gate.metric];
  const metric = getGateMetric(gate.metric);
  if (floor === undefined || !metric) {
    return undefined;
  }
  const isPassed =
    metric.direction === 'maximize'
      ? gate.threshold <= floor
      : gate.threshold >= floor;
  if (!isPassed) {
    return undefined;
  }
  return gate.metric === 'accuracy' && (constant.share ?? 0) >= RARE_SHARE
    ? 'refused'
    : 'doubtful';
}

/**
 * The metric to begin with: where one class has most rows, one that a constant
 * answer does not satisfy.
 *
 * @public
 */
export function suggestMetric(
  task: ModelTask,
  constant: ConstantAnswer | undefined,
): string {
  if (task === 'classification' && (constant?.share ?? 0) >= RARE_SHARE) {
    return constant?.classes === 2 ? 'roc_auc' : 'f1_macro';
  }
  return getGateMetrics(task)[0].name;
}
