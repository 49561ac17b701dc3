// SPDX-License-Identifier: Apache-2.0
import type {
  FailureType,
  IncidentState,
  TriageStage,
} from '@greenroom/plugin-triage-common';
import type {
  PipelineRun,
  PipelineRunRef,
} from '@greenroom/plugin-triage-node';
import type { Knex } from 'knex';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { toRepositoryKey, type Repository } from '../services/Repository';
import { addActivity } from './DiscussionStore';
import type { JobStore } from './JobStore';
import { incidentRowSchema, type IncidentRow } from './rows';

/** GitHub's longest branch has 244 bytes, a workflow's name any. */
const MAX_TEXT = 250;

/** Which incidents. */
export interface IncidentFilter {
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

/** The run that an incident is of, as far as it was recorded. */
export function toRun(row: IncidentRow): PipelineRun {
  return {
    source: row.source,
    host: row.host,
    repository: row.repository,
    runId: row.run_id,
    runAttempt: row.run_attempt,
    workflow: row.workflow,
    workflowId: row.workflow_id,
    branch: row.branch,
    isDefaultBranch: row.is_default_branch,
    commit: row.commit_sha,
    url: row.run_url,
    result: 'failed',
    endedAt: row.failed_at,
  };
}

/** Incidents, from the moment that somebody told of them. */
export class IncidentStore {
  readonly #knex: Knex;
  readonly #jobs: JobStore;

  constructor(knex: Knex, jobs: JobStore) {
    this.#knex = knex;
    this.#jobs = jobs;
  }

  /** Records a failed attempt and what is to be done of it, once. @returns whether it is new */
  async record(run: PipelineRun): Promise<boolean> {
    const id = randomUUID();
    const now = Date.now();
    return this.#knex.transaction(async trx => {
      const inserted = await trx('incidents')
        .insert({
          id,
          source: run.source,
          host: run.host,
          repository: run.repository,
          run_id: run.runId,
          run_attempt: run.runAttempt,
          ...toFacts(run),
          received_at: now,
          state: 'new',
          stage: 'queued',
          stage_since: now,
        })
        .onConflict(['source', 'host', 'repository', 'run_id', 'run_attempt'])
        .ignore()
        .returning('id');
      if (inserted.length === 0) {
        return false;
      }
      await addActivity(trx, {
        incidentId: id,
        by: 'triage',
        action: 'received',
      });
      await this.#jobs.add(
        {
          key: `analyze:${id}`,
          kind: 'analyze',
          lane: `analyze:${id}`,
          repository: toRepositoryKey(run),
          incidentId: id,
        },
        trx,
      );
      return true;
    });
  }

  async find(id: string): Promise<IncidentRow | undefined> {
    const row = await this.#knex('incidents').where({ id }).first();
    return row && incidentRowSchema.parse(row);
  }

  /** Forgets an incident that turned out to be none. */
  async remove(id: string): Promise<void> {
    await this.#knex.transaction(async trx => {
      for (const table of [
        'reports',
        'kept_logs',
        'activity',
        'feedback',
        'effects',
      ]) {
        await trx(table).where({ incident_id: id }).delete();
      }
      await trx('incidents').where({ id }).delete();
    });
  }

  /** What the source itself says of the run. */
  async updateFacts(
    id: string,
    run: PipelineRun,
    entityRef: string,
  ): Promise<void> {
    await this.#knex('incidents')
      .where({ id })
      .update({ ...toFacts(run), entity_ref: entityRef });
  }

  async setStage(
    id: string,
    stage: TriageStage,
    error?: string,
  ): Promise<void> {
    await this.#knex('incidents')
      .where({ id })
      .update({
        stage,
        stage_since: Date.now(),
        stage_error: error?.slice(0, 1_000) ?? null,
      });
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

  /** Where there are incidents. */
  async listRepositories(filter: IncidentFilter): Promise<Repository[]> {
    return this.#select(filter).distinct('host', 'repository');
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

  async setRecovered(
    id: string,
    passed: PipelineRunRef & { endedAt: number; url: string },
  ) {
    const count = await this.#knex('incidents')
      .where({ id })
      .whereIn('state', ['new', 'acknowledged'])
      .update({ state: 'recovered', recovered_at: passed.endedAt });
    if (count > 0) {
      await addActivity(this.#knex, {
        incidentId: id,
        by: 'triage',
        action: 'recovered',
        text: passed.url,
      });
    }
  }

  async setState(
    id: string,
    change: { state: IncidentState; assignee?: string | null },
  ): Promise<void> {
    await this.#knex('incidents').where({ id }).update(change);
  }

  #selectSame(run: PipelineRun) {
    return this.#knex('incidents').where({
      source: run.source,
      host: run.host,
      repository: run.repository,
      workflow_id: run.workflowId,
      branch: cut(run.branch),
    });
  }

  #select(filter: IncidentFilter) {
    const query = this.#knex('incidents');
    const { repositories, states, since, ...same } = filter;
    if (repositories) {
      query.where(any => {
        any.whereRaw('1 = 0');
        for (const { host, repository } of repositories) {
          any.orWhere({ host, repository });
        }
      });
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

const cut = (value: string) => value.slice(0, MAX_TEXT);

function toFacts(run: PipelineRun) {
  return {
    workflow: cut(run.workflow),
    workflow_id: run.workflowId,
    run_url: run.url,
    branch: cut(run.branch),
    is_default_branch: run.isDefaultBranch,
    commit_sha: run.commit,
    failed_at: run.endedAt,
    title: cut(`${run.workflow} failed on ${run.branch}`),
  };
}
