// SPDX-License-Identifier: Apache-2.0
import {
  startMlflow,
  type TestMlflow,
} from '@greenroom/local-platform/testing';
import { MlflowClient, quoteMlflowFilterValue } from '.';

describe('MlflowClient against a real MLflow', () => {
  jest.setTimeout(180_000);

  let mlflow: TestMlflow;
  let client: MlflowClient;

  const post = async (path: string, body: unknown, version = '2.0') => {
    const response = await fetch(
      `${mlflow.url}/api/${version}/mlflow/${path}`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      },
    );
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

  it('leaves children out where it is asked for top-level runs only', async () => {
    const experimentId = await client.createExperiment({ name: 'nested' });
    const create = async (name: string, parent?: string) =>
      (
        await post('runs/create', {
          experiment_id: experimentId,
          run_name: name,
          start_time: 1_000,
          tags: parent ? [{ key: 'mlflow.parentRunId', value: parent }] : [],
        })
      ).run.info.run_id;
    const parent = await create('parent');
    await create('child', parent);
    await create('\u200b\ufe0f \u3164');
    const search = async (filter?: string) =>
      (
        await client.searchRuns({
          experimentIds: [experimentId],
          topLevel: true,
          filter,
        })
      ).items.map(({ runName }) => runName.replace(/^[0-9a-f]{32}$/, 'id'));
    expect((await search()).sort()).toEqual(['id', 'parent']);
    expect(await search("attributes.run_name = 'parent'")).toEqual(['parent']);
    await expect(search('nonsense')).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      message: "Invalid clause(s) in filter string: 'nonsense'",
    });
  });

  it('counts traces and LoggedModels', async () => {
    const experimentId = await client.createExperiment({ name: 'genai' });
    expect(await client.countTraces(experimentId)).toEqual({
      count: 0,
      isMore: false,
    });
    await post('logged-models', { experiment_id: experimentId, name: 'agent' });
    for (let index = 0; index < 51; index++) {
      await post(
        'traces',
        {
          trace: {
            trace_info: {
              trace_id: `tr-${String(index).padStart(32, '0')}`,
              trace_location: {
                type: 'MLFLOW_EXPERIMENT',
                mlflow_experiment: { experiment_id: experimentId },
              },
              request_time: '2026-11-28T10:00:00Z',
              state: 'OK',
            },
          },
        },
        '3.0',
      );
    }
    expect(await client.countTraces(experimentId)).toEqual({
      count: 50,
      isMore: true,
    });
    expect(await client.countLoggedModels(experimentId)).toEqual({
      count: 1,
      isMore: false,
    });
    expect(await client.probe()).toBeUndefined();
  });

  it.each([
    [
      {
        columns: ['age', 7],
        data: [
          [41, 'x'],
          [1, 'y'],
        ],
      },
      { columns: { age: 41, 7: 'x' } },
    ],
    [
      {
        inputs: [
          [1, 2],
          [3, 4],
        ],
      },
      { row: [1, 2] },
    ],
    [{ inputs: { age: [41, 2] } }, { columns: { age: 41 } }],
    [{ messages: [{ role: 'user' }] }, undefined],
    [undefined, undefined],
  ])('reads of the input example %j one row', async (file, expected) => {
    const name = `example-${(await client.searchRegisteredModels()).items.length}`;
    const { run } = await post('runs/create', { experiment_id: '0' });
    const folder = `0/${run.info.run_id}/artifacts/model`;
    if (file) {
      const artifact = `${mlflow.url}/api/2.0/mlflow-artifacts/artifacts/${folder}/input_example.json`;
      const body = JSON.stringify(file);
      expect((await fetch(artifact, { method: 'PUT', body })).status).toBe(200);
    }
    await post('registered-models/create', { name });
    await post('model-versions/create', {
      name,
      source: `mlflow-artifacts:/${folder}`,
      run_id: run.info.run_id,
    });
    expect(await client.getInputExample(name, '1')).toEqual(expected);
    expect(await client.getInputExample(name, '2')).toBeUndefined();
  });

  it('reads registered models, versions, aliases and stages, and what is missing as undefined', async () => {
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
    await post('model-versions/transition-stage', {
      name: "jane's",
      version: '1',
      stage: 'Production',
      archive_existing_versions: false,
    });

    expect(await client.getRegisteredModel("jane's")).toMatchObject({
      aliases: [{ alias: 'champion', version: '2' }],
      latestVersions: expect.arrayContaining([
        expect.objectContaining({ version: '1', stage: 'Production' }),
        expect.objectContaining({ version: '3', stage: undefined }),
      ]),
    });
    expect(await client.getModelVersion("jane's", '2')).toMatchObject({
      version: '2',
      aliases: ['champion'],
    });

    const first = await client.searchVersionsOfModel("jane's", {
      maxResults: 2,
    });
    const second = await client.searchVersionsOfModel("jane's", {
      maxResults: 2,
      pageToken: first.nextPageToken,
    });
    expect(
      [...first.items, ...second.items].map(({ stage, version }) => [
        version,
        stage,
      ]),
    ).toEqual([
      ['3', undefined],
      ['2', undefined],
      ['1', 'Production'],
    ]);
    expect(second.nextPageToken).toBeUndefined();

    expect(await client.getRegisteredModel('missing')).toBeUndefined();
    expect(await client.getModelVersion("jane's", '9')).toBeUndefined();
    // Names and ids that MLflow refuses belong to nothing.
    expect(await client.getRegisteredModel('lcoal:fraud')).toBeUndefined();
    expect(await client.getRegisteredModel('team/fraud')).toBeUndefined();
    expect(await client.getExperiment('lcoal:12')).toBeUndefined();
  });

  it('finds the versions of prompts', async () => {
    const isPrompt = [{ key: 'mlflow.prompt.is_prompt', value: 'true' }];
    await post('registered-models/create', { name: 'ask', tags: isPrompt });
    for (let index = 0; index < 2; index++) {
      await post('model-versions/create', {
        name: 'ask',
        source: 'prompt-template',
        tags: isPrompt,
      });
    }
    const search = async (request: { isPrompt?: boolean }) =>
      (
        await client.searchVersionsOfModel('ask', { maxResults: 5, ...request })
      ).items.map(({ version }) => version);
    expect(await search({ isPrompt: true })).toEqual(['2', '1']);
    expect(await search({})).toEqual([]);
  });

  it.each([
    'a, b',
    'end\\',
    "it's",
    'say "x"',
    `it's "x"`,
    `"'`,
    `a"'%_\\`,
    `x[y]*?"'`,
    '100%_',
    '*?',
    '模型 🔥',
    'tab\there',
    "' or '1'='1",
    '-- x',
  ])('finds the versions of the model %j, and of no other', async name => {
    const twin = name.replace(/[^ ]/, 'Z');
    for (const each of [name, twin]) {
      await post('registered-models/create', { name: each });
      for (let index = 0; index < 3; index++) {
        await post('model-versions/create', {
          name: each,
          source: 's3://a/b',
        });
      }
    }
    const versions: string[] = [];
    let pageToken: string | undefined;
    for (let page = 0; page < 10; page++) {
      const answer = await client.searchVersionsOfModel(name, {
        maxResults: 2,
        pageToken,
      });
      versions.push(
        ...answer.items.map(version => `${version.name} ${version.version}`),
      );
      pageToken = answer.nextPageToken;
      if (!pageToken) {
        break;
      }
    }
    expect(versions).toEqual([`${name} 3`, `${name} 2`, `${name} 1`]);
    expect((await client.getRegisteredModel(name))?.name).toBe(name);
  });
});
