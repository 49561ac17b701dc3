// SPDX-License-Identifier: Apache-2.0
import { createHmac, randomBytes } from 'node:crypto';
import {
  resolvePackagePath,
  type DatabaseService,
} from '@backstage/backend-plugin-api';
import type { RepositoryAddress } from './GithubRepositories';

const KEY_NAME = 'repository-mark';

/** In characters of base64url, six bits each. */
const MARK_LENGTH = 16;

/**
 * The proof that this portal made a repository: a MAC over the repository's
 * address, with a key that only the portal's database holds. Nobody else can
 * make one, and the mark of one repository says nothing about another.
 */
export class RepositoryMark {
  readonly #key: Buffer;

  private constructor(key: Buffer) {
    this.#key = key;
  }

  /** Reads the key, or makes it: several replicas that start at once get the same. */
  static async create(database: DatabaseService): Promise<RepositoryMark> {
    const client = await database.getClient();
    if (!database.migrations?.skip) {
      await client.migrate.latest({
        directory: resolvePackagePath(
          '@greenroom/plugin-scaffolder-backend-module-ml',
          'migrations',
        ),
        // The database is the scaffolder's, which keeps its own account.
        tableName: 'greenroom_ml_knex_migrations',
      });
    }
    await client('greenroom_ml_keys')
      .insert({ name: KEY_NAME, key: randomBytes(32).toString('hex') })
      .onConflict('name')
      .ignore();
    const row = await client('greenroom_ml_keys')
      .where({ name: KEY_NAME })
      .first('key');
    return new RepositoryMark(Buffer.from(row.key, 'hex'));
  }

  /** The mark of a repository; GitHub does not tell upper from lower case. */
  of({ host, owner, name }: RepositoryAddress): string {
    return createHmac('sha256', this.#key)
      .update(`${host}/${owner}/${name}`.toLowerCase())
      .digest('base64url')
      .slice(0, MARK_LENGTH);
  }
}
