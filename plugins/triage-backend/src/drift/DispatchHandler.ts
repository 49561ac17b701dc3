// SPDX-License-Identifier: Apache-2.0
import type { AlertRow } from '../database/alertRow';
import type { AlertStore } from '../database/AlertStore';
import type { IncidentStore } from '../database/IncidentStore';
import type { LeasedJob } from '../database/JobStore';
import type { ChangeSignals } from '../services/ChangeSignals';
import type { JobHandler, JobOptions } from '../work/Worker';
import { toPlainText } from '../services/toPlainText';
import type { Dispatches, DispatchSubject } from './Dispatches';
import { refuseDispatch } from './refuseDispatch';

/** What `triage.drift.analysis` says. */
export interface DriftAnalysisConfig {
  enabled: boolean;
  /** File of the workflow that analyses. */
  workflow: string;
  cooldownMs: number;
}

/** An alert about drift starts the analysis of its model. */
export class DispatchHandler implements JobHandler {
  readonly #options: {
    alerts: AlertStore;
    config: DriftAnalysisConfig;
    dispatches: Dispatches;
    incidents: IncidentStore;
    signals: ChangeSignals;
  };

  constructor(options: {
    alerts: AlertStore;
    config: DriftAnalysisConfig;
    dispatches: Dispatches;
    incidents: IncidentStore;
    signals: ChangeSignals;
  }) {
    this.#options = options;
  }

  async run(job: LeasedJob, { signal }: JobOptions): Promise<void> {
    const { config, dispatches, signals } = this.#options;
    const found = await this.#find(job);
    if (!found) {
      return;
    }
    const { alert, subject } = found;
    const { repository } = subject;
    if (!repository.repository) {
      await dispatches.tellNone(subject, [
        'no entity of the catalog with a repository is known of the alert',
      ]);
      return;
    }
    const { cooldownMs, enabled, workflow } = config;
    await dispatches.once({
      ...subject,
      workflow,
      reason: `Alert ${alert.name}`,
      async refuse({ dispatcher, listEarlier, now }) {
        const isRunning =
          enabled &&
          (await dispatcher?.isRunning({
            ...repository,
            workflows: [workflow],
            signal,
          }));
        const reasons = [
          ...(alert.status === 'resolved' ? ['the alert is over'] : []),
          ...refuseDispatch(
            {
              portalAllows: enabled,
              canDispatch: dispatcher !== undefined,
              earlier: await listEarlier(cooldownMs),
              isRunning: isRunning ?? false,
              now,
            },
            { key: 'triage.drift.analysis', what: 'an analysis', cooldownMs },
          ),
        ];
        return { reasons };
      },
      signal,
    });
    signals.changed(repository);
  }

  async onDead(job: LeasedJob, error: string): Promise<void> {
    const found = await this.#find(job);
    if (found?.subject.repository.repository) {
      await this.#options.dispatches.giveUp(found.subject, error);
      this.#options.signals.changed(found.subject.repository);
    }
  }

  /** What is to be started, undefined where there is no such alert. */
  async #find(
    job: LeasedJob,
  ): Promise<{ alert: AlertRow; subject: DispatchSubject } | undefined> {
    const { alerts, config, incidents } = this.#options;
    const incident = await incidents.find(job.incident_id ?? '');
    const alert = incident && (await alerts.find(incident.id));
    if (!incident || !alert) {
      return undefined;
    }
    const { host, id: incidentId, repository } = incident;
    return {
      alert,
      subject: {
        incidentId,
        purpose: 'drift-analysis',
        repository: { host, repository },
        severityLevel: 'medium',
        meta: {
          alert: alert.name,
          fingerprint: alert.fingerprint,
          startsAt: new Date(alert.starts_at).toISOString(),
          workflow: config.workflow,
          verdict: 'none yet: the analysis is what gives one',
          figures: alert.expression ? [toPlainText(alert.expression)] : [],
          hypothesis: 'none: nothing is analysed yet',
          couldBeStoppedBy: [
            `the owners of the repository, by disabling ${config.workflow}`,
            'the portal’s operators, by triage.drift.analysis.enabled',
          ],
        },
      },
    };
  }
}
