// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { sha256 } from '../database';
import type { ForgeCaller } from '../types';

const tokenRow = z.object({
  login: z.string(),
  repository_id: z.number().nullable(),
  permissions: z.string().nullable(),
  expires_at: z.number().nullable(),
});

const permissionsSchema = z.record(
  z.string(),
  z.enum(['read', 'write', 'none']),
);

/** Access tokens; only their hashes are kept. */
export class TokenStore {
  readonly #adminHash: string;
  readonly #db: Database;
  readonly #adminLogin: string;

  constructor(db: Database, adminToken: string, adminLogin: string) {
    this.#db = db;
    this.#adminLogin = adminLogin;
    this.#adminHash = sha256(adminToken);
    // No job outlives this process, so no job's token does.
    db.prepare(
      'DELETE FROM tokens WHERE repository_id IS NOT NULL OR expires_at < ?',
    ).run(Date.now());
  }

  issue(caller: ForgeCaller, ttlSeconds?: number): string {
    const isJob = caller.repositoryId !== undefined;
    const token = `${isJob ? 'ghs' : 'ghp'}_${randomBytes(24).toString('base64url').replace(/[-_]/g, 'x')}`;
    this.#db
      .prepare('INSERT INTO tokens VALUES (?, ?, ?, ?, ?)')
      .run(
        sha256(token),
        caller.login,
        caller.repositoryId ?? null,
        caller.permissions ? JSON.stringify(caller.permissions) : null,
        ttlSeconds === undefined ? null : Date.now() + ttlSeconds * 1000,
      );
    return token;
  }

  revoke(token: string): void {
    this.#db.prepare('DELETE FROM tokens WHERE hash = ?').run(sha256(token));
  }

  verify(token: string): ForgeCaller | undefined {
    const hash = sha256(token);
    if (hash === this.#adminHash) {
      return { login: this.#adminLogin };
    }
    const row = tokenRow
      .optional()
      .parse(this.#db.prepare('SELECT * FROM tokens WHERE hash = ?').get(hash));
    if (!row || (row.expires_at !== null && row.expires_at <= Date.now())) {
      return undefined;
    }
    return {
      login: row.login,
      ...(row.repository_id !== null && {
        repositoryId: row.repository_id,
        permissions: row.permissions
          ? permissionsSchema.parse(JSON.parse(row.permissions))
          : {},
      }),
    };
  }
}
