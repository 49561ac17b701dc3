// SPDX-License-Identifier: Apache-2.0
import {
  resolvePackagePath,
  type DatabaseService,
} from '@backstage/backend-plugin-api';
import { randomBytes } from 'node:crypto';

const TABLE = 'page_token_key';

/**
 * The installation's key for page tokens, made at the first start. It lives in
 * the plugin's database, so that a token is good at every replica and after a
 * restart.
 */
export async function loadPageTokenKey(
  database: DatabaseService,
): Promise<Buffer> {
  const knex = await database.getClient();
  if (!database.migrations?.skip) {
    await knex.migrate.latest({
      directory: resolvePackagePath(
        '@greenroom/plugin-mlflow-backend',
        'migrations',
      ),
    });
  }
  // Replicas that start at once: the first one's key stays.
  await knex(TABLE)
    .insert({ id: 1, key: randomBytes(32).toString('base64url') })
    .onConflict('id')
    .ignore();
  const row = await knex(TABLE).where({ id: 1 }).first<{ key: string }>('key');
  return Buffer.from(row.key, 'base64url');
}
