// SPDX-License-Identifier: Apache-2.0
import {
  triageReportSchema,
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
    options: { logs?: KeptLog[]; stage: 'ask' | 'post'; next?: NewJob },
  ): Promise<void> {
    const now = Date.now();
    const { rootCause, failure, summary, decision, ai } = report;
    await this.#knex.transaction(async trx => {
      const isNews = options.next && (await isNewsOf(trx, incidentId, report));
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
      if (isNews) {
        await addActivity(trx, {
          incidentId,
          by: 'triage',
          action: 'reported',
        });
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

/** Not where the last that happened was a report that said the same. */
async function isNewsOf(
  trx: Knex,
  incidentId: string,
  { rootCause, failure, ai }: TriageReport,
): Promise<boolean> {
  const last = await trx('activity')
    .where({ incident_id: incidentId })
    .orderBy('id', 'desc')
    .first();
  const row = await trx('reports').where({ incident_id: incidentId }).first();
  if (last?.action !== 'reported' || !row) {
    return true;
  }
  const before = triageReportSchema.parse(JSON.parse(row.report));
  return (
    before.failure.signature !== failure.signature ||
    before.rootCause.outcome !== rootCause.outcome ||
    before.ai.status !== ai.status
  );
}
