// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { request } from 'node:http';
import { getPythonEnvironment, startMlflow, TestMlflow } from '.';

describe('startMlflow', () => {
  let mlflow: TestMlflow;

  beforeAll(async () => {
    mlflow = await startMlflow();
  }, 180_000);

  afterAll(() => mlflow?.stop());

  const call = async (path: string, body?: unknown) => {
    const response = await fetch(`${mlflow.url}/api/2.0/mlflow/${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { 'content-type': 'application/json' },
      body: body ? JSON.stringify(body) : undefined,
    });
    return { status: response.status, body: await response.json() };
  };

  it('is the real server: what Python logs is there over REST, also after a restart', async () => {
    const python = await getPythonEnvironment();
    execFileSync(
      python,
      [
        '-c',
        `
import mlflow
mlflow.set_tracking_uri("${mlflow.url}")
mlflow.set_experiment("seeded")
with mlflow.start_run():
    mlflow.log_metric("accuracy", 0.97)
    mlflow.log_text("hello", "note.txt")
`,
      ],
      { stdio: 'pipe' },
    );

    await mlflow.restart();

    const experiment = await call(
      'experiments/get-by-name?experiment_name=seeded',
    );
    expect(experiment.status).toBe(200);
    const runs = await call('runs/search', {
      experiment_ids: [experiment.body.experiment.experiment_id],
    });
    expect(runs.body.runs).toHaveLength(1);
    expect(runs.body.runs[0].data.metrics).toEqual([
      expect.objectContaining({ key: 'accuracy', value: 0.97 }),
    ]);
    expect(runs.body.runs[0].info.artifact_uri).toMatch(/^mlflow-artifacts:/);
  }, 180_000);

  it('answers to localhost by its port, and to no page of another site', async () => {
    const { port } = mlflow;
    const ask = (
      host: string,
      headers = {},
      method = 'GET',
      target = method === 'GET'
        ? '/api/2.0/mlflow/experiments/search?max_results=1'
        : '/api/2.0/mlflow/experiments/create',
    ) =>
      new Promise<number | undefined>((resolve, reject) => {
        const message = request(
          {
            host: '127.0.0.1',
            port,
            method,
            path: target,
            headers: { host, 'content-type': 'application/json', ...headers },
          },
          response => {
            response.resume();
            resolve(response.statusCode);
          },
        );
        message.on('error', reject);
        message.end(method === 'GET' ? '' : '{"name":"of a foreign page"}');
      });
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`]) {
      expect([host, await ask(host)]).toEqual([host, 200]);
    }
    for (const host of [
      `10.evil.example:${port}`,
      `172.16.evil.example:${port}`,
      `192.168.evil.example:${port}`,
      `fc00:evil.example:${port}`,
      `localhost.evil.example:${port}`,
      `evil.example:${port}`,
      'localhost',
      `10.0.0.1:${port}`,
    ]) {
      expect([host, await ask(host)]).toEqual([host, 421]);
      expect(await ask(host, {}, 'GET', '/health')).toBe(421);
    }
    const own = `localhost:${port}`;
    for (const origin of [
      'https://evil.example',
      'http://10.evil.example',
      // Another server of this machine.
      'http://localhost:1',
      'null',
    ]) {
      for (const target of [
        undefined,
        '/graphql',
        '/v1/traces',
        '/gateway/x',
      ]) {
        const status = await ask(own, { origin }, 'POST', target);
        expect([origin, target, status]).toEqual([origin, target, 403]);
      }
      expect(await ask(own, { origin })).toBe(403);
    }
    const form = { 'sec-fetch-site': 'cross-site' };
    expect(await ask(own, form, 'POST')).toBe(403);
    expect(await ask(own, form)).toBe(200);
    expect(await ask(own, { 'x-forwarded-host': 'evil.example' })).toBe(421);
    const page = { origin: `http://${own}`, 'sec-fetch-site': 'same-origin' };
    expect(await ask(own, page, 'POST')).toBe(200);
  });

  it('leaves nothing behind', async () => {
    await mlflow.stop();
    await expect(fetch(`${mlflow.url}/health`)).rejects.toThrow();
    expect(fs.existsSync(mlflow.dataDir)).toBe(false);
  }, 60_000);
});
