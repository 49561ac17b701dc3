// SPDX-License-Identifier: Apache-2.0
import type { PipelineRun } from '@greenroom/plugin-triage-node';
import type { Dispatches } from './Dispatches';
import type { DriftAnalysis } from './DriftAnalyses';
import { refuseRetraining, type RetrainingLimits } from './refuseRetraining';

/** What `triage.drift.retraining` says. */
export interface RetrainingConfig extends RetrainingLimits {
  enabled: boolean;
  /** File of the workflow that trains. */
  workflow: string;
  /** Files of workflows that promote or roll back. */
  rollouts: string[];
}

const MAX_FIGURES = 20;

/** A training, where drift is P0 and owner and portal allow it. */
export class Retraining {
  readonly #config: RetrainingConfig;
  readonly #dispatches: Dispatches;

  constructor(options: { config: RetrainingConfig; dispatches: Dispatches }) {
    this.#config = options.config;
    this.#dispatches = options.dispatches;
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
    const config = this.#config;
    const { model, ownerAllows, reason, verdict } = analysis;
    const repository = { host: run.host, repository: run.repository };
    await this.#dispatches.once({
      incidentId,
      purpose: 'retraining',
      repository,
      workflow: config.workflow,
      reason: `Drift P0 of ${model}: ${reason}`,
      severityLevel: 'high',
      meta: {
        model,
        verdict,
        reason,
        figures: listFigures(analysis),
        couldBeStoppedBy: ['the model’s owner', 'the portal’s operators'],
      },
      async refuse({ dispatcher, listEarlier, now }) {
        const mayAsk = config.enabled && ownerAllows;
        const isRunning = async (workflows: string[]) =>
          (mayAsk &&
            (await dispatcher?.isRunning({
              ...repository,
              workflows,
              signal,
            }))) ??
          false;
        return refuseRetraining(
          {
            ownerAllows,
            portalAllows: config.enabled,
            canDispatch: dispatcher !== undefined,
            earlier: await listEarlier(
              Math.max(config.budgetMs, config.cooldownMs),
            ),
            isRunning: await isRunning([config.workflow]),
            isRollingBack: await isRunning(config.rollouts),
            now,
          },
          config,
        );
      },
      signal,
    });
  }
}

function listFigures({ features }: DriftAnalysis) {
  return features
    .filter(({ level }) => level === 'far' || level === 'moved')
    .slice(0, MAX_FIGURES)
    .map(({ level, name, psi, shift }) => ({
      feature: name ?? 'predictions',
      level,
      psi: psi ?? null,
      shift: shift ?? null,
    }));
}
