// SPDX-License-Identifier: Apache-2.0
import type { Database } from 'better-sqlite3';
import { now } from './schema';

/** A repository variable. */
export interface VariableRecord {
  name: string;
  value: string;
  createdAt: string;
  updatedAt: string;
}

/** A repository secret, as it was sealed by whoever sent it. */
export interface SecretRecord {
  name: string;
  encryptedValue: string;
  createdAt: string;
  updatedAt: string;
}

/** What a repository's Actions settings say. */
export interface RepositorySettings {
  enabled: boolean;
  defaultPermissions: 'read' | 'write';
}

interface Row {
  name: string;
  value: string;
  created_at: string;
  updated_at: string;
}

/** Variables, sealed secrets and settings of repositories. */
export class SettingsStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  variables(repositoryId: number): VariableRecord[] {
    return this.#db
      .prepare<unknown[], Row>(
        `SELECT name, value, created_at, updated_at FROM actions_variables WHERE repository_id = ? ORDER BY name`,
      )
      .all(repositoryId)
      .map(row => ({
        name: row.name,
        value: row.value,
        createdAt: row.created_at,
        updatedAt: row.updated_at,
      }));
  }

  setVariable(repositoryId: number, name: string, value: string): void {
    const time = now();
    this.#db
      .prepare(
        `INSERT INTO actions_variables (repository_id, name, value, created_at, updated_at) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (repository_id, name) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at`,
      )
      .run(repositoryId, name, value, time, time);
  }

  removeVariable(repositoryId: number, name: string): void {
    this.#db
      .prepare(
        `DELETE FROM actions_variables WHERE repository_id = ? AND name = ?`,
      )
      .run(repositoryId, name);
  }

  secrets(repositoryId: number): SecretRecord[] {
    return this.#db
      .prepare<unknown[], Row>(
        `SELECT name, encrypted_value AS value, created_at, updated_at FROM actions_secrets WHERE repository_id = ? ORDER BY name`,
      )
      .all(repositoryId)
      .map(row => ({
        name: row.name,
        encryptedValue: row.value,
        createdAt: row.created_at,
        updatedAt: row.updated_at,
      }));
  }

  setSecret(repositoryId: number, name: string, encryptedValue: string): void {
    const time = now();
    this.#db
      .prepare(
        `INSERT INTO actions_secrets (repository_id, name, encrypted_value, created_at, updated_at) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (repository_id, name) DO UPDATE SET encrypted_value = excluded.encrypted_value, updated_at = excluded.updated_at`,
      )
      .run(repositoryId, name, encryptedValue, time, time);
  }

  removeSecret(repositoryId: number, name: string): void {
    this.#db
      .prepare(
        `DELETE FROM actions_secrets WHERE repository_id = ? AND name = ?`,
      )
      .run(repositoryId, name);
  }

  settings(repositoryId: number): RepositorySettings {
    const row = this.#db
      .prepare<
        unknown[],
        { enabled: number; default_permissions: 'read' | 'write' }
      >(`SELECT * FROM actions_settings WHERE repository_id = ?`)
      .get(repositoryId);
    return {
      enabled: row ? row.enabled === 1 : true,
      defaultPermissions: row?.default_permissions ?? 'read',
    };
  }

  setSettings(
    repositoryId: number,
    changes: Partial<RepositorySettings>,
  ): void {
    const settings = { ...this.settings(repositoryId), ...changes };
    this.#db
      .prepare(
        `INSERT INTO actions_settings (repository_id, enabled, default_permissions) VALUES (?, ?, ?)
         ON CONFLICT (repository_id) DO UPDATE SET enabled = excluded.enabled, default_permissions = excluded.default_permissions`,
      )
      .run(repositoryId, settings.enabled ? 1 : 0, settings.defaultPermissions);
  }

  /** Forgets all of a repository, so that no later one can inherit it. */
  remove(repositoryId: number): void {
    for (const table of [
      'actions_variables',
      'actions_secrets',
      'actions_settings',
    ]) {
      this.#db
        .prepare(`DELETE FROM ${table} WHERE repository_id = ?`)
        .run(repositoryId);
    }
  }
}
