// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import http from 'node:http';
import { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { PortalClient } from '../portal/PortalClient';
import { DemoManifests } from './DemoManifests';
import { DemoPipeline } from './DemoPipeline';
import { createDemoModel, isDemoWanted } from './createDemoModel';

const run = (status: string, conclusion: string | null = null) => ({
  id: 1,
  name: 'CI',
  event: 'push',
  status,
  conclusion,
  html_url: 'http://localhost:3002/greenroom-demo/wine-cultivar/actions/runs/1',
});

/** Stands in, over HTTP, for the three servers that the demo talks to; the journey in Chromium uses the real ones. */
class Servers {
  readonly created: { templateRef: string; values: Record<string, unknown> }[] =
    [];
  readonly reruns: string[] = [];
  /** Requests that changed the GitOps repository's Actions. */
  readonly paused: string[] = [];
  handedOff = false;
  readonly tasks = new Map<string, string>();
  token = 'first';
  runs: object[] = [];
  champion: string | undefined;
  onRunsRead: () => void = () => {};
  #server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', chunk => chunks.push(chunk));
    request.on('end', () => {
      const [status, body] = this.#answer(request, Buffer.concat(chunks));
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    });
  });

  async start(): Promise<string> {
    await new Promise<void>(resolve => {
      this.#server.listen(0, '127.0.0.1', () => resolve());
    });
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }

  #answer(request: http.IncomingMessage, body: Buffer): [number, unknown] {
    const url = request.url ?? '';
    if (url === '/api/auth/guest/refresh') {
      return [200, { backstageIdentity: { token: this.token } }];
    }
    if (url.startsWith('/api/scaffolder')) {
      if (request.headers.authorization !== `Bearer ${this.token}`) {
        return [401, {}];
      }
      return this.#scaffolder(request.method ?? '', url, body);
    }
    if (url.startsWith('/forge/repos/greenroom-demo/infra-manifests/')) {
      return this.#manifests(request.method ?? '', url);
    }
    if (url.startsWith('/forge/repos/greenroom-demo/wine-cultivar/')) {
      if (url.endsWith('/rerun')) {
        this.reruns.push(url);
        this.runs = [run('completed', 'success')];
        return [201, {}];
      }
      if (url.includes('/jobs')) {
        return [200, { jobs: [{ name: 'Train', status: 'in_progress' }] }];
      }
      const runs = this.runs;
      this.onRunsRead();
      return [200, { workflow_runs: runs }];
    }
    if (url.includes('registered-models/alias')) {
      return this.champion
        ? [200, { model_version: { version: this.champion } }]
        : [404, {}];
    }
    return [404, {}];
  }

  #manifests(method: string, url: string): [number, unknown] {
    if (method !== 'GET') {
      this.paused.push(`${method} ${url.split('/infra-manifests')[1]}`);
      return url.endsWith('/cancel') ? [409, {}] : [200, {}];
    }
    if (url.includes('/contents/')) {
      return this.handedOff ? [200, { type: 'file' }] : [404, {}];
    }
    return url.includes('/runs')
      ? [200, { workflow_runs: [run('queued'), run('completed', 'success')] }]
      : [
          200,
          {
            workflows: [
              { id: 7, state: 'active' },
              { id: 8, state: 'disabled_manually' },
            ],
          },
        ];
  }

  #scaffolder(method: string, url: string, body: Buffer): [number, unknown] {
    if (method === 'POST') {
      this.created.push(JSON.parse(body.toString()));
      const id = `task-${this.created.length}`;
      this.tasks.set(id, this.tasks.get(id) ?? 'completed');
      return [201, { id }];
    }
    const id = url.split('/')[5];
    const status = this.tasks.get(id);
    if (!status) {
      return [404, {}];
    }
    return url.endsWith('/events')
      ? [
          200,
          [
            {
              id: 1,
              type: 'log',
              body: { message: 'Check that the names are free' },
            },
            {
              id: 2,
              type: 'log',
              body: { message: 'ConflictError: the name is taken\n  at x' },
            },
          ],
        ]
      : [200, { id, status }];
  }
}

describe('createDemoModel', () => {
  let servers: Servers;
  let url: string;
  let folder: string;
  let details: string[];

  beforeEach(async () => {
    servers = new Servers();
    url = await servers.start();
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-demo-'));
    details = [];
  });

  afterEach(async () => {
    await servers.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  const recordFile = () => path.join(folder, 'demo.json');
  const create = (signal?: AbortSignal, isHandedOff = false) =>
    createDemoModel({
      portal: new PortalClient(url),
      pipeline: new DemoPipeline({
        forgeApiUrl: `${url}/forge`,
        token: 'forge-token',
        mlflowUrl: url,
        owner: 'greenroom-demo',
        name: 'wine-cultivar',
        isHandedOff,
      }),
      manifests: isHandedOff
        ? new DemoManifests({
            forgeApiUrl: `${url}/forge`,
            token: 'forge-token',
            owner: 'greenroom-demo',
            name: 'infra-manifests',
          })
        : undefined,
      forgeHost: 'localhost:3002',
      recordFile: recordFile(),
      step: { detail: text => details.push(text) },
      signal,
    });

  it("goes through the template's own values, follows the run and ends with the version; once", async () => {
    servers.runs = [run('in_progress')];
    servers.onRunsRead = () => {
      servers.champion = '1';
      servers.runs = [run('completed', 'success')];
    };
    expect(isDemoWanted(recordFile())).toBe(true);

    await create();

    expect(servers.created).toEqual([
      expect.objectContaining({
        templateRef: 'template:default/model-service',
        values: expect.objectContaining({
          name: 'wine-cultivar',
          owner: 'group:default/fraud-team',
          system: 'system:default/decisions',
          repository: expect.objectContaining({
            host: 'localhost:3002',
            owner: 'greenroom-demo',
          }),
        }),
      }),
    ]);
    expect(details).toContain('pipeline: Train');
    expect(details.at(-1)).toBe('registered v1');
    expect(isDemoWanted(recordFile())).toBe(false);
  });

  it('goes on with the task of a start that was interrupted, also when the token has run out', async () => {
    servers.runs = [run('in_progress')];
    const abort = new AbortController();
    servers.onRunsRead = () => abort.abort(new Error('stopped'));
    await expect(create(abort.signal)).rejects.toThrow();
    expect(isDemoWanted(recordFile())).toBe(true);

    servers.token = 'second';
    servers.onRunsRead = () => {};
    // The run that was under way went with the platform.
    servers.runs = [run('completed', 'failure')];
    servers.champion = '1';
    await create();

    expect(servers.created).toHaveLength(1);
    expect(servers.reruns).toEqual([
      '/forge/repos/greenroom-demo/wine-cultivar/actions/runs/1/rerun',
    ]);
    expect(isDemoWanted(recordFile())).toBe(false);
  });

  it('makes the GitOps repository before the model where there is a cluster, and its checks wait; once', async () => {
    servers.runs = [run('completed', 'failure')];
    servers.champion = '1';
    // The version is registered, but that it was not handed off is a failure.
    await expect(create(undefined, true)).rejects.toThrow(
      'its pipeline failed: http://localhost:3002/greenroom-demo/wine-cultivar/actions/runs/1',
    );
    expect(servers.created).toMatchObject([
      {
        templateRef: 'template:default/infra-manifests',
        values: {
          name: 'infra-manifests',
          teams: ['group:default/fraud-team'],
        },
      },
      {
        templateRef: 'template:default/model-service',
        values: { delivery: { environments: 'dev' } },
      },
    ]);
    expect(servers.paused).toEqual([
      'PUT /actions/workflows/7/disable',
      'POST /actions/runs/1/cancel',
    ]);

    servers.handedOff = true;
    await create(undefined, true);

    expect(servers.created).toHaveLength(2);
    expect(servers.reruns).toHaveLength(1);
    expect(details.at(-1)).toBe('registered v1, handed off to dev');
    expect(isDemoWanted(recordFile())).toBe(false);
  });

  it('makes a new task when the earlier one failed, is open for ever or is forgotten', async () => {
    servers.tasks.set('task-1', 'failed');
    await expect(create()).rejects.toThrow(
      "the template's task task-1 failed: ConflictError: the name is taken",
    );
    servers.tasks.set('task-1', 'processing');
    servers.runs = [run('completed', 'success')];
    servers.champion = '2';

    await create();

    expect(servers.created).toHaveLength(2);
    expect(details.at(-1)).toBe('registered v2');

    fs.writeFileSync(
      recordFile(),
      JSON.stringify({ status: 'creating', taskId: 'forgotten' }),
    );
    await create();
    expect(servers.created).toHaveLength(3);
  });

  it('says which run failed, or that one ended without a model', async () => {
    servers.runs = [run('completed', 'failure')];
    await expect(create()).rejects.toThrow(
      'its pipeline failed: http://localhost:3002/greenroom-demo/wine-cultivar/actions/runs/1',
    );
    servers.runs = [run('completed', 'success')];
    await expect(create()).rejects.toThrow(/ended without registering a model/);
    expect(isDemoWanted(recordFile())).toBe(true);
  });
});
