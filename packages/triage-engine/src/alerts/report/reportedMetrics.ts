// SPDX-License-Identifier: Apache-2.0
import type { ReportedMetric } from '@greenroom/plugin-triage-common';
import type { Measured, Situation } from '../facts/types';
import type { Point } from '../read/readMetrics';

const MAX_EXPRESSIONS = 6;
const MAX_SERIES = 8;
const MAX_POINTS = 240;
const MAX_LABELS = 20;
const MAX_TEXT = 1000;

/** As many points, the highest of each stretch, so that no peak is lost. */
function thinned(points: Point[]): Point[] {
  const step = Math.ceil(points.length / MAX_POINTS);
  if (step <= 1) {
    return points;
  }
  return Array.from({ length: Math.ceil(points.length / step) }, (_, at) =>
    points
      .slice(at * step, (at + 1) * step)
      .reduce((most, point) => (point[1] > most[1] ? point : most)),
  );
}

/** What was measured, the alert's own expression first. */
export function reportedMetrics({ metrics }: Situation): ReportedMetric[] {
  const byExpression = new Map<string, Measured[]>();
  const ordered = [...metrics].sort(
    (a, b) => Number(b.isOfAlert) - Number(a.isOfAlert),
  );
  for (const each of ordered) {
    const known = byExpression.get(each.expression) ?? [];
    byExpression.set(each.expression, [...known, each]);
  }
  return [...byExpression]
    .slice(0, MAX_EXPRESSIONS)
    .map(([expression, all]) => ({
      expression: expression.slice(0, MAX_TEXT),
      series: all.slice(0, MAX_SERIES).map(({ labels, points }) => ({
        labels: Object.fromEntries(
          Object.entries(labels)
            .slice(0, MAX_LABELS)
            .map(([name, value]) => [name, value.slice(0, MAX_TEXT)]),
        ),
        points: thinned(points),
      })),
    }));
}
