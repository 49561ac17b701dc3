// SPDX-License-Identifier: Apache-2.0
import {
  resolvePackagePath,
  type DatabaseService,
} from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';

/** The plugin's database, with its tables. */
export async function openDatabase(database: DatabaseService): Promise<Knex> {
  const knex = await database.getClient();
  if (knex.client.config.client === 'better-sqlite3') {
    // SQLite answers in the portal's own thread: with a write-ahead log a commit waits
    // for the disk once and not four times.
    await knex.raw('pragma journal_mode = wal');
  }
  if (!database.migrations?.skip) {
    await knex.migrate.latest({
      directory: resolvePackagePath(
        '@greenroom/plugin-triage-backend',
        'migrations',
      ),
    });
  }
  return knex;
}
