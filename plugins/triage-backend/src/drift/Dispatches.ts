// SPDX-License-Identifier: Apache-2.0
import type { AuditorService } from '@backstage/backend-plugin-api';
import type { JsonObject } from '@backstage/types';
import {
  RetryLaterError,
  type WorkflowDispatcher,
} from '@greenroom/plugin-triage-node';
import type { DispatchPurpose, DispatchStore } from '../database/DispatchStore';
import { toRepositoryKey, type Repository } from '../services/Repository';

/** By then a run that was started is listed. */
const SHOWN_AFTER_MS = 10_000;

/** What the auditor and the incident are told of. */
export interface DispatchSubject {
  incidentId: string;
  purpose: DispatchPurpose;
  repository: Repository;
  severityLevel: 'medium' | 'high';
  /** What the auditor is told beside what was done. */
  meta: JsonObject;
}

/** A workflow that is to be started for an incident. */
export interface Dispatch extends DispatchSubject {
  /** Its file. */
  workflow: string;
  /** For the run's title. */
  reason: string;
  /** Asked before each attempt. @throws RetryLaterError */
  refuse(options: {
    /** Those started before, for other incidents, ms since 1970. */
    listEarlier: (withinMs: number) => Promise<number[]>;
    /** Undefined where no module can start one. */
    dispatcher: WorkflowDispatcher | undefined;
    now: number;
  }): Promise<{
    /** Why it is not to be; empty where it may be. */
    reasons: string[];
    /** What the auditor is told of what was looked at. */
    meta?: JsonObject;
  }>;
  signal: AbortSignal;
}

/**
 * Starts workflows, each once for an incident: the intention is written down first, and
 * where an answer was lost the run is looked for. That one was started, and that it was
 * not and why, is told to the auditor and on the incident.
 */
export class Dispatches {
  readonly #options: {
    auditor: AuditorService;
    dispatcher: () => WorkflowDispatcher | undefined;
    store: DispatchStore;
  };

  constructor(options: {
    auditor: AuditorService;
    dispatcher: () => WorkflowDispatcher | undefined;
    store: DispatchStore;
  }) {
    this.#options = options;
  }

  /**
   * Once for an incident, also after a crash.
   *
   * @throws RetryLaterError where GitHub does not answer
   */
  async once(dispatch: Dispatch): Promise<void> {
    const { dispatcher, store } = this.#options;
    const { incidentId, purpose } = dispatch;
    const known = await store.find(incidentId);
    const start = dispatcher();
    if (known && (known.status !== 'intended' || !start)) {
      return;
    }
    if (start && known && known.tried_at !== null) {
      const { repository, signal, workflow } = dispatch;
      const request = { ...repository, workflow, signal, since: known.at };
      const found = await start.findDispatched(request);
      if (found) {
        const event = await this.#createEvent(dispatch);
        await event.success({ meta: { action: 'dispatched' } });
        await store.setStarted(incidentId, purpose, found.url);
        return;
      }
      const shownAt = known.tried_at + SHOWN_AFTER_MS;
      if (Date.now() < shownAt) {
        throw new RetryLaterError(
          'Whether the workflow was started is not known yet',
          { retryAt: shownAt },
        );
      }
    }
    const key = toRepositoryKey(dispatch.repository);
    const now = Date.now();
    const { meta, reasons } = await dispatch.refuse({
      listEarlier: withinMs =>
        store.listStarted({
          purpose,
          repository: key,
          since: now - withinMs,
          except: incidentId,
        }),
      dispatcher: start,
      now,
    });
    const told = { ...dispatch, meta: { ...dispatch.meta, ...meta } };
    if (reasons.length > 0 || !start) {
      await this.#refuse(told, reasons);
      return;
    }
    if (!known) {
      await store.intend({ incidentId, purpose, repository: key, reasons });
    }
    await this.#start(told, start);
  }

  /** Only the auditor is told: it may be started yet. */
  async tellNone(subject: DispatchSubject, reasons: string[]): Promise<void> {
    const event = await this.#createEvent(subject);
    await event.success({ meta: { action: 'none', reasons } });
  }

  /** It was tried too often: the auditor is told, and the incident says so, unless it is decided. */
  async giveUp(subject: DispatchSubject, error: string): Promise<void> {
    const known = await this.#options.store.find(subject.incidentId);
    if (known && known.status !== 'intended') {
      return;
    }
    const mayRun = known !== undefined && known.tried_at !== null;
    await this.#refuse(
      subject,
      [
        `given up: ${error}`,
        ...(mayRun ? ['whether it was started is not known'] : []),
      ],
      { mayRun },
    );
  }

  async #start(
    dispatch: Dispatch,
    dispatcher: WorkflowDispatcher,
  ): Promise<void> {
    const { store } = this.#options;
    const { incidentId, purpose, reason, repository, signal, workflow } =
      dispatch;
    const event = await this.#createEvent(dispatch);
    try {
      await store.setTried(incidentId);
      const request = { ...repository, reason, signal, workflow };
      const done = await dispatcher.dispatch(request);
      if (!done.isStarted) {
        const reasons = [done.reason];
        await event.success({ meta: { action: 'none', reasons } });
        await store.refuse({
          incidentId,
          purpose,
          repository: toRepositoryKey(repository),
          reasons,
        });
        return;
      }
      await event.success({ meta: { action: 'dispatched' } });
      await store.setStarted(incidentId, purpose, done.url);
    } catch (error) {
      await event.fail({
        error: error instanceof Error ? error : new Error('failed'),
      });
      throw error;
    }
  }

  async #refuse(
    subject: DispatchSubject,
    reasons: string[],
    options: { mayRun?: boolean } = {},
  ): Promise<void> {
    const { incidentId, purpose, repository } = subject;
    await this.tellNone(subject, reasons);
    await this.#options.store.refuse({
      incidentId,
      purpose,
      repository: toRepositoryKey(repository),
      reasons,
      ...options,
    });
  }

  #createEvent({
    incidentId,
    meta,
    purpose,
    repository,
    severityLevel,
  }: DispatchSubject) {
    const { host, repository: name } = repository;
    return this.#options.auditor.createEvent({
      eventId: purpose,
      severityLevel,
      meta: { incidentId, host, repository: name, ...meta },
    });
  }
}
