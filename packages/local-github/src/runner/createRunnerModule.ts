import type { ForgeContext, ForgeModule } from '../forge/types';
import type { IsolationKind } from './execution/isolation/Isolation';
import { startRunner } from './startRunner';

/** What the runner needs from whoever starts it. */
export interface RunnerModuleOptions {
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
  /** How many jobs may run at the same time; 2 unless told. */
  maxJobs?: number;
  logger: ForgeContext['logger'];
}

/**
 * GitHub Actions for forge: runs a repository's own workflow files on this
 * machine and answers GitHub's Actions REST routes and pages.
 */
export function createRunnerModule(options: RunnerModuleOptions): ForgeModule {
  return { start: context => startRunner(context, options) };
}
