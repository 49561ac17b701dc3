// SPDX-License-Identifier: Apache-2.0
import type { Database } from 'better-sqlite3';
import type { Conclusion, Status } from '../types';
import type { NewRun, RunFilter, RunRecord } from './RunRecord';
import { now } from './schema';

export type { NewRun, RunFilter, RunRecord } from './RunRecord';

interface Row {
  id: number;
  repository_id: number;
  workflow_id: number;
  run_number: number;
  run_attempt: number;
  name: string;
  display_title: string;
  event: string;
  payload: string;
  inputs: string;
  ref: string;
  head_branch: string | null;
  head_sha: string;
  sha: string;
  path: string;
  definition: string;
  actor: string;
  triggering_actor: string;
  status: Status;
  conclusion: Conclusion | null;
  message: string | null;
  rerun_of_failed: number;
  created_at: string;
  run_started_at: string;
  updated_at: string;
}

/** Runs and their earlier attempts. */
export class RunStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  create(run: NewRun): RunRecord {
    const time = now();
    const { lastInsertRowid } = this.#db
      .prepare(
        `INSERT INTO actions_runs (repository_id, workflow_id, run_number, run_attempt, name, display_title, event, payload,
           inputs, ref, head_branch, head_sha, sha, path, definition, actor, triggering_actor, status, message,
           created_at, run_started_at, updated_at)
         VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?, ?, ?, ?)`,
      )
      .run(
        run.repositoryId,
        run.workflowId,
        run.runNumber,
        run.name,
        run.displayTitle,
        run.event,
        JSON.stringify(run.payload),
        JSON.stringify(run.inputs),
        run.ref,
        run.headBranch,
        run.headSha,
        run.sha,
        run.path,
        run.definition,
        run.actor,
        run.actor,
        run.message,
        time,
        time,
        time,
      );
    return this.get(Number(lastInsertRowid));
  }

  find(id: number): RunRecord | undefined {
    const row = this.#db
      .prepare<unknown[], Row>(`SELECT * FROM actions_runs WHERE id = ?`)
      .get(id);
    return row && toRecord(row);
  }

  get(id: number): RunRecord {
    const run = this.find(id);
    if (!run) {
      throw new Error(`There is no run ${id}`);
    }
    return run;
  }

  list(filter: RunFilter): { total: number; runs: RunRecord[] } {
    const conditions = ['repository_id = ?'];
    const values: unknown[] = [filter.repositoryId];
    const add = (condition: string, value: unknown) => {
      if (value !== undefined) {
        conditions.push(condition);
        values.push(value);
      }
    };
    add('workflow_id = ?', filter.workflowId);
    add('actor = ?', filter.actor);
    add('head_branch = ?', filter.branch);
    add('event = ?', filter.event);
    add('head_sha = ?', filter.headSha);
    add('created_at >= ?', filter.created?.from);
    add('created_at <= ?', filter.created?.to);
    if (filter.status !== undefined) {
      conditions.push('(status = ? OR conclusion = ?)');
      values.push(filter.status, filter.status);
    }
    if (filter.excludePullRequests) {
      conditions.push("event <> 'pull_request'");
    }
    const where = conditions.join(' AND ');
    const total = this.#db
      .prepare<unknown[], { total: number }>(
        `SELECT COUNT(*) AS total FROM actions_runs WHERE ${where}`,
      )
      .get(...values);
    const rows = this.#db
      .prepare<unknown[], Row>(
        `SELECT * FROM actions_runs WHERE ${where} ORDER BY id DESC LIMIT ? OFFSET ?`,
      )
      .all(...values, filter.limit, filter.offset);
    return { total: total?.total ?? 0, runs: rows.map(toRecord) };
  }

  /** Runs that are not completed, oldest first. */
  unfinished(): RunRecord[] {
    return this.#db
      .prepare<unknown[], Row>(
        `SELECT * FROM actions_runs WHERE status <> 'completed' ORDER BY id`,
      )
      .all()
      .map(toRecord);
  }

  setStatus(
    id: number,
    status: Status,
    conclusion: Conclusion | null = null,
    message: string | null = null,
  ): RunRecord {
    this.#db
      .prepare(
        `UPDATE actions_runs SET status = ?, conclusion = ?, message = COALESCE(?, message), updated_at = ? WHERE id = ?`,
      )
      .run(status, conclusion, message, now(), id);
    return this.get(id);
  }

  setTitle(id: number, title: string): RunRecord {
    this.#db
      .prepare(`UPDATE actions_runs SET display_title = ? WHERE id = ?`)
      .run(title, id);
    return this.get(id);
  }

  /** Begins the next attempt and keeps the one before. */
  startAttempt(
    id: number,
    triggeringActor: string,
    onlyFailed: boolean,
  ): RunRecord {
    const run = this.get(id);
    const time = now();
    this.#db.transaction(() => {
      this.#db
        .prepare(
          `INSERT INTO actions_run_attempts (run_id, attempt, run) VALUES (?, ?, ?)`,
        )
        .run(id, run.runAttempt, JSON.stringify(run));
      this.#db
        .prepare(
          `UPDATE actions_runs SET run_attempt = run_attempt + 1, status = 'queued', conclusion = NULL, message = NULL,
             triggering_actor = ?, rerun_of_failed = ?, run_started_at = ?, updated_at = ? WHERE id = ?`,
        )
        .run(triggeringActor, onlyFailed ? 1 : 0, time, time, id);
    })();
    return this.get(id);
  }

  findAttempt(id: number, attempt: number): RunRecord | undefined {
    const run = this.find(id);
    if (!run || run.runAttempt === attempt) {
      return run;
    }
    const row = this.#db
      .prepare<unknown[], { run: string }>(
        `SELECT run FROM actions_run_attempts WHERE run_id = ? AND attempt = ?`,
      )
      .get(id, attempt);
    const stored: RunRecord | undefined = row && JSON.parse(row.run);
    return stored;
  }

  remove(id: number): void {
    this.#db.transaction(() => {
      for (const table of ['actions_steps', 'actions_annotations']) {
        this.#db
          .prepare(
            `DELETE FROM ${table} WHERE job_id IN (SELECT id FROM actions_jobs WHERE run_id = ?)`,
          )
          .run(id);
      }
      for (const table of [
        'actions_jobs',
        'actions_artifacts',
        'actions_run_attempts',
      ]) {
        this.#db.prepare(`DELETE FROM ${table} WHERE run_id = ?`).run(id);
      }
      this.#db.prepare(`DELETE FROM actions_runs WHERE id = ?`).run(id);
    })();
  }
}

function toRecord(row: Row): RunRecord {
  return {
    id: row.id,
    repositoryId: row.repository_id,
    workflowId: row.workflow_id,
    runNumber: row.run_number,
    runAttempt: row.run_attempt,
    name: row.name,
    displayTitle: row.display_title,
    event: row.event,
    payload: JSON.parse(row.payload),
    inputs: JSON.parse(row.inputs),
    ref: row.ref,
    headBranch: row.head_branch,
    headSha: row.head_sha,
    sha: row.sha,
    path: row.path,
    definition: row.definition,
    actor: row.actor,
    triggeringActor: row.triggering_actor,
    status: row.status,
    conclusion: row.conclusion,
    message: row.message,
    rerunOfFailed: row.rerun_of_failed === 1,
    createdAt: row.created_at,
    runStartedAt: row.run_started_at,
    updatedAt: row.updated_at,
  };
}
