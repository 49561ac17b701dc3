// SPDX-License-Identifier: Apache-2.0
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { timestamp } from '../database';

const stringArray = z
  .string()
  .transform(value => z.array(z.string()).parse(JSON.parse(value)));

const pullRow = z.object({
  issue_id: z.number(),
  base_ref: z.string(),
  base_sha: z.string(),
  head_ref: z.string(),
  head_sha: z.string(),
  draft: z.number(),
  reviewers: stringArray,
  merged_at: z.string().nullable(),
  merged_by: z.string().nullable(),
  merge_commit_sha: z.string().nullable(),
});

/** The part of a pull request that is not an issue; head and base are branches of one repository. */
export type Pull = z.infer<typeof pullRow>;

export class PullStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  create(pull: {
    issueId: number;
    baseRef: string;
    baseSha: string;
    headRef: string;
    headSha: string;
    draft: boolean;
  }): void {
    this.#db
      .prepare(
        `INSERT INTO pulls (issue_id, base_ref, base_sha, head_ref, head_sha, draft) VALUES (?, ?, ?, ?, ?, ?)`,
      )
      .run(
        pull.issueId,
        pull.baseRef,
        pull.baseSha,
        pull.headRef,
        pull.headSha,
        pull.draft ? 1 : 0,
      );
  }

  get(issueId: number): Pull {
    return pullRow.parse(
      this.#db.prepare('SELECT * FROM pulls WHERE issue_id = ?').get(issueId),
    );
  }

  /** Open pull requests with this head or base branch, as ids of their issues. */
  findOpen(
    repositoryId: number,
    side: 'head' | 'base',
    branch: string,
  ): number[] {
    return z
      .array(z.object({ id: z.number() }))
      .parse(
        this.#db
          .prepare(
            `SELECT issues.id FROM pulls JOIN issues ON issues.id = issue_id
             WHERE repository_id = ? AND state = 'open'
               AND ${side === 'head' ? 'head_ref' : 'base_ref'} = ? ORDER BY issues.id`,
          )
          .all(repositoryId, branch),
      )
      .map(({ id }) => id);
  }

  setShas(issueId: number, shas: { headSha?: string; baseSha?: string }): void {
    this.#db
      .prepare(
        'UPDATE pulls SET head_sha = coalesce(?, head_sha), base_sha = coalesce(?, base_sha) WHERE issue_id = ?',
      )
      .run(shas.headSha ?? null, shas.baseSha ?? null, issueId);
  }

  setBase(issueId: number, baseRef: string, baseSha: string): void {
    this.#db
      .prepare('UPDATE pulls SET base_ref = ?, base_sha = ? WHERE issue_id = ?')
      .run(baseRef, baseSha, issueId);
  }

  /** The commit that will be the merge, before the base branch moves to it. */
  setMergeCommit(issueId: number, commit: string): void {
    this.#db
      .prepare('UPDATE pulls SET merge_commit_sha = ? WHERE issue_id = ?')
      .run(commit, issueId);
  }

  setMerged(issueId: number, by: string, commit: string): void {
    this.#db
      .prepare(
        'UPDATE pulls SET merged_at = ?, merged_by = ?, merge_commit_sha = ? WHERE issue_id = ?',
      )
      .run(timestamp(), by, commit, issueId);
  }

  setReviewers(issueId: number, reviewers: string[]): void {
    this.#db
      .prepare('UPDATE pulls SET reviewers = ? WHERE issue_id = ?')
      .run(JSON.stringify(reviewers), issueId);
  }
}
