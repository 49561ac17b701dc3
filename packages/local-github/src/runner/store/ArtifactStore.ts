// SPDX-License-Identifier: Apache-2.0
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Database } from 'better-sqlite3';
import { now } from './schema';

/** An uploaded artifact; `file` is its zip. */
export interface ArtifactRecord {
  id: number;
  repositoryId: number;
  runId: number;
  name: string;
  file: string;
  size: number;
  /** `sha256:…` of the zip. */
  digest: string;
  createdAt: string;
  expiresAt: string;
}

interface Row {
  id: number;
  repository_id: number;
  run_id: number;
  name: string;
  file: string;
  size: number;
  digest: string;
  created_at: string;
  expires_at: string;
}

const day = 24 * 60 * 60 * 1000;

/** Artifacts: a row each, and the zip in the runner's work folder. */
export class ArtifactStore {
  /** `run:name` of artifacts that were not made, because the steps that would have made their files were skipped. */
  readonly #missing = new Set<string>();
  readonly #db: Database;
  readonly #directory: string;

  constructor(db: Database, directory: string) {
    this.#db = db;
    this.#directory = directory;
  }

  /** Notes that nobody made an artifact, and that this is no fault. */
  noteMissing(runId: number, name: string): void {
    this.#missing.add(`${runId}:${name}`);
  }

  /** Names of a run's artifacts that were noted as missing. */
  listMissing(runId: number): string[] {
    const prefix = `${runId}:`;
    return [...this.#missing]
      .filter(entry => entry.startsWith(prefix))
      .map(entry => entry.slice(prefix.length));
  }

  /**
   * Keeps the zip that `write` makes.
   * @throws if the run has an artifact of this name since its attempt began, and `overwrite` is false.
   */
  async add(
    artifact: Pick<ArtifactRecord, 'repositoryId' | 'runId' | 'name'> & {
      retentionDays: number;
      overwrite: boolean;
      attemptStartedAt?: string;
    },
    write: (file: string) => Promise<void>,
  ): Promise<ArtifactRecord> {
    const existing = this.list({
      runId: artifact.runId,
      name: artifact.name,
    })[0];
    const isOfThisAttempt =
      existing && existing.createdAt > (artifact.attemptStartedAt ?? '');
    if (isOfThisAttempt && !artifact.overwrite) {
      throw new Error(
        'Failed to CreateArtifact: Received non-retryable error: Failed request: (409) Conflict: an artifact with this name already exists on the workflow run',
      );
    }
    await mkdir(this.#directory, { recursive: true });
    const file = path.join(this.#directory, `${randomUUID()}.zip`);
    const partial = `${file}.partial`;
    try {
      await write(partial);
      await rename(partial, file);
    } finally {
      await rm(partial, { force: true });
    }
    const hash = createHash('sha256');
    await pipeline(createReadStream(file), hash);
    if (existing) {
      await this.remove(existing);
    }
    const { lastInsertRowid } = this.#db
      .prepare(
        `INSERT INTO actions_artifacts (repository_id, run_id, name, file, size, digest, created_at, expires_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        artifact.repositoryId,
        artifact.runId,
        artifact.name,
        path.basename(file),
        (await stat(file)).size,
        `sha256:${hash.digest('hex')}`,
        now(),
        new Date(Date.now() + artifact.retentionDays * day)
          .toISOString()
          .replace(/\.\d+Z$/, 'Z'),
      );
    const record = this.find(Number(lastInsertRowid));
    if (!record) {
      throw new Error(`The artifact ${artifact.name} was not stored`);
    }
    return record;
  }

  find(id: number): ArtifactRecord | undefined {
    const row = this.#db
      .prepare<unknown[], Row>(`SELECT * FROM actions_artifacts WHERE id = ?`)
      .get(id);
    return row && this.#toRecord(row);
  }

  /** Newest first. */
  list(filter: {
    repositoryId?: number;
    runId?: number;
    name?: string;
  }): ArtifactRecord[] {
    return this.#db
      .prepare<unknown[], Row>(
        `SELECT * FROM actions_artifacts WHERE (@repositoryId IS NULL OR repository_id = @repositoryId)
           AND (@runId IS NULL OR run_id = @runId) AND (@name IS NULL OR name = @name) ORDER BY id DESC`,
      )
      .all({
        repositoryId: filter.repositoryId ?? null,
        runId: filter.runId ?? null,
        name: filter.name ?? null,
      })
      .map(row => this.#toRecord(row));
  }

  async remove(artifact: ArtifactRecord): Promise<void> {
    this.#db
      .prepare(`DELETE FROM actions_artifacts WHERE id = ?`)
      .run(artifact.id);
    await rm(artifact.file, { force: true });
  }

  /** Removes those whose retention is over. */
  async removeExpired(): Promise<void> {
    for (const artifact of this.list({})) {
      if (Date.parse(artifact.expiresAt) < Date.now()) {
        await this.remove(artifact);
      }
    }
  }

  #toRecord(row: Row): ArtifactRecord {
    return {
      id: row.id,
      repositoryId: row.repository_id,
      runId: row.run_id,
      name: row.name,
      file: path.join(this.#directory, row.file),
      size: row.size,
      digest: row.digest,
      createdAt: row.created_at,
      expiresAt: row.expires_at,
    };
  }
}
