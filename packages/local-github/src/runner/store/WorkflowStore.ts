// SPDX-License-Identifier: Apache-2.0
import type { Database } from 'better-sqlite3';
import { now } from './schema';

/** A workflow file that a repository has or had. */
export interface WorkflowRecord {
  id: number;
  repositoryId: number;
  path: string;
  name: string;
  state: 'active' | 'disabled_manually' | 'deleted';
  createdAt: string;
  updatedAt: string;
}

interface Row {
  id: number;
  repository_id: number;
  path: string;
  name: string;
  state: WorkflowRecord['state'];
  created_at: string;
  updated_at: string;
}

/** The workflows of repositories, their state and their run counters. */
export class WorkflowStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Notes that the file exists under this name; a disabled one stays disabled. */
  upsert(repositoryId: number, path: string, name: string): WorkflowRecord {
    const time = now();
    this.#db
      .prepare(
        `INSERT INTO actions_workflows (repository_id, path, name, state, created_at, updated_at)
         VALUES (?, ?, ?, 'active', ?, ?)
         ON CONFLICT (repository_id, path) DO UPDATE SET
           name = excluded.name,
           updated_at = CASE WHEN name = excluded.name AND state <> 'deleted' THEN updated_at ELSE excluded.updated_at END,
           state = CASE WHEN state = 'deleted' THEN 'active' ELSE state END`,
      )
      .run(repositoryId, path, name, time, time);
    const record = this.find(repositoryId, path);
    if (!record) {
      throw new Error(`The workflow ${path} was not stored`);
    }
    return record;
  }

  /** By id, by file name (`ci.yml`) or by path, as GitHub's routes allow. */
  find(repositoryId: number, idOrFile: string): WorkflowRecord | undefined {
    const path = idOrFile.includes('/')
      ? idOrFile
      : `.github/workflows/${idOrFile}`;
    const row = this.#db
      .prepare<unknown[], Row>(
        `SELECT * FROM actions_workflows WHERE repository_id = ? AND (path = ? OR CAST(id AS TEXT) = ?)`,
      )
      .get(repositoryId, path, idOrFile);
    return row && toRecord(row);
  }

  list(repositoryId: number): WorkflowRecord[] {
    return this.#db
      .prepare<unknown[], Row>(
        `SELECT * FROM actions_workflows WHERE repository_id = ? AND state <> 'deleted' ORDER BY id`,
      )
      .all(repositoryId)
      .map(toRecord);
  }

  setState(id: number, state: WorkflowRecord['state']): void {
    this.#db
      .prepare(
        `UPDATE actions_workflows SET state = ?, updated_at = ? WHERE id = ?`,
      )
      .run(state, now(), id);
  }

  /** Forgets the workflows of a repository. */
  remove(repositoryId: number): void {
    this.#db
      .prepare(`DELETE FROM actions_workflows WHERE repository_id = ?`)
      .run(repositoryId);
  }

  /** The next `run_number` of a workflow. */
  nextRunNumber(id: number): number {
    const row = this.#db
      .prepare<unknown[], { run_number: number }>(
        `UPDATE actions_workflows SET run_number = run_number + 1 WHERE id = ? RETURNING run_number`,
      )
      .get(id);
    if (!row) {
      throw new Error(`There is no workflow ${id}`);
    }
    return row.run_number;
  }
}

function toRecord(row: Row): WorkflowRecord {
  return {
    id: row.id,
    repositoryId: row.repository_id,
    path: row.path,
    name: row.name,
    state: row.state,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
