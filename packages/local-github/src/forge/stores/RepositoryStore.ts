// SPDX-License-Identifier: Apache-2.0
import path from 'node:path';
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { timestamp } from '../database';
import type { ForgeRepository } from '../types';

/** What `PATCH /repos/{owner}/{repo}` keeps beside the columns. */
export const repositorySettings = z.object({
  has_issues: z.boolean().default(true),
  has_projects: z.boolean().default(true),
  has_wiki: z.boolean().default(true),
  has_discussions: z.boolean().default(false),
  is_template: z.boolean().default(false),
  allow_merge_commit: z.boolean().default(true),
  allow_squash_merge: z.boolean().default(true),
  allow_rebase_merge: z.boolean().default(true),
  allow_auto_merge: z.boolean().default(false),
  allow_update_branch: z.boolean().default(false),
  delete_branch_on_merge: z.boolean().default(false),
  web_commit_signoff_required: z.boolean().default(false),
  squash_merge_commit_title: z
    .enum(['PR_TITLE', 'COMMIT_OR_PR_TITLE'])
    .default('COMMIT_OR_PR_TITLE'),
  squash_merge_commit_message: z
    .enum(['PR_BODY', 'COMMIT_MESSAGES', 'BLANK'])
    .default('COMMIT_MESSAGES'),
  merge_commit_title: z
    .enum(['PR_TITLE', 'MERGE_MESSAGE'])
    .default('MERGE_MESSAGE'),
  merge_commit_message: z
    .enum(['PR_BODY', 'PR_TITLE', 'BLANK'])
    .default('PR_TITLE'),
  custom_properties: z
    .record(z.string(), z.union([z.string(), z.array(z.string()), z.null()]))
    .default({}),
});

export type RepositorySettings = z.infer<typeof repositorySettings>;

/** A repository with all that forge keeps about it. */
export interface RepositoryRecord extends ForgeRepository {
  ownerId: number;
  description: string | null;
  homepage: string | null;
  archived: boolean;
  /** Kilobytes on disk, as of the last push. */
  size: number;
  topics: string[];
  settings: RepositorySettings;
  createdAt: string;
  updatedAt: string;
  pushedAt: string;
}

const row = z.object({
  id: z.number(),
  owner_id: z.number(),
  owner: z.string(),
  name: z.string(),
  directory: z.string(),
  default_branch: z.string(),
  private: z.number(),
  description: z.string().nullable(),
  homepage: z.string().nullable(),
  archived: z.number(),
  size: z.number(),
  topics: z.string(),
  settings: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
  pushed_at: z.string(),
});

const SELECT = `SELECT repositories.*, accounts.login AS owner
  FROM repositories JOIN accounts ON accounts.id = repositories.owner_id`;

export type RepositoryChanges = Partial<
  Pick<
    RepositoryRecord,
    | 'name'
    | 'defaultBranch'
    | 'private'
    | 'description'
    | 'homepage'
    | 'archived'
    | 'size'
    | 'topics'
    | 'settings'
    | 'pushedAt'
  >
>;

/** The rows of repositories; `gitRoot` holds their bare repositories as `<owner>/<name>.git`. */
export class RepositoryStore {
  readonly #db: Database;
  readonly gitRoot: string;

  constructor(db: Database, gitRoot: string) {
    this.#db = db;
    this.gitRoot = gitRoot;
  }

  find(owner: string, name: string): RepositoryRecord | undefined {
    return this.#one(
      `${SELECT} WHERE accounts.login = ? AND repositories.name = ?`,
      owner,
      name,
    );
  }

  findById(id: number): RepositoryRecord | undefined {
    return this.#one(`${SELECT} WHERE repositories.id = ?`, id);
  }

  list(): RepositoryRecord[] {
    return this.#db
      .prepare(`${SELECT} ORDER BY repositories.id`)
      .all()
      .map(value => this.#read(value));
  }

  isDirectoryUsed(directory: string): boolean {
    return (
      this.#db
        .prepare('SELECT 1 FROM repositories WHERE directory = ?')
        .get(directory) !== undefined
    );
  }

  insert(repository: {
    ownerId: number;
    name: string;
    directory: string;
    defaultBranch: string;
    private: boolean;
    description: string | null;
    homepage: string | null;
    settings: RepositorySettings;
  }): number {
    const now = timestamp();
    return Number(
      this.#db
        .prepare(
          `INSERT INTO repositories (owner_id, name, directory, default_branch, private, description, homepage,
             settings, created_at, updated_at, pushed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(
          repository.ownerId,
          repository.name,
          repository.directory,
          repository.defaultBranch,
          repository.private ? 1 : 0,
          repository.description,
          repository.homepage,
          JSON.stringify(repository.settings),
          now,
          now,
          now,
        ).lastInsertRowid,
    );
  }

  update(id: number, changes: RepositoryChanges): void {
    const current = this.findById(id);
    if (!current) {
      return;
    }
    const next = { ...current, ...changes };
    this.#db
      .prepare(
        `UPDATE repositories SET name = ?, default_branch = ?, private = ?, description = ?, homepage = ?,
           archived = ?, size = ?, topics = ?, settings = ?, pushed_at = ?, updated_at = ? WHERE id = ?`,
      )
      .run(
        next.name,
        next.defaultBranch,
        next.private ? 1 : 0,
        next.description,
        next.homepage,
        next.archived ? 1 : 0,
        next.size,
        JSON.stringify(next.topics),
        JSON.stringify(next.settings),
        next.pushedAt,
        timestamp(),
        id,
      );
  }

  remove(id: number): void {
    this.#db.prepare('DELETE FROM repositories WHERE id = ?').run(id);
  }

  #one(sql: string, ...values: (string | number)[]) {
    const value = this.#db.prepare(sql).get(...values);
    return value === undefined ? undefined : this.#read(value);
  }

  #read(value: unknown): RepositoryRecord {
    const data = row.parse(value);
    return {
      id: data.id,
      ownerId: data.owner_id,
      owner: data.owner,
      name: data.name,
      fullName: `${data.owner}/${data.name}`,
      defaultBranch: data.default_branch,
      private: data.private === 1,
      gitDir: path.join(this.gitRoot, ...data.directory.split('/')),
      description: data.description,
      homepage: data.homepage,
      archived: data.archived === 1,
      size: data.size,
      topics: z.array(z.string()).parse(JSON.parse(data.topics)),
      settings: repositorySettings.parse(JSON.parse(data.settings)),
      createdAt: data.created_at,
      updatedAt: data.updated_at,
      pushedAt: data.pushed_at,
    };
  }
}
