// SPDX-License-Identifier: Apache-2.0
import type { TriageReport } from '@greenroom/plugin-triage-common';
import {
  RetryLaterError,
  type EffectContext,
  type TriageEffect,
} from '@greenroom/plugin-triage-node';
import { createHash } from 'node:crypto';
import type { EffectStore } from '../database/EffectStore';
import { toRun, type IncidentStore } from '../database/IncidentStore';
import type { LeasedJob } from '../database/JobStore';
import type { ReportStore } from '../database/ReportStore';
import type { IncidentRow } from '../database/rows';
import type { ChangeSignals } from '../services/ChangeSignals';
import type { EffectAudit } from '../services/EffectAudit';
import type { OwnerNotice } from '../services/OwnerNotice';
import { isWanted, type EffectRule } from '../services/effectRules';
import type { DescribeError, JobHandler, JobOptions } from './Worker';

/** What both handlers of effects need. */
export interface EffectParts {
  audit: EffectAudit;
  describeError: DescribeError;
  effects: readonly TriageEffect[];
  incidents: IncidentStore;
  signals: ChangeSignals;
  store: EffectStore;
}

/**
 * Carries a report to where people work. Each effect is written down before it is
 * done; who comes after a crash finds what was done and renews it.
 */
export class PostHandler implements JobHandler {
  readonly #options: EffectParts & {
    notice: OwnerNotice;
    reports: ReportStore;
    rules: EffectRule[];
    toPortalUrl: (incidentId: string) => string;
  };

  constructor(
    options: EffectParts & {
      notice: OwnerNotice;
      reports: ReportStore;
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
    if (!incident || !report || incident.kind !== 'pipeline') {
      return;
    }
    const context: EffectContext = {
      run: toRun(incident),
      report,
      portalUrl: this.#options.toPortalUrl(incident.id),
      seen: await this.#countSeen(incident),
      signal,
    };
    let later: RetryLaterError | undefined;
    // What is green again by now is no news.
    for (const effect of incident.state === 'recovered' ? [] : effects) {
      if (isWanted(this.#options.rules, effect.kind, context)) {
        await assertLease();
        later = (await this.#apply(effect, incident, context, signal)) ?? later;
        signals.changed(incident);
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

  async #apply(
    effect: TriageEffect,
    incident: IncidentRow,
    context: EffectContext,
    signal: AbortSignal,
  ): Promise<RetryLaterError | undefined> {
    const { audit, store, describeError } = this.#options;
    let intended: Awaited<ReturnType<EffectStore['intend']>> | undefined;
    try {
      const target = await effect.findTarget(context);
      if (target === undefined) {
        return undefined;
      }
      intended = await store.intend({
        incident_id: incident.id,
        kind: effect.kind,
        host: incident.host,
        repository: incident.repository,
        target,
        signature: context.report.failure.signature,
      });
      const reportHash = hashOf(context.report);
      if (intended.status === 'done' && intended.report_hash === reportHash) {
        return undefined;
      }
      const externalId =
        intended.external_id ?? (await store.findShared(intended)) ?? undefined;
      const done = await audit.tell(
        { incident, kind: effect.kind, target, action: 'report' },
        () => effect.apply(context, { target, externalId }),
      );
      await store.setDone(intended, { ...done, reportHash });
      return undefined;
    } catch (error) {
      if (signal.aborted) {
        throw error;
      }
      const isFinal = !(error instanceof RetryLaterError);
      if (intended) {
        await store.setFailed(intended, describeError(error), isFinal);
      } else if (isFinal) {
        throw error;
      }
      return isFinal ? undefined : error;
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

function hashOf(report: TriageReport): string {
  return createHash('sha256').update(JSON.stringify(report)).digest('hex');
}
