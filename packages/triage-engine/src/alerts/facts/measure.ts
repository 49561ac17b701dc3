// SPDX-License-Identifier: Apache-2.0
import { oneLine } from '../../text/oneLine';
import { ellipsis } from '../../text/cutText';
import type { Series } from '../read/readMetrics';
import { bytes, figure } from './quantity';
import { trendOf } from './trend';
import type { Measured, MeasuredKind } from './types';

/** What metrics are called as a source of evidence. */
export const METRICS = 'metrics';

const KINDS: Array<[MeasuredKind, RegExp]> = [
  ['limit', /resource_(?:limits|requests)|spec_memory_limit|quota/],
  ['throttling', /throttl/],
  ['oom', /oom_events|oom_kill/],
  ['gpu-memory', /FB_USED|FB_FREE|gpu_mem|fb_memory/i],
  ['restarts', /restarts_total|terminated_reason|waiting_reason/],
  ['replicas', /replicas|actual_pods|desired_pods|pod_status_ready|count\(/],
  ['disk', /filesystem|volume_stats|disk|dir_used|fs_usage/],
  ['memory', /memory|rss|heap/],
  ['queue', /queue|pending|waiting|in_?flight|backlog|concurren|lag\b/],
  ['latency', /histogram_quantile|duration|latency|_seconds\b|response_time/],
  ['errors', /[=~"|]5(?:\.\.|xx|\d\d)|5xx|error|fail|_50\d|dropped|reject/i],
  ['cpu', /cpu|GPU_UTIL|utili[sz]ation/],
  ['up', /^up\b|probe_success|scrape_/],
  ['traffic', /requests?_?(?:count|total|seconds_count)?|rate\(/],
];

/** What an expression measures, by the names of its metrics. */
function kindOfMetric(expression: string): MeasuredKind {
  // A duration's count is traffic.
  const named = expression.replace(
    /duration_seconds_count|seconds_count/g,
    'requests',
  );
  return KINDS.find(([, pattern]) => pattern.test(named))?.[0] ?? 'other';
}

const IN_BYTES = /bytes|memory_(?:working|usage|rss)|limits\{resource="memory"/;

/** A value of a series for people. */
export const valueOf = ({ expression }: Series, value: number) =>
  IN_BYTES.test(expression) && !expression.includes('/')
    ? bytes(value)
    : figure(value);

const clock = (ms: number) =>
  new Date(ms).toISOString().slice(0, 16).replace('T', ' ');

function describe(series: Series, measured: Measured['trend']): string {
  const labels = Object.entries(series.labels)
    .slice(0, 12)
    .map(([name, value]) => `${name}="${ellipsis(oneLine(value), 120)}"`)
    .join(', ');
  const { shape, before, after, peak, peakAt, changedAt } = measured;
  const show = (value: number) => valueOf(series, value);
  return `${ellipsis(oneLine(series.expression), 400)} {${labels}}: ${shape}; before ${show(before)}, at the alert ${show(after)}, highest ${show(peak)} at ${clock(peakAt)} UTC${changedAt === undefined ? '' : `, changed at ${clock(changedAt)} UTC`}`;
}

/** Each series with its course around the alert and its line of evidence. */
export function measure(all: Series[], start: number): Measured[] {
  return all.map((series, index) => {
    const trend = trendOf(series, start);
    return {
      ...series,
      trend,
      kind: kindOfMetric(series.expression),
      evidence: {
        source: METRICS,
        line: index + 1,
        quote: describe(series, trend),
      },
    };
  });
}
