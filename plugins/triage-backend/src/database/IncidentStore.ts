// SPDX-License-Identifier: Apache-2.0
import type {
  IncidentState,
  TriageStage,
} from '@greenroom/plugin-triage-common';
import type {
  PipelineRun,
  PipelineRunRef,
} from '@greenroom/plugin-triage-node';
import type { Knex } from 'knex';
import { randomUUID } from 'node:crypto';
import { toRepositoryKey } from '../services/Repository';
import { cutText } from './cutText';
import { addActivity } from './DiscussionStore';
import { IncidentQueries } from './IncidentQueries';
import type { JobStore } from './JobStore';
import { incidentRowSchema, type IncidentRow } from './rows';

/** Of incidents that an analysis of drift found. */
const DRIFT_SOURCE = 'drift';

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
  /** What finds and counts them. */
  readonly queries: IncidentQueries;

  constructor(knex: Knex, jobs: JobStore) {
    this.#knex = knex;
    this.#jobs = jobs;
    this.queries = new IncidentQueries(knex);
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

  /**
   * Records what an analysis of drift found, once for its run; what an earlier one
   * found of the same model is part of it.
   *
   * @returns the incident's id
   */
  async recordDrift(run: PipelineRun, entityRef: string): Promise<string> {
    const key = toDriftKey(run);
    const id = randomUUID();
    const now = Date.now();
    return this.#knex.transaction(async trx => {
      const inserted = await trx('incidents')
        .insert({
          id,
          kind: 'drift',
          ...key,
          ...toFacts(run),
          title: cutText(`Drift in ${run.repository}`),
          entity_ref: entityRef,
          received_at: now,
          state: 'new',
          stage: 'collect',
          stage_since: now,
        })
        .onConflict(['source', 'host', 'repository', 'run_id', 'run_attempt'])
        .ignore()
        .returning('id');
      if (inserted.length > 0) {
        await addActivity(trx, {
          incidentId: id,
          by: 'triage',
          action: 'received',
        });
        return id;
      }
      const known = await trx('incidents').where(key).first();
      return incidentRowSchema.parse(known).id;
    });
  }

  /** What an analysis of drift found, undefined where that is nothing. */
  async findDrift(
    run: Omit<PipelineRunRef, 'source'>,
  ): Promise<IncidentRow | undefined> {
    const row = await this.#knex('incidents').where(toDriftKey(run)).first();
    return row && incidentRowSchema.parse(row);
  }

  /** Ends what earlier analyses of the repository found. */
  async recoverDrift(run: PipelineRun): Promise<void> {
    const rows = await this.#knex('incidents')
      .where({
        source: DRIFT_SOURCE,
        host: run.host,
        repository: run.repository,
      })
      .whereIn('state', ['new', 'acknowledged'])
      .andWhere('failed_at', '<=', run.endedAt)
      .select('id');
    for (const { id } of rows) {
      await this.setRecovered(String(id), run);
    }
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
        'alerts',
        'dispatches',
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

  /** Whose an alert is; the repository is empty where the entity has none. */
  async setOwner(
    id: string,
    owner: { entityRef: string | null; host: string; repository: string },
  ): Promise<void> {
    const { entityRef, host, repository } = owner;
    await this.#knex('incidents')
      .where({ id })
      .update({ entity_ref: entityRef, host, repository });
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
}

function toDriftKey(run: Omit<PipelineRunRef, 'source'>) {
  return {
    source: DRIFT_SOURCE,
    host: run.host,
    repository: run.repository,
    run_id: run.runId,
    run_attempt: run.runAttempt,
  };
}

function toFacts(run: PipelineRun) {
  return {
    workflow: cutText(run.workflow),
    workflow_id: run.workflowId,
    run_url: run.url,
    branch: cutText(run.branch),
    is_default_branch: run.isDefaultBranch,
    commit_sha: run.commit,
    failed_at: run.endedAt,
    title: cutText(`${run.workflow} failed on ${run.branch}`),
  };
}
