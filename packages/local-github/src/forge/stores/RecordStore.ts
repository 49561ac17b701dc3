import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { timestamp } from '../database';

const recordRow = z.object({
  id: z.number(),
  repository_id: z.number(),
  key: z.string(),
  data: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
});

/** A setting of a repository that is kept and answered. */
export interface RepositoryRecordEntry<T> {
  id: number;
  key: string;
  data: T;
  createdAt: string;
  updatedAt: string;
}

/** One kind of kept settings (branch protection, environments, …), validated when read. */
export class RecordStore<T extends z.ZodType> {
  constructor(
    private readonly db: Database,
    private readonly kind: string,
    private readonly schema: T,
  ) {}

  get(
    repositoryId: number,
    key: string,
  ): RepositoryRecordEntry<z.output<T>> | undefined {
    const value = this.db
      .prepare(
        'SELECT * FROM repository_records WHERE repository_id = ? AND kind = ? AND key = ?',
      )
      .get(repositoryId, this.kind, key);
    return value === undefined ? undefined : this.read(value);
  }

  getById(
    repositoryId: number,
    id: number,
  ): RepositoryRecordEntry<z.output<T>> | undefined {
    return this.list(repositoryId).find(entry => entry.id === id);
  }

  list(repositoryId: number): RepositoryRecordEntry<z.output<T>>[] {
    return this.db
      .prepare(
        'SELECT * FROM repository_records WHERE repository_id = ? AND kind = ? ORDER BY id',
      )
      .all(repositoryId, this.kind)
      .map(value => this.read(value));
  }

  set(
    repositoryId: number,
    key: string,
    data: z.output<T>,
  ): RepositoryRecordEntry<z.output<T>> {
    const now = timestamp();
    const value = this.db
      .prepare(
        `INSERT INTO repository_records (repository_id, kind, key, data, created_at, updated_at)
         VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (repository_id, kind, key) DO UPDATE SET data = excluded.data, updated_at = excluded.updated_at
         RETURNING *`,
      )
      .get(repositoryId, this.kind, key, JSON.stringify(data), now, now);
    return this.read(value);
  }

  remove(repositoryId: number, key: string): boolean {
    return (
      this.db
        .prepare(
          'DELETE FROM repository_records WHERE repository_id = ? AND kind = ? AND key = ?',
        )
        .run(repositoryId, this.kind, key).changes > 0
    );
  }

  private read(value: unknown): RepositoryRecordEntry<z.output<T>> {
    const data = recordRow.parse(value);
    return {
      id: data.id,
      key: data.key,
      data: this.schema.parse(JSON.parse(data.data)),
      createdAt: data.created_at,
      updatedAt: data.updated_at,
    };
  }
}
