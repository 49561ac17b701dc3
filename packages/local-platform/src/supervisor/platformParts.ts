// SPDX-License-Identifier: Apache-2.0
import { forgeAnswers, forgeProcess } from '@greenroom/local-github';
import { delivery } from '../cluster/images/delivery';
import { ImageSettings } from '../cluster/images/ImageSettings';
import { mlflowAnswers, mlflowProcess } from '../mlflow/mlflowProcess';
import { PortalClient } from '../portal/PortalClient';
import { backendProcess, hotReloadProcess } from '../portal/backendProcess';
import { DEMO_ORGANIZATION, PortalUrls } from '../portal/portalConfig';
import { PartOptions } from './Part';
import { PlatformState } from './PlatformState';

/** What the parts are made from; paths are absolute. */
export interface PartsContext {
  state: PlatformState;
  /** The repository. */
  root: string;
  cacheDir: string;
  uv: string;
  /** Interpreter of the MLflow environment. */
  python: string;
  urls: PortalUrls;
  /** The generated configuration of the portal. */
  configFile: string;
  hotReload: boolean;
  /** What jobs push images and hand versions off with; without a cluster they do neither. */
  images?: ImageSettings;
  /** What analyses of drift ask, where there is monitoring. */
  prometheusUrl?: string;
}

/** What of a part is its own. */
export type PartDescription = Pick<
  PartOptions,
  'id' | 'spec' | 'check' | 'timeoutMs' | 'fatal'
>;

/** More on a machine of two cores only makes each slower. */
const MAX_JOBS = 2;

const logOf = (state: PlatformState, name: string) =>
  state.path('logs', `${name}.log`);

/** MLflow: ready when it reads its database for a caller. */
export function mlflowPart({ state, python }: PartsContext): PartDescription {
  const port = state.ports.mlflow;
  return {
    id: 'mlflow',
    spec: () =>
      mlflowProcess({
        python,
        dataDir: state.path('mlflow'),
        port,
        logFile: logOf(state, 'mlflow'),
      }),
    check: signal => mlflowAnswers(port, signal),
    timeoutMs: 180_000,
  };
}

/** forge with its runner: ready when its API answers our token. */
export function forgePart(context: PartsContext): PartDescription {
  const { state, root, cacheDir, uv, python, images, prometheusUrl, urls } =
    context;
  const port = state.ports.forge;
  const adminToken = state.secrets.forgeToken;
  return {
    id: 'forge',
    spec: () =>
      forgeProcess(
        {
          dataDir: state.path('forge'),
          port,
          adminToken,
          organizations: [DEMO_ORGANIZATION],
          users: ['guest', 'jane', 'ravi'],
          webhook: {
            url: `${urls.backend}/api/events/http/github`,
            secret: state.secrets.webhookSecret,
            events: ['workflow_run'],
          },
          runner: {
            workDir: state.path('runner'),
            cacheDir,
            uv,
            python,
            // The checkout may hold a person's app-config.local.yaml.
            hiddenDirs: [state.dir, root],
            maxJobs: MAX_JOBS,
            ...(images && delivery(images, prometheusUrl)),
          },
        },
        logOf(state, 'forge'),
      ),
    check: signal => forgeAnswers(port, adminToken, signal),
    timeoutMs: 60_000,
  };
}

/** The backend: ready when its plugins are, the catalog has the template, and the app is served. */
export function backendPart(context: PartsContext): PartDescription {
  const { state, root, urls, configFile, python, hotReload } = context;
  const portal = new PortalClient(urls.backend);
  const options = {
    root,
    configFile,
    python,
    logFile: logOf(state, 'backend'),
  };
  return {
    id: 'backend',
    spec: () =>
      hotReload
        ? hotReloadProcess({ ...options, package: 'backend' })
        : backendProcess(options),
    check: async signal =>
      (await portal.isReady(signal)) &&
      (await portal.hasEntity('template', 'model-service', signal)) &&
      (hotReload || (await portal.servesApp(signal))),
    timeoutMs: 180_000,
    fatal: /Backend startup failed|BackendStartupError/,
  };
}

/** The app's development server; without hot reload the backend serves the built app. */
export function appPart(context: PartsContext): PartDescription {
  const { state, root, urls, configFile, python } = context;
  const options = { root, configFile, python, logFile: logOf(state, 'app') };
  return {
    id: 'app',
    spec: () => hotReloadProcess({ ...options, package: 'app' }),
    check: signal => new PortalClient(urls.app).servesApp(signal),
    timeoutMs: 300_000,
  };
}
