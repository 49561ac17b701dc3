// SPDX-License-Identifier: Apache-2.0
import type { Database } from 'better-sqlite3';
import { z } from 'zod';

const labelRow = z.object({
  id: z.number(),
  repository_id: z.number(),
  name: z.string(),
  color: z.string(),
  description: z.string().nullable(),
  is_default: z.number(),
});

export type Label = z.infer<typeof labelRow>;

/** Those that GitHub gives to every new repository. */
const DEFAULT_LABELS: [name: string, color: string, description: string][] = [
  ['bug', 'd73a4a', "Something isn't working"],
  ['documentation', '0075ca', 'Improvements or additions to documentation'],
  ['duplicate', 'cfd3d7', 'This issue or pull request already exists'],
  ['enhancement', 'a2eeef', 'New feature or request'],
  ['good first issue', '7057ff', 'Good for newcomers'],
  ['help wanted', '008672', 'Extra attention is needed'],
  ['invalid', 'e4e669', "This doesn't seem right"],
  ['question', 'd876e3', 'Further information is requested'],
  ['wontfix', 'ffffff', 'This will not be worked on'],
];

export class LabelStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  addDefaults(repositoryId: number): void {
    const insert = this.#db.prepare(
      `INSERT INTO labels (repository_id, name, color, description, is_default) VALUES (?, ?, ?, ?, 1)
       ON CONFLICT DO NOTHING`,
    );
    this.#db.transaction(() => {
      DEFAULT_LABELS.forEach(label => insert.run(repositoryId, ...label));
    })();
  }

  list(repositoryId: number): Label[] {
    return z
      .array(labelRow)
      .parse(
        this.#db
          .prepare('SELECT * FROM labels WHERE repository_id = ? ORDER BY id')
          .all(repositoryId),
      );
  }

  find(repositoryId: number, name: string): Label | undefined {
    return labelRow
      .optional()
      .parse(
        this.#db
          .prepare('SELECT * FROM labels WHERE repository_id = ? AND name = ?')
          .get(repositoryId, name),
      );
  }

  create(
    repositoryId: number,
    label: { name: string; color: string; description: string | null },
  ): Label {
    return labelRow.parse(
      this.#db
        .prepare(
          'INSERT INTO labels (repository_id, name, color, description) VALUES (?, ?, ?, ?) RETURNING *',
        )
        .get(repositoryId, label.name, label.color, label.description),
    );
  }

  update(
    id: number,
    label: { name: string; color: string; description: string | null },
  ): void {
    this.#db
      .prepare(
        'UPDATE labels SET name = ?, color = ?, description = ? WHERE id = ?',
      )
      .run(label.name, label.color, label.description, id);
  }

  remove(id: number): void {
    this.#db.prepare('DELETE FROM labels WHERE id = ?').run(id);
  }

  listForIssue(issueId: number): Label[] {
    return z.array(labelRow).parse(
      this.#db
        .prepare(
          `SELECT labels.* FROM labels JOIN issue_labels ON label_id = labels.id
           WHERE issue_id = ? ORDER BY labels.id`,
        )
        .all(issueId),
    );
  }

  /** Puts labels on an issue; those that do not exist are made, as GitHub does. */
  addToIssue(repositoryId: number, issueId: number, names: string[]): void {
    this.#db.transaction(() => {
      for (const name of names) {
        const label =
          this.find(repositoryId, name) ??
          this.create(repositoryId, {
            name,
            color: 'ededed',
            description: null,
          });
        this.#db
          .prepare('INSERT OR IGNORE INTO issue_labels VALUES (?, ?)')
          .run(issueId, label.id);
      }
    })();
  }

  replaceOnIssue(repositoryId: number, issueId: number, names: string[]): void {
    this.#db.transaction(() => {
      this.#db
        .prepare('DELETE FROM issue_labels WHERE issue_id = ?')
        .run(issueId);
      this.addToIssue(repositoryId, issueId, names);
    })();
  }

  removeFromIssue(issueId: number, labelId: number): boolean {
    return (
      this.#db
        .prepare('DELETE FROM issue_labels WHERE issue_id = ? AND label_id = ?')
        .run(issueId, labelId).changes > 0
    );
  }
}
