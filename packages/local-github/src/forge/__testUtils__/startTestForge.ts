// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Octokit } from '@octokit/rest';
import type { SiteWebhook } from '../events/WebhookSender';
import { gitEnvironment } from '../git/git';
import { startForge, type RunningForge } from '../startForge';
import type { ForgeEvent, ForgeModule } from '../types';
import { createCheckedFetch, type GitHubOpenApi } from './openApi';

export const ADMIN_TOKEN = 'admin-token-of-this-test';
export const ORGANIZATION = 'greenroom-demo';

const run = promisify(execFile);

export interface TestForge {
  forge: RunningForge;
  api: string;
  dataDir: string;
  /** What forge logged, one line each. */
  logs: string[];
  events: ForgeEvent[];
  /** A client of the real library; undefined token: the administrator's, null: anonymous. */
  octokit(token?: string | null): Octokit;
  /** Runs the real git, as a person would on this machine. */
  git(cwd: string, ...args: string[]): Promise<string>;
  /** A clone URL with credentials. */
  cloneUrl(fullName: string, token?: string): string;
  temporaryDirectory(): Promise<string>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export async function startTestForge(
  openApi: GitHubOpenApi,
  modules: ForgeModule[] = [],
  webhook?: SiteWebhook,
): Promise<TestForge> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'forge-test-'));
  const dataDir = path.join(root, 'data');
  const logs: string[] = [];
  const events: ForgeEvent[] = [];
  const log = (message: string) => {
    logs.push(message);
  };
  const start = async (port: number) => {
    const forge = await startForge({
      dataDir,
      port,
      adminToken: ADMIN_TOKEN,
      organizations: [ORGANIZATION],
      users: ['guest', 'jane', 'ravi'],
      logger: { info: log, warn: log, error: log },
      modules,
      webhook,
    });
    forge.context.events.on('event', event => {
      events.push(event);
    });
    return forge;
  };
  const test: TestForge = {
    forge: await start(0),
    api: '',
    dataDir,
    logs,
    events,
    octokit: (token = ADMIN_TOKEN) =>
      new Octokit({
        ...(token !== null && { auth: token }),
        baseUrl: test.api,
        request: { fetch: createCheckedFetch(openApi, test.api) },
        log: { debug() {}, info() {}, warn() {}, error() {} },
      }),
    git: async (cwd, ...args) => {
      const { stdout } = await run('git', args, {
        cwd,
        env: {
          ...gitEnvironment({
            'user.name': 'Jane Doe',
            'user.email': 'jane@example.com',
            'init.defaultBranch': 'main',
          }),
        },
      });
      return stdout.trim();
    },
    cloneUrl: (fullName, token = ADMIN_TOKEN) =>
      `${test.forge.url.replace('http://', `http://x-access-token:${token}@`)}/${fullName}.git`,
    temporaryDirectory: () => mkdtemp(path.join(root, 'work-')),
    restart: async () => {
      const { port } = new URL(test.forge.url);
      await test.forge.stop();
      test.forge = await start(Number(port));
    },
    stop: async () => {
      await test.forge.stop();
      await rm(root, { recursive: true, force: true });
    },
  };
  test.api = test.forge.context.urls.api;
  return test;
}

export interface ReceivedRequest {
  headers: IncomingHttpHeaders;
  body: string;
}

/** A real receiver of webhooks on a free port. */
export async function startReceiver(): Promise<{
  url: string;
  requests: ReceivedRequest[];
  /** Answered to the next requests. */
  respondWith(status: number): void;
  stop(): Promise<void>;
}> {
  const requests: ReceivedRequest[] = [];
  let status = 200;
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', chunk => chunks.push(chunk));
    req.on('end', () => {
      requests.push({
        headers: req.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      });
      res.statusCode = status;
      res.end('received');
    });
  });
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://localhost:${port}/hook`,
    requests,
    respondWith: next => {
      status = next;
    },
    stop: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
