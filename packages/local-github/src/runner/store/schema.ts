// SPDX-License-Identifier: Apache-2.0
import type { Database } from 'better-sqlite3';

/** Creates the runner's tables in forge's database; running it again changes nothing. */
export function createRunnerTables(db: Database): void {
  db.exec(`
    CREATE TABLE IF NOT EXISTS actions_workflows (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      repository_id INTEGER NOT NULL,
      path TEXT NOT NULL,
      name TEXT NOT NULL,
      state TEXT NOT NULL,
      run_number INTEGER NOT NULL DEFAULT 0,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL,
      UNIQUE (repository_id, path)
    );
    CREATE TABLE IF NOT EXISTS actions_runs (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      repository_id INTEGER NOT NULL,
      workflow_id INTEGER NOT NULL,
      run_number INTEGER NOT NULL,
      run_attempt INTEGER NOT NULL,
      name TEXT NOT NULL,
      display_title TEXT NOT NULL,
      event TEXT NOT NULL,
      payload TEXT NOT NULL,
      inputs TEXT NOT NULL,
      ref TEXT NOT NULL,
      head_branch TEXT,
      head_sha TEXT NOT NULL,
      sha TEXT NOT NULL,
      path TEXT NOT NULL,
      definition TEXT NOT NULL,
      actor TEXT NOT NULL,
      triggering_actor TEXT NOT NULL,
      status TEXT NOT NULL,
      conclusion TEXT,
      message TEXT,
      rerun_of_failed INTEGER NOT NULL DEFAULT 0,
      created_at TEXT NOT NULL,
      run_started_at TEXT NOT NULL,
      updated_at TEXT NOT NULL
    );
    CREATE INDEX IF NOT EXISTS actions_runs_repository ON actions_runs (repository_id, id);
    CREATE INDEX IF NOT EXISTS actions_runs_sha ON actions_runs (repository_id, head_sha);
    CREATE TABLE IF NOT EXISTS actions_run_attempts (
      run_id INTEGER NOT NULL,
      attempt INTEGER NOT NULL,
      run TEXT NOT NULL,
      PRIMARY KEY (run_id, attempt)
    );
    CREATE TABLE IF NOT EXISTS actions_jobs (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      run_id INTEGER NOT NULL,
      run_attempt INTEGER NOT NULL,
      key TEXT NOT NULL,
      name TEXT NOT NULL,
      labels TEXT NOT NULL,
      status TEXT NOT NULL,
      conclusion TEXT,
      outputs TEXT NOT NULL DEFAULT '{}',
      unavailable_outputs TEXT NOT NULL DEFAULT '[]',
      summary TEXT NOT NULL DEFAULT '',
      log_of INTEGER,
      created_at TEXT NOT NULL,
      started_at TEXT,
      completed_at TEXT
    );
    CREATE INDEX IF NOT EXISTS actions_jobs_run ON actions_jobs (run_id, run_attempt);
    CREATE TABLE IF NOT EXISTS actions_steps (
      job_id INTEGER NOT NULL,
      number INTEGER NOT NULL,
      name TEXT NOT NULL,
      status TEXT NOT NULL,
      conclusion TEXT,
      started_at TEXT,
      completed_at TEXT,
      PRIMARY KEY (job_id, number)
    );
    CREATE TABLE IF NOT EXISTS actions_annotations (
      job_id INTEGER NOT NULL,
      annotation TEXT NOT NULL
    );
    CREATE INDEX IF NOT EXISTS actions_annotations_job ON actions_annotations (job_id);
    CREATE TABLE IF NOT EXISTS actions_artifacts (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      repository_id INTEGER NOT NULL,
      run_id INTEGER NOT NULL,
      name TEXT NOT NULL,
      file TEXT NOT NULL,
      size INTEGER NOT NULL,
      digest TEXT NOT NULL,
      created_at TEXT NOT NULL,
      expires_at TEXT NOT NULL,
      UNIQUE (run_id, name)
    );
    CREATE TABLE IF NOT EXISTS actions_caches (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      repository_id INTEGER NOT NULL,
      ref TEXT NOT NULL,
      key TEXT NOT NULL,
      version TEXT NOT NULL,
      file TEXT NOT NULL,
      size INTEGER NOT NULL,
      created_at TEXT NOT NULL,
      last_accessed_at TEXT NOT NULL,
      UNIQUE (repository_id, ref, key, version)
    );
    CREATE TABLE IF NOT EXISTS actions_variables (
      repository_id INTEGER NOT NULL,
      name TEXT NOT NULL,
      value TEXT NOT NULL,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL,
      PRIMARY KEY (repository_id, name)
    );
    CREATE TABLE IF NOT EXISTS actions_secrets (
      repository_id INTEGER NOT NULL,
      name TEXT NOT NULL,
      encrypted_value TEXT NOT NULL,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL,
      PRIMARY KEY (repository_id, name)
    );
    CREATE TABLE IF NOT EXISTS actions_settings (
      repository_id INTEGER PRIMARY KEY,
      enabled INTEGER NOT NULL DEFAULT 1,
      default_permissions TEXT NOT NULL DEFAULT 'read'
    );
  `);
}

/** Now, as GitHub's API writes times: to the second. */
export function now(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, 'Z');
}
