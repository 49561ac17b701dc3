// SPDX-License-Identifier: Apache-2.0
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { AccessLevel } from '../types';

const grantRow = z.object({ permission: z.string() });

/** GitHub's roles: `pull`/`read`, `triage`, `push`/`write`, `maintain`, `admin`. */
export function levelOfPermission(permission: string): AccessLevel {
  switch (permission) {
    case 'admin':
    case 'maintain':
      return 'admin';
    case 'push':
    case 'write':
      return 'write';
    default:
      return 'read';
  }
}

/** Who was given access to a repository. */
export class CollaboratorStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  permissionOf(repositoryId: number, login: string): string | undefined {
    return grantRow
      .optional()
      .parse(
        this.#db
          .prepare(
            'SELECT permission FROM collaborators WHERE repository_id = ? AND login = ?',
          )
          .get(repositoryId, login),
      )?.permission;
  }

  /** Answers whether the person is new to the repository. */
  set(repositoryId: number, login: string, permission: string): boolean {
    const isNew = this.permissionOf(repositoryId, login) === undefined;
    this.#db
      .prepare('INSERT OR REPLACE INTO collaborators VALUES (?, ?, ?)')
      .run(repositoryId, login, permission);
    return isNew;
  }

  remove(repositoryId: number, login: string): void {
    this.#db
      .prepare(
        'DELETE FROM collaborators WHERE repository_id = ? AND login = ?',
      )
      .run(repositoryId, login);
  }
}
