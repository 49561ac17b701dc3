// SPDX-License-Identifier: Apache-2.0
import {
  startMlflow,
  type TestMlflow,
} from '@greenroom/local-platform/testing';
import type {
  MlflowEntityOverview,
  MlflowListResponse,
  MlflowModelSummary,
  MlflowModelVersionsResponse,
  MlflowRunResponse,
  MlflowRunsResponse,
} from '@greenroom/plugin-mlflow-common';
import request from 'supertest';
import { createSeeder } from './__testUtils__/seedMlflow';
import { createModel, startPortal } from './__testUtils__/startPortal';

const HOUR = 3_600_000;
const WEB = 'https://mlflow.example';

const MODELS = {
  staged: 'staged',
  grown: 'grown',
  orphans: 'orphans',
  prompt: 'support, prompt',
  quotes: `both'"quotes`,
};

describe('the mlflow backend with an MLflow that was not made by our template', () => {
  jest.setTimeout(180_000);

  let mlflow: TestMlflow;
  let portal: Awaited<ReturnType<typeof startPortal>>;
  const ids: Record<string, string> = {};
  const now = Date.now();

  async function get<T>(name: string, resource: string, query: object = {}) {
    const { body, status } = await request(portal.server)
      .get(`/api/mlflow/entities/component/default/${name}/${resource}`)
      .query(query);
    expect([status, body.error]).toEqual([200, undefined]);
    const typed: T = body;
    return typed;
  }
  const overview = (name: string) =>
    get<MlflowEntityOverview>(name, 'overview');
  const runs = (name: string, query?: object) =>
    get<MlflowRunsResponse>(name, 'runs', query);
  const versions = (name: string, query?: object) =>
    get<MlflowModelVersionsResponse>(name, 'model-versions', query);

  beforeAll(async () => {
    mlflow = await startMlflow();
    const seed = createSeeder(mlflow.url);

    ids.jobs = await seed.experiment('jobs');
    ids.parent = await seed.run(ids.jobs, {
      name: 'sweep',
      startTime: now - 5 * HOUR,
    });
    for (let index = 0; index < 3; index++) {
      await seed.run(ids.jobs, {
        name: `trial ${index}`,
        startTime: now - 4 * HOUR + index,
        tags: { 'mlflow.parentRunId': ids.parent },
      });
    }
    ids.blank = await seed.run(ids.jobs, {
      name: '\u200b \u2060',
      startTime: now - 3 * HOUR,
    });
    ids.deleted = await seed.run(ids.jobs, {
      name: 'deleted',
      startTime: now - 2 * HOUR,
    });
    await seed.run(ids.jobs, {
      name: 'from tomorrow',
      startTime: now + 24 * HOUR,
      status: 'RUNNING',
    });
    ids.zombies = await seed.experiment('zombies');
    await seed.run(ids.zombies, {
      name: 'zombie',
      startTime: now - 120 * HOUR,
      status: 'RUNNING',
    });

    ids.genai = await seed.experiment('agents');
    await seed.post('logged-models', {
      experiment_id: ids.genai,
      name: 'agent',
    });
    for (let index = 0; index < 2; index++) {
      const trace_info = {
        trace_id: `tr-${String(index).padStart(32, '0')}`,
        trace_location: {
          type: 'MLFLOW_EXPERIMENT',
          mlflow_experiment: { experiment_id: ids.genai },
        },
        request_time: '2026-11-28T10:00:00Z',
        state: 'OK',
      };
      await seed.post('traces', { trace: { trace_info } }, '3.0');
    }

    await seed.registeredModel(MODELS.staged);
    for (const stage of ['Production', 'Production', 'Archived', undefined]) {
      const version = await seed.modelVersion(MODELS.staged);
      if (stage) {
        await seed.post('model-versions/transition-stage', {
          name: MODELS.staged,
          version,
          stage,
          archive_existing_versions: false,
        });
      }
    }
    await seed.registeredModel(MODELS.grown);
    for (let index = 0; index < 53; index++) {
      await seed.modelVersion(
        MODELS.grown,
        index === 0 ? ids.blank : undefined,
      );
    }
    await seed.alias(MODELS.grown, 'champion', '1');
    await seed.alias(MODELS.grown, 'shadow', '30');
    await seed.alias(MODELS.grown, 'newest', '53');

    await seed.registeredModel(MODELS.orphans);
    await seed.modelVersion(MODELS.orphans, ids.deleted);
    await seed.modelVersion(MODELS.orphans, 'f'.repeat(32));
    await seed.post('runs/delete', { run_id: ids.deleted });

    const isPrompt = { 'mlflow.prompt.is_prompt': 'true' };
    await seed.post('registered-models/create', {
      name: MODELS.prompt,
      tags: [{ key: 'mlflow.prompt.is_prompt', value: 'true' }],
    });
    for (let index = 0; index < 2; index++) {
      await seed.post('model-versions/create', {
        name: MODELS.prompt,
        source: 'prompt-template',
        tags: Object.entries(isPrompt).map(([key, value]) => ({ key, value })),
      });
    }
    await seed.registeredModel(MODELS.quotes);
    await seed.modelVersion(MODELS.quotes);
    await seed.modelVersion(MODELS.quotes);
    await seed.alias(MODELS.quotes, 'champion', '1');

    const model = (name: string) =>
      createModel(name, {
        'mlflow.org/registered-model': JSON.stringify([
          MODELS[name as keyof typeof MODELS],
        ]),
      });
    portal = await startPortal({
      mlflow: {
        instances: [{ name: 'local', baseUrl: mlflow.url, webUrl: WEB }],
      },
      entities: [
        createModel('jobs', { 'mlflow.org/experiment-name': 'jobs' }),
        createModel('zombies', { 'mlflow.org/experiment-name': 'zombies' }),
        createModel('agents', { 'mlflow.org/experiment-name': 'agents' }),
        createModel('typo', {
          'mlflow.org/experiment-name': 'nope',
          'mlflow.org/registered-model': 'lcoal:norum',
        }),
        ...Object.keys(MODELS).map(model),
      ],
    });
  });

  afterAll(async () => {
    await portal?.stop();
    await mlflow?.stop();
  });

  it('tells parents from children, names the nameless, and lists the top level alone', async () => {
    const all = await runs('jobs');
    expect(
      all.items.map(({ parentRunId, runName }) => [runName, parentRunId]),
    ).toEqual([
      ['from tomorrow', undefined],
      [ids.blank, undefined],
      ['trial 2', ids.parent],
      ['trial 1', ids.parent],
      ['trial 0', ids.parent],
      ['sweep', undefined],
    ]);
    expect(all.experiments).toEqual([
      {
        instance: 'local',
        name: 'jobs',
        experimentId: ids.jobs,
        state: 'active',
        url: `${WEB}/#/experiments/${ids.jobs}`,
      },
    ]);
    const names = async (query: object) =>
      (await runs('jobs', query)).items.map(({ runName }) => runName);
    expect(await names({ topLevel: true })).toEqual([
      'from tomorrow',
      ids.blank,
      'sweep',
    ]);
    expect(
      await names({ topLevel: true, filter: "attributes.run_name = 'sweep'" }),
    ).toEqual(['sweep']);

    const first = await runs('jobs', { topLevel: true, pageSize: 2 });
    const second = await runs('jobs', {
      topLevel: true,
      pageSize: 2,
      pageToken: first.nextPageToken,
    });
    expect(second.items.map(({ runName }) => runName)).toEqual(['sweep']);
    const bad = await request(portal.server)
      .get('/api/mlflow/entities/component/default/jobs/runs')
      .query({ topLevel: 'yes' });
    expect([bad.status, bad.body.error.message]).toEqual([
      400,
      expect.stringContaining("'topLevel' must be 'true' or 'false'"),
    ]);
  });

  it('answers a deleted run as one', async () => {
    const { item } = await get<MlflowRunResponse>(
      'jobs',
      `runs/local/${ids.deleted}`,
    );
    expect(item).toMatchObject({
      runName: 'deleted',
      lifecycleStage: 'deleted',
    });
  });

  it('takes no run from the future for the last one, and says which has stalled', async () => {
    expect((await overview('jobs')).lastRun?.runId).toBe(ids.blank);
    const { body } = await request(portal.server).get('/api/mlflow/models');
    const { items }: MlflowListResponse<MlflowModelSummary> = body;
    expect(
      Object.fromEntries(
        items.map(({ attention, title }) => [
          title,
          attention.map(({ reason }) => reason),
        ]),
      ),
    ).toEqual({
      agents: [],
      grown: [],
      jobs: [],
      orphans: ['no-champion'],
      prompt: [],
      quotes: [],
      staged: [],
      typo: ['not-found'],
      zombies: ['run-stalled'],
    });
  });

  it('says what an experiment without runs holds', async () => {
    const expected = [
      {
        state: 'active',
        traces: { count: 2, isMore: false },
        loggedModels: { count: 1, isMore: false },
      },
    ];
    expect((await runs('agents')).experiments).toMatchObject(expected);
    expect((await overview('agents')).experiments).toMatchObject(expected);
    const filtered = await runs('agents', { filter: 'metrics.a > 1' });
    expect(filtered.experiments[0]).not.toHaveProperty('traces');
  });

  it('takes the newest version in Production for the champion where there are no aliases', async () => {
    const { champion, latestVersion } = await overview('staged');
    expect([champion?.version, champion?.stage]).toEqual(['2', 'Production']);
    expect(latestVersion).toMatchObject({ version: '4', aliases: [] });
    const { aliased, items } = await versions('staged', { pageSize: 1 });
    expect(items.map(({ version }) => version)).toEqual(['4']);
    expect(aliased.map(({ stage, version }) => [version, stage])).toEqual([
      ['2', 'Production'],
      ['3', 'Archived'],
    ]);
  });

  it('keeps the champion in sight, however old its version is', async () => {
    const { champion, latestVersion } = await overview('grown');
    expect(champion).toMatchObject({
      version: '1',
      aliases: ['champion'],
      run: { runId: ids.blank, experimentName: 'jobs' },
    });
    expect(latestVersion?.version).toBe('53');
    const first = await versions('grown');
    expect(first.items[0]).toMatchObject({
      version: '53',
      aliases: ['newest'],
    });
    expect(first.items).toHaveLength(20);
    expect(
      first.aliased.map(({ aliases, version }) => [version, ...aliases]),
    ).toEqual([
      ['1', 'champion'],
      ['30', 'shadow'],
    ]);
    expect(first.aliased[0].run?.runId).toBe(ids.blank);
    const second = await versions('grown', { pageToken: first.nextPageToken });
    expect(second.aliased.map(({ version }) => version)).toEqual(['1', '53']);
  });

  it('says why a source run is not there', async () => {
    const { errors, items } = await versions('orphans');
    expect(errors).toEqual([]);
    expect(
      items.map(({ run, runMissing, version }) => [version, run, runMissing]),
    ).toEqual([
      ['2', undefined, 'not-found'],
      ['1', undefined, 'deleted'],
    ]);
    expect((await overview('orphans')).latestVersion?.runMissing).toBe(
      'not-found',
    );
  });

  it('shows the versions of prompts, and of names that no filter can hold', async () => {
    const prompt = await versions('prompt');
    const page = `${WEB}/#/prompts/support%2C%20prompt`;
    expect(prompt.registeredModels).toEqual([
      {
        instance: 'local',
        name: MODELS.prompt,
        state: 'registered',
        isPrompt: true,
        url: page,
      },
    ]);
    expect(prompt.items.map(({ url, version }) => [version, url])).toEqual([
      ['2', page],
      ['1', page],
    ]);
    const quotes = await versions('quotes', { pageSize: 1 });
    expect(quotes.errors).toEqual([]);
    expect(quotes.items).toMatchObject([{ name: MODELS.quotes, version: '2' }]);
    expect(quotes.aliased).toMatchObject([
      { version: '1', aliases: ['champion'] },
    ]);
    expect(quotes.registeredModels[0].url).toBe(
      `${WEB}/#/models/${encodeURIComponent(MODELS.quotes)}`,
    );
  });

  it('says what is missing', async () => {
    const { errors, experiments, registeredModels } = await overview('typo');
    expect(experiments).toMatchObject([{ name: 'nope', state: 'missing' }]);
    expect(registeredModels).toMatchObject([
      { name: 'lcoal:norum', state: 'missing' },
    ]);
    expect(errors.map(({ message }) => message).sort()).toEqual([
      "There is no experiment 'nope' on MLflow instance 'local'",
      expect.stringMatching(
        /^There is no registered model 'lcoal:norum' .*'lcoal' is no configured instance/,
      ),
    ]);
  });
});
