// SPDX-License-Identifier: Apache-2.0
import {
  resolvePackagePath,
  type DatabaseService,
} from '@backstage/backend-plugin-api';
import type { KserveInferenceService } from '@greenroom/plugin-kserve-common';
import type { Knex } from 'knex';
import { LRUCache } from 'lru-cache';
import { createHash, randomBytes } from 'node:crypto';

const STEPS = 'rollout_steps';
const KEEP_MS = 90 * 86_400_000;
/** Rollouts whose median is typical. */
const ROLLOUTS = 20;

interface StepRow {
  service: string;
  rollout: string;
  step: string;
  duration: number;
  finished_at: number;
}

type Service = Pick<KserveInferenceService, 'cluster' | 'namespace' | 'name'>;
type TypicalTimes = ReadonlyMap<string, number>;

function hash({ cluster, name, namespace }: Service): string {
  return createHash('sha256')
    .update(JSON.stringify([cluster, namespace, name]))
    .digest('hex');
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)];
}

/**
 * How long the steps of earlier rollouts took, in the plugin's database, so that
 * a step under way can be shown beside what is typical for its model.
 */
export class RolloutHistory {
  readonly #knex: Knex;
  readonly #typical = new LRUCache<string, TypicalTimes>({
    max: 1_000,
    ttl: 60_000,
  });

  private constructor(knex: Knex) {
    this.#knex = knex;
  }

  static async create(database: DatabaseService): Promise<RolloutHistory> {
    const knex = await database.getClient();
    if (!database.migrations?.skip) {
      await knex.migrate.latest({
        directory: resolvePackagePath(
          '@greenroom/plugin-kserve-backend',
          'migrations',
        ),
      });
    }
    return new RolloutHistory(knex);
  }

  /** The installation's key for the names of channels, made at the first start. */
  async loadChannelKey(): Promise<Buffer> {
    // Replicas that start at once: the first one's key stays.
    await this.#knex('channel_key')
      .insert({ id: 1, key: randomBytes(32).toString('base64url') })
      .onConflict('id')
      .ignore();
    const row = await this.#knex('channel_key')
      .where({ id: 1 })
      .first<{ key: string }>('key');
    return Buffer.from(row.key, 'base64url');
  }

  /** Notes the steps of the newest rollout that are done, each once. */
  async record(service: KserveInferenceService): Promise<void> {
    const [newest] = service.pods
      .filter(({ ready }) => ready)
      .sort((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0));
    if (!newest) {
      return;
    }
    const key = hash(service);
    const rows = service.rollout.flatMap(
      ({ finishedAt, name, startedAt, state }): StepRow[] =>
        state === 'done' && startedAt !== undefined && finishedAt !== undefined
          ? [
              {
                service: key,
                rollout: newest.name,
                step: name,
                duration: Math.max(0, Math.round(finishedAt - startedAt)),
                finished_at: Math.round(finishedAt),
              },
            ]
          : [],
    );
    if (rows.length === 0) {
      return;
    }
    await this.#knex<StepRow>(STEPS)
      .insert(rows)
      .onConflict(['service', 'rollout', 'step'])
      .ignore();
    await this.#knex<StepRow>(STEPS)
      .where('finished_at', '<', Date.now() - KEEP_MS)
      .delete();
    this.#typical.delete(key);
  }

  /** The service with what is typical for each step of it. */
  async addTypicalTimes(
    service: KserveInferenceService,
  ): Promise<KserveInferenceService> {
    const key = hash(service);
    let typical = this.#typical.get(key);
    if (!typical) {
      typical = await this.#readTypical(key);
      this.#typical.set(key, typical);
    }
    return {
      ...service,
      rollout: service.rollout.map(step => {
        const typicalMs = typical.get(step.name);
        return typicalMs === undefined ? step : { ...step, typicalMs };
      }),
    };
  }

  async #readTypical(service: string): Promise<TypicalTimes> {
    const rows = await this.#knex<StepRow>(STEPS)
      .where({ service })
      .orderBy('finished_at', 'desc')
      .limit(ROLLOUTS * 6);
    const durations = new Map<string, number[]>();
    for (const { duration, step } of rows) {
      durations.set(step, [...(durations.get(step) ?? []), duration]);
    }
    return new Map(
      [...durations].map(([step, values]) => [step, median(values)]),
    );
  }
}
