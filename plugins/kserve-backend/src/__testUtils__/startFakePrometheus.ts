// SPDX-License-Identifier: Apache-2.0
import { sendJson, startHttpServer } from '@greenroom/local-platform/testing';
import type http from 'node:http';

/** The rule as Prometheus 3 tells it, its thresholds those of an objective of 99.5 %. */
const createRule = (options: {
  name: string;
  record: string;
  budget: number;
  pairs: Array<[long: string, short: string, factor: number]>;
  severity: string;
  alerts: unknown[];
}) => ({
  state: 'inactive',
  name: options.name,
  query: options.pairs
    .map(([long, short, factor]) => {
      const ratio = Number((options.budget * factor).toFixed(6));
      return `(${options.record}${long} > ${ratio} and ${options.record}${short} > ${ratio})`;
    })
    .join(' or '),
  duration: 120,
  labels: { severity: options.severity },
  annotations: { summary: '{{ $labels.model_name }} fails' },
  alerts: options.alerts,
  health: 'ok',
  type: 'alerting',
});

const FAST: Array<[string, string, number]> = [
  ['1h', '5m', 14.4],
  ['6h', '30m', 6],
];
const SLOW: Array<[string, string, number]> = [
  ['1d', '2h', 3],
  ['3d', '6h', 1],
];
export const ERRORS = 'model:ml_request_errors_internal:ratio';
export const LATENCY = 'model:request_predict_seconds:over_500ms_ratio';

/**
 * A Prometheus over HTTP with the rules of a repository of manifests. What it counted is
 * given by `control`; everything it is asked is kept.
 */
export async function startFakePrometheus() {
  const control = {
    hasRules: true,
    /** Ratio of bad requests by the record's name. */
    ratios: {} as Record<string, number | string>,
    /** What is counted, by what it is, of errors and of latency. */
    errors: {} as Record<string, number>,
    latency: {} as Record<string, number>,
    /** Alerts of ModelErrorBudgetBurnFast. */
    alerts: [] as unknown[],
    /** Answers instead. */
    answer: undefined as
      ((response: http.ServerResponse, path: string) => void) | undefined,
  };
  const toVector = (entries: Array<[object, number | string]>) => ({
    status: 'success',
    data: {
      resultType: 'vector',
      result: entries.map(([metric, value]) => ({
        metric,
        value: [1_790_000_000.123, String(value)],
      })),
    },
  });
  const server = await startHttpServer(({ path, query }, response) => {
    if (control.answer) {
      control.answer(response, path);
    } else if (path === '/api/v1/rules') {
      const rules = control.hasRules
        ? [
            ['Fast', FAST, 'critical'] as const,
            ['Slow', SLOW, 'warning'] as const,
          ].flatMap(([speed, pairs, severity]) => [
            createRule({
              name: `ModelErrorBudgetBurn${speed}`,
              record: ERRORS,
              budget: 0.005,
              pairs,
              severity,
              alerts: speed === 'Fast' ? control.alerts : [],
            }),
            createRule({
              name: `ModelLatencyBudgetBurn${speed}`,
              record: LATENCY,
              budget: 0.05,
              pairs,
              severity,
              alerts: [],
            }),
          ])
        : [];
      sendJson(response, {
        status: 'success',
        data: { groups: [{ name: 'model-serving.objectives', rules }] },
      });
    } else {
      const asked = query.get('query') ?? '';
      if (asked.startsWith('{__name__')) {
        const record = asked.includes(ERRORS) ? ERRORS : LATENCY;
        sendJson(
          response,
          toVector(
            Object.entries(control.ratios)
              .filter(([name]) => name.startsWith(record))
              .map(([name, value]) => [{ __name__: name }, value]),
          ),
        );
      } else {
        const counts = asked.includes('ml_requests_total')
          ? control.errors
          : control.latency;
        sendJson(
          response,
          toVector(Object.entries(counts).map(([is, n]) => [{ is }, n])),
        );
      }
    }
  });
  return { ...server, control };
}
