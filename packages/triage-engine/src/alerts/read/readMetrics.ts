// SPDX-License-Identifier: Apache-2.0
import type { StageError } from '@greenroom/plugin-triage-common';
import { z } from 'zod';

const MAX_SERIES = 200;
const MAX_POINTS = 12_000;

const point = z.tuple([
  z.union([z.number(), z.string()]),
  z.union([z.string(), z.number()]),
]);

const querySchema = z.object({
  expr: z.string(),
  series: z.array(
    z.object({
      metric: z.record(z.string(), z.string()).default({}),
      values: z.array(point).max(MAX_POINTS),
      expr: z.string().optional(),
    }),
  ),
});

/** Milliseconds since 1970, and the value. */
export type Point = [number, number];

/** One series of one expression. */
export interface Series {
  expression: string;
  labels: Record<string, string>;
  points: Point[];
  /** Whether it is of the alert's own expression. */
  isOfAlert: boolean;
}

/** Times of Prometheus are in seconds, those of other sources may be in milliseconds. */
function toPoint([time, value]: z.infer<typeof point>): Point[] {
  const seconds = typeof time === 'number' ? time : Number(time || NaN);
  const number = typeof value === 'number' ? value : Number(value || NaN);
  const ms = Math.round(seconds > 1e11 ? seconds : seconds * 1000);
  return Number.isFinite(ms) && Number.isFinite(number) ? [[ms, number]] : [];
}

/** The same expression, but for its threshold. */
function isPartOf(expression: string, whole: string | undefined): boolean {
  const normal = (text: string) =>
    text.replace(/\s+/g, '').replace(/^\({1,8}/, '');
  return whole !== undefined && normal(whole).startsWith(normal(expression));
}

/**
 * Series from what Prometheus answered; queries of another form are named, and
 * values that are no numbers are left out.
 */
export function readMetrics(
  queries: unknown[],
  alertExpression: string | undefined,
): { series: Series[]; errors: StageError[] } {
  const errors: StageError[] = [];
  const series = queries.flatMap((query, index): Series[] => {
    const { success, data, error } = querySchema.safeParse(query);
    if (!success) {
      const [issue] = error.issues;
      errors.push({
        stage: 'metrics',
        code: 'malformed',
        message: `Query ${index + 1} of the metrics is left out: ${issue.path.join('.') || 'it'} has to be { expr, series [{ metric, values [[time, value]] }] }.`,
      });
      return [];
    }
    return data.series.map(each => {
      const expression = each.expr ?? data.expr;
      return {
        expression,
        labels: each.metric,
        points: each.values.flatMap(toPoint).sort(([a], [b]) => a - b),
        isOfAlert:
          isPartOf(expression, alertExpression) ||
          (each.expr !== undefined && isPartOf(expression, data.expr)),
      };
    });
  });
  if (series.length > MAX_SERIES) {
    errors.push({
      stage: 'metrics',
      code: 'too-many',
      message: `Only the first ${MAX_SERIES} of ${series.length} series are read.`,
    });
  }
  return {
    series: series
      .slice(0, MAX_SERIES)
      .filter(({ points }) => points.length > 0),
    errors,
  };
}
