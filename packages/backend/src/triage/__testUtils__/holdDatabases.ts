// SPDX-License-Identifier: Apache-2.0
import {
  coreServices,
  createBackendModule,
  type DatabaseService,
} from '@backstage/backend-plugin-api';

/**
 * Backstage leaves SQLite's pools open when a backend stops, and their timers
 * keep jest's worker alive: what `close` is for, after the stop.
 */
export function holdDatabases(pluginIds: string[]) {
  const databases: DatabaseService[] = [];
  return {
    modules: pluginIds.map(pluginId =>
      createBackendModule({
        pluginId,
        moduleId: 'hold-database',
        register(reg) {
          reg.registerInit({
            deps: { database: coreServices.database },
            async init({ database }) {
              databases.push(database);
            },
          });
        },
      }),
    ),
    async close() {
      for (const database of databases.splice(0)) {
        const knex = await database.getClient();
        await knex.destroy();
      }
    },
  };
}
