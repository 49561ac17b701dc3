// SPDX-License-Identifier: Apache-2.0
import type { Knex } from 'knex';
import { z } from 'zod';

const rowSchema = z.object({
  incident_id: z.string(),
  at: z.coerce.number(),
  status: z.enum(['intended', 'started', 'refused']),
});

/** Retrainings that were started for drift, or refused. */
export class RetrainingStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  async find(incidentId: string) {
    const row = await this.#knex('retrainings')
      .where({ incident_id: incidentId })
      .first();
    return row && rowSchema.parse(row);
  }

  /** When others of the repository were started or may have been, ms since 1970. */
  async listStarted(options: {
    repository: string;
    since: number;
    except: string;
  }): Promise<number[]> {
    const { except, repository, since } = options;
    const rows = await this.#knex('retrainings')
      .where({ repository })
      .whereIn('status', ['intended', 'started'])
      .whereNot('incident_id', except)
      .where('at', '>=', since);
    return z
      .array(rowSchema)
      .parse(rows)
      .map(({ at }) => at);
  }

  /** Written before it is started, so that after a crash it is looked for first. */
  async decide(decision: {
    incidentId: string;
    repository: string;
    status: 'intended' | 'refused';
    reasons: string[];
  }): Promise<void> {
    await this.#knex('retrainings').insert({
      incident_id: decision.incidentId,
      repository: decision.repository,
      at: Date.now(),
      status: decision.status,
      reasons: JSON.stringify(decision.reasons),
    });
  }

  async setStarted(incidentId: string, url: string | undefined): Promise<void> {
    await this.#knex('retrainings')
      .where({ incident_id: incidentId })
      .update({ status: 'started', url: url ?? null });
  }
}
