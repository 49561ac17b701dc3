// SPDX-License-Identifier: Apache-2.0
import type { AuditorService } from '@backstage/backend-plugin-api';
import type { KserveClustersService } from '@greenroom/plugin-kserve-node';
import type { MlflowService } from '@greenroom/plugin-mlflow-node';
import type { WorkflowDispatcher } from '@greenroom/plugin-triage-node';
import type { LlmClient } from '@greenroom/triage-engine';
import type { Knex } from 'knex';
import type { AlertStore } from '../database/AlertStore';
import { DispatchStore } from '../database/DispatchStore';
import type { IncidentStore } from '../database/IncidentStore';
import type { ReportStore } from '../database/ReportStore';
import type { CatalogRepositories } from '../services/CatalogRepositories';
import type { ChangeSignals } from '../services/ChangeSignals';
import type { PipelineSources } from '../services/PipelineSources';
import type { TriageConfig } from '../services/readTriageConfig';
import type { DescribeError } from '../work/Worker';
import { Dispatches } from './Dispatches';
import { DispatchHandler } from './DispatchHandler';
import { DriftAnalyses } from './DriftAnalyses';
import { DriftHandler } from './DriftHandler';
import { Retraining } from './Retraining';
import { Rollouts } from './rollouts/Rollouts';
import { ServedObjects } from './rollouts/ServedObjects';

/** What is done of drift, and what it starts. */
export function createDriftHandlers(options: {
  alerts: AlertStore;
  auditor: AuditorService;
  catalog: CatalogRepositories;
  clusters: KserveClustersService;
  config: TriageConfig['drift'];
  describeError: DescribeError;
  dispatcher: () => WorkflowDispatcher | undefined;
  incidents: IncidentStore;
  knex: Knex;
  llm: () => LlmClient | undefined;
  mlflow: MlflowService;
  reports: ReportStore;
  signals: ChangeSignals;
  sources: PipelineSources;
  /** Whether what bears no mark is anybody's, as `kserve.access.unmarked` says. */
  takesUnmarked: boolean;
  timeoutMs: number;
}) {
  const { auditor, catalog, config, dispatcher, knex, mlflow } = options;
  const store = new DispatchStore(knex);
  const dispatches = new Dispatches({ auditor, dispatcher, store });
  return {
    dispatch: new DispatchHandler({
      ...options,
      config: config.analysis,
      dispatches,
    }),
    drift: new DriftHandler({
      ...options,
      analyses: new DriftAnalyses({ catalog, mlflow }),
      retraining: new Retraining({
        config: config.retraining,
        dispatches,
        rollouts: new Rollouts({ catalog, served: new ServedObjects(options) }),
      }),
    }),
  };
}
