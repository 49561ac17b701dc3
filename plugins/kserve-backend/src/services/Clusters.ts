// SPDX-License-Identifier: Apache-2.0
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Config } from '@backstage/config';
import type {
  KserveClusterError,
  KserveClusterSummary,
} from '@greenroom/plugin-kserve-common';
import { createKserveClusters } from '@greenroom/plugin-kserve-node';
import { ClusterObjects, type ServiceChange } from './ClusterObjects';
import { CLUSTER_TIMES, ClusterWatcher } from './ClusterWatcher';
import type { KserveLimits } from './readKserveConfig';

/** Told what changes on which cluster. */
export interface ClustersListener {
  onChange(cluster: string, change: ServiceChange): void;
  onState(cluster: string): void;
}

/** All clusters of the Kubernetes plugin's configuration, watched. */
export class Clusters {
  readonly #watchers: Map<string, ClusterWatcher>;
  readonly #unread: KserveClusterError[];

  readonly #told: { listener?: ClustersListener };

  private constructor(
    watchers: ClusterWatcher[],
    unread: KserveClusterError[],
    told: { listener?: ClustersListener },
  ) {
    this.#told = told;
    this.#watchers = new Map(watchers.map(item => [item.name, item]));
    this.#unread = unread;
  }

  /** @throws InputError for a configuration that cannot be read. */
  static fromConfig(options: {
    config: Config;
    logger: LoggerService;
    limits: KserveLimits;
  }): Clusters {
    const { config, limits, logger } = options;
    const told: { listener?: ClustersListener } = {};
    const silenceMs = limits.silenceSeconds * 1_000;
    const { clusters, unreadMethods } = createKserveClusters({
      config,
      logger,
    });
    return new Clusters(
      clusters.map(
        ({ name, title, server }) =>
          new ClusterWatcher({
            server,
            objects: new ClusterObjects({
              maxObjects: limits.objectsPerCluster,
              maxEvents: limits.eventsPerService,
              onChange: change => told.listener?.onChange(name, change),
            }),
            title,
            times: { ...CLUSTER_TIMES, silenceMs },
            logger,
            onState: () => told.listener?.onState(name),
          }),
      ),
      unreadMethods.map(type => ({
        cluster: type,
        code: 'not-configured',
        message: `Clusters of the locator method '${type}' are not watched: list them in kubernetes.clusterLocatorMethods with the type 'config'`,
        retryable: false,
      })),
      told,
    );
  }

  get names(): string[] {
    return [...this.#watchers.keys()];
  }

  get(name: string): ClusterWatcher | undefined {
    return this.#watchers.get(name);
  }

  all(): ClusterWatcher[] {
    return [...this.#watchers.values()];
  }

  summaries(): KserveClusterSummary[] {
    return this.all().map(watcher => watcher.summary());
  }

  /** What is wrong with these clusters; with all where none is named. */
  errors(names?: ReadonlySet<string>): KserveClusterError[] {
    const errors = this.all()
      .filter(({ name }) => !names || names.has(name))
      .flatMap(watcher => watcher.errors());
    return names ? errors : [...errors, ...this.#unread];
  }

  /** Begins to watch, and to tell the listener. */
  start(listener: ClustersListener): void {
    this.#told.listener = listener;
    this.all().forEach(watcher => watcher.start());
  }

  async stop(): Promise<void> {
    await Promise.all(this.all().map(watcher => watcher.stop()));
  }
}
