// SPDX-License-Identifier: Apache-2.0
import { isDatabaseConflictError } from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { jobRowSchema, type JobRow } from './rows';

/** As many candidates as other replicas may take from under us in one look. */
const CANDIDATES = 20;
const MAX_ERROR = 1_000;
/** Of a job that no worker has. */
const FREE = { lease: null, lease_until: null, running_lane: null };

const candidateSchema = z.array(
  z.object({ id: z.string(), lease: z.string().nullable() }),
);

/** What is to be done. */
export interface NewJob {
  /** A second job of the same key is none. */
  key: string;
  kind: JobRow['kind'];
  /** One job of a lane runs at a time. */
  lane: string;
  /** Repositories take turns. */
  repository: string;
  incidentId?: string;
  payload?: unknown;
}

/** A job that a worker has. */
export interface LeasedJob extends JobRow {
  lease: string;
}

/**
 * The queue: a table that all replicas share. A job is held by a lease; where its
 * worker is killed the lease ends and another takes it. Works the same on SQLite and
 * PostgreSQL: a job is taken by an update that only one of many can win.
 */
export class JobStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** @param knex - a transaction, where the job belongs to it */
  async add(job: NewJob, knex: Knex = this.#knex): Promise<void> {
    await this.addAll([job], knex);
  }

  /** At most some hundreds: they are one statement. */
  async addAll(jobs: NewJob[], knex: Knex = this.#knex): Promise<void> {
    if (jobs.length === 0) {
      return;
    }
    const now = Date.now();
    await knex('jobs')
      .insert(
        jobs.map(job => ({
          id: randomUUID(),
          key: job.key,
          kind: job.kind,
          lane: job.lane,
          repository: job.repository,
          incident_id: job.incidentId ?? null,
          payload: JSON.stringify(job.payload ?? {}),
          state: 'waiting',
          received_at: now,
          run_at: now,
          attempts: 0,
        })),
      )
      .onConflict('key')
      .ignore();
  }

  /** Whether another job of the lane waits that is of the same repository. */
  async isFollowed(
    { id, lane }: LeasedJob,
    { host, repository }: { host: string; repository: string },
  ): Promise<boolean> {
    const row = await this.#knex('jobs')
      .join('incidents', 'incidents.id', 'jobs.incident_id')
      .where({
        'jobs.lane': lane,
        'jobs.state': 'waiting',
        'incidents.host': host,
        'incidents.repository': repository,
      })
      .whereNot('jobs.id', id)
      .first('jobs.id');
    return row !== undefined;
  }

  /**
   * Takes the job whose turn it is: of the repositories the one with the fewest in
   * work, of its jobs the oldest.
   */
  async claim(leaseMs: number): Promise<LeasedJob | undefined> {
    for (const candidate of await this.#candidates()) {
      const lease = randomUUID();
      if (await this.#take(candidate, lease, leaseMs)) {
        const row = await this.#knex('jobs').where({ lease }).first();
        // Between the two statements it may have been lost again.
        return row && { ...jobRowSchema.parse(row), lease };
      }
    }
    return undefined;
  }

  /** @returns false where another worker has the job by now */
  async renew({ id, lease }: LeasedJob, leaseMs: number): Promise<boolean> {
    const count = await this.#knex('jobs')
      .where({ id, lease })
      .update({ lease_until: Date.now() + leaseMs });
    return count > 0;
  }

  async finish({ id, lease }: LeasedJob): Promise<void> {
    await this.#knex('jobs').where({ id, lease }).delete();
  }

  /** Puts it back; `counts` where it was an attempt. */
  async retry(
    { id, lease, attempts }: LeasedJob,
    options: { at: number; error?: string; counts: boolean },
  ): Promise<void> {
    await this.#knex('jobs')
      .where({ id, lease })
      .update({
        ...FREE,
        state: 'waiting',
        run_at: options.at,
        attempts: options.counts ? attempts : attempts - 1,
        error: options.error?.slice(0, MAX_ERROR) ?? null,
      });
  }

  /** Gives it up: it stays as a dead letter until somebody asks again. */
  async bury({ id, lease }: LeasedJob, error: string): Promise<void> {
    await this.#knex('jobs')
      .where({ id, lease })
      .update({ ...FREE, state: 'dead', error: error.slice(0, MAX_ERROR) });
  }

  /**
   * Puts a job in the place of the incident's dead letters and of its own kind that
   * still wait. One that is running goes on, and this one comes after it.
   */
  async replace(job: NewJob & { incidentId: string }): Promise<void> {
    await this.#knex.transaction(async transaction => {
      await transaction('jobs')
        .where({ incident_id: job.incidentId })
        .andWhere(over =>
          over
            .where({ state: 'dead' })
            .orWhere({ state: 'waiting', kind: job.kind }),
        )
        .delete();
      await this.add(job, transaction);
    });
  }

  async countDead(): Promise<number> {
    const row = await this.#knex('jobs')
      .where({ state: 'dead' })
      .count({ count: '*' })
      .first();
    return Number(row?.count ?? 0);
  }

  async #candidates() {
    const now = Date.now();
    const rows = await this.#knex
      .with('ready', query =>
        query
          .select('id', 'lease', 'lane', 'state', 'repository', 'run_at')
          .from('jobs')
          .where(ready =>
            ready.where('state', 'waiting').andWhere('run_at', '<=', now),
          )
          .orWhere(lost =>
            lost.where('state', 'running').andWhere('lease_until', '<=', now),
          ),
      )
      .with('busy', query =>
        query
          .select('repository')
          .count({ running: '*' })
          .from('jobs')
          .where('state', 'running')
          .andWhere('lease_until', '>', now)
          .groupBy('repository'),
      )
      .with('turns', query =>
        query
          .select(
            'ready.id',
            'ready.lease',
            'ready.run_at',
            this.#knex.raw(
              'coalesce(busy.running, 0) + row_number() over (partition by ready.repository order by ready.run_at, ready.id) as turn',
            ),
          )
          .from('ready')
          .leftJoin('busy', 'busy.repository', 'ready.repository')
          .whereNotExists(taken =>
            taken
              .select(this.#knex.raw('1'))
              .from('jobs as other')
              .whereRaw('other.running_lane = ready.lane')
              .andWhereRaw('other.id <> ready.id'),
          ),
      )
      .select('id', 'lease')
      .from('turns')
      .orderBy([{ column: 'turn' }, { column: 'run_at' }, { column: 'id' }])
      .limit(CANDIDATES);
    return candidateSchema.parse(rows);
  }

  async #take(
    { id, lease: old }: { id: string; lease: string | null },
    lease: string,
    leaseMs: number,
  ): Promise<boolean> {
    try {
      const now = Date.now();
      const count = await this.#knex('jobs')
        .where({ id, lease: old })
        .andWhere(free =>
          free.where('state', 'waiting').orWhere('lease_until', '<=', now),
        )
        .update({
          state: 'running',
          lease,
          lease_until: now + leaseMs,
          running_lane: this.#knex.ref('lane'),
          attempts: this.#knex.raw('attempts + 1'),
        });
      return count > 0;
    } catch (error) {
      // Another job of the lane was taken at the same moment.
      if (isDatabaseConflictError(error)) {
        return false;
      }
      throw error;
    }
  }
}
