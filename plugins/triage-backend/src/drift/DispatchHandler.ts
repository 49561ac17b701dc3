// SPDX-License-Identifier: Apache-2.0
import type { AlertStore } from '../database/AlertStore';
import type { DiscussionStore } from '../database/DiscussionStore';
import type { IncidentStore } from '../database/IncidentStore';
import type { LeasedJob } from '../database/JobStore';
import type { ChangeSignals } from '../services/ChangeSignals';
import type { JobHandler, JobOptions } from '../work/Worker';
import type { Dispatches } from './Dispatches';
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
    discussion: DiscussionStore;
    dispatches: Dispatches;
    incidents: IncidentStore;
    signals: ChangeSignals;
  };

  constructor(options: {
    alerts: AlertStore;
    config: DriftAnalysisConfig;
    discussion: DiscussionStore;
    dispatches: Dispatches;
    incidents: IncidentStore;
    signals: ChangeSignals;
  }) {
    this.#options = options;
  }

  async run(job: LeasedJob, { signal }: JobOptions): Promise<void> {
    const { alerts, config, dispatches, incidents, signals } = this.#options;
    const incident = await incidents.find(job.incident_id ?? '');
    const alert = incident && (await alerts.find(incident.id));
    if (!incident?.repository || !alert) {
      return;
    }
    const { host, repository: name } = incident;
    const repository = { host, repository: name };
    const { cooldownMs, enabled, workflow } = config;
    await dispatches.once({
      incidentId: incident.id,
      purpose: 'drift-analysis',
      repository,
      workflow,
      reason: `Alert ${alert.name}`,
      severityLevel: 'medium',
      meta: {
        alert: alert.name,
        fingerprint: alert.fingerprint,
        startsAt: new Date(alert.starts_at).toISOString(),
        workflow,
      },
      async refuse({ dispatcher, listEarlier, now }) {
        const isRunning =
          enabled &&
          (await dispatcher?.isRunning({
            ...repository,
            workflows: [workflow],
            signal,
          }));
        return [
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
      },
      signal,
    });
    signals.changed(incident);
  }

  async onDead(job: LeasedJob, error: string): Promise<void> {
    await this.#options.discussion.addActivity({
      incidentId: job.incident_id ?? '',
      by: 'triage',
      action: 'no-drift-analysis',
      text: `Given up: ${error}`,
    });
  }
}
