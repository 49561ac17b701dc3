// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Database } from 'better-sqlite3';
import { now } from './schema';

/** A cache entry of actions/cache; `file` is its archive. */
export interface CacheRecord {
  id: number;
  ref: string;
  key: string;
  version: string;
  file: string;
  size: number;
  createdAt: string;
  lastAccessedAt: string;
}

interface Row {
  id: number;
  ref: string;
  key: string;
  version: string;
  file: string;
  size: number;
  created_at: string;
  last_accessed_at: string;
}

/** GitHub's limit for a repository's caches. */
const maxTotalBytes = 10 * 1024 ** 3;

/** Caches by repository, branch, key and version (the paths they hold). */
export class CacheStore {
  readonly #db: Database;
  readonly #directory: string;

  constructor(db: Database, directory: string) {
    this.#db = db;
    this.#directory = directory;
  }

  /** The newest entry for a key or prefix on one of the refs, in their order. */
  find(
    repositoryId: number,
    refs: string[],
    version: string,
    keys: string[],
  ): CacheRecord | undefined {
    for (const ref of refs) {
      for (const [index, key] of keys.entries()) {
        const row = this.#db
          .prepare<unknown[], Row>(
            `SELECT * FROM actions_caches WHERE repository_id = ? AND ref = ? AND version = ?
               AND (key = ? OR (? = 1 AND substr(key, 1, length(?)) = ?))
             ORDER BY key = ? DESC, id DESC LIMIT 1`,
          )
          .get(
            repositoryId,
            ref,
            version,
            key,
            index > 0 ? 1 : 0,
            key,
            key,
            key,
          );
        if (row) {
          this.#db
            .prepare(
              `UPDATE actions_caches SET last_accessed_at = ? WHERE id = ?`,
            )
            .run(now(), row.id);
          return this.#toRecord(row);
        }
      }
    }
    return undefined;
  }

  list(repositoryId: number): CacheRecord[] {
    return this.#db
      .prepare<unknown[], Row>(
        `SELECT * FROM actions_caches WHERE repository_id = ? ORDER BY last_accessed_at DESC, id DESC`,
      )
      .all(repositoryId)
      .map(row => this.#toRecord(row));
  }

  /** Keeps an archive; a key that exists is never overwritten. */
  async add(
    cache: { repositoryId: number; ref: string; key: string; version: string },
    write: (file: string) => Promise<void>,
  ): Promise<boolean> {
    await mkdir(this.#directory, { recursive: true });
    const file = path.join(this.#directory, `${randomUUID()}.tar.gz`);
    const partial = `${file}.partial`;
    try {
      await write(partial);
      await rename(partial, file);
    } finally {
      await rm(partial, { force: true });
    }
    const { changes } = this.#db
      .prepare(
        `INSERT OR IGNORE INTO actions_caches (repository_id, ref, key, version, file, size, created_at, last_accessed_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        cache.repositoryId,
        cache.ref,
        cache.key,
        cache.version,
        path.basename(file),
        (await stat(file)).size,
        now(),
        now(),
      );
    if (changes === 0) {
      await rm(file, { force: true });
    }
    await this.#evict(cache.repositoryId);
    return changes > 0;
  }

  async remove(cache: CacheRecord): Promise<void> {
    this.#db.prepare(`DELETE FROM actions_caches WHERE id = ?`).run(cache.id);
    await rm(cache.file, { force: true });
  }

  async #evict(repositoryId: number): Promise<void> {
    let total = 0;
    for (const cache of this.list(repositoryId)) {
      total += cache.size;
      if (total > maxTotalBytes) {
        await this.remove(cache);
      }
    }
  }

  #toRecord(row: Row): CacheRecord {
    return {
      id: row.id,
      ref: row.ref,
      key: row.key,
      version: row.version,
      file: path.join(this.#directory, row.file),
      size: row.size,
      createdAt: row.created_at,
      lastAccessedAt: row.last_accessed_at,
    };
  }
}
