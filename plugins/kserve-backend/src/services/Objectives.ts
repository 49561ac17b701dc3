// SPDX-License-Identifier: Apache-2.0
import type {
  KserveBurnRatePair,
  KserveObjective,
  KserveObjectivesResponse,
} from '@greenroom/plugin-kserve-common';
import {
  Prometheus,
  PrometheusError,
  type PrometheusRule,
  type PrometheusSample,
  type PrometheusServer,
} from '@greenroom/prometheus-client';
import {
  OBJECTIVE_ALERTS,
  toObjectives,
  type RuleObjective,
  type RulePair,
} from './toObjectives';

/** With fewer bad requests, allowed or counted, one more or less decides. */
const MIN_BAD = 10;

/** What is measured of it. */
interface Service {
  cluster: string;
  namespace: string;
  name: string;
}

/** How the objectives are kept that the rules of a Prometheus have for all models. */
export class Objectives {
  readonly #servers: readonly PrometheusServer[];

  constructor(servers: readonly PrometheusServer[]) {
    this.#servers = servers;
  }

  /** What Prometheus does not tell is a line in `errors`. */
  async read(service: Service): Promise<KserveObjectivesResponse> {
    const server =
      this.#servers.find(({ cluster }) => cluster === service.cluster) ??
      this.#servers.find(({ cluster }) => cluster === undefined);
    if (!server) {
      return { configured: false, items: [], errors: [] };
    }
    const prometheus = new Prometheus(server);
    const errors = new Set<string>();
    const attempt = <T>(asked: Promise<T>) =>
      asked.catch((error: unknown) => {
        if (!(error instanceof PrometheusError)) {
          throw error;
        }
        errors.add(error.message);
        return undefined;
      });
    const rules = await attempt(prometheus.listAlertingRules(OBJECTIVE_ALERTS));
    const items = await Promise.all(
      toObjectives(rules ?? []).map(async objective => {
        const [ratios, counts] = await Promise.all([
          attempt(prometheus.query(toRatioQuery(objective, service))),
          attempt(prometheus.query(toCountQuery(objective, service))),
        ]);
        return ratios && counts
          ? [toObjective(objective, { ratios, counts, service })]
          : [];
      }),
    );
    return { configured: true, items: items.flat(), errors: [...errors] };
  }
}

function toSelector({ name, namespace }: Service): string {
  return `namespace=${JSON.stringify(namespace)}, model_name=${JSON.stringify(name)}`;
}

/** The records of all windows, each by its name. */
function toRatioQuery({ pairs, record }: RuleObjective, service: Service) {
  const windows = new Set(pairs.flatMap(({ long, short }) => [long, short]));
  return `{__name__=~"${record}(${[...windows].join('|')})", ${toSelector(service)}}`;
}

/** Everything that is counted, each under a label `is`. */
function toCountQuery(objective: RuleObjective, service: Service): string {
  const { days, kind, pairs, thresholdMs = 0 } = objective;
  const which = toSelector(service);
  const [all, some] =
    kind === 'latency'
      ? [
          `request_predict_seconds_count{${which}}`,
          `request_predict_seconds_bucket{${which}, le="${thresholdMs / 1_000}"}`,
        ]
      : [
          `ml_requests_total{${which}}`,
          `ml_request_errors_total{${which}, reason="internal"}`,
        ];
  const windows = [...new Set(pairs.map(({ long }) => long))];
  const parts = {
    all: `sum(increase(${all}[${days}d]))`,
    some: `sum(increase(${some}[${days}d]))`,
    // To the hour; what is younger, to the minute.
    since: `min(min_over_time(timestamp(${all})[${days}d:1h]) or min_over_time(timestamp(${all})[1h:1m]))`,
    ...Object.fromEntries(
      windows.map(window => [window, `sum(increase(${all}[${window}]))`]),
    ),
  };
  return Object.entries(parts)
    .map(([is, part]) => `label_replace(${part}, "is", "${is}", "", "")`)
    .join(' or ');
}

function toObjective(
  objective: RuleObjective,
  said: {
    ratios: PrometheusSample[];
    counts: PrometheusSample[];
    service: Service;
  },
): KserveObjective {
  const { pairs, record, ...rest } = objective;
  const allowed = 1 - objective.target;
  const counts = toNumbers(said.counts, ({ is }) => is);
  const ratios = toNumbers(said.ratios, ({ __name__: name = '' }) =>
    name.slice(record.length),
  );
  const isLatency = objective.kind === 'latency';
  // A model without a single error has no such series; one without buckets tells nothing.
  const some = counts.get('some') ?? (isLatency ? undefined : 0);
  const all = (some !== undefined && counts.get('all')) || 0;
  const requests = Math.round(all);
  const bad = Math.max(
    0,
    Math.round(isLatency ? all - (some ?? 0) : (some ?? 0)),
  );
  const since = counts.get('since');
  const toBurnRate = (window: string) => {
    const ratio = ratios.get(window);
    return {
      window,
      ...(ratio !== undefined && { rate: Math.max(0, ratio / allowed) }),
    };
  };
  return {
    ...rest,
    ...(requests > 0 && {
      counted: {
        requests,
        bad,
        ...(since !== undefined && { since: since * 1_000 }),
      },
      ...(Math.max(requests * allowed, bad) >= MIN_BAD && {
        budgetLeft: 1 - bad / (requests * allowed),
      }),
    }),
    pairs: pairs.map(pair => {
      const inWindow = counts.get(pair.long);
      const long = toBurnRate(pair.long);
      const short = toBurnRate(pair.short);
      const threshold = Number((pair.ratio / allowed).toFixed(2));
      return {
        alert: pair.rule.name,
        ...(pair.rule.labels.severity && {
          severity: pair.rule.labels.severity,
        }),
        long,
        short,
        threshold,
        ...(inWindow !== undefined && { requests: Math.round(inWindow) }),
        ...toState(pair, said.service, [
          (ratios.get(pair.long) ?? 0) > pair.ratio,
          (ratios.get(pair.short) ?? 0) > pair.ratio,
        ]),
      };
    }),
  };
}

/** A rule has two pairs: its alert is that of the pair which is above its threshold. */
function toState(
  { rule }: RulePair,
  service: Service,
  [isLongOver, isShortOver]: [boolean, boolean],
): Pick<KserveBurnRatePair, 'state' | 'since'> {
  if (!isLongOver || !isShortOver) {
    return { state: isLongOver ? 'long-only' : 'calm' };
  }
  const alert = findAlert(rule, service);
  if (alert?.state !== 'firing' && alert?.state !== 'pending') {
    return { state: 'over' };
  }
  const since = Date.parse(alert.activeAt ?? '');
  return { state: alert.state, ...(since > 0 && { since }) };
}

function findAlert({ alerts }: PrometheusRule, service: Service) {
  return alerts.find(
    ({ labels }) =>
      labels.namespace === service.namespace &&
      labels.model_name === service.name,
  );
}

/** Numbers by what they are; NaN is none. */
function toNumbers(
  samples: PrometheusSample[],
  toKey: (metric: Record<string, string>) => string | undefined,
): ReadonlyMap<string, number> {
  return new Map(
    samples.flatMap(({ metric, value: [, text] }) => {
      const key = toKey(metric);
      const value = Number(text);
      return key !== undefined && Number.isFinite(value) ? [[key, value]] : [];
    }),
  );
}
