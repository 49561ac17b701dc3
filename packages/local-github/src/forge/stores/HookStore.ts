// SPDX-License-Identifier: Apache-2.0
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { timestamp } from '../database';

const json = <T extends z.ZodType>(schema: T) =>
  z.string().transform(value => schema.parse(JSON.parse(value)));

const headersSchema = z.record(z.string(), z.string());

export const lastResponseSchema = z.object({
  code: z.number().nullable(),
  status: z.string(),
  message: z.string().nullable(),
});

const hookRow = z.object({
  id: z.number(),
  repository_id: z.number(),
  url: z.string(),
  content_type: z.enum(['json', 'form']),
  secret: z.string().nullable(),
  insecure_ssl: z.string(),
  events: json(z.array(z.string())),
  active: z.number().transform(value => value === 1),
  last_response: json(lastResponseSchema).nullable(),
  created_at: z.string(),
  updated_at: z.string(),
});

export type Hook = z.infer<typeof hookRow>;

const deliveryRow = z.object({
  id: z.number(),
  hook_id: z.number(),
  guid: z.string(),
  event: z.string(),
  action: z.string().nullable(),
  repository_id: z.number(),
  redelivery: z.number().transform(value => value === 1),
  status: z.string(),
  status_code: z.number(),
  duration: z.number(),
  delivered_at: z.string(),
  request_headers: json(headersSchema),
  request_body: z.string(),
  response_headers: json(headersSchema),
  response_body: z.string(),
});

export type Delivery = z.infer<typeof deliveryRow>;

/** Deliveries kept for one hook. */
const KEPT_DELIVERIES = 100;

export type HookInput = Pick<
  Hook,
  'url' | 'content_type' | 'secret' | 'insecure_ssl' | 'events' | 'active'
>;

export class HookStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  list(repositoryId: number): Hook[] {
    return z
      .array(hookRow)
      .parse(
        this.#db
          .prepare('SELECT * FROM hooks WHERE repository_id = ? ORDER BY id')
          .all(repositoryId),
      );
  }

  find(repositoryId: number, id: number): Hook | undefined {
    return this.list(repositoryId).find(hook => hook.id === id);
  }

  create(repositoryId: number, hook: HookInput): Hook {
    const now = timestamp();
    return hookRow.parse(
      this.#db
        .prepare(
          `INSERT INTO hooks (repository_id, url, content_type, secret, insecure_ssl, events, active, created_at,
             updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *`,
        )
        .get(
          repositoryId,
          hook.url,
          hook.content_type,
          hook.secret,
          hook.insecure_ssl,
          JSON.stringify(hook.events),
          hook.active ? 1 : 0,
          now,
          now,
        ),
    );
  }

  update(id: number, hook: HookInput): void {
    this.#db
      .prepare(
        `UPDATE hooks SET url = ?, content_type = ?, secret = ?, insecure_ssl = ?, events = ?, active = ?,
           updated_at = ? WHERE id = ?`,
      )
      .run(
        hook.url,
        hook.content_type,
        hook.secret,
        hook.insecure_ssl,
        JSON.stringify(hook.events),
        hook.active ? 1 : 0,
        timestamp(),
        id,
      );
  }

  setLastResponse(
    id: number,
    response: z.infer<typeof lastResponseSchema>,
  ): void {
    this.#db
      .prepare('UPDATE hooks SET last_response = ? WHERE id = ?')
      .run(JSON.stringify(response), id);
  }

  remove(id: number): void {
    this.#db.prepare('DELETE FROM hooks WHERE id = ?').run(id);
  }

  addDelivery(delivery: Omit<Delivery, 'id'>): void {
    this.#db.transaction(() => {
      this.#db
        .prepare(
          `INSERT INTO hook_deliveries (hook_id, guid, event, action, repository_id, redelivery, status, status_code,
             duration, delivered_at, request_headers, request_body, response_headers, response_body)
           SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? WHERE EXISTS (SELECT 1 FROM hooks WHERE id = ?)`,
        )
        .run(
          delivery.hook_id,
          delivery.guid,
          delivery.event,
          delivery.action,
          delivery.repository_id,
          delivery.redelivery ? 1 : 0,
          delivery.status,
          delivery.status_code,
          delivery.duration,
          delivery.delivered_at,
          JSON.stringify(delivery.request_headers),
          delivery.request_body,
          JSON.stringify(delivery.response_headers),
          delivery.response_body,
          delivery.hook_id,
        );
      this.#db
        .prepare(
          `DELETE FROM hook_deliveries WHERE hook_id = :hook AND id NOT IN
             (SELECT id FROM hook_deliveries WHERE hook_id = :hook ORDER BY id DESC LIMIT :kept)`,
        )
        .run({ hook: delivery.hook_id, kept: KEPT_DELIVERIES });
    })();
  }

  /** Newest first. */
  listDeliveries(hookId: number): Delivery[] {
    return z
      .array(deliveryRow)
      .parse(
        this.#db
          .prepare(
            'SELECT * FROM hook_deliveries WHERE hook_id = ? ORDER BY id DESC',
          )
          .all(hookId),
      );
  }
}
