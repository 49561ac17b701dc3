// SPDX-License-Identifier: Apache-2.0
import {
  coreServices,
  createServiceFactory,
  createServiceRef,
  type LoggerService,
} from '@backstage/backend-plugin-api';
import type { Config } from '@backstage/config';
import { NotFoundError } from '@backstage/errors';
import { MlflowClient } from './MlflowClient';
import {
  readMlflowInstances,
  type MlflowInstance,
} from './readMlflowInstances';

/**
 * The configured MLflow instances and their clients.
 *
 * @public
 */
export interface MlflowService {
  /** The default instance comes first; empty when none is configured. */
  readonly instances: MlflowInstance[];
  /**
   * The client of an instance, of the default one when no name is given.
   *
   * @throws NotFoundError when there is no such instance.
   */
  getClient(instance?: string): MlflowClient;
}

/**
 * Makes the service from `mlflow.instances` of the configuration.
 *
 * @throws InputError that names the config key that is wrong.
 * @public
 */
export function createMlflowService(options: {
  config: Config;
  logger?: LoggerService;
}): MlflowService {
  const clients = readMlflowInstances(options.config).map(
    instance => new MlflowClient(instance, { logger: options.logger }),
  );
  const instances = clients.map(client => client.instance);
  return {
    instances,
    getClient(name) {
      const client =
        name === undefined
          ? clients[0]
          : clients.find(({ instance }) => instance.name === name);
      if (client) {
        return client;
      }
      throw new NotFoundError(
        clients.length === 0
          ? "No MLflow instance is configured: add one to 'mlflow.instances'"
          : `There is no MLflow instance '${name}'; configured are ${instances
              .map(instance => `'${instance.name}'`)
              .join(', ')}`,
      );
    },
  };
}

/**
 * Gives a plugin the configured MLflow instances.
 *
 * @public
 */
export const mlflowServiceRef = createServiceRef<MlflowService>({
  id: 'mlflow.service',
  scope: 'plugin',
  defaultFactory: async service =>
    createServiceFactory({
      service,
      deps: { config: coreServices.rootConfig, logger: coreServices.logger },
      factory: ({ config, logger }) => createMlflowService({ config, logger }),
    }),
});
