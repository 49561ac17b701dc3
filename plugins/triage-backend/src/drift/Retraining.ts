// SPDX-License-Identifier: Apache-2.0
import type { AuditorService } from '@backstage/backend-plugin-api';
import type {
  PipelineRun,
  RetrainingDispatcher,
} from '@greenroom/plugin-triage-node';
import type { DiscussionStore } from '../database/DiscussionStore';
import type { RetrainingStore } from '../database/RetrainingStore';
import { toRepositoryKey } from '../services/Repository';
import type { DriftAnalysis } from './DriftAnalyses';
import { decideRetraining, type RetrainingLimits } from './decideRetraining';

/** What `triage.drift.retraining` says. */
export interface RetrainingConfig extends RetrainingLimits {
  enabled: boolean;
  /** File of the workflow that trains. */
  workflow: string;
  /** Files of workflows that promote or roll back. */
  rollouts: string[];
}

/**
 * The one thing that this portal starts by itself: a training, where drift is P0 and
 * owner and portal allow it. That it was started, and that it was not, is told to the
 * auditor with the verdict and its figures.
 */
export class Retraining {
  readonly #options: {
    auditor: AuditorService;
    config: RetrainingConfig;
    discussion: DiscussionStore;
    dispatcher: () => RetrainingDispatcher | undefined;
    store: RetrainingStore;
  };

  constructor(options: {
    auditor: AuditorService;
    config: RetrainingConfig;
    discussion: DiscussionStore;
    dispatcher: () => RetrainingDispatcher | undefined;
    store: RetrainingStore;
  }) {
    this.#options = options;
  }

  /**
   * Once for an incident, also after a crash.
   *
   * @throws RetryLaterError where GitHub does not answer
   */
  async consider(
    incidentId: string,
    run: PipelineRun,
    analysis: DriftAnalysis,
    { signal }: { signal: AbortSignal },
  ): Promise<void> {
    const { config, dispatcher, store } = this.#options;
    const of = { host: run.host, repository: run.repository, signal };
    const known = await store.find(incidentId);
    const start = dispatcher();
    if (known && (known.status !== 'intended' || !start)) {
      return;
    }
    if (known && start) {
      const { workflow } = config;
      const request = { ...of, workflow, since: known.at };
      const found = await start.findDispatched(request);
      if (found) {
        await this.#started(incidentId, found.url);
        return;
      }
    } else {
      const { isAllowed, reasons } = await this.#decide(
        incidentId,
        run,
        analysis,
        { start, signal },
      );
      await store.decide({
        incidentId,
        repository: toRepositoryKey(run),
        status: isAllowed ? 'intended' : 'refused',
        reasons,
      });
      if (!isAllowed) {
        await this.#tell(incidentId, run, analysis, { reasons });
        return;
      }
    }
    if (start) {
      await this.#tell(incidentId, run, analysis, {
        run: () =>
          start.dispatch({
            ...of,
            workflow: config.workflow,
            reason: `Drift P0 of ${analysis.model}: ${analysis.reason}`,
          }),
      });
      await this.#started(incidentId, undefined);
    }
  }

  async #decide(
    incidentId: string,
    run: PipelineRun,
    analysis: DriftAnalysis,
    options: { start: RetrainingDispatcher | undefined; signal: AbortSignal },
  ) {
    const { config, store } = this.#options;
    const { start, signal } = options;
    const of = { host: run.host, repository: run.repository, signal };
    const now = Date.now();
    const mayAsk = start && config.enabled && analysis.ownerAllows;
    return decideRetraining(
      {
        ownerAllows: analysis.ownerAllows,
        portalAllows: config.enabled,
        canDispatch: start !== undefined,
        earlier: await store.listStarted({
          repository: toRepositoryKey(run),
          since: now - Math.max(config.budgetMs, config.cooldownMs),
          except: incidentId,
        }),
        isTraining: mayAsk
          ? await start.isRunning({ ...of, workflows: [config.workflow] })
          : false,
        isRollingBack: mayAsk
          ? await start.isRunning({ ...of, workflows: config.rollouts })
          : false,
        now,
      },
      config,
    );
  }

  async #started(incidentId: string, url: string | undefined): Promise<void> {
    const { discussion, store } = this.#options;
    await store.setStarted(incidentId, url);
    await discussion.addActivity({
      incidentId,
      by: 'triage',
      action: 'retraining',
      text: url ?? 'A training was started.',
    });
  }

  /** Tells the auditor what is done, or what is not and why. */
  async #tell(
    incidentId: string,
    run: PipelineRun,
    analysis: DriftAnalysis,
    action: { run?: () => Promise<void>; reasons?: string[] },
  ): Promise<void> {
    const { auditor, discussion } = this.#options;
    const figures = analysis.features
      .filter(({ level }) => level === 'far' || level === 'moved')
      .slice(0, 20)
      .map(({ level, name, psi, shift }) => ({
        feature: name ?? 'predictions',
        level,
        psi: psi ?? null,
        shift: shift ?? null,
      }));
    const event = await auditor.createEvent({
      eventId: 'retraining',
      severityLevel: 'high',
      meta: {
        incidentId,
        host: run.host,
        repository: run.repository,
        model: analysis.model,
        verdict: analysis.verdict,
        reason: analysis.reason,
        figures,
        couldBeStoppedBy: ['the model’s owner', 'the portal’s operators'],
      },
    });
    if (!action.run) {
      const reasons = action.reasons ?? [];
      await event.success({ meta: { action: 'none', reasons } });
      await discussion.addActivity({
        incidentId,
        by: 'triage',
        action: 'no-retraining',
        text: `No training was started: ${reasons.join('; ')}.`,
      });
      return;
    }
    try {
      await action.run();
      await event.success({ meta: { action: 'dispatched' } });
    } catch (error) {
      await event.fail({
        error: error instanceof Error ? error : new Error('failed'),
      });
      throw error;
    }
  }
}
