// SPDX-License-Identifier: Apache-2.0
import type {
  EffectContext,
  RetryLaterError,
  TriageEffect,
} from '@greenroom/plugin-triage-node';
import type { EffectStore } from '../database/EffectStore';
import { toRun, type IncidentStore } from '../database/IncidentStore';
import type { LeasedJob } from '../database/JobStore';
import type { ReportStore } from '../database/ReportStore';
import type { IncidentRow } from '../database/rows';
import { describeDrift } from '../drift/describeDrift';
import type { DriftLinks } from '../drift/DriftLinks';
import type { ChangeSignals } from '../services/ChangeSignals';
import type { EffectAudit } from '../services/EffectAudit';
import type { OwnerNotice } from '../services/OwnerNotice';
import { isWanted, type EffectRule } from '../services/effectRules';
import type { AlertPost } from './AlertPost';
import type { EffectRunner } from './EffectRunner';
import type { JobHandler, JobOptions } from './Worker';

/** What both handlers of effects need. */
export interface EffectParts {
  audit: EffectAudit;
  effects: readonly TriageEffect[];
  incidents: IncidentStore;
  signals: ChangeSignals;
  store: EffectStore;
}

/** Carries a report to where people work. */
export class PostHandler implements JobHandler {
  readonly #options: EffectParts & {
    alerts: AlertPost;
    driftLinks: DriftLinks;
    notice: OwnerNotice;
    reports: ReportStore;
    runner: EffectRunner;
    rules: EffectRule[];
    toPortalUrl: (incidentId: string) => string;
  };

  constructor(
    options: EffectParts & {
      alerts: AlertPost;
      driftLinks: DriftLinks;
      notice: OwnerNotice;
      reports: ReportStore;
      runner: EffectRunner;
      rules: EffectRule[];
      toPortalUrl: (incidentId: string) => string;
    },
  ) {
    this.#options = options;
  }

  async run(
    job: LeasedJob,
    { signal, assertLease }: JobOptions,
  ): Promise<void> {
    const { incidents, reports, signals, effects } = this.#options;
    const incident = await incidents.find(job.incident_id ?? '');
    const report = incident && (await reports.find(incident.id));
    if (!incident) {
      return;
    }
    if (incident.kind === 'alert') {
      await this.#options.alerts.run(job, incident, { signal, assertLease });
      return;
    }
    if (!report) {
      return;
    }
    const context: EffectContext = {
      run: toRun(incident),
      report,
      portalUrl: this.#options.toPortalUrl(incident.id),
      ...(incident.kind === 'drift' &&
        (await this.#options.driftLinks.find(incident))),
      seen: await this.#countSeen(incident),
      signal,
    };
    // Of drift each action is told with what it rests on, and each that is not taken.
    const meta =
      incident.kind === 'drift'
        ? {
            ...describeDrift(report),
            couldBeStoppedBy: ['the portal’s operators, by triage.effects'],
          }
        : undefined;
    let later: RetryLaterError | undefined;
    // What is green again by now is no news.
    for (const effect of incident.state === 'recovered' ? [] : effects) {
      if (isWanted(this.#options.rules, effect.kind, incident.kind, context)) {
        await assertLease();
        later =
          (await this.#options.runner.run({
            incident,
            kind: effect.kind,
            meta,
            signature: report.failure.signature,
            shows: report,
            findTarget: () => effect.findTarget(context),
            apply: options => effect.apply(context, options),
            signal,
          })) ?? later;
        signals.changed(incident);
      } else if (meta) {
        await this.#options.audit.tellNone(
          { incident, kind: effect.kind, meta },
          'no rule of triage.effects wants it',
        );
      }
    }
    if (later) {
      throw later;
    }
    if (incident.state !== 'recovered') {
      await this.#options.notice.send(incident, report);
    }
    await incidents.setStage(incident.id, 'done');
    signals.changed(incident);
  }

  async onDead(job: LeasedJob, error: string): Promise<void> {
    const { incidents, signals } = this.#options;
    const incident = await incidents.find(job.incident_id ?? '');
    if (incident) {
      await incidents.setStage(incident.id, 'failed', error);
      signals.changed(incident);
    }
  }

  async #countSeen({
    host,
    repository,
    signature,
  }: IncidentRow): Promise<number> {
    const [counted] = await this.#options.incidents.queries.countSignatures({
      repositories: [{ host, repository }],
      signature: signature ?? '',
    });
    return counted?.count ?? 1;
  }
}
