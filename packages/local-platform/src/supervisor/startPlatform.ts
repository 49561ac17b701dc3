// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { findIsolationWarning } from '@greenroom/local-github';
import { Problem } from '../../bootstrap/Problem.mjs';
import { Steps } from '../../bootstrap/Steps.mjs';
import { requireFreePort } from '../../bootstrap/ports.mjs';
import { killRunning } from '../../bootstrap/processes.mjs';
import { discardPythonEnvironment } from '../../bootstrap/pythonEnvironment.mjs';
import { planImages } from '../cluster/images/planImages';
import { ClusterState } from '../cluster/controlplane/ClusterState';
import { buildApp } from '../portal/buildApp';
import { PortalUrls, writePortalConfig } from '../portal/portalConfig';
import { ensureAlertsToken } from '../monitoring/ensureAlertsToken';
import { BackgroundTasks } from './BackgroundTasks';
import { Part } from './Part';
import { PlatformState } from './PlatformState';
import { findStorageProblem } from './findStorageProblem';
import {
  PartDescription,
  PartsContext,
  appPart,
  backendPart,
  forgePart,
  mlflowPart,
} from './platformParts';
import { LOCAL_CLUSTER } from './localCluster';
import {
  Background,
  clusterBuildFile,
  startBackground,
} from './startBackground';
import { startProgressServer } from './startProgressServer';
import { useCluster } from './useCluster';

/** What a platform is started with; paths are absolute. */
export interface PlatformOptions {
  /** The repository. */
  root: string;
  stateDir: string;
  port: number;
  /** Create the demo model if this state has none yet. */
  demo: boolean;
  /** Build and run the local cluster. */
  cluster: boolean;
  /** Build and run Prometheus and Alertmanager beside the local cluster. */
  monitoring: boolean;
  /** The cluster to use instead of a local one. */
  kubeconfig?: string;
  /** App and backend with hot reload, the backend on a port of its own after forge's. */
  hotReload: boolean;
  cacheDir: string;
  uv: string;
  /** Interpreter of the MLflow environment. */
  python: string;
  steps: Steps;
  /** Aborting makes a start give up; what has been started is ended. */
  signal: AbortSignal;
}

/** A platform that answers. */
export interface Platform {
  /** Where the portal is. */
  url: string;
  /** Settles with the reason when a part has ended for good. */
  failed: Promise<Problem>;
  /** Settles when nothing goes on in the background any more. @returns the titles of what failed */
  finishBackground(): Promise<string[]>;
  stop(): Promise<void>;
}

/** Starts every part, waits until each truly answers, and begins what goes on in the background. */
export async function startPlatform(
  options: PlatformOptions,
): Promise<Platform> {
  const state = await PlatformState.open({
    dir: options.stateDir,
    portalPort: options.port,
  });
  const unusable = findStorageProblem(state.dir);
  if (unusable) {
    state.close();
    throw unusable;
  }
  const parts: Part[] = [];
  const tasks = new BackgroundTasks({
    steps: options.steps,
    logsDir: state.path('logs'),
  });
  const token = randomBytes(24).toString('hex');
  const progress = await startProgressServer({
    token,
    progress: () => tasks.progress,
  });
  let background: Background | undefined;
  const stopParts = () => {
    killRunning();
    return Promise.all([
      tasks.stop().then(() => background?.stop()),
      ...parts.map(part => part.stop()),
    ]);
  };
  const stop = async () => {
    await stopParts();
    await progress.stop();
    state.close();
  };
  const onAbort = () => {
    stopParts().catch(() => {});
  };
  options.signal.addEventListener('abort', onAbort);
  try {
    const urls = await chooseUrls(options, state);
    const cluster =
      options.cluster && !options.kubeconfig
        ? await ClusterState.open({
            dir: state.path('cluster'),
            logsDir: state.path('logs'),
          })
        : undefined;
    const images = cluster && (await planImages(state.dir, options.cacheDir));
    const monitoringDir =
      cluster && options.monitoring ? state.path('monitoring') : undefined;
    const alerts =
      cluster && monitoringDir !== undefined
        ? {
            tokenFile: ensureAlertsToken(monitoringDir),
            prometheusUrl: `http://127.0.0.1:${await cluster.settlePort('prometheusDoor')}`,
            cluster: LOCAL_CLUSTER,
          }
        : undefined;
    const given = options.kubeconfig
      ? await useCluster(options, state)
      : undefined;
    const configFile = writePortalConfig({
      state,
      root: options.root,
      urls,
      progress: { port: progress.port, token },
      alerts,
      cluster:
        given ??
        (cluster && {
          name: LOCAL_CLUSTER,
          url: cluster.server,
          caFile: cluster.certificate('ca.crt'),
          token: cluster.token('portal'),
          local: {
            metricsUrl: `http://127.0.0.1:${await cluster.settlePort('gatewayMetrics')}/metrics`,
            buildFile: clusterBuildFile(state),
          },
        }),
    });
    await startParts(
      {
        ...options,
        state,
        urls,
        configFile,
        images,
        prometheusUrl: alerts?.prometheusUrl,
      },
      parts,
    );
    background = startBackground({
      ...options,
      tasks,
      state,
      portalUrl: urls.backend,
      cluster,
      images,
      monitoringDir,
      tell: message => options.steps.note(`! ${message}`),
    });
    const failed = Promise.race(parts.map(part => part.failed));
    const finishBackground = () => tasks.finish();
    return { url: urls.app, failed, finishBackground, stop };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    options.signal.removeEventListener('abort', onAbort);
  }
}

async function chooseUrls(
  options: PlatformOptions,
  state: PlatformState,
): Promise<PortalUrls> {
  const app = `http://localhost:${state.ports.portal}`;
  if (!options.hotReload) {
    return { app, backend: app };
  }
  const port = Math.max(...Object.values(state.ports)) + 1;
  await requireFreePort(port, 'the backend', 'End that program.');
  return { app, backend: `http://localhost:${port}` };
}

async function startParts(
  context: PlatformOptions & PartsContext,
  parts: Part[],
): Promise<void> {
  const { steps, signal, root, hotReload, state, urls } = context;
  const add = (description: PartDescription) => {
    const part = new Part({
      ...description,
      stateDir: state.dir,
      tell: message => steps.note(`! ${message}`),
    });
    parts.push(part);
    return part;
  };
  const mlflow = add(mlflowPart(context));
  const forge = add(forgePart(context));
  const backend = add(backendPart(context));
  const app = hotReload ? add(appPart(context)) : undefined;

  const startPortal = async () => {
    await steps.run('App', async step => {
      if (app) {
        step.detail('development server');
        await app.start();
      } else {
        const logFile = state.path('logs', 'build-app.log');
        await buildApp({ root, logFile, step });
      }
    });
    signal.throwIfAborted();
    await steps.run('Backend', async step => {
      step.detail('starting, filling the catalog');
      await backend.start();
      step.detail(urls.backend);
    });
  };
  const starts = [
    steps.run('MLflow', async step => {
      await startMlflow(mlflow, context.python);
      step.detail(`http://localhost:${state.ports.mlflow}`);
    }),
    steps.run('forge and runner', async step => {
      await forge.start();
      step.detail(`http://localhost:${state.ports.forge}`);
      const warning = await findIsolationWarning(
        state.path('logs', 'forge.log'),
        signal,
      );
      if (warning) {
        steps.note(`! ${warning}`);
      }
    }),
    startPortal(),
  ];
  try {
    await Promise.all(starts);
  } catch (error) {
    // The others end because we end them: nothing to list, and nothing may go on after the message.
    steps.stop();
    killRunning();
    await Promise.all(parts.map(part => part.stop()));
    await Promise.allSettled(starts);
    throw error;
  }
}

/** A module that cannot be imported means a damaged environment: the next start makes it anew. */
async function startMlflow(part: Part, python: string): Promise<void> {
  try {
    await part.start();
  } catch (error) {
    const detail: string[] = error instanceof Problem ? error.detail : [];
    const words = `${error}\n${detail.join('\n')}`;
    if (!/ModuleNotFoundError|ImportError|No module named|ENOENT/.test(words)) {
      throw error;
    }
    discardPythonEnvironment(python);
    throw new Problem(
      "MLflow's Python environment is damaged.",
      'Run `npm start` again: it makes the environment anew.',
      { detail, cause: error },
    );
  }
}
