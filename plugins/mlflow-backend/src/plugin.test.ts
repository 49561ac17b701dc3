// SPDX-License-Identifier: Apache-2.0
import { mockCredentials } from '@backstage/backend-test-utils';
import {
  startMlflow,
  type TestMlflow,
} from '@greenroom/local-platform/testing';
import type {
  MlflowDriftResponse,
  MlflowEntityOverview,
  MlflowListResponse,
  MlflowModelSummary,
  MlflowModelVersion,
  MlflowRun,
} from '@greenroom/plugin-mlflow-common';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import request from 'supertest';
import { createSeeder } from './__testUtils__/seedMlflow';
import { createModel, startPortal } from './__testUtils__/startPortal';

const T0 = Date.UTC(2026, 10, 20, 8);
const SHA = 'a1b2c3d4e5f60718293a4b5c6d7e8f9012345678';

function gate(passed: boolean, value: string) {
  return {
    'greenroom.gate.metric': 'accuracy',
    'greenroom.gate.direction': 'maximize',
    'greenroom.gate.threshold': '0.9',
    'greenroom.gate.value': value,
    'greenroom.gate.passed': String(passed),
  };
}

describe('the mlflow backend with a real MLflow', () => {
  jest.setTimeout(180_000);

  let dataDir: string;
  let mlflow: TestMlflow;
  let portal: Awaited<ReturnType<typeof startPortal>>;
  const ids: Record<string, string> = {};

  async function get<T>(url: string, query: object = {}) {
    const response = await request(portal.server)
      .get(`/api/mlflow${url}`)
      .query(query);
    return {
      status: response.status,
      body: response.body as T,
      text: response.text,
    };
  }

  beforeAll(async () => {
    dataDir = fs.mkdtempSync(
      path.join(os.tmpdir(), 'greenroom-mlflow-backend-'),
    );
    mlflow = await startMlflow({ dataDir });
    const seed = createSeeder(mlflow.url);

    ids.churn = await seed.experiment('churn');
    ids.other = await seed.experiment('other');
    ids.mirror = await seed.experiment('mirror');
    await seed.deleteExperiment(await seed.experiment('deleted'));

    for (let index = 0; index < 7; index++) {
      ids[`r${index}`] = await seed.run(ids.churn, {
        name: `r${index}`,
        startTime: T0 + index * 60_000,
        metrics: { accuracy: 0.8 + index / 100 },
      });
      ids[`m${index}`] = await seed.run(ids.mirror, {
        name: `m${index}`,
        startTime: T0 + index * 60_000 + 30_000,
        metrics: { accuracy: 0.795 + index / 50 },
      });
    }
    ids.champion = await seed.run(ids.churn, {
      name: 'champion',
      startTime: T0 + 3_600_000,
      metrics: { accuracy: 0.93, loss: 'NaN', ratio: 'Infinity' },
      params: { solver: 'lbfgs' },
      dataset: { name: 'breast_cancer', digest: 'd1g35t' },
      tags: {
        ...gate(true, '0.93'),
        'greenroom.gate.champion_version': '',
        'mlflow.user': 'jane',
        'mlflow.source.git.commit': SHA,
        'mlflow.source.git.branch': 'main',
        'mlflow.source.git.repoURL':
          'https://x-access-token:ghp_secret@github.example/acme/churn.git',
        'greenroom.ci.run_id': '211',
        'greenroom.ci.run_attempt': '2',
        'greenroom.ci.workflow': 'ci',
        'greenroom.ci.run_url':
          'https://github.example/acme/churn/actions/runs/211',
        'mlflow.log-model.history': '[{}]',
        'source.url': 'clone postgres://ci:p@ss-ghp_secret@db.example/churn',
      },
    });
    ids.foreign = await seed.run(ids.other, {
      name: 'foreign',
      startTime: T0,
      tags: {
        'mlflow.source.git.commit': 'not a sha',
        'mlflow.source.git.repoURL': 'data:text/html,alert(1)',
        'greenroom.ci.run_id': '1',
        'greenroom.ci.run_url': 'data:text/html,alert(1)',
      },
    });
    await seed.registeredModel('churn');
    await seed.modelVersion('churn', ids.r6);
    await seed.modelVersion('churn', ids.champion, {
      'greenroom.git.sha': SHA,
    });
    await seed.modelVersion('churn', ids.foreign);
    await seed.alias('churn', 'champion', '2');
    await seed.alias('churn', 'challenger', '3');
    await seed.alias('churn', 'stable', '2');
    // After the registration of the champion, as far as MLflow's clock says.
    ids.failed = await seed.run(ids.churn, {
      name: 'failed',
      startTime: Date.now() + 60_000,
      status: 'FAILED',
      metrics: { accuracy: 0.871 },
      tags: {
        ...gate(false, '0.871'),
        'greenroom.gate.champion_version': '2',
        'greenroom.gate.champion_value': '0.93',
      },
    });

    portal = await startPortal({
      mlflow: {
        instances: [
          {
            name: 'local',
            baseUrl: mlflow.url,
            webUrl: 'https://mlflow.example',
          },
          { name: 'second', baseUrl: mlflow.url },
        ],
      },
      entities: [
        createModel('churn', {
          'mlflow.org/experiment-name': 'churn',
          'mlflow.org/registered-model': 'churn',
        }),
        createModel('both', {
          'mlflow.org/experiment-name': 'churn, second:mirror',
        }),
        createModel('by-id', {
          'mlflow.org/experiment-id': ids.other,
        }),
        createModel('fresh', {
          'mlflow.org/experiment-name': 'mirror',
          'mlflow.org/registered-model': 'not-registered-yet',
        }),
        createModel('gone', {
          'mlflow.org/experiment-name': 'deleted, missing',
        }),
        createModel('bare'),
      ],
    });
  });

  afterAll(async () => {
    await portal?.stop();
    await mlflow?.stop();
    fs.rmSync(dataDir, { recursive: true, force: true });
  });

  it('lists runs as MLflow knows them, with gate, commit, data and versions, and without secrets', async () => {
    const { body, status, text } = await get<MlflowListResponse<MlflowRun>>(
      '/entities/component/default/churn/runs',
    );
    expect(status).toBe(200);
    expect(body.errors).toEqual([]);
    expect(body.nextPageToken).toBeUndefined();
    expect(body.items.map(({ runName }) => runName)).toEqual([
      'failed',
      'champion',
      'r6',
      'r5',
      'r4',
      'r3',
      'r2',
      'r1',
      'r0',
    ]);
    expect(body.items[0]).toMatchObject({
      status: 'FAILED',
      gate: {
        metric: 'accuracy',
        direction: 'maximize',
        threshold: 0.9,
        value: 0.871,
        passed: false,
        championVersion: '2',
        championValue: 0.93,
      },
      modelVersions: [],
    });
    expect(body.items[1]).toMatchObject({
      instance: 'local',
      runId: ids.champion,
      experimentId: ids.churn,
      experimentName: 'churn',
      status: 'FINISHED',
      startTime: T0 + 3_600_000,
      endTime: T0 + 3_605_000,
      user: 'jane',
      metrics: { accuracy: 0.93, loss: 'NaN', ratio: 'Infinity' },
      params: { solver: 'lbfgs' },
      datasets: [
        { name: 'breast_cancer', digest: 'd1g35t', context: 'training' },
      ],
      gate: { passed: true, value: 0.93 },
      commit: {
        sha: SHA,
        branch: 'main',
        url: `https://github.example/acme/churn/commit/${SHA}`,
      },
      ciRun: {
        id: '211',
        attempt: '2',
        workflow: 'ci',
        url: 'https://github.example/acme/churn/actions/runs/211',
      },
      modelVersions: [
        { name: 'churn', version: '2', aliases: ['champion', 'stable'] },
      ],
      url: `https://mlflow.example/#/experiments/${ids.churn}/runs/${ids.champion}`,
    });
    expect(body.items[1].tags['mlflow.source.git.repoURL']).toBe(
      'https://github.example/acme/churn.git',
    );
    expect(body.items[1].tags).not.toHaveProperty('mlflow.log-model.history');
    expect(text).not.toContain('ghp_secret');
  });

  it('leaves filter, order and paging to MLflow, and hands on its word on a bad filter', async () => {
    const runs = '/entities/component/default/churn/runs';
    const filtered = await get<MlflowListResponse<MlflowRun>>(runs, {
      filter: 'metrics.accuracy >= 0.86',
      orderBy: 'metrics.`accuracy` ASC',
    });
    expect(filtered.body.items.map(({ runName }) => runName)).toEqual([
      'r6',
      'failed',
      'champion',
    ]);

    const names: string[] = [];
    let pageToken: string | undefined;
    for (let page = 0; page < 10; page++) {
      const { body } = await get<MlflowListResponse<MlflowRun>>(runs, {
        pageSize: 4,
        ...(pageToken && { pageToken }),
      });
      expect(body.errors).toEqual([]);
      names.push(...body.items.map(({ runName }) => runName));
      pageToken = body.nextPageToken;
      if (!pageToken) {
        break;
      }
    }
    expect(names).toEqual([
      'failed',
      'champion',
      'r6',
      'r5',
      'r4',
      'r3',
      'r2',
      'r1',
      'r0',
    ]);

    const bad = await get(runs, { filter: 'accuracy is good' });
    expect(bad.status).toBe(200);
    expect(bad.body).toEqual({
      items: [],
      experiments: [expect.objectContaining({ state: 'active' })],
      errors: [
        {
          instance: 'local',
          code: 'BAD_REQUEST',
          message:
            "Invalid clause(s) in filter string: 'accuracy', 'is', 'good'",
          retryable: false,
        },
      ],
    });
  });

  it('merges the runs of several instances into one order, page by page', async () => {
    const walk = async (orderBy: string, pageSize: number) => {
      const names: string[] = [];
      let pageToken: string | undefined;
      for (let page = 0; page < 40; page++) {
        const { body } = await get<MlflowListResponse<MlflowRun>>(
          '/entities/component/default/both/runs',
          { orderBy, pageSize, ...(pageToken && { pageToken }) },
        );
        expect(body.errors).toEqual([]);
        expect(body.items.length).toBeLessThanOrEqual(pageSize);
        names.push(...body.items.map(({ runName }) => runName));
        pageToken = body.nextPageToken;
        if (!pageToken) {
          return names;
        }
      }
      throw new Error('the pages have no end');
    };
    const byTime = ['failed', 'champion'];
    for (let index = 6; index >= 0; index--) {
      byTime.push(`m${index}`, `r${index}`);
    }
    expect(await walk('attributes.start_time DESC', 3)).toEqual(byTime);
    expect(await walk('attributes.start_time DESC', 100)).toEqual(byTime);
    expect(await walk('metrics.accuracy', 1)).toEqual([
      'm0',
      'r0',
      'r1',
      'm1',
      'r2',
      'r3',
      'm2',
      'r4',
      'r5',
      'm3',
      'r6',
      'failed',
      'm4',
      'm5',
      'm6',
      'champion',
    ]);
  });

  it('answers one run, and no run of an experiment that the entity does not name', async () => {
    const runs = '/entities/component/default/churn/runs';
    const one = await get<{ item: MlflowRun }>(`${runs}/local/${ids.champion}`);
    expect(one.body.item).toMatchObject({
      runId: ids.champion,
      experimentName: 'churn',
      modelVersions: [{ name: 'churn', version: '2' }],
    });
    for (const wrong of [
      `${runs}/local/${ids.foreign}`,
      `${runs}/second/${ids.champion}`,
      `${runs}/elsewhere/${ids.champion}`,
      `${runs}/local/00000000000000000000000000000000`,
    ]) {
      const { body, status } = await get<{ error: { name: string } }>(wrong);
      expect([status, body.error.name]).toEqual([404, 'NotFoundError']);
    }
    expect((await get(`${runs}/local/..%2Fchurn`)).status).toBe(400);
  });

  it('lists versions newest first with aliases and source runs, also from other experiments', async () => {
    const versions = '/entities/component/default/churn/model-versions';
    const { body } =
      await get<MlflowListResponse<MlflowModelVersion>>(versions);
    expect(body.errors).toEqual([]);
    expect(body.items).toMatchObject([
      {
        version: '3',
        aliases: ['challenger'],
        run: {
          runName: 'foreign',
          commit: { sha: 'not a sha' },
          ciRun: { id: '1' },
        },
      },
      {
        instance: 'local',
        name: 'churn',
        version: '2',
        status: 'READY',
        aliases: ['champion', 'stable'],
        user: 'jane',
        runId: ids.champion,
        run: { runName: 'champion', gate: { passed: true } },
        tags: { 'greenroom.git.sha': SHA },
        url: 'https://mlflow.example/#/models/churn/versions/2',
      },
      { version: '1', aliases: [], run: { runName: 'r6' } },
    ]);
    expect(JSON.stringify(body)).not.toContain('"url":"data');

    const first = await get<MlflowListResponse<MlflowModelVersion>>(versions, {
      pageSize: 2,
    });
    const second = await get<MlflowListResponse<MlflowModelVersion>>(versions, {
      pageSize: 2,
      pageToken: first.body.nextPageToken,
    });
    expect(second.body.items.map(({ version }) => version)).toEqual(['1']);
    expect(second.body.nextPageToken).toBeUndefined();
  });

  it('sums an entity up, and tells the kinds of "empty" apart', async () => {
    const overview = async (name: string) =>
      (
        await get<MlflowEntityOverview>(
          `/entities/component/default/${name}/overview`,
        )
      ).body;

    expect(await overview('churn')).toMatchObject({
      references: {
        experiments: [{ name: 'churn' }],
        experimentIds: [],
        registeredModels: [{ name: 'churn' }],
      },
      instances: ['local', 'second'],
      champion: {
        version: '2',
        aliases: ['champion', 'stable'],
        run: { runId: ids.champion, gate: { value: 0.93, passed: true } },
      },
      latestVersion: { version: '3', run: { runName: 'foreign' } },
      lastRun: { runId: ids.failed },
      lastGatedRun: { runId: ids.failed },
      errors: [],
    });
    expect(await overview('by-id')).toMatchObject({
      lastRun: { runName: 'foreign', experimentName: 'other' },
      errors: [],
    });
    const fresh = await overview('fresh');
    expect(fresh).toMatchObject({
      lastRun: { runName: 'm6' },
      registeredModels: [{ name: 'not-registered-yet', state: 'missing' }],
      errors: [
        {
          code: 'NOT_FOUND',
          message:
            "There is no registered model 'not-registered-yet' on MLflow instance 'local'",
        },
      ],
    });
    expect(fresh.champion).toBeUndefined();
    const gone = await overview('gone');
    expect(gone.errors.map(({ message }) => message).sort()).toEqual([
      "The experiment 'deleted' is deleted on MLflow instance 'local'",
      "There is no experiment 'missing' on MLflow instance 'local'",
    ]);
    expect(gone.errors.map(({ code }) => code)).toEqual([
      'NOT_FOUND',
      'NOT_FOUND',
    ]);
    expect(await overview('bare')).toEqual({
      references: { experiments: [], experimentIds: [], registeredModels: [] },
      instances: ['local', 'second'],
      experiments: [],
      registeredModels: [],
      errors: [],
    });
  });

  it('lists the models of the user with what needs attention', async () => {
    const { body } =
      await get<MlflowListResponse<MlflowModelSummary>>('/models');
    expect(body.errors).toEqual([]);
    expect(
      body.items.map(({ attention, entityRef, title }) => [
        entityRef,
        title,
        attention.map(({ reason }) => reason),
      ]),
    ).toEqual([
      ['component:default/bare', 'bare', []],
      ['component:default/both', 'both', ['gate-failed']],
      ['component:default/by-id', 'by-id', []],
      ['component:default/churn', 'churn', ['gate-failed']],
      ['component:default/fresh', 'fresh', []],
      ['component:default/gone', 'gone', ['not-found', 'not-found']],
    ]);
    const stranger = await request(portal.server)
      .get('/api/mlflow/models')
      .set(
        'authorization',
        mockCredentials.user.header('user:default/stranger'),
      );
    expect(stranger.body).toEqual({ items: [], errors: [] });
  });

  it('answers what the analyses of drift said, and which of it cannot be read', async () => {
    const seed = createSeeder(mlflow.url);
    const analyse = (
      experimentId: string,
      analysis: { days: number; verdict: string },
    ) =>
      seed.run(experimentId, {
        name: `drift ${analysis.days}`,
        startTime: Date.now() - analysis.days * 24 * 60 * 60_000,
        tags: {
          'greenroom.drift.verdict': analysis.verdict,
          'greenroom.drift.reason': `see https://me:secret@churn.example`,
          'greenroom.drift.model_version': '2',
        },
      });
    const read = (name: string) =>
      get<MlflowDriftResponse>(`/entities/component/default/${name}/drift`);
    expect((await read('fresh')).body).toEqual({
      course: [],
      errors: [],
    });

    const broken = await seed.experiment('other-drift');
    await analyse(broken, { days: 40, verdict: 'P2' });
    await analyse(broken, { days: 3, verdict: 'none' });
    const unreadable = await analyse(broken, { days: 2, verdict: 'P1' });
    await analyse(broken, { days: 1, verdict: 'something else' });
    const { body: partly, text } = await read('by-id');
    expect(partly).toMatchObject({
      latest: {
        runId: unreadable,
        verdict: 'P1',
        reason: 'see https://churn.example',
        modelVersion: '2',
        features: [],
      },
      course: [{ verdict: 'none' }, { verdict: 'P1' }],
      errors: [
        {
          code: 'UNREADABLE_ITEMS',
          message: expect.stringContaining('drift.json'),
        },
      ],
    });
    expect(text).not.toContain('secret');

    const experimentId = await seed.experiment('churn-drift');
    const runId = await analyse(experimentId, { days: 1, verdict: 'P0' });
    await seed.artifact({ experimentId, runId }, 'drift.json', {
      schema_version: 1,
      features: [
        {
          name: 'alcohol',
          kind: 'number',
          observations: 1240,
          psi: 0.41,
          shift: 0.92,
          p: 1e-9,
          q: 3e-9,
          level: 'far',
          since: '2026-11-18T00:00:00+00:00',
          bins: {
            names: ['(11, inf)', 'missing'],
            reference: [0.4, 0.6],
            now: [0.9, 0.1],
          },
        },
      ],
      prediction: {
        observations: 3,
        psi: null,
        level: 'insufficient_data',
        since: null,
        bins: { names: [], reference: [], now: [] },
      },
      windows: [
        {
          from: '2026-11-18T00:00:00+00:00',
          to: '2026-11-19T00:00:00+00:00',
          verdict: 'P1',
          rows: 900,
        },
        { from: null, to: null, verdict: 'none', rows: 12 },
      ],
      inputs: {
        requests: { observations: 1240, errors: 0 },
        confidence: { observations: 0 },
        latency: { observations: 12, p95_seconds: 0.04 },
        accuracy: {
          metric: 'accuracy',
          observations: 50,
          value: 0.9,
          reference: 0.95,
        },
      },
    });
    const { body } = await read('churn');
    expect(body.errors).toEqual([]);
    expect(body.latest).toMatchObject({
      runId,
      verdict: 'P0',
      url: `https://mlflow.example/#/experiments/${experimentId}/runs/${runId}`,
      features: [
        { observations: 3, level: 'insufficient_data' },
        {
          name: 'alcohol',
          qValue: 3e-9,
          level: 'far',
          since: Date.UTC(2026, 10, 18),
          bins: [
            { name: '(11, inf)', reference: 0.4, now: 0.9 },
            { name: 'missing', reference: 0.6, now: 0.1 },
          ],
        },
      ],
      windows: [
        { from: Date.UTC(2026, 10, 18), verdict: 'P1', rows: 900 },
        { verdict: 'none', rows: 12 },
      ],
      inputs: [
        { kind: 'requests', observations: 1240 },
        { kind: 'confidence', observations: 0 },
        { kind: 'latency', observations: 12, value: 0.04, unit: 'seconds' },
        { kind: 'accuracy', observations: 50, value: 0.9, reference: 0.95 },
      ],
    });
  });

  it('offers the reads as actions', async () => {
    const { actions } = await portal.registry.list();
    expect(actions.map(({ id, attributes }) => [id, attributes])).toEqual(
      [
        'get-entity-mlflow-overview',
        'search-entity-runs',
        'list-entity-model-versions',
      ].map(name => [
        `test:${name}`,
        { readOnly: true, destructive: false, idempotent: true },
      ]),
    );
    const invoke = async (id: string, input: object) =>
      (await portal.registry.invoke({ id: `test:${id}`, input: { ...input } }))
        .output;

    expect(
      await invoke('get-entity-mlflow-overview', { entityRef: 'churn' }),
    ).toMatchObject({
      champion: { version: '2', run: { runId: ids.champion } },
    });
    expect(
      await invoke('search-entity-runs', {
        entityRef: 'component:default/churn',
        orderBy: 'metrics.accuracy DESC',
        pageSize: '1',
      }),
    ).toMatchObject({
      items: [{ runName: 'champion', metrics: { loss: 'NaN' } }],
      nextPageToken: expect.any(String),
    });
    expect(
      await invoke('list-entity-model-versions', { entityRef: 'churn' }),
    ).toMatchObject({
      items: [{ version: '3' }, { version: '2' }, { version: '1' }],
    });
    await expect(
      invoke('search-entity-runs', { entityRef: 'component:default/none' }),
    ).rejects.toThrow("There is no entity 'component:default/none'");
  });

  it('keeps the page while MLflow is stopped, and recovers when it is back', async () => {
    const runs = '/entities/component/default/churn/runs';
    const before = await get<MlflowListResponse<MlflowRun>>(runs, {
      pageSize: 5,
    });
    expect(before.body.items).toHaveLength(5);
    const stopped = Date.now();
    await mlflow.stop();

    const until = async (
      query: object,
      isDone: (body: MlflowListResponse<MlflowRun>) => boolean,
    ) => {
      for (let round = 0; round < 300; round++) {
        const { body, status } = await get<MlflowListResponse<MlflowRun>>(
          runs,
          query,
        );
        expect(status).toBe(200);
        if (isDone(body)) {
          return body;
        }
        await new Promise(resolve => setTimeout(resolve, 200));
      }
      throw new Error('the answer never came');
    };
    const during = await until({ pageSize: 5 }, body => body.errors.length > 0);
    expect(during.items).toEqual(before.body.items);
    expect(during.staleSince).toBeLessThanOrEqual(stopped);
    expect(during.errors).toEqual([
      {
        instance: 'local',
        code: 'UNREACHABLE',
        message: expect.stringContaining(
          "MLflow instance 'local' cannot be reached",
        ),
        retryable: true,
        since: expect.any(Number),
      },
    ]);
    expect(during.errors[0].since).toBeGreaterThanOrEqual(stopped);

    const unknown = await get<MlflowListResponse<MlflowRun>>(runs, {
      pageSize: 6,
    });
    expect(unknown.body).toMatchObject({
      items: [],
      errors: [{ code: 'UNREACHABLE', since: during.errors[0].since }],
    });

    await mlflow.restart();
    const after = await until(
      { pageSize: 5 },
      body => body.errors.length === 0,
    );
    expect(after).toEqual(before.body);
  });
});
