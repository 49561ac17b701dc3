// SPDX-License-Identifier: Apache-2.0
import {
  Prometheus,
  PrometheusError,
  type PrometheusServer,
} from '@greenroom/prometheus-client';
import type { MetricsQuery } from '@greenroom/triage-engine';
import { splitComparison } from './splitComparison';
import type { AlertSubject } from './types';

const MAX_POINTS = 240;
const MAX_SERIES = 8;
const MIN_STEP_S = 15;
/** Before the alert, and after its end. */
const BEFORE_MS = 60 * 60_000;
const AFTER_MS = 15 * 60_000;
/** Of an alert that fires for days. */
const MAX_SPAN_MS = 6 * 3_600_000;

/** What Prometheus says, and what it does not. @public */
export interface Measured {
  /** As the alert or its rule has it. */
  expression?: string;
  metrics: MetricsQuery[];
  /** For people, one line each. */
  errors: string[];
  /** It did not answer, and may later. */
  isAway: boolean;
}

/** Asks Prometheus what was measured around an alert. @public */
export class PrometheusEvidence {
  readonly #servers: PrometheusServer[];
  readonly #where: string;

  /** @param where - the name of the setting that has them, for people */
  constructor(servers: PrometheusServer[], where: string) {
    this.#servers = servers;
    this.#where = where;
  }

  /** Never fails; `cluster` is where the alert's objects are. */
  async collect(
    alert: AlertSubject,
    options: { cluster?: string; pod?: string; signal: AbortSignal },
  ): Promise<Measured> {
    const { signal } = options;
    const server = this.#choose(alert, options.cluster);
    const errors: string[] = [];
    let isAway = false;
    if (!server) {
      return {
        metrics: [],
        isAway: false,
        errors: [
          this.#servers.length === 0
            ? `No Prometheus is set in ${this.#where}`
            : `No Prometheus of '${this.#where}' is that of this alert${alert.cluster ? ` (cluster ${alert.cluster})` : ''}`,
        ],
      };
    }
    const prometheus = new Prometheus(server);
    const attempt = async <T>(what: string, run: () => Promise<T>) => {
      try {
        return await run();
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof PrometheusError)) {
          throw error;
        }
        isAway ||= error.isRetryable;
        errors.push(`${what}: ${error.message}`);
        return undefined;
      }
    };
    const expression =
      alert.expression ??
      (await attempt(`The rule of ${alert.name}`, async () => {
        const rules = await prometheus.listAlertingRules([alert.name], signal);
        return rules.find(({ query }) => query)?.query;
      }));
    const expressions = [
      ...(expression ? [expression] : []),
      ...(expression ? [splitComparison(expression) ?? []].flat() : []),
      ...toPodExpressions(alert.namespace, alert.pod ?? options.pod),
    ];
    const found = await Promise.all(
      expressions.map(expr =>
        attempt(expr.slice(0, 200), () =>
          queryAround(prometheus, expr, alert, signal),
        ),
      ),
    );
    return {
      expression,
      metrics: found.flatMap(each => each ?? []),
      errors,
      isAway,
    };
  }

  #choose(
    { generatorUrl: url, cluster: label }: AlertSubject,
    known: string | undefined,
  ): PrometheusServer | undefined {
    const cluster = known ?? label;
    const host = url && URL.canParse(url) ? new URL(url).host : undefined;
    return (
      this.#servers.find(each => cluster && each.cluster === cluster) ??
      this.#servers.find(each => new URL(each.url).host === host) ??
      this.#servers.find(each => each.cluster === undefined) ??
      (!cluster && this.#servers.length === 1 ? this.#servers[0] : undefined)
    );
  }
}

async function queryAround(
  prometheus: Prometheus,
  expr: string,
  alert: AlertSubject,
  signal: AbortSignal,
): Promise<MetricsQuery> {
  const result = await prometheus.queryRange(expr, toRange(alert), signal);
  const fit = (metric: Record<string, string>) =>
    Object.entries(metric).filter(
      ([name, value]) => alert.labels[name] === value,
    ).length;
  return {
    expr,
    // Those of the alert's own labels first; what contradicts them may be another team's.
    series: result
      .filter(({ metric }) =>
        Object.entries(metric).every(
          ([name, value]) => (alert.labels[name] ?? value) === value,
        ),
      )
      .sort((a, b) => fit(b.metric) - fit(a.metric))
      .slice(0, MAX_SERIES)
      .map(({ metric, values }) => ({
        metric,
        values: values.slice(-MAX_POINTS),
      })),
  };
}

/** At most 240 points, around the alert. */
function toRange({ startsAt, endsAt }: AlertSubject) {
  const start = startsAt - BEFORE_MS;
  const end = Math.min(
    Date.now(),
    (endsAt ?? Date.now()) + AFTER_MS,
    startsAt + MAX_SPAN_MS,
  );
  const seconds = Math.max(0, end - start) / 1_000;
  const step = Math.max(MIN_STEP_S, Math.ceil(seconds / (MAX_POINTS - 1)));
  return { start, end: Math.max(start, end), step };
}

/** Memory, CPU and restarts; both names are such as Kubernetes takes. */
function toPodExpressions(
  namespace: string | undefined,
  pod: string | undefined,
): string[] {
  if (!namespace || !pod) {
    return [];
  }
  const which = `namespace="${namespace}",pod="${pod}"`;
  return [
    `sum by (namespace, pod, container) (container_memory_working_set_bytes{${which},container!=""})`,
    `sum by (namespace, pod, container) (rate(container_cpu_usage_seconds_total{${which},container!=""}[5m]))`,
    `max by (namespace, pod, container) (kube_pod_container_status_restarts_total{${which}})`,
  ];
}
