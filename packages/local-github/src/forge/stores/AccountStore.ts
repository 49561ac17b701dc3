// SPDX-License-Identifier: Apache-2.0
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { timestamp } from '../database';
import { isLogin } from '../names';

const accountRow = z.object({
  id: z.number(),
  login: z.string(),
  type: z.enum(['User', 'Organization']),
  name: z.string().nullable(),
  created_at: z.string(),
});

export type Account = z.infer<typeof accountRow>;

/** Users and organisations. Every user is a member of every organisation; the site admin owns them. */
export class AccountStore {
  readonly #db: Database;
  readonly siteAdmin: string;

  constructor(db: Database, siteAdmin: string) {
    this.#db = db;
    this.siteAdmin = siteAdmin;
  }

  find(login: string): Account | undefined {
    return accountRow
      .optional()
      .parse(
        this.#db.prepare('SELECT * FROM accounts WHERE login = ?').get(login),
      );
  }

  findById(id: number): Account | undefined {
    return accountRow
      .optional()
      .parse(this.#db.prepare('SELECT * FROM accounts WHERE id = ?').get(id));
  }

  list(type: Account['type']): Account[] {
    return z
      .array(accountRow)
      .parse(
        this.#db
          .prepare('SELECT * FROM accounts WHERE type = ? ORDER BY id')
          .all(type),
      );
  }

  /** Creates the account unless it exists. */
  ensure(login: string, type: Account['type']): void {
    if (!isLogin(login)) {
      throw new Error(
        `"${login}" is not a login: letters, digits and single hyphens, 39 at most`,
      );
    }
    this.#db
      .prepare(
        'INSERT INTO accounts (login, type, created_at) VALUES (?, ?, ?) ON CONFLICT (login) DO NOTHING',
      )
      .run(login, type, timestamp());
  }

  isSiteAdmin(login: string): boolean {
    return login.toLowerCase() === this.siteAdmin.toLowerCase();
  }
}
