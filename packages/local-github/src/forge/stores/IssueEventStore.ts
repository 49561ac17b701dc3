// SPDX-License-Identifier: Apache-2.0
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { timestamp } from '../database';

const eventRow = z.object({
  id: z.number(),
  event: z.enum(['labeled', 'unlabeled']),
  actor: z.string(),
  label_name: z.string(),
  label_color: z.string(),
  created_at: z.string(),
});

/** Who set or took off a label, and when; GitHub keeps the label's name and colour of that time. */
export type IssueEvent = z.infer<typeof eventRow>;

export class IssueEventStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  add(
    issueId: number,
    event: IssueEvent['event'],
    actor: string,
    label: { name: string; color: string },
  ): void {
    this.#db
      .prepare(
        `INSERT INTO issue_events (issue_id, event, actor, label_name, label_color, created_at)
         VALUES (?, ?, ?, ?, ?, ?)`,
      )
      .run(issueId, event, actor, label.name, label.color, timestamp());
  }

  list(issueId: number): IssueEvent[] {
    return z
      .array(eventRow)
      .parse(
        this.#db
          .prepare('SELECT * FROM issue_events WHERE issue_id = ? ORDER BY id')
          .all(issueId),
      );
  }
}
