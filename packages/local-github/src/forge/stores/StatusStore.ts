// SPDX-License-Identifier: Apache-2.0
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { timestamp } from '../database';

const statusRow = z.object({
  id: z.number(),
  repository_id: z.number(),
  sha: z.string(),
  context: z.string(),
  state: z.enum(['error', 'failure', 'pending', 'success']),
  description: z.string().nullable(),
  target_url: z.string().nullable(),
  creator: z.string(),
  created_at: z.string(),
});

export type CommitStatus = z.infer<typeof statusRow>;

export class StatusStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  create(status: Omit<CommitStatus, 'id' | 'created_at'>): CommitStatus {
    return statusRow.parse(
      this.#db
        .prepare(
          `INSERT INTO statuses (repository_id, sha, context, state, description, target_url, creator, created_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING *`,
        )
        .get(
          status.repository_id,
          status.sha,
          status.context,
          status.state,
          status.description,
          status.target_url,
          status.creator,
          timestamp(),
        ),
    );
  }

  /** All statuses of a commit, newest first. */
  list(repositoryId: number, sha: string): CommitStatus[] {
    return z
      .array(statusRow)
      .parse(
        this.#db
          .prepare(
            'SELECT * FROM statuses WHERE repository_id = ? AND sha = ? ORDER BY id DESC',
          )
          .all(repositoryId, sha),
      );
  }

  /** The newest status of each context. */
  latest(repositoryId: number, sha: string): CommitStatus[] {
    const byContext = new Map<string, CommitStatus>();
    for (const status of this.list(repositoryId, sha).reverse()) {
      byContext.set(status.context.toLowerCase(), status);
    }
    return [...byContext.values()].sort((a, b) => a.id - b.id);
  }
}
