// SPDX-License-Identifier: Apache-2.0
import type {
  FailureType,
  IncidentKind,
  IncidentState,
} from '@greenroom/plugin-triage-common';
import type { PipelineRun } from '@greenroom/plugin-triage-node';
import type { Knex } from 'knex';
import { z } from 'zod';
import type { Repository } from '../services/Repository';
import { cutText } from './cutText';
import { incidentRowSchema, type IncidentRow } from './rows';

/** Incidents of pipelines by repository, all others by their entity. */
export interface IncidentScope {
  repositories: Repository[];
  entityRefs: string[];
  /** And those of no entity. */
  unowned: boolean;
}

/** Which incidents. */
export interface IncidentFilter {
  /** Undefined: all; what a caller may see. */
  scope?: IncidentScope;
  kind?: IncidentKind;
  /** Undefined: of all; none where it is empty. */
  repositories?: Repository[];
  states?: IncidentState[];
  type?: FailureType;
  branch?: string;
  signature?: string;
  /** Ms since 1970. */
  since?: number;
}

/** Where a page begins: after this incident. */
export interface PageStart {
  failedAt: number;
  id: string;
}

const groupSchema = z.array(
  z.object({
    signature: z.string(),
    repository: z.string(),
    count: z.coerce.number(),
    first: z.coerce.number(),
    last: z.coerce.number(),
  }),
);

/** Incidents of one signature in one repository. */
export type SignatureCount = z.infer<typeof groupSchema>[number];

/** Finds and counts incidents. */
export class IncidentQueries {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  async list(
    filter: IncidentFilter,
    page: { limit: number; after?: PageStart },
  ): Promise<IncidentRow[]> {
    const query = this.#select(filter);
    const { after } = page;
    if (after) {
      query.andWhere(next =>
        next
          .where('failed_at', '<', after.failedAt)
          .orWhere(same =>
            same
              .where('failed_at', after.failedAt)
              .andWhere('id', '<', after.id),
          ),
      );
    }
    const rows = await query
      .select('*')
      .orderBy([
        { column: 'failed_at', order: 'desc' },
        { column: 'id', order: 'desc' },
      ])
      .limit(page.limit);
    return z.array(incidentRowSchema).parse(rows);
  }

  /** Where there are incidents of pipelines. */
  async listRepositories(filter: IncidentFilter): Promise<Repository[]> {
    return this.#select(filter)
      .andWhere('kind', 'pipeline')
      .distinct('host', 'repository');
  }

  /** Of which entities there are incidents that belong to an entity. */
  async listEntities(filter: IncidentFilter): Promise<string[]> {
    const rows = await this.#select(filter)
      .whereNot('kind', 'pipeline')
      .whereNotNull('entity_ref')
      .distinct('entity_ref');
    return rows.map(row => String(row.entity_ref));
  }

  /** How often each cause was seen, the latest first. */
  async countSignatures(
    filter: IncidentFilter,
    signatures?: string[],
  ): Promise<SignatureCount[]> {
    const query = this.#select(filter).whereNotNull('signature');
    if (signatures) {
      query.whereIn('signature', signatures);
    }
    const rows = await query
      .select('signature', 'repository')
      .count({ count: '*' })
      .min({ first: 'failed_at' })
      .max({ last: 'failed_at' })
      .groupBy('signature', 'repository')
      .orderBy('last', 'desc')
      .limit(1_000);
    return groupSchema.parse(rows);
  }

  /** Whether a model explained this cause of one of these incidents. */
  async isExplained(
    incidentIds: string[],
    signature: string,
  ): Promise<boolean> {
    const row = await this.#knex('incidents')
      .whereIn('id', incidentIds)
      .where({ signature })
      .whereNotNull('model')
      .first('id');
    return row !== undefined;
  }

  /** The newest incident of each signature. */
  async listNewest(
    filter: IncidentFilter,
    signatures: string[],
  ): Promise<IncidentRow[]> {
    const ranked = this.#select(filter)
      .whereIn('signature', signatures)
      .select(
        '*',
        this.#knex.raw(
          'row_number() over (partition by signature order by failed_at desc, id desc) as place',
        ),
      );
    const rows = await this.#knex
      .with('ranked', ranked)
      .select('*')
      .from('ranked')
      .where('place', 1);
    return z.array(incidentRowSchema).parse(rows);
  }

  /** Incidents of a workflow and branch that nobody closed and that failed before. */
  async listOpen(run: PipelineRun): Promise<IncidentRow[]> {
    const rows = await this.#selectSame(run)
      .whereIn('state', ['new', 'acknowledged'])
      .andWhere('failed_at', '<=', run.endedAt)
      .orderBy('failed_at');
    return z.array(incidentRowSchema).parse(rows);
  }

  /** Those that this run closed. */
  async listRecovered(run: PipelineRun): Promise<IncidentRow[]> {
    const rows = await this.#selectSame(run).where({
      state: 'recovered',
      recovered_at: run.endedAt,
    });
    return z.array(incidentRowSchema).parse(rows);
  }

  #selectSame(run: PipelineRun) {
    return this.#knex('incidents').where({
      source: run.source,
      host: run.host,
      repository: run.repository,
      workflow_id: run.workflowId,
      branch: cutText(run.branch),
    });
  }

  #select(filter: IncidentFilter) {
    const query = this.#knex('incidents');
    const { repositories, scope, states, since, ...same } = filter;
    if (repositories) {
      query.where(any => whereIn(any, repositories));
    }
    if (scope) {
      query.where(seen =>
        seen
          .where(pipeline =>
            pipeline
              .where('kind', 'pipeline')
              .andWhere(any => whereIn(any, scope.repositories)),
          )
          .orWhere(other => {
            other
              .whereNot('kind', 'pipeline')
              .whereIn('entity_ref', scope.entityRefs);
          })
          .orWhere(other => {
            other
              .whereNot('kind', 'pipeline')
              .whereNull('entity_ref')
              .whereRaw(scope.unowned ? '1 = 1' : '1 = 0');
          }),
      );
    }
    if (states) {
      query.whereIn('state', states);
    }
    if (since !== undefined) {
      query.where('failed_at', '>=', since);
    }
    for (const [column, value] of Object.entries(same)) {
      if (value !== undefined) {
        query.where(column, value);
      }
    }
    return query;
  }
}

function whereIn(any: Knex.QueryBuilder, repositories: Repository[]): void {
  any.whereRaw('1 = 0');
  for (const { host, repository } of repositories) {
    any.orWhere({ host, repository });
  }
}
