// SPDX-License-Identifier: Apache-2.0
import type { MlflowInstanceError } from './types';

/**
 * What an analysis of drift concluded: `P0`, far from the training data in two
 * windows in a row; `P1`, far in the last one; `P2`, something has moved; `none`; or
 * that there was too little to tell. Computed by `greenroom-ml drift`.
 *
 * @public
 */
export const MLFLOW_DRIFT_VERDICTS = [
  'P0',
  'P1',
  'P2',
  'none',
  'insufficient_data',
] as const;

/** @public */
export type MlflowDriftVerdict = (typeof MLFLOW_DRIFT_VERDICTS)[number];

/**
 * How one feature stands: `far` from its training, `moved` away from it by more than
 * chance, `none`, or too few values to tell.
 *
 * @public
 */
export const MLFLOW_DRIFT_LEVELS = [
  'far',
  'moved',
  'none',
  'insufficient_data',
] as const;

/** @public */
export type MlflowDriftLevel = (typeof MLFLOW_DRIFT_LEVELS)[number];

/**
 * The experiment that holds the analyses of a model whose trainings are in
 * `experiment`: beside it, so that its runs stay trainings.
 *
 * @public
 */
export function getMlflowDriftExperiment(experiment: string): string {
  return `${experiment}-drift`;
}

/** The share of the values in one bin. @public */
export interface MlflowDriftBin {
  /** `(1.5, 2.25]`, a value of a category, `other` or `missing`. */
  name: string;
  /** In training, from 0 to 1. */
  reference: number;
  /** In the last window, from 0 to 1. */
  now: number;
}

/** One feature, or what the model answers, held against its training. @public */
export interface MlflowDriftFeature {
  /** Absent for the predictions. */
  name?: string;
  /** Values that it rests on. */
  observations: number;
  /** Rows of the training that they are held against; absent in reports of before. */
  referenceObservations?: number;
  /** Population stability index; absent where there is too little to tell. */
  psi?: number;
  /** By how many standard deviations of the training data its mean has moved; numbers only. */
  shift?: number;
  /** That so much is chance, after the correction for the number of features. */
  qValue?: number;
  level: MlflowDriftLevel;
  /** Start of the first of the windows in a row in which it is away, ms since 1970. */
  since?: number;
  /** In the order of the reference. */
  bins: MlflowDriftBin[];
}

/** One window of the course. @public */
export interface MlflowDriftWindow {
  /** ms since 1970; absent where rows of a table were compared. */
  from?: number;
  /** ms since 1970 */
  to?: number;
  verdict: MlflowDriftVerdict;
  /** Rows that were asked in it. */
  rows: number;
}

/** Something else that was measured of the served model. @public */
export interface MlflowDriftInput {
  kind: 'requests' | 'confidence' | 'latency' | 'accuracy' | 'error';
  /** What it rests on; 0: nothing came in. */
  observations: number;
  /** In the last window. */
  value?: number;
  /** In training, or in the windows before. */
  reference?: number;
  /** `seconds` */
  unit?: string;
}

/** What one analysis says; it is an MLflow run. @public */
export interface MlflowDriftAnalysis {
  instance: string;
  runId: string;
  /** The run in MLflow's own UI. */
  url?: string;
  /** When it was made, ms since 1970. */
  at?: number;
  verdict: MlflowDriftVerdict;
  /** One sentence, computed. */
  reason: string;
  modelVersion?: string;
}

/** The newest analysis with its proof. @public */
export interface MlflowDriftReport extends MlflowDriftAnalysis {
  /** The predictions, then the farthest first. */
  features: MlflowDriftFeature[];
  /** The oldest first. */
  windows: MlflowDriftWindow[];
  inputs: MlflowDriftInput[];
}

/**
 * Answer of `GET /entities/:kind/:namespace/:name/drift`.
 *
 * @public
 */
export interface MlflowDriftResponse {
  /** Absent where no analysis was made yet. */
  latest?: MlflowDriftReport;
  /** The analyses of the last 30 days, the oldest first, at most 100. */
  course: MlflowDriftAnalysis[];
  errors: MlflowInstanceError[];
  staleSince?: number;
}
