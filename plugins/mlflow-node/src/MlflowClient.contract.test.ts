import {
  startMlflow,
  type TestMlflow,
} from '@greenroom/local-platform/testing';
import { MlflowClient, quoteMlflowFilterValue } from '.';

describe('MlflowClient against a real MLflow', () => {
  jest.setTimeout(180_000);

  let mlflow: TestMlflow;
  let client: MlflowClient;

  const post = async (path: string, body: unknown) => {
    const response = await fetch(`${mlflow.url}/api/2.0/mlflow/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(200);
    return response.json();
  };

  beforeAll(async () => {
    mlflow = await startMlflow();
    client = new MlflowClient({
      name: 'local',
      baseUrl: mlflow.url,
      webUrl: mlflow.url,
      trackingUri: mlflow.url,
      headers: {},
      timeoutMs: 30_000,
      maxResponseSize: 1_000_000,
      maxConcurrent: 4,
    });
  });

  afterAll(() => mlflow?.stop());

  it('creates and finds experiments, and tells deleted and missing ones', async () => {
    const id = await client.createExperiment({
      name: "jane's: churn & co",
      tags: { owner: 'group:default/fraud-team' },
    });
    expect(
      await client.getExperimentByName("jane's: churn & co"),
    ).toMatchObject({
      experimentId: id,
      lifecycleStage: 'active',
      artifactLocation: expect.stringContaining('mlflow-artifacts:'),
      creationTime: expect.any(Number),
      tags: { owner: 'group:default/fraud-team' },
    });
    await expect(
      client.createExperiment({ name: "jane's: churn & co" }),
    ).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      errorCode: 'RESOURCE_ALREADY_EXISTS',
      message: "Experiment(name=jane's: churn & co) already exists.",
    });
    const found = await client.searchExperiments({
      filter: `name = ${quoteMlflowFilterValue("jane's: churn & co")}`,
    });
    expect(found.items.map(({ experimentId }) => experimentId)).toEqual([id]);

    await post('experiments/delete', { experiment_id: id });
    expect((await client.getExperiment(id))?.lifecycleStage).toBe('deleted');
    expect(
      (await client.searchExperiments()).items.map(({ name }) => name),
    ).toEqual(['Default']);
    expect(await client.getExperiment('4711')).toBeUndefined();
    expect(await client.getExperimentByName('missing')).toBeUndefined();
  });

  it('pages through runs, with the metrics that JSON does not have', async () => {
    const experimentId = await client.createExperiment({ name: 'runs' });
    for (let index = 0; index < 5; index++) {
      const { run } = await post('runs/create', {
        experiment_id: experimentId,
        run_name: `run ${index}`,
        start_time: 1_000 + index,
      });
      await post('runs/log-batch', {
        run_id: run.info.run_id,
        metrics: ['NaN', 'Infinity', '-Infinity', 0.5].map((value, key) => ({
          key: `m${key}`,
          value,
          timestamp: 1,
          step: 0,
        })),
      });
    }
    const names: string[] = [];
    for await (const run of client.iterateRuns({
      experimentIds: [experimentId],
      orderBy: ['attributes.start_time ASC'],
      maxResults: 2,
    })) {
      names.push(run.runName);
      expect(run.metrics).toEqual({
        m0: 'NaN',
        m1: 'Infinity',
        m2: '-Infinity',
        m3: 0.5,
      });
      expect(await client.getRun(run.runId)).toEqual(run);
    }
    expect(names).toEqual(['run 0', 'run 1', 'run 2', 'run 3', 'run 4']);
    expect(await client.getRun('f'.repeat(32))).toBeUndefined();
    await expect(
      client.searchRuns({ experimentIds: [experimentId], filter: 'nonsense' }),
    ).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      message: "Invalid clause(s) in filter string: 'nonsense'",
    });
  });

  it('reads registered models, versions and aliases, and what is missing as undefined', async () => {
    await post('registered-models/create', { name: 'fraud' });
    await post('registered-models/create', { name: "jane's" });
    for (let index = 0; index < 3; index++) {
      await post('model-versions/create', {
        name: "jane's",
        source: 's3://a/b',
      });
    }
    await post('registered-models/alias', {
      name: "jane's",
      alias: 'champion',
      version: '2',
    });

    const models: string[] = [];
    for await (const model of client.iterateRegisteredModels({
      maxResults: 1,
    })) {
      models.push(model.name);
    }
    expect(models).toEqual(['fraud', "jane's"]);
    expect(await client.getRegisteredModel("jane's")).toMatchObject({
      aliases: [{ alias: 'champion', version: '2' }],
      latestVersions: [{ version: '3', status: 'READY', aliases: [] }],
    });
    const champion = await client.getModelVersionByAlias("jane's", 'champion');
    expect(champion).toMatchObject({ version: '2', aliases: ['champion'] });
    expect(await client.getModelVersion("jane's", '2')).toEqual(champion);

    const versions: string[] = [];
    for await (const { version } of client.iterateModelVersions({
      filter: `name = ${quoteMlflowFilterValue("jane's")}`,
      orderBy: ['version_number DESC'],
      maxResults: 2,
    })) {
      versions.push(version);
    }
    expect(versions).toEqual(['3', '2', '1']);

    expect(await client.getRegisteredModel('missing')).toBeUndefined();
    expect(await client.getModelVersion("jane's", '9')).toBeUndefined();
    expect(await client.getModelVersionByAlias("jane's", 'x')).toBeUndefined();
    expect(await client.getModelVersionByAlias('missing', 'x')).toBeUndefined();
  });
});
