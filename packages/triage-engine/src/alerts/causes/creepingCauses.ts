// SPDX-License-Identifier: Apache-2.0
import { duration } from '../facts/quantity';
import { valueOf } from '../facts/measure';
import { steadyRise } from '../facts/trend';
import type { Measured, Situation } from '../facts/types';
import { distinct } from './helpers';
import type { Candidate } from './types';

/** What is used up, and not given back before somebody does something. */
const ACCUMULATES = ['memory', 'gpu-memory', 'disk', 'limit', 'other'];
const CREEPS = 0.01;

/** On its way to its limit, however slowly: that it hurts nobody yet is no comfort. */
export const isCreeping = ({ isOfAlert, kind, points }: Measured): boolean =>
  isOfAlert && ACCUMULATES.includes(kind) && (steadyRise(points) ?? 0) > CREEPS;

/** Something that grows all the time, where nothing tells what holds it. */
export function creepingCauses({ metrics }: Situation): Candidate[] {
  const own = metrics.filter(
    each => isCreeping(each) && each.trend.shape === 'flat',
  );
  const [first] = own.sort((a, b) => b.trend.after - a.trend.after);
  if (!first) {
    return [];
  }
  const { points, expression } = first;
  const [since, from] = points[0];
  const [until, to] = points[points.length - 1];
  return [
    {
      rule: 'creeping',
      type: 'unknown',
      score: 4.5,
      isProven: false,
      statement: `${expression.slice(0, 80)} rises steadily, from ${valueOf(first, from)} to ${valueOf(first, to)} within ${duration(until - since)}, and goes on to its limit; nothing tells what holds it.`,
      evidence: distinct([
        first.evidence,
        ...metrics
          .filter(
            each =>
              each !== first &&
              !each.isOfAlert &&
              ACCUMULATES.includes(each.kind) &&
              (steadyRise(each.points) ?? 0) > CREEPS,
          )
          .map(({ evidence }) => evidence),
      ]),
      steps: [
        'Look at it over days, and take a heap profile (or a list of what holds it) now and once it has grown; restart before the limit is reached.',
      ],
      missing: ['A heap profile of the process, and the series over days.'],
    },
  ];
}
