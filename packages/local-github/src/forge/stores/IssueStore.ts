// SPDX-License-Identifier: Apache-2.0
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { timestamp } from '../database';

const issueRow = z.object({
  id: z.number(),
  repository_id: z.number(),
  number: z.number(),
  is_pull: z.number(),
  title: z.string(),
  body: z.string().nullable(),
  author: z.string(),
  state: z.enum(['open', 'closed']),
  state_reason: z
    .enum(['completed', 'not_planned', 'reopened', 'duplicate'])
    .nullable(),
  locked: z.number(),
  assignees: z
    .string()
    .transform(value => z.array(z.string()).parse(JSON.parse(value))),
  created_at: z.string(),
  updated_at: z.string(),
  closed_at: z.string().nullable(),
  closed_by: z.string().nullable(),
});

/** An issue; a pull request is one too, as on GitHub. */
export type Issue = z.infer<typeof issueRow>;

const commentRow = z.object({
  id: z.number(),
  issue_id: z.number(),
  author: z.string(),
  body: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
});

export type Comment = z.infer<typeof commentRow>;

export interface IssueFilter {
  state?: 'open' | 'closed' | 'all';
  /** `undefined`: issues and pull requests. */
  isPull?: boolean;
  labels?: string[];
  creator?: string;
  assignee?: string;
  since?: string;
  sort?: 'created' | 'updated' | 'comments';
  direction?: 'asc' | 'desc';
}

export interface IssueChanges {
  title?: string;
  body?: string | null;
  assignees?: string[];
  locked?: boolean;
}

export class IssueStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  create(issue: {
    repositoryId: number;
    isPull: boolean;
    title: string;
    body: string | null;
    author: string;
    assignees: string[];
  }): Issue {
    const now = timestamp();
    return issueRow.parse(
      this.#db
        .prepare(
          `INSERT INTO issues (repository_id, number, is_pull, title, body, author, assignees, created_at, updated_at)
           VALUES (:id, (SELECT coalesce(max(number), 0) + 1 FROM issues WHERE repository_id = :id),
             :isPull, :title, :body, :author, :assignees, :now, :now) RETURNING *`,
        )
        .get({
          id: issue.repositoryId,
          isPull: issue.isPull ? 1 : 0,
          title: issue.title,
          body: issue.body,
          author: issue.author,
          assignees: JSON.stringify(issue.assignees),
          now,
        }),
    );
  }

  find(repositoryId: number, number: number): Issue | undefined {
    return issueRow
      .optional()
      .parse(
        this.#db
          .prepare(
            'SELECT * FROM issues WHERE repository_id = ? AND number = ?',
          )
          .get(repositoryId, number),
      );
  }

  findById(id: number): Issue | undefined {
    return issueRow
      .optional()
      .parse(this.#db.prepare('SELECT * FROM issues WHERE id = ?').get(id));
  }

  list(
    repositoryId: number,
    filter: IssueFilter,
    page: { size: number; offset: number },
  ): { items: Issue[]; total: number } {
    const conditions = ['repository_id = :repositoryId'];
    const values: Record<string, string | number> = { repositoryId };
    if (filter.state && filter.state !== 'all') {
      conditions.push('state = :state');
      values.state = filter.state;
    }
    if (filter.isPull !== undefined) {
      conditions.push('is_pull = :isPull');
      values.isPull = filter.isPull ? 1 : 0;
    }
    if (filter.creator) {
      conditions.push('author = :creator COLLATE NOCASE');
      values.creator = filter.creator;
    }
    if (filter.assignee) {
      conditions.push(
        'EXISTS (SELECT 1 FROM json_each(assignees) WHERE value = :assignee COLLATE NOCASE)',
      );
      values.assignee = filter.assignee;
    }
    if (filter.since) {
      conditions.push('updated_at >= :since');
      values.since = filter.since;
    }
    (filter.labels ?? []).forEach((label, index) => {
      conditions.push(
        `EXISTS (SELECT 1 FROM issue_labels JOIN labels ON labels.id = label_id
           WHERE issue_id = issues.id AND labels.name = :label${index} COLLATE NOCASE)`,
      );
      values[`label${index}`] = label;
    });
    const where = `FROM issues WHERE ${conditions.join(' AND ')}`;
    const order = {
      created: 'created_at',
      updated: 'updated_at',
      comments: '(SELECT count(*) FROM comments WHERE issue_id = issues.id)',
    }[filter.sort ?? 'created'];
    const direction = filter.direction === 'asc' ? 'ASC' : 'DESC';
    return {
      total: this.#count(`SELECT count(*) AS count ${where}`, values),
      items: z
        .array(issueRow)
        .parse(
          this.#db
            .prepare(
              `SELECT * ${where} ORDER BY ${order} ${direction}, number ${direction} LIMIT :size OFFSET :offset`,
            )
            .all({ ...values, ...page }),
        ),
    };
  }

  countOpen(repositoryId: number): number {
    return this.#count(
      "SELECT count(*) AS count FROM issues WHERE repository_id = :repositoryId AND state = 'open'",
      { repositoryId },
    );
  }

  update(id: number, changes: IssueChanges): void {
    const current = this.findById(id);
    if (!current) {
      return;
    }
    this.#db
      .prepare(
        'UPDATE issues SET title = ?, body = ?, assignees = ?, locked = ?, updated_at = ? WHERE id = ?',
      )
      .run(
        changes.title ?? current.title,
        changes.body === undefined ? current.body : changes.body,
        JSON.stringify(changes.assignees ?? current.assignees),
        (changes.locked ?? current.locked === 1) ? 1 : 0,
        timestamp(),
        id,
      );
  }

  setState(
    id: number,
    state: 'open' | 'closed',
    by: string,
    reason: Issue['state_reason'],
  ): void {
    const now = timestamp();
    const isClosed = state === 'closed';
    this.#db
      .prepare(
        'UPDATE issues SET state = ?, state_reason = ?, closed_at = ?, closed_by = ?, updated_at = ? WHERE id = ?',
      )
      .run(state, reason, isClosed ? now : null, isClosed ? by : null, now, id);
  }

  addComment(issueId: number, author: string, body: string): Comment {
    const now = timestamp();
    this.#db
      .prepare('UPDATE issues SET updated_at = ? WHERE id = ?')
      .run(now, issueId);
    return commentRow.parse(
      this.#db
        .prepare(
          `INSERT INTO comments (issue_id, author, body, created_at, updated_at)
           VALUES (?, ?, ?, ?, ?) RETURNING *`,
        )
        .get(issueId, author, body, now, now),
    );
  }

  findComment(id: number): Comment | undefined {
    return commentRow
      .optional()
      .parse(this.#db.prepare('SELECT * FROM comments WHERE id = ?').get(id));
  }

  listComments(issueId: number): Comment[] {
    return z
      .array(commentRow)
      .parse(
        this.#db
          .prepare('SELECT * FROM comments WHERE issue_id = ? ORDER BY id')
          .all(issueId),
      );
  }

  listRepositoryComments(repositoryId: number): Comment[] {
    return z.array(commentRow).parse(
      this.#db
        .prepare(
          `SELECT comments.* FROM comments JOIN issues ON issues.id = issue_id
           WHERE repository_id = ? ORDER BY comments.id`,
        )
        .all(repositoryId),
    );
  }

  countComments(issueId: number): number {
    return this.#count(
      'SELECT count(*) AS count FROM comments WHERE issue_id = :issueId',
      { issueId },
    );
  }

  updateComment(id: number, body: string): void {
    this.#db
      .prepare('UPDATE comments SET body = ?, updated_at = ? WHERE id = ?')
      .run(body, timestamp(), id);
  }

  removeComment(id: number): void {
    this.#db.prepare('DELETE FROM comments WHERE id = ?').run(id);
  }

  #count(sql: string, values: Record<string, string | number>): number {
    return z
      .object({ count: z.number() })
      .parse(this.#db.prepare(sql).get(values)).count;
  }
}
