// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  forgeAnswers,
  forgeProcess,
  ForgeProcessOptions,
  jobCacheDir,
} from '@greenroom/local-github';
import { ensurePythonEnvironment } from '@greenroom/local-github/testing';
import { ManagedProcess } from '../supervisor/ManagedProcess';
import { findFreePort } from '../../bootstrap/ports.mjs';
import { waitUntilReady } from '../supervisor/waitUntilReady';

/** What a test may choose about forge; everything has a default. */
export interface StartForgeOptions {
  /** A folder that outlives the server; without it a temporary one goes with `stop()`. */
  dataDir?: string;
  port?: number;
  organizations?: string[];
  users?: string[];
  /** The administrator's; a random one unless told. */
  token?: string;
  /** What happens in any repository is told to it. */
  webhook?: ForgeProcessOptions['webhook'];
  /** False leaves GitHub Actions out, and with it uv and Python. */
  runner?: boolean;
  maxJobs?: number;
  /** What jobs push images and hand versions off with. */
  delivery?: Pick<
    NonNullable<ForgeProcessOptions['runner']>,
    'registry' | 'apps' | 'organizations'
  >;
  /** A folder whose tools jobs find in RUNNER_TOOL_CACHE, so that none builds them for minutes. */
  tools?: string;
}

/** A running forge, as GitHub Enterprise's layout has it. */
export interface TestForge {
  /** Web and git, for example `http://localhost:3002`. */
  url: string;
  /** REST, for example `http://localhost:3002/api/v3`. */
  apiUrl: string;
  /** For `integrations.github[].host`, for example `localhost:3002`. */
  host: string;
  port: number;
  /** Acts as the site admin `guest`. */
  token: string;
  dataDir: string;
  stop(): Promise<void>;
  /** Stops it if it runs, and starts it again on the same port with the same data. */
  restart(): Promise<void>;
}

/** Starts forge with its runner as a process of its own. */
export async function startForge(
  options: StartForgeOptions = {},
): Promise<TestForge> {
  const root =
    options.dataDir ??
    fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-forge-'));
  const port = options.port ?? (await findFreePort());
  const token = options.token ?? `ghp_${randomBytes(18).toString('hex')}`;
  const forgeOptions: ForgeProcessOptions = {
    dataDir: path.join(root, 'forge'),
    port,
    adminToken: token,
    organizations: options.organizations ?? ['greenroom-demo'],
    users: options.users ?? ['guest', 'jane', 'ravi'],
    webhook: options.webhook,
  };
  if (options.runner !== false) {
    const { uv, cacheDir, python } = await ensurePythonEnvironment();
    if (options.tools) {
      fs.cpSync(options.tools, path.join(jobCacheDir(cacheDir), 'tools'), {
        recursive: true,
        force: false,
      });
    }
    forgeOptions.runner = {
      workDir: path.join(root, 'runner'),
      cacheDir,
      uv,
      python,
      hiddenDirs: [root],
      maxJobs: options.maxJobs ?? 2,
      ...options.delivery,
    };
  }
  let server: ManagedProcess | undefined;

  const start = async () => {
    server = ManagedProcess.start(
      forgeProcess(forgeOptions, path.join(root, 'forge.log')),
    );
    try {
      await waitUntilReady({
        process: server,
        check: signal => forgeAnswers(port, token, signal),
        timeoutMs: 60_000,
      });
    } catch (error) {
      await server.stop();
      throw error;
    }
  };

  await start();
  return {
    url: `http://localhost:${port}`,
    apiUrl: `http://localhost:${port}/api/v3`,
    host: `localhost:${port}`,
    port,
    token,
    dataDir: root,
    stop: async () => {
      await server?.stop();
      if (options.dataDir === undefined) {
        fs.rmSync(root, { recursive: true, force: true });
      }
    },
    restart: async () => {
      await server?.stop();
      await start();
    },
  };
}
