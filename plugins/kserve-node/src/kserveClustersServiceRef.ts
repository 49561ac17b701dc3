// SPDX-License-Identifier: Apache-2.0
import {
  coreServices,
  createServiceFactory,
  createServiceRef,
  type LoggerService,
} from '@backstage/backend-plugin-api';
import type { Config } from '@backstage/config';
import { ApiServer } from './ApiServer';
import { readClusters } from './readClusters';
import { createCredentialReader } from './readCredential';

/** A cluster of the Kubernetes plugin's configuration. @public */
export interface KserveCluster {
  name: string;
  title?: string;
  /** With the portal's own credential. */
  server: ApiServer;
}

/** The clusters of the Kubernetes plugin's configuration. @public */
export interface KserveClustersService {
  readonly clusters: KserveCluster[];
  /** Locator methods whose clusters are not known here. */
  readonly unreadMethods: string[];
}

/**
 * Makes the service from `kubernetes.clusterLocatorMethods` of the configuration.
 *
 * @throws InputError that names the config key, never a value.
 * @public
 */
export function createKserveClusters(options: {
  config: Config;
  logger: LoggerService;
}): KserveClustersService {
  const { clusters, unreadMethods } = readClusters(options.config);
  return {
    clusters: clusters.map(details => ({
      name: details.name,
      title: details.title,
      server: new ApiServer(details, createCredentialReader(details, options)),
    })),
    unreadMethods,
  };
}

/**
 * Gives a plugin the configured clusters.
 *
 * @public
 */
export const kserveClustersServiceRef = createServiceRef<KserveClustersService>(
  {
    id: 'kserve.clusters',
    scope: 'plugin',
    defaultFactory: async service =>
      createServiceFactory({
        service,
        deps: { config: coreServices.rootConfig, logger: coreServices.logger },
        factory: ({ config, logger }) =>
          createKserveClusters({ config, logger }),
      }),
  },
);
