// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from '@backstage/types';
import {
  RetryLaterError,
  type EffectResult,
  type TriageEffect,
} from '@greenroom/plugin-triage-node';
import { createHash } from 'node:crypto';
import type { EffectStore } from '../database/EffectStore';
import type { EffectRow, IncidentRow } from '../database/rows';
import type { EffectAudit } from '../services/EffectAudit';
import type { DescribeError } from './Worker';

/** Something to do outside, for one incident. */
export interface EffectPlan {
  incident: IncidentRow;
  kind: TriageEffect['kind'];
  /** Incidents of one target and signature share what is made there. */
  signature: string;
  /** What it would show; it is not done again where it shows that already. */
  shows: unknown;
  action?: 'report' | 'recovered';
  /** For the auditor, who is then also told where there is no target. */
  meta?: JsonObject;
  findTarget(): Promise<string | undefined>;
  apply(options: {
    target: string;
    externalId?: string;
  }): Promise<EffectResult>;
  /** Whether somebody after us renews what is there, so that it need not be done now. */
  isLeftToNext?(): Promise<boolean>;
  signal: AbortSignal;
}

/**
 * Does effects. Each is written down before it is done; who comes after a crash finds
 * what was done and renews it.
 */
export class EffectRunner {
  readonly #options: {
    audit: EffectAudit;
    describeError: DescribeError;
    store: EffectStore;
  };

  constructor(options: {
    audit: EffectAudit;
    describeError: DescribeError;
    store: EffectStore;
  }) {
    this.#options = options;
  }

  /** @returns what has to be tried again */
  async run(plan: EffectPlan): Promise<RetryLaterError | undefined> {
    const { audit, store, describeError } = this.#options;
    const { incident, kind, meta, signal } = plan;
    let intended: EffectRow | undefined;
    try {
      const target = await plan.findTarget();
      if (target === undefined) {
        if (meta) {
          const reason = 'no place is configured for it, or none is accessible';
          await audit.tellNone({ incident, kind, meta }, reason);
        }
        return undefined;
      }
      intended = await store.intend({
        incident_id: incident.id,
        kind,
        host: incident.host,
        repository: incident.repository,
        target,
        signature: plan.signature,
      });
      const reportHash = hashOf(plan.shows);
      if (intended.status === 'done' && intended.report_hash === reportHash) {
        return undefined;
      }
      const shared = intended.external_id
        ? {
            externalId: intended.external_id,
            url: intended.url ?? undefined,
          }
        : await store.findShared(intended);
      if (shared && (await plan.isLeftToNext?.())) {
        await store.setDone(intended, { ...shared, reportHash: '' });
        return undefined;
      }
      const done = await audit.tell(
        { incident, kind, meta, target, action: plan.action ?? 'report' },
        () => plan.apply({ target, externalId: shared?.externalId }),
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
}

function hashOf(shown: unknown): string {
  return createHash('sha256').update(JSON.stringify(shown)).digest('hex');
}
