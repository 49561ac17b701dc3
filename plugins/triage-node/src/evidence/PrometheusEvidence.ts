// SPDX-License-Identifier: Apache-2.0
import type { MetricsQuery } from '@greenroom/triage-engine';
import { z } from 'zod';
import { splitComparison } from './splitComparison';
import type { AlertSubject } from './types';

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_POINTS = 240;
const MAX_SERIES = 8;
const MIN_STEP_S = 15;
/** Before the alert, and after its end. */
const BEFORE_MS = 60 * 60_000;
const AFTER_MS = 15 * 60_000;
/** Of an alert that fires for days. */
const MAX_SPAN_MS = 6 * 3_600_000;

const seriesSchema = z.object({
  metric: z.record(z.string(), z.string()),
  values: z.array(z.tuple([z.number(), z.string()])),
});

const matrixSchema = z.object({
  data: z.object({
    resultType: z.literal('matrix'),
    result: z.array(seriesSchema),
  }),
});

const rulesSchema = z.object({
  data: z.object({
    groups: z.array(
      z.object({
        rules: z.array(
          z.object({
            type: z.string(),
            name: z.string(),
            query: z.string().optional(),
          }),
        ),
      }),
    ),
  }),
});

/** Words of ours, which hold no address. */
class PrometheusError extends Error {}

/** A Prometheus that is asked what was measured around an alert. @public */
export interface PrometheusServer {
  name: string;
  url: string;
  /** Whose alerts it knows. */
  cluster?: string;
  /** Bearer. */
  token?: string;
}

/** What Prometheus says, and what it does not. @public */
export interface Measured {
  /** As the alert or its rule has it. */
  expression?: string;
  metrics: MetricsQuery[];
  /** For people, one line each. */
  errors: string[];
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
    if (!server) {
      return {
        metrics: [],
        errors: [
          this.#servers.length === 0
            ? `No Prometheus is set in ${this.#where}`
            : `No Prometheus of '${this.#where}' is that of this alert${alert.cluster ? ` (cluster ${alert.cluster})` : ''}`,
        ],
      };
    }
    const attempt = async <T>(what: string, run: () => Promise<T>) => {
      try {
        return await run();
      } catch (error) {
        signal.throwIfAborted();
        errors.push(`${what}: ${toWords(error, server.name)}`);
        return undefined;
      }
    };
    const expression =
      alert.expression ??
      (await attempt(`The rule of ${alert.name}`, () =>
        this.#findRule(server, alert.name, signal),
      ));
    const expressions = [
      ...(expression ? [expression] : []),
      ...(expression ? [splitComparison(expression) ?? []].flat() : []),
      ...toPodExpressions(alert.namespace, alert.pod ?? options.pod),
    ];
    const found = await Promise.all(
      expressions.map(expr =>
        attempt(expr.slice(0, 200), () =>
          this.#queryRange(server, expr, alert, signal),
        ),
      ),
    );
    return { expression, metrics: found.flatMap(each => each ?? []), errors };
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

  async #findRule(
    server: PrometheusServer,
    name: string,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const answer = await this.#ask(
      server,
      'rules',
      { type: 'alert', 'rule_name[]': name },
      signal,
    );
    const { groups } = rulesSchema.parse(answer).data;
    return groups
      .flatMap(({ rules }) => rules)
      .find(rule => rule.type === 'alerting' && rule.name === name)?.query;
  }

  async #queryRange(
    server: PrometheusServer,
    expr: string,
    alert: AlertSubject,
    signal: AbortSignal,
  ): Promise<MetricsQuery> {
    const { start, end, step } = toRange(alert);
    const answer = await this.#ask(
      server,
      'query_range',
      {
        query: expr,
        start: String(start / 1_000),
        end: String(end / 1_000),
        step: String(step),
        timeout: `${TIMEOUT_MS / 1_000}s`,
      },
      signal,
    );
    const { result } = matrixSchema.parse(answer).data;
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

  async #ask(
    { url, token }: PrometheusServer,
    path: 'rules' | 'query_range',
    query: Record<string, string>,
    signal: AbortSignal,
  ): Promise<unknown> {
    const at = new URL(`${url.replace(/(?<!\/)\/+$/, '')}/api/v1/${path}`);
    at.search = String(new URLSearchParams(query));
    const answer = await fetch(at, {
      headers: {
        accept: 'application/json',
        ...(token && { authorization: `Bearer ${token}` }),
      },
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    const text = await readText(answer);
    if (!answer.ok) {
      throw new PrometheusError(`answers ${answer.status}${toReason(text)}`);
    }
    return JSON.parse(text);
  }
}

function toWords(error: unknown, name: string): string {
  if (error instanceof PrometheusError) {
    return `Prometheus '${name}' ${error.message}`;
  }
  const isLate = error instanceof Error && error.name === 'TimeoutError';
  const isForeign = error instanceof SyntaxError || error instanceof z.ZodError;
  const what = isForeign ? 'answers something else' : 'does not answer';
  return `Prometheus '${name}' ${isLate ? `does not answer within ${TIMEOUT_MS / 1_000} s` : what}`;
}

function toReason(text: string): string {
  try {
    const { error } = z.object({ error: z.string() }).parse(JSON.parse(text));
    return `: ${error.split('\n')[0].slice(0, 200)}`;
  } catch {
    return '';
  }
}

async function readText(answer: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of answer.body ?? []) {
    size += part.length;
    if (size > MAX_BYTES) {
      throw new PrometheusError(`answers with more than ${MAX_BYTES} bytes`);
    }
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
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
