// SPDX-License-Identifier: Apache-2.0
import express from 'express';
import type { AddressInfo } from 'node:net';
import { FakeGithub } from './__testUtils__/FakeGithub';
import { createModel, startPortal } from './__testUtils__/startPortal';

jest.setTimeout(60_000);

const GATE_LOG = [
  '##[group]Run make gate',
  'make gate',
  '##[endgroup]',
  'Gate FAILED: f1_macro 0.781 < 0.800 (threshold), 0.019 short; champion churn v3 has 0.842, 0.061 better',
  'make: *** [Makefile:71: gate] Error 2',
  '##[error]Process completed with exit code 2.',
];

const MARK = [{ key: 'greenroom.component', value: 'component:default/churn' }];

function createRun(
  id: string,
  f1: number,
  depth: string,
  tags: Record<string, string> = {},
) {
  return {
    info: { run_id: id, experiment_id: '7', status: 'FINISHED' },
    data: {
      metrics: [{ key: 'f1_macro', value: f1 }],
      params: [{ key: 'max_depth', value: depth }],
      tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
    },
    inputs: {
      dataset_inputs: [
        { tags: [], dataset: { name: 'churn', digest: `digest of ${id}` } },
      ],
    },
  };
}

/** An MLflow with a candidate of workflow run 901, and a champion. */
async function startFakeMlflow() {
  const state = {
    mark: MARK,
    isSlow: false,
    filters: [] as string[],
    versions: [] as unknown[],
    candidate: createRun('candidate', 0.781, '3', {
      'greenroom.ci.run_id': '901',
    }),
  };
  const app = express();
  app.use(express.json());
  app.use((_req, _res, next) => {
    if (!state.isSlow) {
      next();
    }
  });
  const api = '/api/2.0/mlflow';
  app.get(`${api}/experiments/get-by-name`, (_req, res) => {
    res.json({
      experiment: { experiment_id: '7', name: 'churn', tags: state.mark },
    });
  });
  app.post(`${api}/runs/search`, (req, res) => {
    state.filters.push(req.body.filter);
    const isAsked = /`greenroom\.ci\.run_id` = '901'/.test(req.body.filter);
    res.json({ runs: isAsked ? [state.candidate] : [] });
  });
  app.get(`${api}/registered-models/get`, (_req, res) => {
    res.json({
      registered_model: {
        name: 'churn',
        tags: state.mark,
        aliases: [{ alias: 'champion', version: '3' }],
      },
    });
  });
  app.get(`${api}/model-versions/get`, (req, res) => {
    state.versions.push(req.query.version);
    res.json({
      model_version: {
        name: 'churn',
        version: req.query.version,
        run_id: 'best',
      },
    });
  });
  app.get(`${api}/runs/get`, (_req, res) => {
    res.json({ run: createRun('best', 0.842, '12') });
  });
  const server = app.listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    state,
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise(resolve => {
        server.closeAllConnections();
        server.close(resolve);
      }),
  };
}

describe('models in reports of triage', () => {
  let github: FakeGithub;
  let mlflow: Awaited<ReturnType<typeof startFakeMlflow>>;
  let portal: Awaited<ReturnType<typeof startPortal>>;

  beforeEach(async () => {
    github = new FakeGithub();
    await github.start();
    mlflow = await startFakeMlflow();
    const model = createModel('churn', 'acme/churn', github.host);
    Object.assign(model.metadata.annotations ?? {}, {
      'mlflow.org/experiment-name': 'churn',
      'mlflow.org/registered-model': 'churn',
    });
    portal = await startPortal({
      github,
      entities: [model],
      config: {
        mlflow: { instances: [{ name: 'default', baseUrl: mlflow.url }] },
      },
    });
  });

  afterEach(async () => {
    await portal?.stop();
    await mlflow.stop();
    await github.stop();
  });

  const reportOf = async (id: number, log = GATE_LOG, step = 'Gate') => {
    const run = { id, log, step };
    github.runs.push(run);
    await portal.send(run);
    const items = await portal.waitFor(all =>
      all.some(
        ({ runId, progress }) =>
          runId === String(id) && progress.stage === 'done',
      ),
    );
    const found = items.find(({ runId }) => runId === String(id));
    return (await portal.get(`${found?.id}`)).report;
  };

  const ofModels = new Set(['metric', 'parameter', 'data']);

  it('compares the run that the pipeline made with the champion’s', async () => {
    const report = await reportOf(901);
    expect(report?.failure.type).toBe('gate');
    expect(report?.changes.filter(({ kind }) => ofModels.has(kind))).toEqual([
      { kind: 'metric', name: 'f1_macro', before: '0.842', after: '0.781' },
      {
        kind: 'data',
        name: 'digest',
        before: 'digest of best',
        after: 'digest of candidate',
      },
      { kind: 'parameter', name: 'max_depth', before: '12', after: '3' },
    ]);
    expect(report?.errors).toEqual([]);
    expect(github.comments[0].body).toContain('Against the champion');
  });

  it('says what MLflow does not have, looks by commit too, and asks nobody else’s experiment', async () => {
    const none = await reportOf(902);
    expect(none?.errors).toEqual([
      expect.objectContaining({
        stage: 'compare',
        code: 'no-model-run',
        message: 'MLflow has no run of this pipeline or its commit',
      }),
    ]);
    expect(mlflow.state.filters.join('\n')).toContain(
      `tags.\`mlflow.source.git.commit\` = '${'a'.repeat(40)}'`,
    );

    mlflow.state.mark = [
      { key: 'greenroom.component', value: 'component:default/other' },
    ];
    const foreign = await reportOf(901);
    expect(foreign?.changes.filter(({ kind }) => ofModels.has(kind))).toEqual(
      [],
    );
    expect(foreign?.errors[0].message).toContain(
      "no experiment 'churn' that is marked as this component's",
    );
  });

  it('takes the verdict of the gate from the run, where the log does not tell it', async () => {
    mlflow.state.candidate = createRun('candidate', 0.781, '3', {
      'greenroom.ci.run_id': '901',
      'greenroom.gate.metric': 'f1_macro',
      'greenroom.gate.direction': 'maximize',
      'greenroom.gate.threshold': '0.8',
      'greenroom.gate.value': '0.781',
      'greenroom.gate.passed': 'False',
      'greenroom.gate.champion_version': '2',
    });
    const report = await reportOf(901, [
      '##[group]Run python -m churn.gate',
      'python -m churn.gate',
      '##[endgroup]',
      '##[error]Process completed with exit code 2.',
    ]);
    expect(report?.findings).toEqual([
      expect.objectContaining({
        tool: 'gate',
        extra: expect.objectContaining({ metric: 'f1_macro', value: '0.781' }),
      }),
    ]);
    expect(report?.changes[0]).toMatchObject({ name: 'f1_macro' });
    expect(mlflow.state.versions).toEqual(['2']);
  });

  it('waits 3 s for MLflow, and reports without it', async () => {
    mlflow.state.isSlow = true;
    const report = await reportOf(901);
    expect(report?.failure.type).toBe('gate');
    expect(report?.errors[0].message).toBe('MLflow did not answer within 3 s');
  });

  it('does not speak of models where no model failed', async () => {
    const report = await reportOf(
      901,
      [
        '##[group]Run pytest',
        'pytest -q',
        '##[endgroup]',
        "E       KeyError: 'tenure_months'",
        "FAILED tests/test_model.py::test_ratios - KeyError: 'tenure_months'",
        '1 failed, 61 passed in 12.41s',
        '##[error]Process completed with exit code 1.',
      ],
      'Test',
    );
    expect(report?.failure.type).toBe('unit-test');
    expect(report?.changes).toEqual([]);
  });
});
