// SPDX-License-Identifier: Apache-2.0
import type {
  AuditorService,
  AuthService,
  DatabaseService,
  LoggerService,
  PermissionsService,
  SchedulerService,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import type { Config } from '@backstage/config';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { NotificationService } from '@backstage/plugin-notifications-node';
import type { SignalsService } from '@backstage/plugin-signals-node';
import type { KserveClustersService } from '@greenroom/plugin-kserve-node';
import type { MlflowService } from '@greenroom/plugin-mlflow-node';
import {
  PrometheusEvidence,
  type IncidentReportProposals,
  type TriageEffect,
  type WorkflowDispatcher,
} from '@greenroom/plugin-triage-node';
import type { LlmClient } from '@greenroom/triage-engine';
import { AlertGate } from '../alerts/AlertGate';
import { AlertIntake } from '../alerts/AlertIntake';
import { AlertToken } from '../alerts/AlertToken';
import { createAlertsRouter } from '../alerts/createAlertsRouter';
import { AlertStore } from '../database/AlertStore';
import { DiscussionStore } from '../database/DiscussionStore';
import { EffectStore } from '../database/EffectStore';
import { IncidentStore } from '../database/IncidentStore';
import { JobStore } from '../database/JobStore';
import { openDatabase } from '../database/openDatabase';
import { ReportStore } from '../database/ReportStore';
import { createDriftHandlers } from '../drift/createDriftHandlers';
import { DriftLinks } from '../drift/DriftLinks';
import { Intake } from '../intake/Intake';
import { Sweep } from '../intake/Sweep';
import { AlertEntities } from '../evidence/AlertEntities';
import { AlertEvidence } from '../evidence/AlertEvidence';
import { AlertAdoption } from '../intake/AlertAdoption';
import { AlertAnalysis } from '../work/AlertAnalysis';
import { AlertPost } from '../work/AlertPost';
import { AnalyzeHandler } from '../work/AnalyzeHandler';
import { EffectRunner } from '../work/EffectRunner';
import { PostHandler } from '../work/PostHandler';
import { RecoverHandler } from '../work/RecoverHandler';
import { Worker } from '../work/Worker';
import { CatalogRepositories } from './CatalogRepositories';
import { ChangeSignals } from './ChangeSignals';
import { describeError } from './describeError';
import { EffectAudit } from './EffectAudit';
import { IncidentAccess } from './IncidentAccess';
import { IncidentReports } from './IncidentReports';
import { IncidentLists } from './IncidentLists';
import { loadChannelKey } from './loadChannelKey';
import { ModelRuns } from './ModelRuns';
import { OwnerNotice } from './OwnerNotice';
import type { PipelineSources } from './PipelineSources';
import { readTriageConfig } from './readTriageConfig';
import { TriageService } from './TriageService';
import { TriageStatistics } from './TriageStatistics';

/** What the plugin runs: `listen` takes runs in, `start` begins to work, `stop` ends it. */
export async function createServices(options: {
  auditor: AuditorService;
  auth: AuthService;
  catalog: CatalogService;
  clusters: KserveClustersService;
  config: Config;
  database: DatabaseService;
  logger: LoggerService;
  mlflow: MlflowService;
  notifications: NotificationService;
  permissions: PermissionsService;
  scheduler: SchedulerService;
  signals: SignalsService;
  userInfo: UserInfoService;
  dispatcher: () => WorkflowDispatcher | undefined;
  effects: readonly TriageEffect[];
  llm: () => LlmClient | undefined;
  proposals: () => IncidentReportProposals | undefined;
  sources: PipelineSources;
}) {
  const { auth, config, effects, llm, logger, permissions, sources, userInfo } =
    options;
  const settings = readTriageConfig(config);
  const { queue, rules, sweep, timeoutMs } = settings;
  const knex = await openDatabase(options.database);
  const jobs = new JobStore(knex);
  const alerts = new AlertStore(knex, jobs);
  const incidents = new IncidentStore(knex, jobs);
  const reports = new ReportStore(knex, jobs);
  const store = new EffectStore(knex);
  const discussion = new DiscussionStore(knex);
  const signals = new ChangeSignals({
    key: await loadChannelKey(knex),
    signals: options.signals,
    logger,
  });
  const catalog = new CatalogRepositories({ auth, catalog: options.catalog });
  const access = new IncidentAccess({ auth, catalog, incidents, permissions });
  const audit = new EffectAudit(options.auditor);
  const runner = new EffectRunner({ audit, describeError, store });
  const parts = { audit, effects, incidents, signals, store };
  const models = new ModelRuns({
    catalog,
    describeError,
    mlflow: options.mlflow,
  });
  const notice = new OwnerNotice({
    catalog,
    describeError,
    logger,
    notifications: options.notifications,
  });
  const entities = new AlertEntities({ auth, catalog: options.catalog });
  const appUrl = config.getString('app.baseUrl').replace(/\/$/, '');
  const driftLinks = new DriftLinks({
    appUrl,
    catalog,
    grafana: config.getOptionalString('grafana.domain'),
  });
  const toPortalUrl = (id: string) => `${appUrl}/inbox/incidents/${id}`;
  const { prometheus } = settings.alerts;
  const takesUnmarked =
    config.getOptionalString('kserve.access.unmarked') !== 'deny';
  const worker = new Worker({
    jobs,
    limits: queue,
    logger,
    describeError,
    handlers: {
      analyze: new AnalyzeHandler({
        alerts: new AlertAnalysis({
          alerts,
          catalog,
          describeError,
          driftAlerts: settings.drift.alerts,
          entities,
          evidence: new AlertEvidence({
            clusters: options.clusters,
            prometheus: new PrometheusEvidence(prometheus, 'kserve.prometheus'),
            takesUnmarked,
          }),
          incidents,
          jobs,
          knownSecrets: Object.fromEntries(
            prometheus.flatMap(({ name, token }) =>
              token ? [[`prometheus ${name}`, token]] : [],
            ),
          ),
          llm,
          models,
          reports,
          signals,
          timeoutMs,
        }),
        catalog,
        incidents,
        llm,
        models,
        reports,
        signals,
        sources,
        timeoutMs,
      }),
      post: new PostHandler({
        ...parts,
        alerts: new AlertPost({
          ...parts,
          alerts,
          jobs,
          notice,
          reports,
          rules,
          runner,
          toPortalUrl,
        }),
        driftLinks,
        notice,
        reports,
        rules,
        runner,
        toPortalUrl,
      }),
      ...createDriftHandlers({
        ...options,
        alerts,
        catalog,
        config: settings.drift,
        describeError,
        incidents,
        knex,
        reports,
        signals,
        takesUnmarked,
        timeoutMs,
      }),
      recover: new RecoverHandler({ ...parts, sources }),
    },
  });
  const wake = () => worker.wake();
  const service = new TriageService({
    access,
    alerts,
    discussion,
    driftLinks,
    effects: store,
    incidents,
    jobs,
    reports,
    signals,
    wake,
  });
  const intake = new Intake({
    driftWorkflow: settings.drift.workflow,
    incidents,
    jobs,
    logger,
    signals,
    wake,
  });
  return {
    alerts: createAlertsRouter({
      bodyLimit: settings.alerts.bodyLimit,
      gate: new AlertGate({
        atOnce: settings.alerts.requestsAtOnce,
        perMinute: settings.alerts.requestsPerMinute,
      }),
      intake: new AlertIntake({ alerts, logger, signals, wake }),
      logger,
      token: new AlertToken({ file: settings.alerts.tokenFile, logger }),
    }),
    lists: new IncidentLists({
      access,
      alerts,
      catalog,
      incidents,
      reports,
      signals,
      userInfo,
    }),
    service,
    incidentReports: new IncidentReports({
      access,
      auditor: options.auditor,
      discussion,
      proposals: options.proposals,
      service,
      toPortalUrl,
    }),
    statistics: new TriageStatistics({ access, discussion, incidents, jobs }),
    async listen() {
      for (const source of sources.list()) {
        await source.subscribe(async run => {
          await intake.receive(run);
        });
      }
    },
    async start() {
      worker.start();
      if (settings.alerts.tokenFile) {
        const adoption = new AlertAdoption({ alerts, entities, jobs, wake });
        await options.scheduler.scheduleTask({
          frequency: { minutes: 1 },
          timeout: { minutes: 2 },
          initialDelay: { seconds: 20 },
          id: 'triage-adopt-alerts',
          fn: signal => adoption.run(signal),
        });
      }
      if (sweep) {
        const sweeper = new Sweep({
          ...sweep,
          catalog,
          describeError,
          incidents,
          intake,
          knex,
          logger,
          sources: () => sources.list(),
        });
        await options.scheduler.scheduleTask({
          ...sweep.schedule,
          id: 'triage-sweep',
          fn: signal => sweeper.run(signal),
        });
      }
    },
    async stop() {
      await worker.stop();
      signals.stop();
    },
  };
}
