// SPDX-License-Identifier: Apache-2.0
import type {
  ReportedMetric,
  TriageReport,
} from '@greenroom/plugin-triage-common';
import { codeSpan } from '../markup/codeSpan';

const MAX_EXPRESSION = 300;

type Point = ReportedMetric['series'][number]['points'][number];

const format = (value: number) => String(Number(value.toPrecision(3)));

function middle(points: readonly Point[]): number | undefined {
  const values = points.map(([, value]) => value).sort((a, b) => a - b);
  return values[Math.floor(values.length / 2)];
}

function describe(
  { expression, series }: ReportedMetric,
  { from, to }: { from: number; to: number },
): string | undefined {
  const points = series.flatMap(each => each.points);
  const before = middle(points.filter(([time]) => time < from));
  const meanwhile = points.filter(([time]) => time >= from && time <= to);
  const [highest] = [...meanwhile].sort((a, b) => b[1] - a[1]);
  if (!highest) {
    return undefined;
  }
  const was = before === undefined ? '' : `, ${format(before)} (median) before`;
  return `${codeSpan(expression, MAX_EXPRESSION)} was at most ${format(highest[1])}${was} (metrics)`;
}

/** What the metrics say of the time in which it went on; that none does is said, too. */
export function describeImpact(
  { metrics = [] }: TriageReport,
  { endedAt, startedAt }: { startedAt: string; endedAt?: string },
): string[] {
  const window = {
    from: Date.parse(startedAt),
    to: endedAt ? Date.parse(endedAt) : Infinity,
  };
  const sentences = metrics.flatMap(metric => describe(metric, window) ?? []);
  return sentences.length > 0
    ? sentences
    : ['No metric of that time is with this incident. (the portal)'];
}
