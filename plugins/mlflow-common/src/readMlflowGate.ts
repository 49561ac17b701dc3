// SPDX-License-Identifier: Apache-2.0
import { MLFLOW_TAGS } from './tags';
import type { MlflowGateVerdict, MlflowMetricValue } from './types';

function parseMetric(text: string | undefined): MlflowMetricValue | undefined {
  const trimmed = text?.trim() ?? '';
  if (/^nan$/i.test(trimmed)) {
    return 'NaN';
  }
  // Python writes `inf`, JSON's users write `Infinity`.
  const infinite = /^([+-]?)inf(?:inity)?$/i.exec(trimmed);
  if (infinite) {
    return infinite[1] === '-' ? '-Infinity' : 'Infinity';
  }
  const value = trimmed === '' ? NaN : Number(trimmed);
  return Number.isFinite(value) ? value : undefined;
}

function parseFinite(text: string | undefined): number | undefined {
  const value = parseMetric(text);
  return typeof value === 'number' ? value : undefined;
}

/**
 * Reads the verdict of the quality gate from a run's tags (`greenroom.gate.*`,
 * see {@link MLFLOW_TAGS}). Undefined when the run was not gated, or when its
 * tags are incomplete or contradict the form, so that no verdict is made up.
 *
 * @public
 */
export function readMlflowGate(
  tags: Record<string, string>,
): MlflowGateVerdict | undefined {
  const metric = tags[MLFLOW_TAGS.gateMetric];
  const direction = tags[MLFLOW_TAGS.gateDirection];
  const threshold = parseFinite(tags[MLFLOW_TAGS.gateThreshold]);
  const value = parseMetric(tags[MLFLOW_TAGS.gateValue]);
  // Python's str(True) is `True`.
  const passed = tags[MLFLOW_TAGS.gatePassed]?.trim().toLowerCase();
  if (
    !metric ||
    (direction !== 'maximize' && direction !== 'minimize') ||
    threshold === undefined ||
    value === undefined ||
    (passed !== 'true' && passed !== 'false')
  ) {
    return undefined;
  }
  const low = parseFinite(tags[MLFLOW_TAGS.gateLow]);
  const high = parseFinite(tags[MLFLOW_TAGS.gateHigh]);
  return {
    metric,
    direction,
    threshold,
    value,
    interval:
      low !== undefined && high !== undefined && low <= high
        ? { low, high }
        : undefined,
    constantValue: parseFinite(tags[MLFLOW_TAGS.gateConstant]),
    linearValue: parseFinite(tags[MLFLOW_TAGS.gateLinear]),
    passed: passed === 'true',
    isUnsure: tags[MLFLOW_TAGS.gateOutcome] === 'cannot tell' || undefined,
    reason: tags[MLFLOW_TAGS.gateReason]?.trim() || undefined,
    championVersion: tags[MLFLOW_TAGS.gateChampionVersion] || undefined,
    championValue: parseFinite(tags[MLFLOW_TAGS.gateChampionValue]),
    candidateValue: parseFinite(tags[MLFLOW_TAGS.gateCandidateValue]),
  };
}
