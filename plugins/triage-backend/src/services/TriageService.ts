// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { InputError, NotFoundError } from '@backstage/errors';
import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import {
  triageAnalyzePermission,
  triageReportUpdatePermission,
  type AnalyzeRequest,
  type FeedbackRequest,
  type IncidentDetails,
  type IncidentLog,
  type IncidentLogRequest,
  type StateRequest,
} from '@greenroom/plugin-triage-common';
import type { AlertStore } from '../database/AlertStore';
import type { DiscussionStore } from '../database/DiscussionStore';
import type { EffectStore } from '../database/EffectStore';
import type { IncidentStore } from '../database/IncidentStore';
import type { JobStore } from '../database/JobStore';
import type { ReportStore } from '../database/ReportStore';
import type { IncidentRow } from '../database/rows';
import type { DriftLinks } from '../drift/DriftLinks';
import type { ChangeSignals } from './ChangeSignals';
import type { IncidentAccess, VisibleIncidents } from './IncidentAccess';
import { toRepositoryKey } from './Repository';
import { toEffect, toIncident } from './toIncident';

const LOG_LINES = 1_000;

/** Parts that the service stands on. */
export interface TriageParts {
  access: IncidentAccess;
  alerts: AlertStore;
  discussion: DiscussionStore;
  driftLinks: DriftLinks;
  effects: EffectStore;
  incidents: IncidentStore;
  jobs: JobStore;
  reports: ReportStore;
  signals: ChangeSignals;
  wake: () => void;
}

/** One incident: what is known of it, and what people say and do about it. */
export class TriageService {
  readonly #parts: TriageParts;

  constructor(parts: TriageParts) {
    this.#parts = parts;
  }

  /** @throws NotFoundError, NotAllowedError */
  async getIncident(
    credentials: BackstageCredentials,
    id: string,
  ): Promise<IncidentDetails> {
    const { row, visible } = await this.#parts.access.require(credentials, id);
    return this.#describe(credentials, row, visible);
  }

  /** @throws NotFoundError, NotAllowedError */
  async getLog(
    credentials: BackstageCredentials,
    id: string,
    { job, from = 1, limit = LOG_LINES }: IncidentLogRequest,
  ): Promise<IncidentLog> {
    const { row } = await this.#parts.access.require(credentials, id);
    const log = await this.#parts.reports.findLog(row.id, job);
    if (!log) {
      throw new NotFoundError(`The incident keeps no log '${job}'`);
    }
    const lines = log.lines
      .filter(({ number }) => number >= from)
      .slice(0, limit);
    return { job, lines, total: log.total };
  }

  /** @throws NotFoundError, NotAllowedError */
  async giveFeedback(
    credentials: BackstageCredentials,
    id: string,
    feedback: FeedbackRequest,
  ): Promise<IncidentDetails> {
    const { access, discussion } = this.#parts;
    await access.authorize(credentials, triageReportUpdatePermission);
    const { row, visible } = await access.require(credentials, id);
    const by = access.nameOf(credentials);
    await discussion.saveFeedback(row.id, by, feedback);
    await discussion.addActivity({
      incidentId: row.id,
      by,
      action: 'feedback',
      text: feedback.done || feedback.reason || undefined,
    });
    return this.#changed(credentials, row, visible);
  }

  /** @throws NotFoundError, NotAllowedError, InputError */
  async setState(
    credentials: BackstageCredentials,
    id: string,
    { state, assignee, comment }: StateRequest,
  ): Promise<IncidentDetails> {
    const { access, discussion, incidents } = this.#parts;
    await access.authorize(credentials, triageReportUpdatePermission);
    const { row, visible } = await access.require(credentials, id);
    const by = access.nameOf(credentials);
    const to = typeof assignee === 'string' ? toUserRef(assignee) : assignee;
    await incidents.setState(row.id, {
      state,
      ...(to !== undefined && { assignee: to }),
    });
    if (state !== row.state) {
      const action = state === 'new' ? 'reopened' : state;
      await discussion.addActivity({
        incidentId: row.id,
        by,
        action,
        text: comment,
      });
    }
    if (to !== undefined && to !== row.assignee) {
      await discussion.addActivity({
        incidentId: row.id,
        by,
        action: 'assigned',
        text: to ?? undefined,
      });
    }
    return this.#changed(credentials, row, visible);
  }

  /** @throws NotFoundError, NotAllowedError */
  async analyze(
    credentials: BackstageCredentials,
    id: string,
    { hint }: AnalyzeRequest,
  ): Promise<IncidentDetails> {
    const { access, discussion, incidents, jobs, wake } = this.#parts;
    await access.authorize(credentials, triageAnalyzePermission);
    const { row, visible } = await access.require(credentials, id);
    await jobs.replace({
      // Of its own: the one before may be about to be given up at this moment.
      key: `analyze:${row.id}:${randomUUID()}`,
      kind: 'analyze',
      lane: `analyze:${row.id}`,
      repository: toRepositoryKey(row),
      incidentId: row.id,
      payload: { hint: hint || undefined },
    });
    await incidents.setStage(row.id, 'queued');
    await discussion.addActivity({
      incidentId: row.id,
      by: access.nameOf(credentials),
      action: 'analyze',
      text: hint || undefined,
    });
    wake();
    return this.#changed(credentials, row, visible);
  }

  async #changed(
    credentials: BackstageCredentials,
    row: IncidentRow,
    visible: VisibleIncidents,
  ): Promise<IncidentDetails> {
    this.#parts.signals.changed(row);
    const now = (await this.#parts.incidents.find(row.id)) ?? row;
    return this.#describe(credentials, now, visible);
  }

  async #describe(
    credentials: BackstageCredentials,
    row: IncidentRow,
    visible: VisibleIncidents,
  ): Promise<IncidentDetails> {
    const { access, alerts, discussion, driftLinks, effects } = this.#parts;
    const { reports, signals } = this.#parts;
    const [
      report,
      logs,
      done,
      activity,
      feedback,
      permissions,
      similar,
      alert,
      links,
    ] = await Promise.all([
      reports.find(row.id),
      reports.listLogs(row.id),
      effects.list(row.id),
      discussion.listActivity(row.id),
      discussion.listFeedback([row.id]),
      access.readPermissions(credentials),
      this.#findSimilar(credentials, row),
      row.kind === 'alert' ? alerts.find(row.id) : undefined,
      row.kind === 'drift' ? driftLinks.find(row) : undefined,
    ]);
    return {
      incident: toIncident(row, {
        alert,
        entityRef: visible.entityRefOf(row),
        seen: similar.seen,
      }),
      dashboardUrl: links?.dashboardUrl,
      report,
      logs,
      effects: done.map(toEffect),
      activity,
      feedback: feedback.map(({ incidentId: _, ...each }) => each),
      similar: { count: similar.count, repositories: similar.repositories },
      permissions,
      channel: signals.channelOf(row),
    };
  }

  async #findSimilar(credentials: BackstageCredentials, row: IncidentRow) {
    const { access, incidents } = this.#parts;
    if (!row.signature) {
      return { count: 0, repositories: [] };
    }
    const filter = { signature: row.signature };
    const { scope } = await access.findVisible(credentials, filter);
    const counts = await incidents.queries.countSignatures({
      ...filter,
      scope,
    });
    const total = counts.reduce((sum, { count }) => sum + count, 0);
    return {
      count: total - 1,
      repositories: counts.flatMap(({ repository }) => repository || []),
      seen: counts.find(({ repository }) => repository === row.repository),
    };
  }
}

/** @throws InputError where it is no user */
function toUserRef(assignee: string): string {
  let ref;
  try {
    ref = parseEntityRef(assignee, {
      defaultKind: 'user',
      defaultNamespace: 'default',
    });
  } catch {
    throw new InputError(`'assignee' must be an entity reference`);
  }
  if (ref.kind.toLocaleLowerCase('en-US') !== 'user') {
    throw new InputError(`'assignee' must be a user`);
  }
  return stringifyEntityRef(ref);
}
