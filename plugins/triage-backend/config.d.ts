// SPDX-License-Identifier: Apache-2.0
import type { SchedulerServiceTaskScheduleDefinitionConfig } from '@backstage/backend-plugin-api';
import type { HumanDuration } from '@backstage/types';

export interface Config {
  triage?: {
    /**
     * Time limit of one report, with the model's answer. Default: 3 minutes.
     * @visibility backend
     */
    timeout?: number | string | HumanDuration;
    queue?: {
      /**
       * Jobs at once in each process. Default: 2. With 0 a replica answers pages and takes
       * webhooks, and leaves the work to others.
       * @visibility backend
       */
      workers?: number;
      /**
       * How long a job stays with a worker that gives no sign of life. Default: 1 minute.
       * @visibility backend
       */
      lease?: string | HumanDuration;
      /**
       * How often is looked for work of other replicas. Default: 2 seconds.
       * @visibility backend
       */
      poll?: string | HumanDuration;
      /**
       * After so many failed attempts a job is a dead letter. Default: 8.
       * @visibility backend
       */
      maxAttempts?: number;
      /**
       * Wait after the first failed attempt; doubled after each, at most 15 minutes.
       * Default: 5 seconds.
       * @visibility backend
       */
      backoff?: string | HumanDuration;
    };
    drift?: {
      /**
       * Name of the workflow that analyses drift. Default: Drift analysis.
       * @visibility backend
       */
      workflow?: string;
      /**
       * Alerts that ask for an analysis of their model when they fire. Default:
       * ModelFeatureDrift and ModelPredictionDrift.
       * @visibility backend
       */
      alerts?: string[];
      analysis?: {
        /**
         * Whether this portal starts the workflow of a model's repository that analyses
         * drift, where an alert asks for it. Default: true, as it is harmless and asked
         * for: the repository's owner has put the workflow there, it trains nothing,
         * rolls nothing back and writes no more than a run of its own in MLflow (and an
         * issue, where it concludes P0 or P1); no alerts come in without
         * `triage.alerts.tokenFile`; what it costs is bounded by the cooldown. A training
         * that may follow has switches of its own, which are off.
         * @visibility backend
         */
        enabled?: boolean;
        /**
         * File of the workflow that analyses. Default: drift-analysis.yml.
         * @visibility backend
         */
        workflow?: string;
        /**
         * Between two of one repository. Default: 1 hour.
         * @visibility backend
         */
        cooldown?: string | HumanDuration;
      };
      retraining?: {
        /**
         * Whether this portal may start a training where an analysis of drift concluded P0
         * and the model's owner has switched it on (`drift.retrain` in config.yaml).
         * Default: false.
         * @visibility backend
         */
        enabled?: boolean;
        /**
         * File of the workflow that trains. Default: retrain.yml.
         * @visibility backend
         */
        workflow?: string;
        /**
         * Files of workflows that promote or roll back: while one runs, no training is
         * started. Default: canary.yml.
         * @visibility backend
         */
        rollouts?: string[];
        /**
         * Between two of one repository. Default: 7 days.
         * @visibility backend
         */
        cooldown?: string | HumanDuration;
        /**
         * In 30 days, of one repository. Default: 2.
         * @visibility backend
         */
        budget?: number;
      };
    };
    /** Takes alerts of Alertmanager in. */
    alerts?: {
      /**
       * File with the token that Alertmanager sends (`authorization.credentials_file`), 16
       * characters or more; read anew when it changes. Without it no alerts are taken.
       * @visibility backend
       */
      tokenFile?: string;
      /**
       * Largest body, in bytes; what is larger is refused and not sent again. Default: 4 MiB.
       * @visibility backend
       */
      bodyLimit?: number;
      /**
       * Messages at once in each process; others are asked to come again. Default: 16.
       * @visibility backend
       */
      requestsAtOnce?: number;
      /**
       * Messages in a minute in each process; others are asked to come again. Default: 6000.
       * @visibility backend
       */
      requestsPerMinute?: number;
      /**
       * Servers that are asked what was measured; read where `kserve.prometheus` is absent.
       */
      prometheus?: Array<{
        /** @visibility backend */
        name: string;
        /**
         * As the portal reaches it, with its path where it has one.
         * @visibility backend
         */
        url: string;
        /**
         * Of `kubernetes:`, and of the alerts' label `cluster`.
         * @visibility backend
         */
        cluster?: string;
        /**
         * Bearer token.
         * @visibility secret
         */
        token?: string;
      }>;
    };
    /** Looks for failed runs of the catalog's repositories that no webhook told of. */
    sweep?: {
      /**
       * Default: true.
       * @visibility backend
       */
      enabled?: boolean;
      /**
       * Default: every 5 minutes.
       * @visibility backend
       */
      schedule?: SchedulerServiceTaskScheduleDefinitionConfig;
      /**
       * How far back. Default: 24 hours.
       * @visibility backend
       */
      lookback?: string | HumanDuration;
      /**
       * Repositories in one sweep, those first that were not asked for the longest
       * time. Default: 200.
       * @visibility backend
       */
      repositories?: number;
    };
    /**
     * Which reports go where; replaces the default: a comment for everything that was
     * not cancelled, and on the default branch an issue and a message, unless it is
     * flaky, infrastructure or cancelled; an issue and a message for each group of
     * alerts; a message for drift, whose workflow opens issues by itself.
     */
    effects?: Array<{
      /** @visibility backend */
      kind: 'comment' | 'issue' | 'slack' | 'check-run';
      /**
       * Kinds of incidents; all unless told. Alerts have issues and messages only.
       * @visibility backend
       */
      incidents?: Array<'pipeline' | 'alert' | 'drift'>;
      /**
       * Types of failure; all unless told.
       * @visibility backend
       */
      types?: string[];
      /** @visibility backend */
      exceptTypes?: string[];
      /**
       * Of pipelines. Default: all.
       * @visibility backend
       */
      branches?: 'all' | 'default' | 'other' | string[];
      /**
       * `owner/name`; all unless told.
       * @visibility backend
       */
      repositories?: string[];
      /**
       * And whatever is more pressing.
       * @visibility backend
       */
      minimumPriority?: 'P0' | 'P1' | 'P2' | 'P3';
    }>;
  };
}
