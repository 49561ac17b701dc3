// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import Sqlite, { type Database } from 'better-sqlite3';

// Migrations are only ever added; `user_version` counts those that ran.
const MIGRATIONS = [
  `
  CREATE TABLE accounts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    login TEXT NOT NULL UNIQUE COLLATE NOCASE,
    type TEXT NOT NULL CHECK (type IN ('User', 'Organization')),
    name TEXT,
    created_at TEXT NOT NULL
  );
  CREATE TABLE repositories (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    owner_id INTEGER NOT NULL REFERENCES accounts (id),
    name TEXT NOT NULL COLLATE NOCASE,
    directory TEXT NOT NULL UNIQUE COLLATE NOCASE,
    default_branch TEXT NOT NULL,
    private INTEGER NOT NULL,
    description TEXT,
    homepage TEXT,
    archived INTEGER NOT NULL DEFAULT 0,
    size INTEGER NOT NULL DEFAULT 0,
    topics TEXT NOT NULL DEFAULT '[]',
    settings TEXT NOT NULL DEFAULT '{}',
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    pushed_at TEXT NOT NULL,
    UNIQUE (owner_id, name)
  );
  CREATE TABLE tokens (
    hash TEXT PRIMARY KEY,
    login TEXT NOT NULL COLLATE NOCASE,
    repository_id INTEGER REFERENCES repositories (id) ON DELETE CASCADE,
    permissions TEXT,
    expires_at INTEGER
  );
  CREATE TABLE collaborators (
    repository_id INTEGER NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
    login TEXT NOT NULL COLLATE NOCASE,
    permission TEXT NOT NULL,
    PRIMARY KEY (repository_id, login)
  );
  CREATE TABLE teams (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id INTEGER NOT NULL REFERENCES accounts (id),
    slug TEXT NOT NULL COLLATE NOCASE,
    name TEXT NOT NULL,
    description TEXT,
    created_at TEXT NOT NULL,
    UNIQUE (organization_id, slug)
  );
  CREATE TABLE team_members (
    team_id INTEGER NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
    login TEXT NOT NULL COLLATE NOCASE,
    PRIMARY KEY (team_id, login)
  );
  CREATE TABLE team_repositories (
    team_id INTEGER NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
    repository_id INTEGER NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
    permission TEXT NOT NULL,
    PRIMARY KEY (team_id, repository_id)
  );
  -- Settings that are kept and answered, but change nothing here: branch
  -- protection, environments, deploy keys, autolinks, pages, subscriptions.
  CREATE TABLE repository_records (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    repository_id INTEGER NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    data TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (repository_id, kind, key)
  );
  CREATE TABLE labels (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    repository_id INTEGER NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
    name TEXT NOT NULL COLLATE NOCASE,
    color TEXT NOT NULL,
    description TEXT,
    is_default INTEGER NOT NULL DEFAULT 0,
    UNIQUE (repository_id, name)
  );
  CREATE TABLE issues (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    repository_id INTEGER NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    is_pull INTEGER NOT NULL DEFAULT 0,
    title TEXT NOT NULL,
    body TEXT,
    author TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'closed')),
    state_reason TEXT,
    locked INTEGER NOT NULL DEFAULT 0,
    assignees TEXT NOT NULL DEFAULT '[]',
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    closed_at TEXT,
    closed_by TEXT,
    UNIQUE (repository_id, number)
  );
  CREATE TABLE pulls (
    issue_id INTEGER PRIMARY KEY REFERENCES issues (id) ON DELETE CASCADE,
    base_ref TEXT NOT NULL,
    base_sha TEXT NOT NULL,
    head_ref TEXT NOT NULL,
    head_sha TEXT NOT NULL,
    draft INTEGER NOT NULL DEFAULT 0,
    reviewers TEXT NOT NULL DEFAULT '[]',
    team_reviewers TEXT NOT NULL DEFAULT '[]',
    merged_at TEXT,
    merged_by TEXT,
    merge_commit_sha TEXT
  );
  CREATE TABLE issue_labels (
    issue_id INTEGER NOT NULL REFERENCES issues (id) ON DELETE CASCADE,
    label_id INTEGER NOT NULL REFERENCES labels (id) ON DELETE CASCADE,
    PRIMARY KEY (issue_id, label_id)
  );
  CREATE TABLE comments (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    issue_id INTEGER NOT NULL REFERENCES issues (id) ON DELETE CASCADE,
    author TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
  );
  CREATE INDEX comments_by_issue ON comments (issue_id);
  CREATE TABLE statuses (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    repository_id INTEGER NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
    sha TEXT NOT NULL,
    context TEXT NOT NULL,
    state TEXT NOT NULL,
    description TEXT,
    target_url TEXT,
    creator TEXT NOT NULL,
    created_at TEXT NOT NULL
  );
  CREATE INDEX statuses_by_commit ON statuses (repository_id, sha);
  CREATE TABLE hooks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    repository_id INTEGER NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
    url TEXT NOT NULL,
    content_type TEXT NOT NULL,
    secret TEXT,
    insecure_ssl TEXT NOT NULL,
    events TEXT NOT NULL,
    active INTEGER NOT NULL,
    last_response TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
  );
  CREATE TABLE hook_deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    hook_id INTEGER NOT NULL REFERENCES hooks (id) ON DELETE CASCADE,
    guid TEXT NOT NULL,
    event TEXT NOT NULL,
    action TEXT,
    repository_id INTEGER NOT NULL,
    redelivery INTEGER NOT NULL,
    status TEXT NOT NULL,
    status_code INTEGER NOT NULL,
    duration REAL NOT NULL,
    delivered_at TEXT NOT NULL,
    request_headers TEXT NOT NULL,
    request_body TEXT NOT NULL,
    response_headers TEXT NOT NULL,
    response_body TEXT NOT NULL
  );
  CREATE INDEX hook_deliveries_by_hook ON hook_deliveries (hook_id);
  `,
  `
  DROP TABLE repository_records;
  DROP TABLE team_repositories;
  DROP TABLE team_members;
  DROP TABLE teams;
  ALTER TABLE pulls DROP COLUMN team_reviewers;
  `,
  `
  CREATE TABLE commit_comments (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    repository_id INTEGER NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
    sha TEXT NOT NULL,
    author TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
  );
  CREATE INDEX commit_comments_by_commit ON commit_comments (repository_id, sha);
  `,
  `
  CREATE TABLE issue_events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    issue_id INTEGER NOT NULL REFERENCES issues (id) ON DELETE CASCADE,
    event TEXT NOT NULL,
    actor TEXT NOT NULL,
    label_name TEXT NOT NULL,
    label_color TEXT NOT NULL,
    created_at TEXT NOT NULL
  );
  CREATE INDEX issue_events_by_issue ON issue_events (issue_id);
  `,
];

/** Opens forge's database, bringing an older one up to date; each migration is one transaction. */
export function openDatabase(file: string): Database {
  const db = new Sqlite(file);
  db.pragma('journal_mode = WAL');
  db.pragma('foreign_keys = ON');
  db.pragma('busy_timeout = 5000');
  const version = Number(db.pragma('user_version', { simple: true }));
  if (version > MIGRATIONS.length) {
    throw new Error(
      `${file} was written by a newer version of Greenroom (schema ${version}; this one knows ${MIGRATIONS.length})`,
    );
  }
  MIGRATIONS.slice(version).forEach((migration, index) => {
    db.transaction(() => {
      db.exec(migration);
      db.pragma(`user_version = ${version + index + 1}`);
    })();
  });
  return db;
}

/** The time as GitHub writes it: UTC, whole seconds. */
export function timestamp(date: Date = new Date()): string {
  return date.toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** GitHub's `node_id`: opaque, but stable for an object. */
export function nodeId(type: string, id: number | string): string {
  return Buffer.from(`0:${type}:${id}`).toString('base64');
}

export function sha256(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}
