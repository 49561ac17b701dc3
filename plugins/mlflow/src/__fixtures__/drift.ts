import type {
  MlflowDriftBin,
  MlflowDriftReport,
  MlflowDriftResponse,
} from '@greenroom/plugin-mlflow-common';
import { NOW } from './training';

const DAY = 24 * 60 * 60_000;

function bins(now: readonly number[], names?: readonly string[]) {
  return now.map((share, index): MlflowDriftBin => ({
    name:
      names?.[index] ??
      `(${(11 + index * 0.4).toFixed(1)}, ${(11.4 + index * 0.4).toFixed(1)}]`,
    reference: 1 / now.length,
    now: share,
  }));
}

export function createDriftReport(
  overrides?: Partial<MlflowDriftReport>,
): MlflowDriftReport {
  return {
    instance: 'eu',
    runId: 'd1',
    url: 'https://mlflow.example.com/#/experiments/2/runs/d1',
    at: NOW - 2 * 60 * 60_000,
    verdict: 'P1',
    reason: 'far from the training data: alcohol',
    modelVersion: '7',
    features: [
      { observations: 12, level: 'insufficient_data', bins: [] },
      {
        name: 'alcohol',
        observations: 1_240,
        psi: 0.412,
        shift: 0.92,
        qValue: 3e-9,
        level: 'far',
        since: NOW - 3 * DAY,
        bins: bins([0.01, 0.02, 0.04, 0.05, 0.06, 0.08, 0.12, 0.17, 0.2, 0.25]),
      },
      {
        name: 'color',
        observations: 1_240,
        psi: 0.13,
        qValue: 0.004,
        level: 'moved',
        since: NOW - DAY,
        bins: bins([0.2, 0.38, 0.4, 0.02], ['red', 'rosé', 'white', 'other']),
      },
      {
        name: 'hue',
        observations: 1_240,
        psi: 0.01,
        shift: 0.01,
        qValue: 0.7,
        level: 'none',
        bins: bins([0.1, 0.11, 0.09, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1]),
      },
    ],
    windows: [6, 5, 4, 3, 2, 1].map(days => ({
      from: NOW - days * DAY,
      to: NOW - (days - 1) * DAY,
      verdict: days > 3 ? 'none' : 'P1',
      rows: 900 + days * 40,
    })),
    inputs: [
      { kind: 'requests', observations: 1_240, value: 1_240, reference: 1_100 },
      {
        kind: 'latency',
        observations: 1_240,
        value: 0.038,
        reference: 0.036,
        unit: 'seconds',
      },
      { kind: 'accuracy', observations: 0 },
    ],
    ...overrides,
  };
}

export function createDrift(
  overrides?: Partial<MlflowDriftResponse>,
): MlflowDriftResponse {
  const latest = createDriftReport();
  return { latest, course: [latest], errors: [], ...overrides };
}
