// SPDX-License-Identifier: Apache-2.0
import type { AuditorService } from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import type { MlflowErrorCode } from '@greenroom/plugin-mlflow-common';
import type { Request } from 'express';
import { LRUCache } from 'lru-cache';

// An open page asks every few seconds, and says nothing new with it.
const REPEAT_MS = 10 * 60_000;

/** A read of something that is not marked as the entity's own. */
export interface AuditedRead {
  /** The user or service that reads. */
  caller: string;
  /** Absent where an action reads. */
  request?: Request;
  /** The entity that names the experiment or model. */
  entityRef: string;
  /** Its `spec.owner`. */
  owner?: string;
  instance: string;
  /** For example `experiment 'churn'`. */
  resource: string;
  /** What its mark says, where it bears one. */
  mark?: string;
  /** Why it was refused; absent where it was allowed. */
  refused?: MlflowErrorCode;
}

/**
 * Tells the auditor of reads of unmarked data and of refused reads, each once in
 * ten minutes for each caller, entity and resource.
 */
export class AccessAudit {
  readonly #auditor: AuditorService;
  readonly #told = new LRUCache<string, true>({ max: 10_000, ttl: REPEAT_MS });

  constructor(auditor: AuditorService) {
    this.#auditor = auditor;
  }

  async record(read: AuditedRead): Promise<void> {
    const { request, refused, ...meta } = read;
    const key = JSON.stringify([
      read.caller,
      read.entityRef,
      read.instance,
      read.resource,
      refused,
    ]);
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
}
