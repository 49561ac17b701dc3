// SPDX-License-Identifier: Apache-2.0
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { PipelineSource } from '@greenroom/plugin-triage-node';
import type { Knex } from 'knex';
import { z } from 'zod';
import type { IncidentStore } from '../database/IncidentStore';
import type { CatalogRepositories } from '../services/CatalogRepositories';
import { toRepositoryKey, type Repository } from '../services/Repository';
import type { DescribeError } from '../work/Worker';
import type { Intake } from './Intake';

const sweptSchema = z.array(
  z.object({
    host: z.string(),
    repository: z.string(),
    swept_at: z.coerce.number(),
  }),
);

/** Asks for runs that no event told of: events are lost, and the portal is down at times. */
export class Sweep {
  readonly #options: {
    catalog: CatalogRepositories;
    describeError: DescribeError;
    incidents: IncidentStore;
    intake: Intake;
    knex: Knex;
    logger: LoggerService;
    sources: () => PipelineSource[];
    lookbackMs: number;
    repositories: number;
  };

  constructor(options: {
    catalog: CatalogRepositories;
    describeError: DescribeError;
    incidents: IncidentStore;
    intake: Intake;
    knex: Knex;
    logger: LoggerService;
    sources: () => PipelineSource[];
    lookbackMs: number;
    repositories: number;
  }) {
    this.#options = options;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { describeError, knex, logger } = this.#options;
    for (const repository of await this.#listDue()) {
      signal.throwIfAborted();
      try {
        await this.#sweep(repository, signal);
      } catch (error) {
        signal.throwIfAborted();
        logger.warn(
          `Runs of ${toRepositoryKey(repository)} were not listed: ${describeError(error)}`,
        );
      }
      await knex('sweeps')
        .insert({ ...repository, swept_at: Date.now() })
        .onConflict(['host', 'repository'])
        .merge();
    }
  }

  async #sweep(repository: Repository, signal: AbortSignal): Promise<void> {
    const { incidents, intake, sources, lookbackMs } = this.#options;
    const since = Date.now() - lookbackMs;
    const [open] = await incidents.queries.list(
      {
        kind: 'pipeline',
        repositories: [repository],
        states: ['new', 'acknowledged'],
        since,
      },
      { limit: 1 },
    );
    for (const source of sources()) {
      const failed = await source.listRuns({
        ...repository,
        since,
        result: 'failed',
        signal,
      });
      // The oldest first, as they happened.
      for (const run of failed.reverse()) {
        await intake.receive(run);
      }
      if (open || failed.length > 0) {
        const passed = await source.listRuns({
          ...repository,
          since,
          result: 'passed',
          signal,
        });
        for (const run of passed.reverse()) {
          await intake.receive(run);
        }
      }
    }
  }

  /** Those that were not asked for the longest time. */
  async #listDue(): Promise<Repository[]> {
    const { catalog, knex, repositories } = this.#options;
    const swept = new Map(
      sweptSchema
        .parse(await knex('sweeps').select('*'))
        .map(row => [toRepositoryKey(row), row.swept_at]),
    );
    const at = (repository: Repository) =>
      swept.get(toRepositoryKey(repository)) ?? 0;
    return (await catalog.listAll())
      .sort((a, b) => at(a) - at(b))
      .slice(0, repositories);
  }
}
