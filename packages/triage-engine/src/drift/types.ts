// SPDX-License-Identifier: Apache-2.0
import type { TriageReport } from '@greenroom/plugin-triage-common';

/** One feature, or the predictions, held against the training. @public */
export interface DriftedFeature {
  /** Absent for the predictions. */
  name?: string;
  level: 'far' | 'moved' | 'none' | 'insufficient_data';
  observations: number;
  psi?: number;
  /** In standard deviations of the training. */
  shift?: number;
  qValue?: number;
  /** ISO 8601 */
  since?: string;
  /** Rows of the training that it is held against. */
  referenceObservations?: number;
  /** Shares from 0 to 1; for the picture, and no part of what a model is asked. */
  bins?: Array<{ name: string; reference: number; now: number }>;
}

/** What a report on drift is made from. @public */
export interface DriftFailure {
  incident: Omit<TriageReport['incident'], 'kind' | 'alert'>;
  /** Computed by greenroom-ml, never by a model. */
  verdict: 'P0' | 'P1' | 'P2';
  /** One sentence. */
  reason: string;
  modelVersion?: string;
  features: DriftedFeature[];
  /** Verdicts of the windows, the oldest first. */
  windows: Array<{ from?: string; verdict: string; rows: number }>;
  /** `accuracy 0.91, 0.95 at training (50 labels)` */
  inputs: string[];
  /** Entity reference or GitHub team. */
  owner?: string;
}
