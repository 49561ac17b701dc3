// SPDX-License-Identifier: Apache-2.0
import type { Knex } from 'knex';
import { z } from 'zod';
import { effectRowSchema, type EffectRow } from './rows';

/** What incidents did outside, one of a kind for each. */
export class EffectStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** Writes down that it will be done, before it is. */
  async intend(
    intent: Pick<
      EffectRow,
      'incident_id' | 'kind' | 'host' | 'repository' | 'target' | 'signature'
    >,
  ): Promise<EffectRow> {
    const { incident_id, kind, ...rest } = intent;
    await this.#knex('effects')
      .insert({ ...intent, status: 'pending', at: Date.now() })
      .onConflict(['incident_id', 'kind'])
      .ignore();
    // A new analysis may have found another cause or place.
    await this.#knex('effects')
      .where({ incident_id, kind })
      .andWhere(other =>
        other
          .whereNot('target', rest.target)
          .orWhereNot('signature', rest.signature),
      )
      .update({
        ...rest,
        status: 'pending',
        external_id: null,
        url: null,
        report_hash: null,
        recovered_at: null,
      });
    const row = await this.#knex('effects')
      .where({ incident_id, kind })
      .first();
    return effectRowSchema.parse(row);
  }

  /** What an earlier incident made at the same place for the same cause. */
  async findShared(
    effect: EffectRow,
  ): Promise<{ externalId: string; url?: string } | undefined> {
    const { kind, host, repository, target, signature } = effect;
    const row = await this.#knex('effects')
      .where({ kind, host, repository, target, signature })
      .whereNotNull('external_id')
      .orderBy('at', 'desc')
      .first();
    const shared = row && effectRowSchema.parse(row);
    return shared?.external_id
      ? { externalId: shared.external_id, url: shared.url ?? undefined }
      : undefined;
  }

  /** Whether something was made for it, or may have been. */
  async isKnown(
    effect: Pick<EffectRow, 'kind' | 'host' | 'repository' | 'signature'>,
  ): Promise<boolean> {
    const { kind, host, repository, signature } = effect;
    const row = await this.#knex('effects')
      .where({ kind, host, repository, signature })
      .first('incident_id');
    return row !== undefined;
  }

  async setDone(
    { incident_id, kind }: EffectRow,
    done: { externalId: string; url?: string; reportHash: string },
  ): Promise<void> {
    await this.#knex('effects')
      .where({ incident_id, kind })
      .update({
        status: 'done',
        external_id: done.externalId,
        url: done.url ?? null,
        report_hash: done.reportHash,
        at: Date.now(),
        error: null,
        recovered_at: null,
      });
  }

  async setFailed(
    { incident_id, kind }: EffectRow,
    error: string,
    isFinal: boolean,
  ): Promise<void> {
    await this.#knex('effects')
      .where({ incident_id, kind })
      .update({
        status: isFinal ? 'failed' : 'pending',
        error: error.slice(0, 1_000),
        at: Date.now(),
      });
  }

  async setRecovered({ incident_id, kind }: EffectRow): Promise<void> {
    await this.#knex('effects')
      .where({ incident_id, kind })
      .update({ recovered_at: Date.now() });
  }

  async list(incidentId: string): Promise<EffectRow[]> {
    const rows = await this.#knex('effects')
      .where({ incident_id: incidentId })
      .orderBy('at');
    return z.array(effectRowSchema).parse(rows);
  }

  /** Incidents that nobody closed and that share what an effect made. */
  async countOpenSharing(effect: EffectRow): Promise<number> {
    const row = await this.#knex('effects')
      .join('incidents', 'incidents.id', 'effects.incident_id')
      .where({
        'effects.kind': effect.kind,
        'effects.host': effect.host,
        'effects.repository': effect.repository,
        'effects.target': effect.target,
        'effects.signature': effect.signature,
      })
      .whereIn('incidents.state', ['new', 'acknowledged'])
      .count({ count: '*' })
      .first();
    return Number(row?.count ?? 0);
  }
}
