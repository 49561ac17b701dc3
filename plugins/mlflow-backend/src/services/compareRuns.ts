// SPDX-License-Identifier: Apache-2.0
import type { MlflowMetricValue } from '@greenroom/plugin-mlflow-common';
import type { MlflowRunInfo } from '@greenroom/plugin-mlflow-node';

type Key = number | string | undefined;

const ORDER_BY =
  /^(?:(attributes?|attr|run|metrics?|params?|parameters?|tags?)\.)?(?:`([^`]+)`|"([^"]+)"|([\w.\-/ ]+))$/i;
const DIRECTION = /\s(?:ASC|DESC)$/i;

const ATTRIBUTES: Record<string, (run: MlflowRunInfo) => Key> = {
  start_time: run => run.startTime,
  created: run => run.startTime,
  end_time: run => run.endTime,
  status: run => run.status,
  run_name: run => run.runName,
  run_id: run => run.runId,
  artifact_uri: run => run.artifactUri,
  user_id: run => run.userId,
};

function fromMetric(value: MlflowMetricValue | undefined): Key {
  const number = value === undefined ? NaN : Number(value);
  return Number.isNaN(number) ? undefined : number;
}

function keyOf(kind: string, name: string): (run: MlflowRunInfo) => Key {
  switch (kind.toLowerCase().charAt(0)) {
    case 'm':
      return run => fromMetric(run.metrics[name]);
    case 'p':
      return run => run.params[name];
    case 't':
      return run => run.tags[name];
    default:
      return ATTRIBUTES[name.toLowerCase()] ?? (run => run.startTime);
  }
}

function compareKeys(a: Key, b: Key, isAscending: boolean): number {
  if (a === b) {
    return 0;
  }
  // As in MLflow, what has no value comes last in both directions.
  if (a === undefined || b === undefined) {
    return a === undefined ? 1 : -1;
  }
  const isSmaller =
    typeof a === 'number' && typeof b === 'number'
      ? a < b
      : String(a) < String(b);
  return isSmaller === isAscending ? -1 : 1;
}

/**
 * Orders runs of several instances among each other by MLflow's `order_by`;
 * each instance has sorted its own already. Ties go to the newer run.
 */
export function compareRuns(
  orderBy: string,
): (a: MlflowRunInfo, b: MlflowRunInfo) => number {
  const text = orderBy.trim();
  const direction = DIRECTION.exec(text)?.[0].trim();
  const [, kind = 'attribute', backticks, quotes, plain] =
    ORDER_BY.exec(text.replace(DIRECTION, '').trimEnd()) ?? [];
  const key = keyOf(kind, backticks ?? quotes ?? plain ?? 'start_time');
  const isAscending = direction?.toUpperCase() !== 'DESC';
  return (a, b) =>
    compareKeys(key(a), key(b), isAscending) ||
    (b.startTime ?? 0) - (a.startTime ?? 0);
}
