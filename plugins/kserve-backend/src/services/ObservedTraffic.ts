// SPDX-License-Identifier: Apache-2.0
import type { LoggerService } from '@backstage/backend-plugin-api';
import type {
  KserveInferenceService,
  KserveTrafficShare,
} from '@greenroom/plugin-kserve-common';

const LOOK_MS = 15_000;
const WINDOW_MS = 10 * 60_000;
const MAX_CHARACTERS = 20_000_000;
const METRIC = 'traefik_service_requests_total{';
const LABEL = ',service="';

/** Requests by backend, `namespace-service` as Traefik writes it. */
type Counts = ReadonlyMap<string, number>;

interface Sample {
  at: number;
  counts: Counts;
}

/**
 * The backend that a service of Traefik's metrics stands for. Gateway API:
 * `httproute-…-svc-team-churn-predictor-0@kubernetesgateway`, before 3.7
 * `team-churn-predictor-http-80@kubernetesgateway`; Ingress: `…-80@kubernetes`.
 */
function toBackend(service: string): string {
  const [name] = service.split('@');
  const own = name.slice(name.lastIndexOf('-svc-') + 1).replace(/^svc-/, '');
  return own.replace(/-\d+$/, '').replace(/-(?:http|https|grpc)$/, '');
}

function readCounts(text: string): Counts {
  const counts = new Map<string, number>();
  for (const line of text.split('\n')) {
    const start = line.indexOf(LABEL);
    if (start > 0 && line.startsWith(METRIC)) {
      const service = line.slice(start + LABEL.length).split('"', 1)[0];
      const value = Number(line.slice(line.lastIndexOf(' ') + 1));
      const backend = toBackend(service);
      counts.set(backend, (counts.get(backend) ?? 0) + (value || 0));
    }
  }
  return counts;
}

/** What differs more than chance explains: three standard deviations, and 2 % at least. */
function differs(routed: number, observed: number, total: number): boolean {
  const share = routed / 100;
  const deviation = 100 * Math.sqrt((share * (1 - share)) / total);
  return Math.abs(routed - observed) > Math.max(2, 3 * deviation);
}

/**
 * What really went where in the last ten minutes, by the counters of a cluster's
 * gateway (Traefik's metrics, which are asked every 15 s).
 */
export class ObservedTraffic {
  readonly #urls: ReadonlyMap<string, string>;
  readonly #logger: LoggerService;
  readonly #samples = new Map<string, Sample[]>();
  #timer?: NodeJS.Timeout;

  constructor(options: {
    /** Address of the metrics by cluster. */
    urls: ReadonlyMap<string, string>;
    logger: LoggerService;
  }) {
    this.#urls = options.urls;
    this.#logger = options.logger;
  }

  start(): void {
    if (this.#urls.size > 0) {
      this.#look();
      this.#timer = setInterval(() => this.#look(), LOOK_MS).unref();
    }
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** The service with what was observed of it, and whether the route tells otherwise. */
  addTo(service: KserveInferenceService): KserveInferenceService {
    const { name, namespace, traffic } = service;
    const revisions = new Set(
      [...(traffic.asked ?? []), ...(traffic.routed ?? [])].map(
        ({ revision }) => revision,
      ),
    );
    if (revisions.size === 0) {
      revisions.add(`${name}-predictor`);
    }
    const counts = [...revisions].map(revision => ({
      revision,
      count: this.#count(service.cluster, `${namespace}-${revision}`),
    }));
    const total = counts.reduce((sum, { count }) => sum + count, 0);
    if (total === 0) {
      return service;
    }
    const observed = counts.map(({ count, revision }) => ({
      revision,
      percent: Math.round((1000 * count) / total) / 10,
    }));
    const mismatch =
      traffic.mismatch ?? findMismatch(traffic.routed, observed, total);
    return {
      ...service,
      traffic: { ...traffic, observed, ...(mismatch && { mismatch }) },
    };
  }

  #count(cluster: string, backend: string): number {
    const samples = this.#samples.get(cluster) ?? [];
    const key = backend.replaceAll('.', '-');
    const newest = samples.at(-1)?.counts.get(key) ?? 0;
    const oldest = samples[0]?.counts.get(key) ?? 0;
    // A gateway that started anew counts from nothing.
    return samples.length < 2 || newest < oldest ? 0 : newest - oldest;
  }

  #look(): void {
    for (const [cluster, url] of this.#urls) {
      this.#sample(cluster, url).catch(error =>
        this.#logger.debug(
          `The gateway of cluster '${cluster}' tells no metrics`,
          error,
        ),
      );
    }
  }

  async #sample(cluster: string, url: string): Promise<void> {
    const response = await fetch(url, {
      redirect: 'error',
      signal: AbortSignal.timeout(LOOK_MS / 3),
    });
    const text = await response.text();
    if (!response.ok || text.length > MAX_CHARACTERS) {
      throw new Error(`it answers ${response.status}`);
    }
    const at = Date.now();
    const samples = this.#samples.get(cluster) ?? [];
    this.#samples.set(cluster, [
      ...samples.filter(sample => sample.at > at - WINDOW_MS),
      { at, counts: readCounts(text) },
    ]);
  }
}

function findMismatch(
  routed: readonly KserveTrafficShare[] | null,
  observed: readonly KserveTrafficShare[],
  total: number,
): string | undefined {
  for (const { percent, revision } of routed ?? []) {
    const seen =
      observed.find(item => item.revision === revision)?.percent ?? 0;
    if (differs(percent, seen, total)) {
      return `The route gives ${percent} % to ${revision}, but the gateway sent it ${seen} % of the last ${total} requests.`;
    }
  }
  return undefined;
}
