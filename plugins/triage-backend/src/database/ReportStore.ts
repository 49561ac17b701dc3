// SPDX-License-Identifier: Apache-2.0
import {
  triageReportSchema,
  type IncidentActivity,
  type IncidentLog,
  type TriageReport,
} from '@greenroom/plugin-triage-common';
import { renderIssueTitle } from '@greenroom/triage-engine';
import type { Knex } from 'knex';
import { z } from 'zod';
import { addActivity } from './DiscussionStore';
import type { JobStore, NewJob } from './JobStore';

/** A redacted log, as far as it is kept. */
export interface KeptLog {
  /** As evidence names it. */
  source: string;
  /** Lines of the untouched log. */
  total: number;
  lines: IncidentLog['lines'];
}

const logSchema = z.object({
  source: z.string(),
  total: z.number(),
  lines: z.string().transform(value =>
    z
      .array(z.tuple([z.number(), z.string()]))
      .parse(JSON.parse(value))
      .map(([number, text]) => ({ number, text })),
  ),
});

/** That a report was made: the first, or another, and why. */
const REPORTED = [
  'reported',
  'reported-again',
  'reported-on-request',
  'reported-with-evidence',
  'reported-with-owner',
] satisfies Array<IncidentActivity['action']>;

const actionsSchema = z.array(
  z
    .object({ action: z.enum(['analyze', ...REPORTED]) })
    .transform(({ action }) => action),
);

const namesSchema = z.array(z.object({ job: z.string(), total: z.number() }));

/** Reports and the logs that they quote. */
export class ReportStore {
  readonly #knex: Knex;
  readonly #jobs: JobStore;

  constructor(knex: Knex, jobs: JobStore) {
    this.#knex = knex;
    this.#jobs = jobs;
  }

  /** Keeps what was made of an incident; `next` is what follows, as one step with it. */
  async save(
    incidentId: string,
    report: TriageReport,
    options: {
      /** The report that there was when this one was begun. */
      before: TriageReport | undefined;
      /** Whether the catalog had no entity of it then, and has one now. */
      hasNewOwner?: boolean;
      logs?: KeptLog[];
      stage: 'ask' | 'post';
      next?: NewJob;
    },
  ): Promise<void> {
    const now = Date.now();
    const { rootCause, failure, summary, decision, ai } = report;
    await this.#knex.transaction(async trx => {
      const action =
        options.next && (await nameReport(trx, incidentId, report, options));
      await trx('reports')
        .insert({
          incident_id: incidentId,
          report: JSON.stringify(report),
          made_at: now,
        })
        .onConflict('incident_id')
        .merge();
      if (options.logs) {
        await trx('kept_logs').where({ incident_id: incidentId }).delete();
        for (const [position, log] of options.logs.entries()) {
          await trx('kept_logs').insert({
            incident_id: incidentId,
            position,
            source: log.source,
            total: log.total,
            lines: JSON.stringify(
              log.lines.map(({ number, text }) => [number, text]),
            ),
          });
        }
      }
      const [before] = await trx('incidents')
        .where({ id: incidentId })
        .select('reported_at');
      await trx('incidents')
        .where({ id: incidentId })
        .update({
          type: failure.type,
          signature: failure.signature,
          title: renderIssueTitle(report),
          summary:
            rootCause.outcome === 'identified' ? rootCause.statement : summary,
          outcome: rootCause.outcome,
          confidence:
            rootCause.outcome === 'identified' ? rootCause.confidence : null,
          priority: decision.priority,
          model: ai.status === 'answered' ? (ai.model ?? 'unknown') : null,
          reported_at: before?.reported_at ?? now,
          stage: options.stage,
          stage_since: now,
          stage_error: null,
        });
      if (action) {
        await addActivity(trx, { incidentId, by: 'triage', action });
      }
      if (options.next) {
        await this.#jobs.add(options.next, trx);
      }
    });
  }

  async find(incidentId: string): Promise<TriageReport | undefined> {
    const row = await this.#knex('reports')
      .where({ incident_id: incidentId })
      .first();
    return row && triageReportSchema.parse(JSON.parse(row.report));
  }

  /** Reports by incident; what has none yet is left out. */
  async findAll(incidentIds: string[]): Promise<Map<string, TriageReport>> {
    const rows = await this.#knex('reports').whereIn(
      'incident_id',
      incidentIds,
    );
    return new Map(
      rows.map(row => [
        row.incident_id,
        triageReportSchema.parse(JSON.parse(row.report)),
      ]),
    );
  }

  /** Names of the kept logs, in the order of the run. */
  async listLogs(
    incidentId: string,
  ): Promise<Array<{ job: string; total: number }>> {
    const rows = await this.#knex('kept_logs')
      .where({ incident_id: incidentId })
      .orderBy('position')
      .select({ job: 'source', total: 'total' });
    return namesSchema.parse(rows);
  }

  async findLog(
    incidentId: string,
    source: string,
  ): Promise<KeptLog | undefined> {
    const row = await this.#knex('kept_logs')
      .where({ incident_id: incidentId, source })
      .first();
    return row && logSchema.parse(row);
  }
}

/** What is said of a report that was made; nothing where nobody asked for it and it says the same. */
async function nameReport(
  trx: Knex,
  incidentId: string,
  report: TriageReport,
  options: { before: TriageReport | undefined; hasNewOwner?: boolean },
): Promise<(typeof REPORTED)[number] | undefined> {
  const { before, hasNewOwner } = options;
  const rows = await trx('activity')
    .where({ incident_id: incidentId })
    .whereIn('action', ['analyze', ...REPORTED])
    .orderBy('id')
    .select('action');
  const actions = actionsSchema.parse(rows);
  if (!before || actions.every(action => action === 'analyze')) {
    return 'reported';
  }
  if (actions.at(-1) === 'analyze') {
    return 'reported-on-request';
  }
  if (hasNewOwner) {
    return 'reported-with-owner';
  }
  if (report.errors.length < before.errors.length) {
    return 'reported-with-evidence';
  }
  const isSame =
    before.failure.signature === report.failure.signature &&
    before.rootCause.outcome === report.rootCause.outcome &&
    before.ai.status === report.ai.status;
  return isSame ? undefined : 'reported-again';
}
