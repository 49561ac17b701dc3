// SPDX-License-Identifier: Apache-2.0
import type { Seen } from './useSeen';

const BEFORE_METRICS = ['gate'];
const AFTER_METRICS = ['version', 'commit', 'ciRun', 'user'];
const DEFAULT_LENGTH = 7;
// Written by MLflow's own monitoring; of the machine, not of the model.
const SYSTEM_METRIC = /^system\//;

/**
 * The columns shown until a person chooses: of the usual ones those that hold
 * something, and metrics, first those of the gate.
 */
export function getDefaultColumns(
  seen: Pick<Seen, 'columns' | 'gates' | 'metrics'>,
) {
  const before = BEFORE_METRICS.filter(id => seen.columns.has(id));
  const after = AFTER_METRICS.filter(id => seen.columns.has(id));
  const rank = (name: string) =>
    seen.gates.has(name) ? 0 : 1 + Number(SYSTEM_METRIC.test(name));
  const metrics = [...seen.metrics]
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, Math.max(DEFAULT_LENGTH - before.length - after.length, 2))
    .map(name => `metric:${name}`);
  return [...before, ...metrics, ...after];
}
