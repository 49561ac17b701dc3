import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
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

  it('leaves nothing behind', async () => {
    await mlflow.stop();
    await expect(fetch(`${mlflow.url}/health`)).rejects.toThrow();
    expect(fs.existsSync(mlflow.dataDir)).toBe(false);
  }, 60_000);
});
