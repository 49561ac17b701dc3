// SPDX-License-Identifier: Apache-2.0
import type { Priority, TriageReport } from '@greenroom/plugin-triage-common';

export type DecisionSeverity = TriageReport['decision']['severity'];

/** How bad, and how soon. */
export type Level = readonly [DecisionSeverity, Priority];

/** Where a failure counts: the first that holds. */
export type Place = 'prod' | 'protected' | 'other';

/** `prod` is as `protected` where it is not told. */
export interface Levels {
  prod?: Level;
  protected: Level;
  other: Level;
}

/** Nothing is affected. */
export const FLOOR: Level = ['low', 'P3'];

export const HARMLESS: Levels = { protected: FLOOR, other: FLOOR };

/** Production does not answer. */
export const OUTAGE: Levels = {
  prod: ['critical', 'P0'],
  protected: ['high', 'P1'],
  other: ['medium', 'P2'],
};

/** Production answers, but worse than it should. */
export const DEGRADED: Levels = {
  prod: ['high', 'P1'],
  protected: ['high', 'P2'],
  other: ['medium', 'P3'],
};

/** Nothing new gets out. */
export const BLOCKED: Levels = {
  protected: ['high', 'P2'],
  other: ['medium', 'P3'],
};

/** Somebody has to look, but nothing stands still. */
export const TO_LOOK_AT: Levels = {
  protected: ['medium', 'P2'],
  other: ['medium', 'P3'],
};
