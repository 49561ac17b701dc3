// SPDX-License-Identifier: Apache-2.0
import type { AuditorService } from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import type { Request } from 'express';
import { LRUCache } from 'lru-cache';

// An open page asks at every change, and says nothing new with it.
const REPEAT_MS = 10 * 60_000;

/** A read of something that is not marked as the entity's own. */
export interface AuditedRead {
  /** The user or service that reads. */
  caller: string;
  /** Absent where an action reads. */
  request?: Request;
  entityRef: string;
  /** Its `spec.owner`. */
  owner?: string;
  cluster: string;
  /** `namespace/name` */
  service: string;
  /** What its mark says, where it bears one. */
  mark?: string;
  /** Why it was refused; absent where it was allowed. */
  refused?: 'other-component' | 'unmarked';
}

/**
 * Tells the auditor of reads of unmarked inference services and of refused reads,
 * each once in ten minutes; and of each request to a model and each read of a log.
 */
export class AccessAudit {
  readonly #auditor: AuditorService;
  readonly #told = new LRUCache<string, true>({ max: 10_000, ttl: REPEAT_MS });

  constructor(auditor: AuditorService) {
    this.#auditor = auditor;
  }

  async record(read: AuditedRead): Promise<void> {
    const { request, refused, ...meta } = read;
    const { caller, cluster, entityRef, service } = read;
    const key = JSON.stringify([caller, entityRef, cluster, service, refused]);
    if (this.#told.has(key)) {
      return;
    }
    this.#told.set(key, true);
    const event = await this.#auditor.createEvent({
      eventId: 'annotation-read',
      severityLevel: 'medium',
      request,
      meta,
    });
    if (refused) {
      await event.fail({ error: new NotAllowedError(refused) });
    } else {
      await event.success();
    }
  }

  /** Runs something that is told whatever comes of it; `toMeta` says what of the result. */
  async tell<T>(
    options: {
      eventId: 'predict' | 'logs-read';
      request?: Request;
      meta: Record<string, string | undefined>;
      toMeta?: (result: T) => Record<string, number>;
    },
    run: () => Promise<T>,
  ): Promise<T> {
    const { eventId, meta, request, toMeta } = options;
    const event = await this.#auditor.createEvent({
      eventId,
      severityLevel: eventId === 'predict' ? 'medium' : 'low',
      request,
      meta,
    });
    try {
      const result = await run();
      await event.success({ meta: toMeta?.(result) ?? {} });
      return result;
    } catch (error) {
      await event.fail({
        error: error instanceof Error ? error : new Error('failed'),
      });
      throw error;
    }
  }
}
