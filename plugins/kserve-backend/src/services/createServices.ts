// SPDX-License-Identifier: Apache-2.0
import type {
  AuditorService,
  AuthService,
  DatabaseService,
  LoggerService,
  PermissionsService,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import type { Config } from '@backstage/config';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { SignalsService } from '@backstage/plugin-signals-node';
import { readPrometheusServers } from '@greenroom/plugin-kserve-node';
import { AccessAudit } from './AccessAudit';
import { ChangeSignals } from './ChangeSignals';
import { Clusters } from './Clusters';
import { InferenceServiceReader } from './InferenceServiceReader';
import { KserveEntityService } from './KserveEntityService';
import { LocalBuild } from './LocalBuild';
import { Objectives } from './Objectives';
import { ObservedTraffic } from './ObservedTraffic';
import { readKserveConfig } from './readKserveConfig';
import { RolloutHistory } from './RolloutHistory';

// The route and the conditions follow the pod.
const RECORD_AFTER_MS = 5_000;

/** What the plugin runs: `start` begins to watch, `stop` ends it. */
export async function createServices(options: {
  auditor: AuditorService;
  auth: AuthService;
  catalog: CatalogService;
  config: Config;
  database: DatabaseService;
  logger: LoggerService;
  permissions: PermissionsService;
  signals: SignalsService;
  userInfo: UserInfoService;
}) {
  const { auth, catalog, config, logger, permissions, userInfo } = options;
  const {
    access,
    gateways,
    limits,
    localBuild: build,
  } = readKserveConfig(config);
  const observed = new ObservedTraffic({
    urls: new Map(
      gateways.map(({ cluster, metricsUrl }) => [cluster, metricsUrl]),
    ),
    logger,
  });
  const history = await RolloutHistory.create(options.database);
  const signals = new ChangeSignals({
    key: await history.loadChannelKey(),
    signals: options.signals,
    logger,
  });
  const recording = new Map<string, NodeJS.Timeout>();
  const recordLater = (id: string, record: () => Promise<void>) => {
    clearTimeout(recording.get(id));
    const timer = setTimeout(() => {
      recording.delete(id);
      record().catch(error => logger.warn('A rollout was not recorded', error));
    }, RECORD_AFTER_MS);
    recording.set(id, timer.unref());
  };
  const clusters = Clusters.fromConfig({
    config,
    logger,
    limits,
  });
  const reader = new InferenceServiceReader({
    clusters,
    history,
    logger,
    observed,
  });
  const localBuild =
    build &&
    new LocalBuild({ file: build.file, onChange: () => signals.allChanged() });
  const service = new KserveEntityService({
    access: {
      allowsUnmarked: access.unmarked === 'allow',
      audit: new AccessAudit(options.auditor),
      auth,
      catalog,
    },
    clusters,
    limits,
    localBuild,
    objectives: new Objectives(readPrometheusServers(config)),
    permissions,
    reader,
    signals,
    userInfo,
  });
  return {
    limits,
    service,
    async start() {
      clusters.start({
        onChange(cluster, { hasNewReadyPod, isListChange, key }) {
          signals.changed(`${cluster}/${key}`, isListChange);
          if (hasNewReadyPod) {
            recordLater(`${cluster}/${key}`, () =>
              reader.recordRollout(cluster, key),
            );
          }
        },
        onState: () => signals.allChanged(),
      });
      observed.start();
      await localBuild?.start();
    },
    async stop() {
      localBuild?.stop();
      observed.stop();
      signals.stop();
      recording.forEach(timer => clearTimeout(timer));
      await clusters.stop();
    },
  };
}
