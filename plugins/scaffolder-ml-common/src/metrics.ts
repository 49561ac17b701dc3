// SPDX-License-Identifier: Apache-2.0
import type { MetricDirection, ModelTask } from './types';

/**
 * A metric that the quality gate of a generated repository can decide by. The
 * names are the ones that the pipeline logs to MLflow.
 *
 * @public
 */
export interface GateMetric {
  /** As MLflow, the pipeline and the parameter `metric` write it. */
  name: string;
  /** As people write it. */
  title: string;
  /** What kind of model it measures. */
  task: ModelTask;
  /** Which values are better. */
  direction: MetricDirection;
  /** The lowest threshold that can fail a model. */
  minimum: number;
  /** The highest threshold that a model can reach; none for errors in the target's unit. */
  maximum?: number;
  /** Where {@link GateMetric.minimum} itself is no useful threshold. */
  exclusiveMinimum?: boolean;
}

/**
 * The metrics, by task; the first of a task is its default.
 *
 * The ranges follow scikit-learn's definitions: scores end at 1, a ROC AUC of
 * 0.5 is chance, R² of 0 is the mean, errors are never negative.
 * https://scikit-learn.org/stable/modules/model_evaluation.html
 *
 * @public
 */
export const GATE_METRICS: readonly GateMetric[] = [
  {
    name: 'accuracy',
    title: 'Accuracy',
    task: 'classification',
    direction: 'maximize',
    minimum: 0,
    exclusiveMinimum: true,
    maximum: 1,
  },
  {
    name: 'f1_macro',
    title: 'F1 (macro)',
    task: 'classification',
    direction: 'maximize',
    minimum: 0,
    exclusiveMinimum: true,
    maximum: 1,
  },
  {
    name: 'roc_auc',
    title: 'ROC AUC',
    task: 'classification',
    direction: 'maximize',
    minimum: 0.5,
    maximum: 1,
  },
  {
    name: 'r2',
    title: 'R²',
    task: 'regression',
    direction: 'maximize',
    minimum: 0,
    maximum: 1,
  },
  {
    name: 'rmse',
    title: 'RMSE',
    task: 'regression',
    direction: 'minimize',
    minimum: 0,
    exclusiveMinimum: true,
  },
  {
    name: 'mae',
    title: 'MAE',
    task: 'regression',
    direction: 'minimize',
    minimum: 0,
    exclusiveMinimum: true,
  },
];

/**
 * The metric of that name.
 *
 * @public
 */
export function getGateMetric(name: string): GateMetric | undefined {
  return GATE_METRICS.find(metric => metric.name === name);
}

/**
 * The metrics that apply to a task, the default first.
 *
 * @public
 */
export function getGateMetrics(task: ModelTask): GateMetric[] {
  return GATE_METRICS.filter(metric => metric.task === task);
}

/**
 * Why a threshold is not one for its metric.
 *
 * @public
 */
export type ThresholdProblem = 'not-a-number' | 'too-low' | 'too-high';

/**
 * Says whether a threshold lies where it can both fail and pass a model.
 *
 * @returns undefined when it does
 * @public
 */
export function checkThreshold(
  metric: GateMetric,
  threshold: unknown,
): ThresholdProblem | undefined {
  if (typeof threshold !== 'number' || !Number.isFinite(threshold)) {
    return 'not-a-number';
  }
  if (
    threshold < metric.minimum ||
    (metric.exclusiveMinimum && threshold === metric.minimum)
  ) {
    return 'too-low';
  }
  return metric.maximum !== undefined && threshold > metric.maximum
    ? 'too-high'
    : undefined;
}
