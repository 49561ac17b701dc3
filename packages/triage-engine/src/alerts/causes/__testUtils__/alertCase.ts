// SPDX-License-Identifier: Apache-2.0
import { bufferInput } from '../../../logs/input/bufferInput';
import { alertmanagerBodySchema } from '../../read/alertmanager';
import type { AlertFailure, MetricsQuery } from '../../types';

/** When the alerts of these tests begin to fire. */
export const START = '2026-05-04T10:00:00Z';

/** The time so many minutes after the alert began. */
export const at = (minutes: number) =>
  new Date(Date.parse(START) + minutes * 60_000).toISOString();

/** One series with a value for each minute from `from` to the alert. */
export const seriesOf = (
  expr: string,
  metric: Record<string, string>,
  valueAt: (minute: number) => number,
  from = -90,
): MetricsQuery => ({
  expr,
  series: [
    {
      metric,
      values: Array.from({ length: 10 - from }, (_, index) => [
        Date.parse(START) / 1000 + (from + index) * 60,
        String(valueAt(from + index)),
      ]),
    },
  ],
});

/** An event of Kubernetes. */
export const eventOf = (
  minutes: number,
  reason: string,
  involvedObject: { kind: string; name: string; namespace?: string },
  message: string,
) => ({
  kind: 'Event',
  metadata: { name: `${involvedObject.name}.${reason}.${minutes}` },
  type: 'Warning',
  reason,
  message,
  involvedObject,
  lastTimestamp: at(minutes),
  firstTimestamp: at(minutes),
});

/** All that is known around an alert, from its parts. */
export function alertCase({
  labels,
  summary = 'Something is wrong.',
  expr = 'up == 0',
  objects = [],
  logs = {},
  metrics = [],
}: {
  labels: Record<string, string>;
  summary?: string;
  expr?: string;
  objects?: unknown[];
  /** By `POD_CONTAINER`. */
  logs?: Record<string, string[]>;
  metrics?: MetricsQuery[];
}): AlertFailure {
  const { alerts } = alertmanagerBodySchema.parse({
    version: '4',
    status: 'firing',
    alerts: [
      {
        status: 'firing',
        labels: { alertname: 'Alert', severity: 'warning', ...labels },
        annotations: { summary },
        startsAt: START,
        endsAt: '0001-01-01T00:00:00Z',
        generatorURL: `https://prometheus.example.com/graph?g0.expr=${encodeURIComponent(expr)}`,
        fingerprint: 'f00d',
      },
    ],
  });
  return {
    incident: {},
    alert: alerts[0],
    objects,
    logs: Object.entries(logs).map(([name, lines]) => ({
      pod: name.split('_')[0],
      container: name.split('_')[1],
      previous: false,
      input: bufferInput(lines.join('\n'), 'any'),
    })),
    metrics,
  };
}
