// SPDX-License-Identifier: Apache-2.0
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Entity } from '@backstage/catalog-model';
import {
  toInferenceService,
  type KserveClusterError,
  type KserveInferenceService,
} from '@greenroom/plugin-kserve-common';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CallerAccess } from './CallerAccess';
import type { Clusters } from './Clusters';
import { FailureLogs, type Logs } from './FailureLogs';
import {
  resolveServices,
  type FoundService,
  type ResolvedServices,
} from './resolveServices';
import type { ObservedTraffic } from './ObservedTraffic';
import type { RolloutHistory } from './RolloutHistory';

// A page does not wait longer for a proof; it is there with the next answer.
const LOGS_MS = 1_000;

/** An inference service that the caller may read. */
export interface ReadService extends FoundService {
  service: KserveInferenceService;
}

/** What an entity serves, as far as the caller may read it. */
export interface EntityServices extends Omit<ResolvedServices, 'found'> {
  items: ReadService[];
}

/**
 * Makes what pages show from the objects in memory; a cluster is asked for nothing
 * but the logs of what failed.
 */
export class InferenceServiceReader {
  readonly #clusters: Clusters;
  readonly #history: RolloutHistory;
  readonly #logger: LoggerService;
  readonly #logs = new FailureLogs();
  readonly #observed: ObservedTraffic;

  constructor(options: {
    clusters: Clusters;
    history: RolloutHistory;
    logger: LoggerService;
    observed: ObservedTraffic;
  }) {
    this.#clusters = options.clusters;
    this.#history = options.history;
    this.#logger = options.logger;
    this.#observed = options.observed;
  }

  /**
   * What the entity leads to and the caller may read; `errors` say what else.
   *
   * @param mayReadLogs - whether lines of logs may prove a sentence.
   */
  async read(
    entity: Entity,
    access: CallerAccess,
    mayReadLogs = false,
  ): Promise<EntityServices> {
    const { found, ...resolved } = resolveServices(this.#clusters, entity);
    const errors = [...resolved.errors];
    const hidden = new Map<string, number>();
    const items: ReadService[] = [];
    for (const one of found) {
      const refusal = await access.check(entity, one);
      if (!refusal) {
        const service = this.make(one.watcher.name, one.key);
        if (service) {
          items.push({ ...one, service });
        } else {
          errors.push(toUnreadable(one));
        }
      } else if (resolved.isOpen) {
        // Whoever writes a selector must not learn names by it.
        hidden.set(refusal.cluster, (hidden.get(refusal.cluster) ?? 0) + 1);
      } else {
        errors.push(refusal);
      }
    }
    for (const [cluster, count] of hidden) {
      errors.push({
        cluster,
        code: 'other-component',
        message: `${count} inference ${count === 1 ? 'service' : 'services'} on cluster '${cluster}' with the labels of this entity may not be shown: marked as that of a component that you may not see, or not marked`,
        retryable: false,
      });
    }
    return {
      ...resolved,
      items: mayReadLogs
        ? await Promise.all(items.map(item => this.#prove(item)))
        : items,
      errors,
    };
  }

  /** With the times that steps took in earlier rollouts. */
  async addTypicalTimes(
    items: ReadService[],
  ): Promise<KserveInferenceService[]> {
    return await Promise.all(
      items.map(({ service }) => this.#history.addTypicalTimes(service)),
    );
  }

  /** Notes how long the newest rollout's steps took. */
  async recordRollout(cluster: string, key: string): Promise<void> {
    const service = this.make(cluster, key);
    if (service) {
      await this.#history.record(service);
    }
  }

  /** As it is with the logs of what failed. */
  async #prove(item: ReadService): Promise<ReadService> {
    const { key, service, watcher } = item;
    const logs = await Promise.race([
      this.#logs.read(watcher.server, service),
      sleep(LOGS_MS, undefined, { ref: false }),
    ]);
    const proven = logs && this.make(watcher.name, key, logs);
    return proven ? { ...item, service: proven } : item;
  }

  /** Undefined where it is not there, or its objects cannot be read. */
  make(
    cluster: string,
    key: string,
    logs?: Logs,
  ): KserveInferenceService | undefined {
    const watcher = this.#clusters.get(cluster);
    const [namespace, name] = key.split('/');
    try {
      const service =
        watcher &&
        toInferenceService({
          cluster,
          objects: watcher.objects.objectsOf(key),
          subject: { namespace, name },
          logs,
          // Its times are told by the cluster's clock.
          now: Date.now() + watcher.server.clockSkewMs,
        });
      return service && this.#observed.addTo(service);
    } catch (error) {
      this.#logger.warn(
        `Inference service '${key}' on cluster '${cluster}' cannot be explained`,
        error instanceof Error ? error : undefined,
      );
      return undefined;
    }
  }
}

function toUnreadable({ key, watcher }: FoundService): KserveClusterError {
  return {
    cluster: watcher.name,
    code: 'failed',
    message: `The inference service '${key}' on cluster '${watcher.name}' cannot be read`,
    retryable: false,
  };
}
