import type { ForgeContext, ForgeModule } from '../forge/types';
import { startRunner } from './startRunner';

/** What the runner needs from whoever starts it. */
export interface RunnerModuleOptions {
  /** Work folders, logs and artifacts; survives restarts. */
  workDir: string;
  /** The shared tool cache: `envs/` holds one Python environment per lock file. */
  cacheDir: string;
  /** Path of the `uv` executable that `setup-uv` and `setup-python` put on PATH. */
  uv: string;
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
