// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from '@backstage/types';
import type { TriageReport } from '@greenroom/plugin-triage-common';
import type { PipelineRunRef } from '@greenroom/plugin-triage-node';
import type { Dispatches, DispatchSubject } from './Dispatches';
import { describeDrift } from './describeDrift';
import type { DriftAnalysis } from './DriftAnalyses';
import { refuseRetraining, type RetrainingLimits } from './refuseRetraining';
import type { Rollouts } from './rollouts/Rollouts';

/** What `triage.drift.retraining` says. */
export interface RetrainingConfig extends RetrainingLimits {
  enabled: boolean;
  /** File of the workflow that trains. */
  workflow: string;
  /** Files of workflows that promote or roll back. */
  rollouts: string[];
}

const MAX_FIGURES = 20;

/** What a training is considered for. */
interface RetrainingSubject {
  incidentId: string;
  run: Pick<PipelineRunRef, 'host' | 'repository'>;
  entityRef: string;
  /** Reference of the model's owner, where the catalog has one. */
  owner?: string;
}

/** A training, where drift is P0 and owner and portal allow it. */
export class Retraining {
  readonly #config: RetrainingConfig;
  readonly #dispatches: Dispatches;
  readonly #rollouts: Rollouts;

  constructor(options: {
    config: RetrainingConfig;
    dispatches: Dispatches;
    rollouts: Rollouts;
  }) {
    this.#config = options.config;
    this.#dispatches = options.dispatches;
    this.#rollouts = options.rollouts;
  }

  /**
   * Once for an incident, also after a crash.
   *
   * @param options - `hypothesis`: for the auditor; nothing is decided by it
   * @throws RetryLaterError where GitHub or a cluster does not answer
   */
  async consider(
    of: RetrainingSubject,
    analysis: DriftAnalysis,
    { hypothesis, signal }: { hypothesis: string; signal: AbortSignal },
  ): Promise<void> {
    const config = this.#config;
    const { model, ownerAllows, reason, verdict } = analysis;
    const subject = this.#toSubject(of, {
      model,
      verdict,
      reason,
      figures: listFigures(analysis),
      hypothesis,
    });
    const { repository } = subject;
    await this.#dispatches.once({
      ...subject,
      workflow: config.workflow,
      reason: `Drift P0 of ${model}: ${reason}`,
      refuse: async ({ dispatcher, listEarlier, now }) => {
        const mayAsk = config.enabled && ownerAllows;
        const isRunning = async (workflows: string[]) =>
          (mayAsk &&
            (await dispatcher?.isRunning({
              ...repository,
              workflows,
              signal,
            }))) ??
          false;
        const reasons = refuseRetraining(
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
        // No cluster has to answer for what is refused without it.
        const { entityRef } = of;
        const rollouts =
          reasons.length === 0
            ? await this.#rollouts.find({
                entityRef,
                repository,
                dispatcher,
                signal,
              })
            : { reasons, figures: ['not asked'] };
        return {
          reasons: rollouts.reasons,
          meta: { serving: rollouts.figures },
        };
      },
      signal,
    });
  }

  /** The analysis could not be worked off; once for an incident. */
  async giveUp(
    of: RetrainingSubject,
    report: TriageReport,
    error: string,
  ): Promise<void> {
    const subject = this.#toSubject(of, {
      model: report.incident.model ?? '',
      ...describeDrift(report),
      serving: ['not known'],
    });
    await this.#dispatches.giveUp(subject, error);
  }

  #toSubject(of: RetrainingSubject, meta: JsonObject): DispatchSubject {
    const { host, repository } = of.run;
    return {
      incidentId: of.incidentId,
      purpose: 'retraining',
      repository: { host, repository },
      severityLevel: 'high',
      meta: {
        ...meta,
        couldBeStoppedBy: [
          `the model’s owner${of.owner ? ` (${of.owner})` : ''}, by drift.retrain in config.yaml`,
          'the portal’s operators, by triage.drift.retraining.enabled',
        ],
      },
    };
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
