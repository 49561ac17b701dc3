// SPDX-License-Identifier: Apache-2.0
import type { Knex } from 'knex';
import { z } from 'zod';
import { addActivity } from './DiscussionStore';

/** What a workflow is started for; also the action of the incident's history. */
export type DispatchPurpose = 'retraining' | 'drift-analysis';

const rowSchema = z.object({
  incident_id: z.string(),
  at: z.coerce.number(),
  tried_at: z.coerce.number().nullable(),
  purpose: z.enum(['retraining', 'drift-analysis']),
  status: z.enum(['intended', 'started', 'refused']),
});

/** Workflows that were started for an incident, or refused; what is told of it is written with it. */
export class DispatchStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  async find(incidentId: string) {
    const row = await this.#knex('dispatches')
      .where({ incident_id: incidentId })
      .first();
    return row && rowSchema.parse(row);
  }

  /** When others of the repository were started or may have been, ms since 1970. */
  async listStarted(options: {
    purpose: DispatchPurpose;
    repository: string;
    since: number;
    except: string;
  }): Promise<number[]> {
    const { except, purpose, repository, since } = options;
    const rows = await this.#knex('dispatches')
      .where({ purpose, repository })
      .whereIn('status', ['intended', 'started'])
      .whereNot('incident_id', except)
      .where('at', '>=', since);
    return z
      .array(rowSchema)
      .parse(rows)
      .map(({ at }) => at);
  }

  /** Written before it is started, so that after a crash it is looked for first. */
  async intend(intention: {
    incidentId: string;
    purpose: DispatchPurpose;
    repository: string;
    reasons: string[];
  }): Promise<void> {
    await this.#knex('dispatches').insert(toRow(intention, 'intended'));
  }

  async refuse(refusal: {
    incidentId: string;
    purpose: DispatchPurpose;
    repository: string;
    reasons: string[];
    /** Where it was tried and its answer is lost: it counts as one that was started. */
    mayRun?: boolean;
  }): Promise<void> {
    const { incidentId, mayRun, purpose, reasons } = refusal;
    await this.#knex.transaction(async trx => {
      await trx('dispatches')
        .insert(toRow(refusal, 'refused'))
        .onConflict('incident_id')
        .merge(mayRun ? ['reasons'] : ['status', 'reasons']);
      await addActivity(trx, {
        incidentId,
        by: 'triage',
        action: `no-${purpose}`,
        text: `${reasons.join('; ')}.`,
      });
    });
  }

  async setTried(incidentId: string): Promise<void> {
    await this.#knex('dispatches')
      .where({ incident_id: incidentId })
      .update({ tried_at: Date.now() });
  }

  async setStarted(
    incidentId: string,
    purpose: DispatchPurpose,
    url: string | undefined,
  ): Promise<void> {
    await this.#knex.transaction(async trx => {
      await trx('dispatches')
        .where({ incident_id: incidentId })
        .update({ status: 'started', url: url ?? null });
      await addActivity(trx, {
        incidentId,
        by: 'triage',
        action: purpose,
        text: url,
      });
    });
  }
}

function toRow(
  of: {
    incidentId: string;
    purpose: DispatchPurpose;
    repository: string;
    reasons: string[];
  },
  status: 'intended' | 'refused',
) {
  return {
    incident_id: of.incidentId,
    purpose: of.purpose,
    repository: of.repository,
    at: Date.now(),
    status,
    reasons: JSON.stringify(of.reasons),
  };
}
