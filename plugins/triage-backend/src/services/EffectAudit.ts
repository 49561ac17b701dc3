// SPDX-License-Identifier: Apache-2.0
import type { AuditorService } from '@backstage/backend-plugin-api';
import type { JsonObject } from '@backstage/types';
import type { EffectResult, TriageEffect } from '@greenroom/plugin-triage-node';
import { createHash } from 'node:crypto';
import type { IncidentRow } from '../database/rows';

/** A report fits; what is longer is cut here, not where it was sent. */
const MAX_SENT = 16_384;

/** What is told of an effect. */
interface AuditedEffect {
  incident: IncidentRow;
  kind: TriageEffect['kind'];
  /** Why it is done, where more than the incident is told of it. */
  meta?: JsonObject;
}

/** Tells the auditor of everything that triage does outside, with what was sent. */
export class EffectAudit {
  readonly #auditor: AuditorService;

  constructor(auditor: AuditorService) {
    this.#auditor = auditor;
  }

  async tell<T extends EffectResult | undefined>(
    effect: AuditedEffect & {
      target: string;
      action: 'report' | 'recovered';
    },
    run: () => Promise<T>,
  ): Promise<T> {
    const { action, target } = effect;
    const event = await this.#createEvent(effect, { action, target });
    try {
      const result = await run();
      await event.success({
        meta: result
          ? {
              externalId: result.externalId,
              ...(result.url && { url: result.url }),
              sent: result.sent.slice(0, MAX_SENT),
              sha256: createHash('sha256').update(result.sent).digest('hex'),
            }
          : { sent: '' },
      });
      return result;
    } catch (error) {
      await event.fail({
        error: error instanceof Error ? error : new Error('failed'),
      });
      throw error;
    }
  }

  /** One that is not done. */
  async tellNone(effect: AuditedEffect, reason: string): Promise<void> {
    const event = await this.#createEvent(effect, { action: 'none' });
    await event.success({ meta: { reasons: [reason] } });
  }

  #createEvent({ incident, kind, meta }: AuditedEffect, more: JsonObject) {
    return this.#auditor.createEvent({
      eventId: 'effect',
      severityLevel: 'medium',
      meta: {
        kind,
        incidentId: incident.id,
        host: incident.host,
        repository: incident.repository,
        runId: incident.run_id,
        runAttempt: incident.run_attempt,
        ...(incident.signature && { signature: incident.signature }),
        ...meta,
        ...more,
      },
    });
  }
}
