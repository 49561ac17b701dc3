// SPDX-License-Identifier: Apache-2.0
import {
  readSchedulerServiceTaskScheduleDefinitionFromConfig,
  type SchedulerServiceTaskScheduleDefinition,
} from '@backstage/backend-plugin-api';
import { readDurationFromConfig, type Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds } from '@backstage/types';
import { z } from 'zod';
import { readAlertsConfig, type AlertsConfig } from './readAlertsConfig';
import type { DriftAnalysisConfig } from '../drift/DispatchHandler';
import type { RetrainingConfig } from '../drift/Retraining';
import type { QueueLimits } from '../work/Worker';
import {
  DEFAULT_EFFECT_RULES,
  effectRuleSchema,
  type EffectRule,
} from './effectRules';

const DAY_MS = 24 * 3_600_000;

/** What `triage` of app-config says to this plugin. */
export interface TriageConfig {
  queue: QueueLimits;
  /** For one report, ms. */
  timeoutMs: number;
  sweep?: {
    schedule: SchedulerServiceTaskScheduleDefinition;
    lookbackMs: number;
    /** In one sweep; the longest not swept first. */
    repositories: number;
  };
  rules: EffectRule[];
  alerts: AlertsConfig;
  drift: {
    /** Name of the workflow that analyses drift. */
    workflow: string;
    /** Names of the alerts that ask for an analysis. */
    alerts: string[];
    analysis: DriftAnalysisConfig;
    retraining: RetrainingConfig;
  };
}

/** @throws InputError that names the key */
export function readTriageConfig(root: Config): TriageConfig {
  const config = root.getOptionalConfig('triage');
  const ms = (key: string, value: number) =>
    config?.has(key)
      ? durationToMilliseconds(readDurationFromConfig(config, { key }))
      : value;
  const rules = z
    .array(effectRuleSchema)
    .safeParse(config?.getOptional('effects') ?? DEFAULT_EFFECT_RULES);
  if (!rules.success) {
    const [{ path, message }] = rules.error.issues;
    throw new InputError(`'triage.effects.${path.join('.')}': ${message}`);
  }
  return {
    queue: {
      workers: config?.getOptionalNumber('queue.workers') ?? 2,
      leaseMs: ms('queue.lease', 60_000),
      pollMs: ms('queue.poll', 2_000),
      maxAttempts: config?.getOptionalNumber('queue.maxAttempts') ?? 8,
      backoffMs: ms('queue.backoff', 5_000),
    },
    timeoutMs: ms('timeout', 180_000),
    sweep:
      config?.getOptionalBoolean('sweep.enabled') === false
        ? undefined
        : {
            schedule: config?.has('sweep.schedule')
              ? readSchedulerServiceTaskScheduleDefinitionFromConfig(
                  config.getConfig('sweep.schedule'),
                )
              : {
                  frequency: { minutes: 5 },
                  timeout: { minutes: 10 },
                  initialDelay: { seconds: 30 },
                },
            lookbackMs: ms('sweep.lookback', 24 * 3_600_000),
            repositories:
              config?.getOptionalNumber('sweep.repositories') ?? 200,
          },
    rules: rules.data,
    alerts: readAlertsConfig(root),
    drift: {
      workflow: config?.getOptionalString('drift.workflow') ?? 'Drift analysis',
      alerts: config?.getOptionalStringArray('drift.alerts') ?? [
        'ModelFeatureDrift',
        'ModelPredictionDrift',
      ],
      analysis: {
        enabled: config?.getOptionalBoolean('drift.analysis.enabled') ?? true,
        workflow:
          config?.getOptionalString('drift.analysis.workflow') ??
          'drift-analysis.yml',
        cooldownMs: ms('drift.analysis.cooldown', 3_600_000),
      },
      retraining: {
        enabled:
          config?.getOptionalBoolean('drift.retraining.enabled') ?? false,
        workflow:
          config?.getOptionalString('drift.retraining.workflow') ??
          'retrain.yml',
        rollouts: config?.getOptionalStringArray(
          'drift.retraining.rollouts',
        ) ?? ['canary.yml'],
        cooldownMs: ms('drift.retraining.cooldown', 7 * DAY_MS),
        budget: config?.getOptionalNumber('drift.retraining.budget') ?? 2,
        budgetMs: 30 * DAY_MS,
      },
    },
  };
}
