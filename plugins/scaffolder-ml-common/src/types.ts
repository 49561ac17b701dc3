// SPDX-License-Identifier: Apache-2.0

/**
 * What a model predicts: a class, or a number.
 *
 * @public
 */
export type ModelTask = 'classification' | 'regression';

/**
 * Whether a higher or a lower value of a metric is better.
 *
 * @public
 */
export type MetricDirection = 'maximize' | 'minimize';
