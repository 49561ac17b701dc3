// SPDX-License-Identifier: Apache-2.0
import type { Database } from 'better-sqlite3';
import type { Annotation, Conclusion, Status } from '../types';
import { now } from './schema';

/** One job of a run's attempt; a matrix has one for each combination. */
export interface JobRecord {
  id: number;
  runId: number;
  runAttempt: number;
  /** Id in the workflow file, `caller/id` inside a called workflow. */
  key: string;
  /** The name that GitHub shows: `test (3.12)`. */
  name: string;
  labels: string[];
  status: Status;
  conclusion: Conclusion | null;
  outputs: Record<string, string>;
  /** Outputs that a step would have given which the local platform skipped. */
  unavailableOutputs: string[];
  /** Markdown of `$GITHUB_STEP_SUMMARY`. */
  summary: string;
  /** The job of an earlier attempt whose log and steps this one takes over. */
  logOf: number | null;
  createdAt: string;
  startedAt: string | null;
  completedAt: string | null;
}

/** One step of a job, numbered from 1 as GitHub shows it. */
export interface StepRecord {
  number: number;
  name: string;
  status: Status;
  conclusion: Conclusion | null;
  startedAt: string | null;
  completedAt: string | null;
}

interface JobRow {
  id: number;
  run_id: number;
  run_attempt: number;
  key: string;
  name: string;
  labels: string;
  status: Status;
  conclusion: Conclusion | null;
  outputs: string;
  unavailable_outputs: string;
  summary: string;
  log_of: number | null;
  created_at: string;
  started_at: string | null;
  completed_at: string | null;
}

interface StepRow {
  number: number;
  name: string;
  status: Status;
  conclusion: Conclusion | null;
  started_at: string | null;
  completed_at: string | null;
}

/** What a job may leave behind when it ends. */
export interface JobEnd {
  conclusion: Conclusion;
  outputs?: Record<string, string>;
  unavailableOutputs?: string[];
  summary?: string;
}

/** Jobs, their steps and their annotations. */
export class JobStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  create(
    job: Pick<JobRecord, 'runId' | 'runAttempt' | 'key' | 'name' | 'labels'>,
  ): JobRecord {
    const { lastInsertRowid } = this.#db
      .prepare(
        `INSERT INTO actions_jobs (run_id, run_attempt, key, name, labels, status, created_at)
         VALUES (?, ?, ?, ?, ?, 'queued', ?)`,
      )
      .run(
        job.runId,
        job.runAttempt,
        job.key,
        job.name,
        JSON.stringify(job.labels),
        now(),
      );
    return this.get(Number(lastInsertRowid));
  }

  /** Takes a job of the attempt before over into this one, with its log. */
  takeOver(previous: JobRecord, runAttempt: number): JobRecord {
    const { lastInsertRowid } = this.#db
      .prepare(
        `INSERT INTO actions_jobs (run_id, run_attempt, key, name, labels, status, conclusion, outputs,
           unavailable_outputs, summary, log_of, created_at, started_at, completed_at)
         SELECT run_id, ?, key, name, labels, status, conclusion, outputs, unavailable_outputs, summary,
           COALESCE(log_of, id), created_at, started_at, completed_at FROM actions_jobs WHERE id = ?`,
      )
      .run(runAttempt, previous.id);
    return this.get(Number(lastInsertRowid));
  }

  find(id: number): JobRecord | undefined {
    const row = this.#db
      .prepare<unknown[], JobRow>(`SELECT * FROM actions_jobs WHERE id = ?`)
      .get(id);
    return row && toRecord(row);
  }

  get(id: number): JobRecord {
    const job = this.find(id);
    if (!job) {
      throw new Error(`There is no job ${id}`);
    }
    return job;
  }

  /** Jobs of a run; of one attempt, or of all. */
  list(runId: number, attempt?: number): JobRecord[] {
    return this.#db
      .prepare<unknown[], JobRow>(
        `SELECT * FROM actions_jobs WHERE run_id = ? AND (? IS NULL OR run_attempt = ?) ORDER BY id`,
      )
      .all(runId, attempt ?? null, attempt ?? null)
      .map(toRecord);
  }

  /** Jobs of the latest attempts of the runs of a commit: its check runs. */
  listByCommit(repositoryId: number, sha: string): JobRecord[] {
    return this.#db
      .prepare<unknown[], JobRow>(
        `SELECT job.* FROM actions_jobs job JOIN actions_runs run ON run.id = job.run_id
         WHERE run.repository_id = ? AND run.head_sha = ? AND job.run_attempt = run.run_attempt ORDER BY job.id`,
      )
      .all(repositoryId, sha)
      .map(toRecord);
  }

  start(id: number): JobRecord {
    this.#db
      .prepare(
        `UPDATE actions_jobs SET status = 'in_progress', started_at = ? WHERE id = ?`,
      )
      .run(now(), id);
    return this.get(id);
  }

  complete(id: number, end: JobEnd): JobRecord {
    const time = now();
    this.#db
      .prepare(
        `UPDATE actions_jobs SET status = 'completed', conclusion = ?, outputs = ?, unavailable_outputs = ?, summary = ?,
           started_at = COALESCE(started_at, ?), completed_at = ? WHERE id = ?`,
      )
      .run(
        end.conclusion,
        JSON.stringify(end.outputs ?? {}),
        JSON.stringify(end.unavailableOutputs ?? []),
        end.summary ?? '',
        time,
        time,
        id,
      );
    return this.get(id);
  }

  setStatus(id: number, status: Status): void {
    this.#db
      .prepare(`UPDATE actions_jobs SET status = ? WHERE id = ?`)
      .run(status, id);
  }

  /** Forgets the jobs of an attempt that starts over. */
  removeAttempt(runId: number, attempt: number): void {
    for (const job of this.list(runId, attempt)) {
      for (const table of ['actions_steps', 'actions_annotations']) {
        this.#db.prepare(`DELETE FROM ${table} WHERE job_id = ?`).run(job.id);
      }
      this.#db.prepare(`DELETE FROM actions_jobs WHERE id = ?`).run(job.id);
    }
  }

  saveStep(jobId: number, step: StepRecord): void {
    this.#db
      .prepare(
        `INSERT INTO actions_steps (job_id, number, name, status, conclusion, started_at, completed_at)
         VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (job_id, number) DO UPDATE SET name = excluded.name, status = excluded.status,
           conclusion = excluded.conclusion, started_at = excluded.started_at, completed_at = excluded.completed_at`,
      )
      .run(
        jobId,
        step.number,
        step.name,
        step.status,
        step.conclusion,
        step.startedAt,
        step.completedAt,
      );
  }

  steps(job: JobRecord): StepRecord[] {
    return this.#db
      .prepare<unknown[], StepRow>(
        `SELECT * FROM actions_steps WHERE job_id = ? ORDER BY number`,
      )
      .all(job.logOf ?? job.id)
      .map(row => ({
        number: row.number,
        name: row.name,
        status: row.status,
        conclusion: row.conclusion,
        startedAt: row.started_at,
        completedAt: row.completed_at,
      }));
  }

  annotate(jobId: number, annotation: Annotation): void {
    this.#db
      .prepare(
        `INSERT INTO actions_annotations (job_id, annotation) VALUES (?, ?)`,
      )
      .run(jobId, JSON.stringify(annotation));
  }

  annotations(job: JobRecord): Annotation[] {
    return this.#db
      .prepare<unknown[], { annotation: string }>(
        `SELECT annotation FROM actions_annotations WHERE job_id = ? ORDER BY rowid`,
      )
      .all(job.logOf ?? job.id)
      .map(row => JSON.parse(row.annotation));
  }
}

function toRecord(row: JobRow): JobRecord {
  return {
    id: row.id,
    runId: row.run_id,
    runAttempt: row.run_attempt,
    key: row.key,
    name: row.name,
    labels: JSON.parse(row.labels),
    status: row.status,
    conclusion: row.conclusion,
    outputs: JSON.parse(row.outputs),
    unavailableOutputs: JSON.parse(row.unavailable_outputs),
    summary: row.summary,
    logOf: row.log_of,
    createdAt: row.created_at,
    startedAt: row.started_at,
    completedAt: row.completed_at,
  };
}
