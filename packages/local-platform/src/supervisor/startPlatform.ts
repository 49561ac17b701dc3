import path from 'node:path';
import { Problem } from '../../../../scripts/lib/Problem.mjs';
import { Steps } from '../../../../scripts/lib/Steps.mjs';
import { killRunning } from '../../../../scripts/lib/processes.mjs';
import { discardPythonEnvironment } from '../../../../scripts/lib/pythonEnvironment.mjs';
import { DemoPipeline } from '../demo/DemoPipeline';
import {
  DEMO_MODEL,
  createDemoModel,
  isDemoWanted,
} from '../demo/createDemoModel';
import { mlflowAnswers, mlflowProcess } from '../mlflow/mlflowProcess';
import { PortalClient } from '../portal/PortalClient';
import { backendProcess, hotReloadProcess } from '../portal/backendProcess';
import { buildApp } from '../portal/buildApp';
import {
  DEMO_ORGANIZATION,
  PortalUrls,
  writePortalConfig,
} from '../portal/portalConfig';
import { Part } from './Part';
import { PlatformState } from './PlatformState';
import { forgeAnswers, forgeProcess } from './forgeProcess';

/** What a platform is started with; paths are absolute. */
export interface PlatformOptions {
  /** The repository. */
  root: string;
  stateDir: string;
  port: number;
  /** Create the demo model if this state has none yet. */
  demo: boolean;
  /** App and backend with hot reload, the backend on the port after forge's. */
  hotReload?: boolean;
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
  stop(): Promise<void>;
}

const MAX_JOBS = 2;

/** Starts every part, waits until each truly answers, and makes the demo model. */
export async function startPlatform(
  options: PlatformOptions,
): Promise<Platform> {
  const state = await PlatformState.open({
    dir: options.stateDir,
    portalPort: options.port,
  });
  const parts: Part[] = [];
  const stop = async () => {
    killRunning();
    await Promise.all(parts.map(part => part.stop()));
    state.close();
  };
  const onAbort = () => {
    killRunning();
    parts.forEach(part => part.stop());
  };
  options.signal.addEventListener('abort', onAbort);
  try {
    const url = await startParts(options, state, parts);
    return { url, failed: Promise.race(parts.map(part => part.failed)), stop };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    options.signal.removeEventListener('abort', onAbort);
  }
}

async function startParts(
  options: PlatformOptions,
  state: PlatformState,
  parts: Part[],
): Promise<string> {
  const { steps, signal, root } = options;
  const urls = await chooseUrls(options, state);
  const portal = new PortalClient(urls.backend);
  const configFile = writePortalConfig({ state, root, urls });
  const log = (name: string) => state.path('logs', `${name}.log`);
  const add = (
    id: string,
    part: Pick<
      ConstructorParameters<typeof Part>[0],
      'spec' | 'check' | 'timeoutMs' | 'fatal'
    >,
  ) => {
    const made = new Part({
      ...part,
      id,
      stateDir: state.dir,
      tell: message => steps.note(`! ${message}`),
    });
    parts.push(made);
    return made;
  };
  const portalProcess = { root, configFile };

  const mlflow = add('mlflow', mlflowPart(options, state, log('mlflow')));
  const forge = add('forge', forgePart(options, state, log('forge')));
  const backend = add('backend', {
    spec: () =>
      options.hotReload
        ? hotReloadProcess({
            ...portalProcess,
            package: 'backend',
            logFile: log('backend'),
          })
        : backendProcess({ ...portalProcess, logFile: log('backend') }),
    check: async abort =>
      (await portal.isReady(abort)) &&
      (await portal.hasEntity('template', 'model-service', abort)) &&
      (options.hotReload || (await portal.servesApp(abort))),
    timeoutMs: 180_000,
    fatal: /Backend startup failed|BackendStartupError/,
  });

  const portalReady = async () => {
    if (options.hotReload) {
      const app = add('app', {
        spec: () =>
          hotReloadProcess({
            ...portalProcess,
            package: 'app',
            logFile: log('app'),
          }),
        check: abort => new PortalClient(urls.app).servesApp(abort),
        timeoutMs: 300_000,
      });
      await steps.run('App (hot reload)', () => app.start());
    } else {
      await steps.run('App', step =>
        buildApp({ root, logFile: log('build-app'), step }),
      );
    }
    signal.throwIfAborted();
    await steps.run('Backend', async step => {
      step.detail('starting, filling the catalog');
      await backend.start();
      step.detail(urls.backend);
    });
  };
  await allOrNothing(
    [
      steps.run('MLflow', async step => {
        await startMlflow(mlflow, options.python);
        step.detail(`http://localhost:${state.ports.mlflow}`);
      }),
      steps.run('forge and runner', async step => {
        await forge.start();
        step.detail(`http://localhost:${state.ports.forge}`);
      }),
      portalReady(),
    ],
    parts,
    steps,
  );
  await makeDemo(options, state, portal);
  return urls.app;
}

function mlflowPart(
  options: PlatformOptions,
  state: PlatformState,
  logFile: string,
) {
  const port = state.ports.mlflow;
  return {
    spec: () =>
      mlflowProcess({
        python: options.python,
        dataDir: state.path('mlflow'),
        port,
        logFile,
      }),
    check: (signal: AbortSignal) => mlflowAnswers(port, signal),
    timeoutMs: 180_000,
  };
}

function forgePart(
  options: PlatformOptions,
  state: PlatformState,
  logFile: string,
) {
  const port = state.ports.forge;
  const adminToken = state.secrets.forgeToken;
  return {
    spec: () =>
      forgeProcess(
        {
          dataDir: state.path('forge'),
          port,
          adminToken,
          organizations: [DEMO_ORGANIZATION],
          users: ['guest', 'jane', 'ravi'],
          runner: {
            workDir: state.path('runner'),
            cacheDir: options.cacheDir,
            uv: options.uv,
            maxJobs: MAX_JOBS,
          },
        },
        logFile,
      ),
    check: (signal: AbortSignal) => forgeAnswers(port, adminToken, signal),
    timeoutMs: 60_000,
  };
}

/** A module that cannot be imported means a damaged environment: the next start makes it anew. */
async function startMlflow(part: Part, python: string): Promise<void> {
  try {
    await part.start();
  } catch (error) {
    const lines = error instanceof Problem ? error.detail.join('\n') : '';
    if (
      /ModuleNotFoundError|ImportError|No module named|ENOENT/.test(
        lines + String(error),
      )
    ) {
      discardPythonEnvironment(python);
      throw new Problem(
        "MLflow's Python environment is damaged; it has been marked for removal.",
        'Run `npm start` again: it makes the environment anew.',
        { detail: error instanceof Problem ? error.detail : [], cause: error },
      );
    }
    throw error;
  }
}

/** When one part fails, the others are ended before the failure is reported. */
async function allOrNothing(
  starts: Promise<void>[],
  parts: Part[],
  steps: Steps,
): Promise<void> {
  try {
    await Promise.all(starts);
  } catch (error) {
    // The others end because we end them: nothing to list.
    steps.stop();
    killRunning();
    await Promise.all(parts.map(part => part.stop()));
    await Promise.allSettled(starts);
    throw error;
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
  return { app, backend: `http://localhost:${state.ports.forge + 1}` };
}

async function makeDemo(
  options: PlatformOptions,
  state: PlatformState,
  portal: PortalClient,
): Promise<void> {
  const recordFile = state.path('demo.json');
  if (!options.demo || !isDemoWanted(recordFile)) {
    return;
  }
  const { steps, signal } = options;
  const { forge, mlflow } = state.ports;
  try {
    await steps.run(`Demo model ${DEMO_MODEL}`, step =>
      createDemoModel({
        portal,
        pipeline: new DemoPipeline({
          forgeApiUrl: `http://localhost:${forge}/api/v3`,
          token: state.secrets.forgeToken,
          mlflowUrl: `http://localhost:${mlflow}`,
          owner: DEMO_ORGANIZATION,
          name: DEMO_MODEL,
        }),
        forgeHost: `localhost:${forge}`,
        recordFile,
        step,
        signal,
      }),
    );
  } catch (error) {
    signal.throwIfAborted();
    const why = error instanceof Error ? error.message : String(error);
    steps.note(
      `! The demo model could not be made: ${why}\n  Greenroom works without it; the next start tries again. Logs: ${path.dirname(state.path('logs', 'x'))}`,
    );
  }
}
