// SPDX-License-Identifier: Apache-2.0
import type { TriageReport } from '@greenroom/plugin-triage-common';
import type {
  AlertEffectContext,
  GroupedAlert,
  RetryLaterError,
  TriageEffect,
} from '@greenroom/plugin-triage-node';
import { createHash } from 'node:crypto';
import type { AlertRow } from '../database/alertRow';
import type { AlertStore } from '../database/AlertStore';
import type { EffectStore } from '../database/EffectStore';
import type { IncidentStore } from '../database/IncidentStore';
import type { JobStore, LeasedJob } from '../database/JobStore';
import type { ReportStore } from '../database/ReportStore';
import type { IncidentRow } from '../database/rows';
import type { ChangeSignals } from '../services/ChangeSignals';
import { isAlertWanted, type EffectRule } from '../services/effectRules';
import type { OwnerNotice } from '../services/OwnerNotice';
import { toRepositoryKey } from '../services/Repository';
import type { EffectRunner } from './EffectRunner';
import type { JobOptions } from './Worker';

/** Of a group; a person reads no more. */
const MAX_ALERTS = 50;

/**
 * Tells outside how a group of alerts stands, one thing for each group and repository:
 * made with the first report, renewed with each alert that comes or ends.
 */
export class AlertPost {
  readonly #options: {
    alerts: AlertStore;
    effects: readonly TriageEffect[];
    incidents: IncidentStore;
    jobs: JobStore;
    notice: OwnerNotice;
    reports: ReportStore;
    rules: EffectRule[];
    runner: EffectRunner;
    signals: ChangeSignals;
    store: EffectStore;
    toPortalUrl: (incidentId: string) => string;
  };

  constructor(options: {
    alerts: AlertStore;
    effects: readonly TriageEffect[];
    incidents: IncidentStore;
    jobs: JobStore;
    notice: OwnerNotice;
    reports: ReportStore;
    rules: EffectRule[];
    runner: EffectRunner;
    signals: ChangeSignals;
    store: EffectStore;
    toPortalUrl: (incidentId: string) => string;
  }) {
    this.#options = options;
  }

  async run(
    job: LeasedJob,
    incident: IncidentRow,
    { signal, assertLease }: JobOptions,
  ): Promise<void> {
    const { effects, incidents, jobs, notice, runner, signals } = this.#options;
    const context = await this.#describe(incident, signal);
    let later: RetryLaterError | undefined;
    for (const { kind, alerts: effect } of context ? effects : []) {
      if (
        !context ||
        !effect ||
        !isAlertWanted(this.#options.rules, kind, context) ||
        !(await this.#isNews(incident, kind, context))
      ) {
        continue;
      }
      await assertLease();
      const { signal: _, ...shows } = context;
      later =
        (await runner.run({
          incident,
          kind,
          signature: context.groupId,
          shows,
          action: context.alerts.some(isFiring) ? 'report' : 'recovered',
          findTarget: () => effect.findTarget(context),
          apply: options => effect.apply(context, options),
          isLeftToNext: () => jobs.isFollowed(job, incident),
          signal,
        })) ?? later;
      signals.changed(incident);
    }
    if (later) {
      throw later;
    }
    if (incident.stage === 'post') {
      const report = await this.#options.reports.find(incident.id);
      if (report && context && incident.state === 'new') {
        await notice.sendAlert(incident, report, context.groupId);
      }
      await incidents.setStage(incident.id, 'done');
    }
    signals.changed(incident);
  }

  /** @returns undefined where nothing was reported of the group yet */
  async #describe(
    incident: IncidentRow,
    signal: AbortSignal,
  ): Promise<AlertEffectContext | undefined> {
    const { alerts, reports, toPortalUrl } = this.#options;
    const alert = await alerts.find(incident.id);
    if (!alert) {
      return undefined;
    }
    const group = await alerts.listGroup(alert.group_id, incident, MAX_ALERTS);
    const made = await reports.findAll(group.map(each => each.incident_id));
    const reported = group.filter(each => made.has(each.incident_id));
    const first = reported.find(isFiring) ?? reported.at(-1);
    const report = first && made.get(first.incident_id);
    if (!first || !report) {
      return undefined;
    }
    const groupId = createHash('sha256')
      .update(`${alert.group_id} ${toRepositoryKey(incident)}`)
      .digest('hex');
    const { host, repository } = incident;
    return {
      groupId,
      alerts: group.map(each => toGrouped(each, toPortalUrl)),
      report: withSignature(report, groupId),
      repository: repository ? { host, repository } : undefined,
      portalUrl: toPortalUrl(first.incident_id),
      truncated: alert.truncated,
      signal,
    };
  }

  /** What is over by now is no news, unless something was said of it. */
  async #isNews(
    { host, repository }: IncidentRow,
    kind: TriageEffect['kind'],
    { alerts, groupId: signature }: AlertEffectContext,
  ): Promise<boolean> {
    return (
      alerts.some(isFiring) ||
      (await this.#options.store.isKnown({ kind, host, repository, signature }))
    );
  }
}

function isFiring({ status }: { status: string }): boolean {
  return status === 'firing';
}

/** By it an issue is found again: it is the group's, whatever the cause is. */
function withSignature(report: TriageReport, signature: string): TriageReport {
  return { ...report, failure: { ...report.failure, signature } };
}

function toGrouped(
  alert: AlertRow,
  toPortalUrl: (incidentId: string) => string,
): GroupedAlert {
  const { namespace, pod, service } = alert;
  return {
    name: alert.name,
    status: alert.status,
    startsAt: alert.starts_at,
    endsAt: alert.ends_at ?? undefined,
    where: [namespace, pod ?? service].filter(Boolean).join('/') || undefined,
    severity: alert.severity ?? undefined,
    portalUrl: toPortalUrl(alert.incident_id),
  };
}
