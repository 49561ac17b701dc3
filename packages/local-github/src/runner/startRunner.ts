// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { Router } from 'express';
import type { ForgeContext, ForgeModuleInstance } from '../forge/types';
import { GithubApps, type GithubAppOptions } from './apps/GithubApps';
import { baseEnvironment } from './execution/baseEnvironment';
import { Isolation } from './execution/isolation/Isolation';
import { jobCacheDir, type IsolationKind } from './execution/isolation/jobView';
import type { RunnerServices } from './execution/JobState';
import { RunEngine } from './execution/RunEngine';
import { RunPublisher } from './execution/RunPublisher';
import {
  LocalRegistry,
  type LocalRegistryOptions,
} from './images/LocalRegistry';
import { loadActionsLanguage } from './language';
import { createApiRouter } from './routes/createApiRouter';
import { DownloadLinks } from './routes/DownloadLinks';
import type { RunnerParts } from './routes/RunnerParts';
import { ActionsSerializer } from './serialize/ActionsSerializer';
import {
  Organizations,
  type OrganizationSettings,
} from './store/OrganizationSettings';
import { RunnerStore } from './store/RunnerStore';
import { TriggerService } from './triggers/TriggerService';
import { createWebRouter } from './web/createWebRouter';

const DEFAULT_MAX_JOBS = 2;

/** What the runner needs from whoever starts it. */
export interface RunnerOptions {
  /** Work folders, logs and artifacts; survives restarts. */
  workDir: string;
  /** Toolchain and caches of the platform; jobs share and write `jobs/` in it, with one Python environment per lock file in `jobs/envs/`. */
  cacheDir: string;
  /** Path of the `uv` executable that `setup-uv` and `setup-python` put on PATH. */
  uv: string;
  /** A Python of at least 3.10 that the runner itself uses; `python3` on PATH unless told. */
  python?: string;
  /** Folders that no job may see, beside forge's and the runner's own and the person's home. */
  hiddenDirs?: string[];
  /** By what jobs may be kept apart, the first that works; whatever the system offers unless told. */
  isolation?: readonly IsolationKind[];
  /** How many jobs may run at the same time; 2 unless told. With 0 they stay queued. */
  maxJobs?: number;
  /** The registry on this machine that stands in for ghcr.io; without it no image is made. */
  registry?: LocalRegistryOptions;
  /** GitHub Apps that the jobs of repositories can act as, if they have its key. */
  apps?: GithubAppOptions[];
  /** Variables and secrets of organisations, by login. */
  organizations?: Record<string, OrganizationSettings>;
  logger: ForgeContext['logger'];
}

/**
 * GitHub Actions for forge: runs a repository's own workflow files on this machine and answers GitHub's Actions REST
 * routes and pages. What needs the expression language waits until that is loaded.
 */
export function startRunner(
  context: ForgeContext,
  options: RunnerOptions,
): ForgeModuleInstance {
  const workDir = realFolder(options.workDir);
  const store = new RunnerStore(context.db, workDir);
  const serializer = new ActionsSerializer(context, store);
  const publisher = new RunPublisher(context, serializer);
  let stopping = false;
  const ready = assemble();
  ready.catch(error =>
    options.logger.error(`The runner did not start: ${error}`),
  );

  async function assemble(): Promise<RunnerParts> {
    const cacheDir = realFolder(options.cacheDir);
    const jobCaches = jobCacheDir(cacheDir);
    const isolation = await Isolation.probe({
      cacheDir,
      hidden: [context.dataDir, workDir, ...(options.hiddenDirs ?? [])],
      workDir,
      python: options.python,
      kinds: options.isolation,
      environment: baseEnvironment(
        process.env,
        path.join(jobCaches, 'uv-cache'),
      ),
    });
    options.logger.info(isolation.describe());
    const services: RunnerServices = {
      context,
      store,
      language: await loadActionsLanguage(),
      cacheDir: jobCaches,
      uv: options.uv,
      python: options.python ?? 'python3',
      registry: options.registry && new LocalRegistry(options.registry),
      apps: new GithubApps(options.apps ?? []),
      organizations: new Organizations(options.organizations ?? {}),
      isolation,
      isStopping: () => stopping,
    };
    const engine = new RunEngine(
      services,
      publisher,
      options.maxJobs ?? DEFAULT_MAX_JOBS,
    );
    const triggers = new TriggerService(services, engine);
    const parts = {
      services,
      engine,
      triggers,
      serializer,
      links: new DownloadLinks(context),
    };
    await engine.restore();
    return parts;
  }

  const onEvent: TriggerService['onEvent'] = event => {
    ready.then(parts => parts.triggers.onEvent(event)).catch(() => undefined);
  };
  context.events.on('event', onEvent);

  return {
    apiRouter: whenReady(ready, createApiRouter),
    webRouter: whenReady(ready, createWebRouter),
    async stop() {
      context.events.off('event', onEvent);
      const parts = await ready.catch(() => undefined);
      await parts?.triggers.settled();
      stopping = true;
      await parts?.engine.stop();
    },
  };
}

/** A folder's path without links, as a job's view has it; made if missing. */
function realFolder(folder: string): string {
  mkdirSync(folder, { recursive: true });
  return realpathSync(folder);
}

/** A router whose requests wait until the parts are there. */
function whenReady(
  ready: Promise<RunnerParts>,
  create: (parts: RunnerParts) => Router,
): Router {
  let router: Router | undefined;
  const outer = Router();
  outer.use((req, res, next) => {
    ready
      .then(parts => {
        router ??= create(parts);
        router(req, res, next);
      })
      .catch(next);
  });
  return outer;
}
