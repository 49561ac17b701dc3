// SPDX-License-Identifier: Apache-2.0
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { timestamp } from '../database';

const commentRow = z.object({
  id: z.number(),
  repository_id: z.number(),
  sha: z.string(),
  author: z.string(),
  body: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
});

export type CommitComment = z.infer<typeof commentRow>;

/** Comments on commits. */
export class CommitCommentStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  create(
    comment: Pick<CommitComment, 'repository_id' | 'sha' | 'author' | 'body'>,
  ): CommitComment {
    const now = timestamp();
    return commentRow.parse(
      this.#db
        .prepare(
          `INSERT INTO commit_comments (repository_id, sha, author, body, created_at, updated_at)
           VALUES (?, ?, ?, ?, ?, ?) RETURNING *`,
        )
        .get(
          comment.repository_id,
          comment.sha,
          comment.author,
          comment.body,
          now,
          now,
        ),
    );
  }

  find(repositoryId: number, id: number): CommitComment | undefined {
    return commentRow
      .optional()
      .parse(
        this.#db
          .prepare(
            'SELECT * FROM commit_comments WHERE repository_id = ? AND id = ?',
          )
          .get(repositoryId, id),
      );
  }

  /** The oldest first. */
  list(repositoryId: number, sha: string): CommitComment[] {
    return z
      .array(commentRow)
      .parse(
        this.#db
          .prepare(
            'SELECT * FROM commit_comments WHERE repository_id = ? AND sha = ? ORDER BY id',
          )
          .all(repositoryId, sha),
      );
  }

  update(id: number, body: string): void {
    this.#db
      .prepare(
        'UPDATE commit_comments SET body = ?, updated_at = ? WHERE id = ?',
      )
      .run(body, timestamp(), id);
  }

  remove(id: number): void {
    this.#db.prepare('DELETE FROM commit_comments WHERE id = ?').run(id);
  }
}
