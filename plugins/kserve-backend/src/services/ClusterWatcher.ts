// SPDX-License-Identifier: Apache-2.0
import type { LoggerService } from '@backstage/backend-plugin-api';
import type {
  KserveClusterError,
  KserveClusterSummary,
} from '@greenroom/plugin-kserve-common';
import { type ApiServer, ApiServerError } from '@greenroom/plugin-kserve-node';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterObjects } from './ClusterObjects';
import { discoverApis, type DiscoveredApis } from './discoverApis';
import { jitter, ResourceWatch, type WatchTimes } from './ResourceWatch';

/** Times of a cluster's watches in ms. */
export interface ClusterTimes extends WatchTimes {
  /** After so much silence of all watches the server is asked for a sign of life. */
  silenceMs: number;
  /** How long that may take. */
  signOfLifeMs: number;
  /** How often is asked which APIs there are; a tenth where KServe is missing. */
  discoveryMs: number;
}

export const CLUSTER_TIMES: ClusterTimes = {
  watchMs: 240_000,
  backoffMs: 1_000,
  maxBackoffMs: 15_000,
  silenceMs: 10_000,
  signOfLifeMs: 3_000,
  discoveryMs: 100_000,
};

/**
 * Watches what one cluster serves, and says how that goes: which APIs there are,
 * what the portal may not read, and since when nothing new came.
 */
export class ClusterWatcher {
  readonly server: ApiServer;
  readonly objects: ClusterObjects;
  readonly #title?: string;
  readonly #times: ClusterTimes;
  readonly #logger: LoggerService;
  readonly #onState: () => void;
  readonly #stop = new AbortController();
  readonly #watches = new Map<string, ResourceWatch>();
  readonly #running = new Set<Promise<void>>();
  #apis?: DiscoveredApis;
  #discoveredAt = 0;
  #failure?: { error: ApiServerError; since?: number };
  #heardAt?: number;

  constructor(options: {
    server: ApiServer;
    objects: ClusterObjects;
    title?: string;
    times: ClusterTimes;
    logger: LoggerService;
    /** After a change of `summary` or `errors`. */
    onState: () => void;
  }) {
    this.server = options.server;
    this.objects = options.objects;
    this.#title = options.title;
    this.#times = options.times;
    this.#logger = options.logger;
    this.#onState = options.onState;
  }

  get name(): string {
    return this.server.cluster;
  }

  /** Whether all inference services are known, so that one that is not there is not there. */
  get isListed(): boolean {
    const watch = this.#watches.get('inferenceservices');
    return watch?.isListed ?? this.#apis?.kserveVersions.length === 0;
  }

  summary(): KserveClusterSummary {
    const reached = this.#apis ? 'connected' : 'connecting';
    return {
      name: this.name,
      ...(this.#title && { title: this.#title }),
      state: this.#failure ? 'failed' : reached,
      kserve: (this.#apis?.kserveVersions.length ?? 0) > 0,
      argocd: this.#apis?.argocd ?? false,
      kserveVersions: this.#apis?.kserveVersions ?? [],
    };
  }

  errors(): KserveClusterError[] {
    if (this.#failure) {
      const { error, since } = this.#failure;
      return [this.#toError(error, error.message, since)];
    }
    if (this.#apis?.kserveVersions.length === 0) {
      return [
        {
          cluster: this.name,
          code: 'not-installed',
          message: `Cluster '${this.name}' has no KServe`,
          retryable: false,
        },
      ];
    }
    const errors: KserveClusterError[] = [];
    for (const { failure, isListed, resource } of this.#watches.values()) {
      if (!failure) {
        continue;
      }
      const { error } = failure;
      const since = isListed ? failure.since : undefined;
      if (error.code === 'not-allowed') {
        const what = `${resource.name} on cluster '${this.name}'`;
        const message = `The portal may not list and watch ${what}`;
        if (!errors.some(other => other.message === message)) {
          errors.push(this.#toError(error, message, since));
        }
      } else if (!errors.some(({ code }) => code === error.code)) {
        // A server that is away is away for all its resources: one row.
        errors.push(this.#toError(error, error.message, since));
      }
    }
    if (this.objects.left > 0) {
      errors.push({
        cluster: this.name,
        code: 'failed',
        message: `Cluster '${this.name}' has more objects than kserve.limits.objectsPerCluster; ${this.objects.left} were left out`,
        retryable: false,
      });
    }
    return errors;
  }

  start(): void {
    this.#track(this.#run());
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#watches.forEach(watch => watch.stop());
    await Promise.all(this.#running);
    this.server.close();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    let failures = 0;
    while (!signal.aborted) {
      try {
        await this.#look();
        failures = 0;
        await sleep(jitter(this.#times.silenceMs / 2), undefined, { signal });
      } catch (cause) {
        if (signal.aborted) {
          break;
        }
        const error = ApiServerError.fromCause(cause, this.name);
        this.#fail(error);
        const { backoffMs, maxBackoffMs } = this.#times;
        const wait = Math.min(backoffMs * 2 ** failures, maxBackoffMs);
        failures = Math.min(failures + 1, 10);
        await sleep(jitter(wait), undefined, { signal }).catch(() => {});
      }
    }
  }

  /** Asks for a sign of life or for the APIs where it is time for that. */
  async #look(): Promise<void> {
    const { signal } = this.#stop;
    const { discoveryMs, signOfLifeMs, silenceMs } = this.#times;
    for (const { failure, heardAt } of this.#watches.values()) {
      if (!failure) {
        this.#heardAt = Math.max(this.#heardAt ?? 0, heardAt);
      }
    }
    const isKserveMissing = !this.#apis?.kserveVersions.length;
    const patience = isKserveMissing ? discoveryMs / 10 : discoveryMs;
    const hasLost = [...this.#watches.values()].some(
      ({ failure }) => failure?.error.status === 404,
    );
    if (
      this.#failure ||
      hasLost ||
      Date.now() - this.#discoveredAt > patience
    ) {
      const apis = await discoverApis(this.server, signal);
      this.#discoveredAt = Date.now();
      this.#recover(apis);
    } else if (Date.now() - (this.#heardAt ?? 0) > silenceMs) {
      await this.server.getJson({
        path: '/version',
        timeoutMs: signOfLifeMs,
        signal,
      });
      this.#heardAt = Date.now();
    }
  }

  #recover(apis: DiscoveredApis): void {
    const hadFailed = this.#failure !== undefined;
    const before = JSON.stringify(this.#apis);
    this.#failure = undefined;
    this.#heardAt = Date.now();
    this.#apis = apis;
    const wanted = new Map(apis.resources.map(item => [item.id, item]));
    for (const [id, watch] of this.#watches) {
      if (wanted.get(id)?.resource.apiVersion !== watch.resource.apiVersion) {
        watch.stop();
        this.#watches.delete(id);
        if (!wanted.has(id)) {
          watch.clear();
        }
      }
    }
    for (const { id, isMine, resource } of wanted.values()) {
      if (!this.#watches.has(id)) {
        const watch = new ResourceWatch({
          resource,
          server: this.server,
          sink: this.objects.sink(resource.kind, isMine),
          times: this.#times,
          onState: () => this.#onState(),
        });
        this.#watches.set(id, watch);
        this.#track(this.#startWatch(watch));
      }
    }
    if (hadFailed) {
      this.#logger.info(`Cluster '${this.name}' answers`);
      // They may hold connections on which nothing comes any more.
      this.#watches.forEach(watch => watch.reconnect());
    }
    if (hadFailed || before !== JSON.stringify(apis)) {
      this.#onState();
    }
  }

  /** Events and routes are told by the names of services, which must be known first. */
  async #startWatch(watch: ResourceWatch): Promise<void> {
    const { signal } = this.#stop;
    const services = this.#watches.get('inferenceservices');
    while (
      watch !== services &&
      services &&
      !services.isListed &&
      !services.failure &&
      !signal.aborted
    ) {
      await sleep(20, undefined, { signal }).catch(() => {});
    }
    await watch.run();
  }

  #fail(error: ApiServerError): void {
    const isNew = this.#failure?.error.code !== error.code;
    this.#failure = {
      error,
      since: this.#failure?.since ?? this.#heardAt,
    };
    if (isNew) {
      this.#logger.warn(error.message);
      this.#onState();
    }
  }

  #toError(
    error: ApiServerError,
    message: string,
    staleSince?: number,
  ): KserveClusterError {
    return {
      cluster: this.name,
      code: error.code,
      message,
      retryable: error.isRetryable,
      ...(staleSince !== undefined && { staleSince }),
    };
  }

  #track(task: Promise<void>): void {
    this.#running.add(task);
    task.finally(() => this.#running.delete(task)).catch(() => {});
  }
}
