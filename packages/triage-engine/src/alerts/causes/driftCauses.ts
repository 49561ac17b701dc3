// SPDX-License-Identifier: Apache-2.0
import { figure } from '../facts/quantity';
import type { Situation } from '../facts/types';
import { typeOfAlert } from './exceptionCause';
import type { Candidate } from './types';

/**
 * What moved, where the alert is about drift. Why it moved is known where the values come from, so it is
 * never the proven cause.
 */
export function driftCauses(situation: Situation): Candidate[] {
  const { alert, metrics, onset } = situation;
  const measured = metrics.find(({ isOfAlert }) => isOfAlert);
  if (typeOfAlert(situation) !== 'drift' || !measured) {
    return [];
  }
  const { feature } = alert.labels;
  const what = feature ? `the feature ${feature}` : 'the predictions';
  const { trend, evidence, expression } = measured;
  const since = new Date(onset).toISOString().slice(0, 16).replace('T', ' ');
  return [
    {
      rule: 'drift-measured',
      type: 'drift',
      // Before what merely happened around that time.
      score: 5.8,
      isProven: false,
      statement: `The values of ${what} are no longer those of the training: ${expression.split(/ [<>]/)[0]} is ${figure(trend.after)} (before ${figure(trend.before)}) since ${since} UTC.`,
      evidence: [evidence],
      steps: [
        `Start the drift analysis of the model (workflow Drift analysis): it says by how much ${feature ?? 'each feature'} moved, and since when.`,
        `Ask who delivers ${feature ?? 'the inputs'} what changed there: a unit, a source, a join, a new group of callers.`,
      ],
      missing: [
        `What changed where the values of ${what} come from: nothing of the service itself tells.`,
      ],
    },
  ];
}
