// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import { PACKAGE_DIR } from './paths';
import type { SiteWebhook } from './forge/events/WebhookSender';
import type { GithubAppOptions } from './runner/apps/GithubApps';
import type { LocalRegistryOptions } from './runner/images/LocalRegistry';
import type { OrganizationSettings } from './runner/store/OrganizationSettings';

/** What `src/forge/main.ts` reads from its standard input. */
export interface ForgeProcessOptions {
  dataDir: string;
  port: number;
  /** Acts as the site admin `guest`. */
  adminToken: string;
  organizations: string[];
  users: string[];
  /** What happens in any repository is told to it, signed. */
  webhook?: SiteWebhook;
  /** Without it there are no Actions. */
  runner?: {
    workDir: string;
    cacheDir: string;
    /** Path of uv. */
    uv: string;
    /** Interpreter that the runner itself uses. */
    python?: string;
    /** Folders that no job may see. */
    hiddenDirs?: string[];
    maxJobs?: number;
    /** The registry on this machine that stands in for ghcr.io. */
    registry?: LocalRegistryOptions;
    /** GitHub Apps that jobs can act as. */
    apps?: GithubAppOptions[];
    /** Actions variables and secrets that organisations give to their repositories, by login. */
    organizations?: Record<string, OrganizationSettings>;
  };
}

const MAIN = path.join(PACKAGE_DIR, 'src', 'forge', 'main.ts');

/** How forge and its runner are started as one process of their own: the command, and what it reads from its standard input. */
export function forgeProcess(options: ForgeProcessOptions, logFile: string) {
  fs.mkdirSync(options.dataDir, { recursive: true });
  return {
    name: 'forge',
    command: process.execPath,
    args: [
      '--max-old-space-size=512',
      '--import',
      require.resolve('tsx'),
      MAIN,
    ],
    input: `${JSON.stringify(options)}\n`,
    cwd: PACKAGE_DIR,
    env: { ...process.env, NODE_OPTIONS: '' },
    logFile,
  };
}

/** True once forge answers its own API with this token. */
export async function forgeAnswers(
  port: number,
  token: string,
  signal: AbortSignal,
): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v3/meta`, {
    headers: { authorization: `token ${token}` },
    signal,
  });
  return response.ok;
}
