// SPDX-License-Identifier: Apache-2.0
import type { Knex } from 'knex';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { alertRowSchema, type AlertRow } from './alertRow';
import type { JobStore, NewJob } from './JobStore';
import { toAlertValues, toIncidentValues, type NewAlert } from './NewAlert';

/** Rows in one statement: SQLite takes 32,766 values. */
const BATCH = 100;
/**
 * The second Alertmanager of a pair, or a delivery that was tried again, may tell of
 * the alert's beginning after its end. What comes later than this is no echo: the
 * alert is back, since Prometheus was silent meanwhile.
 */
const ECHO_MS = 2 * 60_000;

/** How many of the alerts of a message were what. */
export interface Recorded {
  /** Ids of incidents that began. */
  created: string[];
  /** Ids of incidents that ended or came back. */
  changed: string[];
}

/** Namespaces take turns, as repositories do. */
export const toTurn = (namespace: string | null | undefined) =>
  `alerts/${namespace ?? ''}`;

/** The work on an alert's report, of a lane of its own. */
export const analyzeAlertJob = (incidentId: string, turn: string) => ({
  key: `analyze:${incidentId}`,
  kind: 'analyze' as const,
  lane: `analyze:${incidentId}`,
  repository: turn,
  incidentId,
});

/** Tells outside how a group stands; groups are told of one after the other. */
export const postAlertJob = (
  alert: Pick<AlertRow, 'incident_id' | 'group_id' | 'namespace'>,
  event: string,
): NewJob => ({
  key: `post:${alert.incident_id}:${event}`,
  kind: 'post',
  lane: `alerts:${alert.group_id}`,
  repository: toTurn(alert.namespace),
  incidentId: alert.incident_id,
});

/** Starts what an alert asks for; one after the other in a repository, so that each sees those before. */
export const dispatchJob = (
  incidentId: string,
  repository: string,
): NewJob => ({
  key: `dispatch:${incidentId}`,
  kind: 'dispatch',
  lane: `dispatch:${repository}`,
  repository,
  incidentId,
});

/** Alerts: one incident for each fingerprint and start. */
export class AlertStore {
  readonly #knex: Knex;
  readonly #jobs: JobStore;

  constructor(knex: Knex, jobs: JobStore) {
    this.#knex = knex;
    this.#jobs = jobs;
  }

  /** Records what a message tells, and what is to be done of it, as one step. */
  async record(alerts: NewAlert[]): Promise<Recorded> {
    return this.#knex.transaction(async trx => {
      const recorded: Recorded = { created: [], changed: [] };
      for (let at = 0; at < alerts.length; at += BATCH) {
        const batch = alerts
          .slice(at, at + BATCH)
          .map(alert => ({ alert, id: randomUUID() }));
        const inserted = await trx('alerts')
          .insert(batch.map(({ alert, id }) => toAlertValues(alert, id)))
          .onConflict(['fingerprint', 'starts_at'])
          .ignore()
          .returning('incident_id');
        const ids = new Set(inserted.map(row => String(row.incident_id)));
        const created = batch.filter(({ id }) => ids.has(id));
        await this.#create(trx, created);
        recorded.created.push(...ids);
        for (const { alert, id } of batch) {
          if (!ids.has(id)) {
            recorded.changed.push(...(await this.#update(trx, alert)));
          }
        }
      }
      return recorded;
    });
  }

  async find(incidentId: string): Promise<AlertRow | undefined> {
    const row = await this.#knex('alerts')
      .where({ incident_id: incidentId })
      .first();
    return row && alertRowSchema.parse(row);
  }

  /** An entity was found for it: from now on nobody looks for one by himself. */
  async setMatched(incidentId: string): Promise<void> {
    await this.#knex('alerts')
      .where({ incident_id: incidentId })
      .update({ matched_at: Date.now() });
  }

  /** Alerts that fire and that no entity was found for, the newest first. */
  async listUnmatched(since: number, limit: number): Promise<AlertRow[]> {
    const rows = await this.#knex('alerts')
      .join('incidents', 'incidents.id', 'alerts.incident_id')
      .whereNull('incidents.entity_ref')
      .whereNull('alerts.matched_at')
      .where('alerts.status', 'firing')
      .where('incidents.received_at', '>=', since)
      .orderBy('incidents.received_at', 'desc')
      .limit(limit)
      .select('alerts.*');
    return z.array(alertRowSchema).parse(rows);
  }

  /** Alerts by incident. */
  async findAll(incidentIds: string[]): Promise<Map<string, AlertRow>> {
    const rows = await this.#knex('alerts').whereIn('incident_id', incidentIds);
    return new Map(
      z
        .array(alertRowSchema)
        .parse(rows)
        .map(row => [row.incident_id, row]),
    );
  }

  /** The alerts of a group in one repository, the earliest first, at most `limit`. */
  async listGroup(
    groupId: string,
    repository: { host: string; repository: string },
    limit: number,
  ): Promise<AlertRow[]> {
    const rows = await this.#knex('alerts')
      .join('incidents', 'incidents.id', 'alerts.incident_id')
      .where({
        'alerts.group_id': groupId,
        'incidents.host': repository.host,
        'incidents.repository': repository.repository,
      })
      // Those that still fire, and of the others the newest.
      .orderByRaw(
        "case when alerts.status = 'firing' then 0 else 1 end, alerts.starts_at desc, alerts.incident_id",
      )
      .limit(limit)
      .select('alerts.*');
    return z
      .array(alertRowSchema)
      .parse(rows)
      .sort((a, b) => a.starts_at - b.starts_at);
  }

  async #create(
    trx: Knex,
    created: Array<{ alert: NewAlert; id: string }>,
  ): Promise<void> {
    if (created.length === 0) {
      return;
    }
    const now = Date.now();
    await trx('incidents').insert(
      created.map(({ alert, id }) => toIncidentValues(alert, id, now)),
    );
    await trx('activity').insert(
      created.flatMap(({ alert, id }) => [
        { incident_id: id, at: now, by: 'triage', action: 'received' },
        ...(alert.status === 'resolved'
          ? [{ incident_id: id, at: now, by: 'triage', action: 'recovered' }]
          : []),
      ]),
    );
    await this.#jobs.addAll(
      created
        // What is over before we hear of it waits for nobody.
        .filter(({ alert }) => alert.status === 'firing')
        .map(({ alert, id }) => analyzeAlertJob(id, toTurn(alert.namespace))),
      trx,
    );
  }

  /** Takes in what is other than before. @returns the incident's id where it ended or came back */
  async #update(trx: Knex, alert: NewAlert): Promise<string[]> {
    const now = Date.now();
    const found = await trx('alerts')
      .where({ fingerprint: alert.fingerprint, starts_at: alert.startsAt })
      .forUpdate()
      .first();
    const known = alertRowSchema.parse(found);
    const { incident_id: id, status } = known;
    const isEcho =
      status === 'resolved' &&
      alert.status === 'firing' &&
      now - known.status_since < ECHO_MS;
    if (isEcho) {
      return [];
    }
    await trx('alerts')
      .where({ incident_id: id })
      .update({
        annotations: JSON.stringify(alert.annotations),
        truncated: alert.truncated,
        ...(status !== alert.status && {
          status: alert.status,
          status_since: now,
          ends_at: alert.endsAt ?? null,
        }),
      });
    if (status === alert.status) {
      return [];
    }
    const isOver = alert.status === 'resolved';
    const count = await trx('incidents')
      .where({ id })
      .whereIn('state', isOver ? ['new', 'acknowledged'] : ['recovered'])
      .update(
        isOver
          ? { state: 'recovered', recovered_at: alert.endsAt ?? now }
          : { state: 'new', recovered_at: null },
      );
    if (count > 0) {
      await trx('activity').insert({
        incident_id: id,
        at: now,
        by: 'triage',
        action: isOver ? 'recovered' : 'reopened',
      });
    }
    await this.#jobs.add(
      postAlertJob(known, `${alert.status}:${alert.endsAt ?? now}`),
      trx,
    );
    return [id];
  }
}
