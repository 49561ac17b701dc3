// SPDX-License-Identifier: Apache-2.0
import type { FailureType, Finding } from '@greenroom/plugin-triage-common';
import { ALERT_POLICIES } from './alertPolicies';
import {
  BLOCKED,
  FLOOR,
  HARMLESS,
  OUTAGE,
  TO_LOOK_AT,
  type Levels,
} from './levels';

/**
 * All labels that triage ever sets.
 */
export const TRIAGE_LABELS = [
  'triage',
  'security',
  'test',
  'build',
  'model-validation',
  'deployment',
  'infrastructure',
  'flaky',
  'priority: P0',
  'priority: P1',
  'priority: P2',
  'priority: P3',
] as const;

export type TriageLabel = (typeof TRIAGE_LABELS)[number];

/** What is decided of a type. */
export interface Policy {
  label?: TriageLabel;
  /** Findings of these kinds raise the level. */
  kinds?: readonly Finding['kind'][];
  levels: Levels;
  /** Why, after "a failure of this kind". */
  reason: string;
}

/**
 * The table of decisions. P0 is for what stops production from serving; drift
 * has its own rules.
 */
export const POLICIES: Record<FailureType, Policy> = {
  secret: {
    label: 'security',
    kinds: ['secret'],
    levels: { protected: ['critical', 'P1'], other: ['high', 'P2'] },
    reason: 'a secret that was pushed has to be revoked',
  },
  sast: {
    label: 'security',
    kinds: ['sast'],
    levels: TO_LOOK_AT,
    reason: 'the code scan stops the release',
  },
  sca: {
    label: 'security',
    kinds: ['sca'],
    levels: TO_LOOK_AT,
    reason: 'the dependency scan stops the release',
  },
  'container-cve': {
    label: 'security',
    kinds: ['container-cve'],
    levels: TO_LOOK_AT,
    reason: 'the image scan stops the release',
  },
  license: {
    label: 'security',
    kinds: ['license'],
    levels: { protected: ['medium', 'P2'], other: ['low', 'P3'] },
    reason: 'a licence needs a decision before the release',
  },
  'unit-test': {
    label: 'test',
    levels: BLOCKED,
    reason: 'tests fail',
  },
  lint: {
    label: 'test',
    levels: { protected: ['medium', 'P3'], other: FLOOR },
    reason: 'style is easily mended',
  },
  flaky: {
    label: 'flaky',
    levels: HARMLESS,
    reason: 'the same code passed as well',
  },
  build: {
    label: 'build',
    levels: BLOCKED,
    reason: 'nothing can be built',
  },
  'training-error': {
    label: 'model-validation',
    levels: BLOCKED,
    reason: 'no new model is made',
  },
  'data-loading': {
    label: 'model-validation',
    levels: BLOCKED,
    reason: 'the data cannot be used',
  },
  gate: {
    label: 'model-validation',
    levels: BLOCKED,
    reason: 'the gate kept a worse model from being released',
  },
  'out-of-memory': {
    label: 'infrastructure',
    levels: {
      prod: ['critical', 'P0'],
      protected: ['high', 'P2'],
      other: ['medium', 'P3'],
    },
    reason: 'memory ran out',
  },
  manifest: {
    label: 'deployment',
    levels: BLOCKED,
    reason: 'the manifest was refused before it was applied',
  },
  'argo-sync': {
    label: 'deployment',
    levels: OUTAGE,
    reason: 'the cluster does not run what was asked for',
  },
  'image-pull': {
    label: 'deployment',
    levels: OUTAGE,
    reason: 'the model cannot start',
  },
  credentials: {
    label: 'infrastructure',
    levels: BLOCKED,
    reason: 'nothing goes on until the access is set right',
  },
  configuration: {
    label: 'infrastructure',
    levels: BLOCKED,
    reason: 'nothing goes on until the setting is right',
  },
  infrastructure: {
    label: 'infrastructure',
    levels: { protected: ['medium', 'P2'], other: FLOOR },
    reason: 'something outside of the repository failed',
  },
  timeout: {
    label: 'infrastructure',
    levels: { protected: ['medium', 'P2'], other: FLOOR },
    reason: 'the job took too long',
  },
  cancelled: {
    levels: HARMLESS,
    reason: 'the run was cancelled',
  },
  ...ALERT_POLICIES,
  unknown: {
    levels: TO_LOOK_AT,
    reason: 'no rule knows this failure',
  },
};

/** What the worst finding of the failed scan asks for, by its severity. */
export const FINDING_LEVELS: Partial<Record<Finding['severity'], Levels>> = {
  critical: { protected: ['critical', 'P1'], other: ['critical', 'P2'] },
  high: { protected: ['high', 'P2'], other: ['high', 'P2'] },
};
