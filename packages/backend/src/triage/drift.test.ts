// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from '@backstage/types';
import express from 'express';
import type { AddressInfo } from 'node:net';
import { FakeGithub } from './__testUtils__/FakeGithub';
import { startFakeSlack } from './__testUtils__/startFakeSlack';
import { createModel, startPortal } from './__testUtils__/startPortal';

jest.setTimeout(90_000);

const REPORT = {
  schema_version: 1,
  features: [
    {
      name: 'alcohol',
      observations: 1240,
      psi: 0.41,
      shift: 0.92,
      q: 3e-9,
      level: 'far',
      since: '2026-11-18T00:00:00+00:00',
      reference_observations: 5000,
      bins: {
        names: ['(-inf, 11]', '(11, inf)'],
        reference: [0.5, 0.5],
        now: [0.2, 0.8],
      },
    },
  ],
  prediction: {
    observations: 1240,
    psi: 0.3,
    q: 1e-6,
    level: 'far',
    bins: { names: [], reference: [], now: [] },
  },
  windows: [
    {
      from: '2026-11-18T00:00:00Z',
      to: '2026-11-19T00:00:00Z',
      verdict: 'P1',
      rows: 900,
    },
  ],
  inputs: {
    requests: { observations: 1240 },
    confidence: { observations: 0 },
    latency: { observations: 0 },
    accuracy: { observations: 0 },
  },
};

/** MLflow with an analysis for each workflow run, by its id. */
async function startFakeMlflow() {
  const verdicts = new Map<string, { verdict: string; retrain: boolean }>();
  const app = express();
  app.use(express.json());
  const api = '/api/2.0/mlflow';
  app.get(`${api}/experiments/get-by-name`, (req, res) => {
    const name = String(req.query.experiment_name);
    res.json({
      experiment: {
        experiment_id: name === 'churn-drift' ? '8' : '7',
        name,
        tags: [
          { key: 'greenroom.component', value: 'component:default/churn' },
        ],
      },
    });
  });
  app.post(`${api}/runs/search`, (req, res) => {
    const id = /ci\.run_id` = '(\d+)'/.exec(req.body.filter)?.[1] ?? '';
    const found = verdicts.get(id);
    const tags = {
      'greenroom.drift.verdict': found?.verdict,
      'greenroom.drift.reason': 'far from the training data: alcohol',
      'greenroom.drift.model': 'churn',
      'greenroom.drift.model_version': '7',
      'greenroom.drift.retrain': String(found?.retrain),
    };
    res.json({
      runs:
        found && String(req.body.experiment_ids) === '8'
          ? [
              {
                info: {
                  run_id: `d${id}`,
                  experiment_id: '8',
                  status: 'FINISHED',
                },
                data: {
                  tags: Object.entries(tags).map(([key, value]) => ({
                    key,
                    value,
                  })),
                },
              },
            ]
          : [],
    });
  });
  app.get('/get-artifact', (_req, res) => {
    res.json(REPORT);
  });
  const server = app.listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    verdicts,
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise(resolve => {
        server.closeAllConnections();
        server.close(resolve);
      }),
  };
}

describe('drift in triage', () => {
  let github: FakeGithub;
  let mlflow: Awaited<ReturnType<typeof startFakeMlflow>>;
  let slack: Awaited<ReturnType<typeof startFakeSlack>>;
  let portal: Awaited<ReturnType<typeof startPortal>> | undefined;

  beforeEach(async () => {
    github = new FakeGithub();
    await github.start();
    mlflow = await startFakeMlflow();
    slack = await startFakeSlack();
  });

  afterEach(async () => {
    await portal?.stop();
    await mlflow.stop();
    await slack.stop();
    await github.stop();
  });

  const start = async (
    retraining: JsonObject = {},
    config: JsonObject = {},
    triage: JsonObject = {},
  ) => {
    const model = createModel('churn', 'acme/churn', github.host);
    Object.assign(model.metadata.annotations ?? {}, {
      'mlflow.org/experiment-name': 'churn',
      'serving.kserve.io/inferenceservice':
        'fraud-dev/churn,prod:fraud-prod/churn',
    });
    portal = await startPortal({
      github,
      entities: [model],
      triage: {
        drift: { retraining },
        queue: { backoff: '100ms' },
        slack: { token: 'xoxb-test', baseUrl: slack.url, channel: 'C0DRIFT' },
        ...triage,
      },
      config: {
        mlflow: { instances: [{ name: 'default', baseUrl: mlflow.url }] },
        ...config,
      },
    });
    return portal;
  };

  /** An analysis has run; its webhook comes three times at once. */
  const analyse = async (id: number, verdict: string, retrain = true) => {
    mlflow.verdicts.set(String(id), { verdict, retrain });
    const run = { id, conclusion: 'success', workflow: 'Drift analysis' };
    github.runs.push(run);
    await Promise.all([1, 2, 3].map(() => portal?.send(run)));
  };

  const settled = async (id: number) => {
    const items = await portal?.waitFor(all =>
      all.some(
        ({ runId, progress }) =>
          runId === String(id) && progress.stage === 'done',
      ),
    );
    const found = items?.find(({ runId }) => runId === String(id));
    for (let round = 0; ; round++) {
      const details = await portal?.get(`${found?.id}`);
      const last = details?.activity.find(({ action }) =>
        ['retraining', 'no-retraining'].includes(action),
      );
      if (details && (last || found?.priority !== 'P0')) {
        return { details, last };
      }
      if (round > 300) {
        throw new Error('nothing was decided');
      }
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  };

  it('makes an incident of an analysis, dispatches a training once, and none within the cooldown', async () => {
    const { audited } = await start({ enabled: true });
    await analyse(901, 'P0');
    const { details, last } = await settled(901);
    expect(details.incident).toMatchObject({
      kind: 'drift',
      entityRef: 'component:default/churn',
      type: 'drift',
      priority: 'P0',
      outcome: 'inconclusive',
      title: expect.stringContaining('Drift P0 of churn'),
    });
    expect(details.report?.failure.evidence.map(({ quote }) => quote)).toEqual([
      'the predictions: far, PSI 0.3, q 0.000001, 1240 values',
      'alcohol: far, PSI 0.41, mean +0.92 σ, q 3e-9, 1240 values, since 2026-11-18 00:00 UTC',
      'verdict P0: far from the training data: alcohol',
    ]);
    expect(last?.action).toBe('retraining');
    expect(github.dispatched).toMatchObject([
      {
        workflow: 'retrain.yml',
        ref: 'main',
        inputs: {
          reason: 'Drift P0 of churn: far from the training data: alcohol',
        },
      },
    ]);

    await analyse(902, 'P0');
    const second = await settled(902);
    expect(second.last).toMatchObject({
      action: 'no-retraining',
      text: expect.stringContaining('triage.drift.retraining.cooldown'),
    });
    expect(github.dispatched).toHaveLength(1);
    expect(
      audited.filter(({ eventId }) => eventId === 'retraining'),
    ).toMatchObject([
      {
        action: 'dispatched',
        verdict: 'P0',
        figures: [
          { feature: 'predictions', level: 'far' },
          { feature: 'alcohol', psi: 0.41, shift: 0.92 },
        ],
      },
      { action: 'none', reasons: [expect.stringContaining('cooldown')] },
    ]);
    // A comment on the commit would say that its pipeline failed.
    expect(github.comments).toEqual([]);

    await analyse(903, 'none');
    await portal?.waitFor(all =>
      all.every(({ state }) => state === 'recovered'),
    );
  });

  it('starts none where owner or portal do not allow it, or something else is under way', async () => {
    await start();
    await analyse(901, 'P0', false);
    const { last } = await settled(901);
    expect(last?.text).toContain('triage.drift.retraining.enabled');
    expect(last?.text).toContain('drift.retrain in config.yaml');
    await portal?.stop();

    await start({ enabled: true });
    github.running.push('canary.yml', 'retrain.yml');
    await analyse(904, 'P0');
    const busy = await settled(904);
    expect(busy.last?.text).toContain('a training of this model is running');
    expect(busy.last?.text).toContain('promotion or rollback');
    await analyse(905, 'P2');
    expect((await settled(905)).last).toBeUndefined();
    expect(github.dispatched).toEqual([]);
  });

  it('asks to investigate P2 in one message, with the dashboard and the page of the model; says nothing of less', async () => {
    await start(
      {},
      { grafana: { domain: 'https://grafana.example.com/monitoring/' } },
    );
    await analyse(906, 'insufficient_data');
    await analyse(907, 'none');
    await analyse(905, 'P2');
    const { details } = await settled(905);
    expect(details.incident.priority).toBe('P2');
    // The two of before were taken up before it.
    expect(slack.messages).toHaveLength(1);
    const [message] = slack.messages as Array<{
      channel: string;
      text: string;
      blocks: string;
    }>;
    expect(message.channel).toBe('C0DRIFT');
    expect(message.text).toMatch(/^Investigate: Drift P2 of churn/);
    const { blocks } = message;
    expect(blocks).toContain('*Investigate*');
    expect(blocks).toContain('alcohol: far, PSI 0.41');
    expect(blocks).not.toContain('Next steps');
    const to = Date.parse(details.incident.failedAt);
    expect(blocks).toContain(
      `<https://grafana.example.com/monitoring/d/model-serving?var-namespace=fraud-dev&var-namespace=fraud-prod&var-model=churn&from=${to - 7 * 24 * 3_600_000}&to=${to}|Dashboard>`,
    );
    expect(blocks).toMatch(
      /<https?:[^|>]+\/catalog\/default\/component\/churn\|Page of the model>/,
    );
    // Nobody has to act today: no issue and no comment.
    expect(github.issues).toEqual([]);
    expect(github.comments).toEqual([]);
    expect(details.effects.map(({ kind }) => kind)).toEqual(['slack']);

    await analyse(908, 'P1');
    await settled(908);
    expect(slack.messages).toHaveLength(2);
    expect(JSON.stringify(slack.messages[1])).not.toContain('Investigate');
    expect(JSON.stringify(slack.messages[1])).toContain('|Dashboard>');
    expect(JSON.stringify(slack.messages[1])).not.toMatch(/█|xychart/);
  });

  it('opens an issue with the feature at training and now, where a rule asks for one', async () => {
    await start(
      {},
      {},
      {
        effects: [
          { kind: 'issue', incidents: ['drift'], minimumPriority: 'P1' },
        ],
      },
    );
    await analyse(905, 'P2');
    await settled(905);
    await analyse(908, 'P1');
    await settled(908);
    expect(github.issues).toHaveLength(1);
    const [{ body }] = github.issues;
    expect(body).toContain('    bar [0.410]');
    expect(body).toContain(
      '1: `alcohol`, PSI 0.41, 5,000 rows at training, 1,240 rows now',
    );
    expect(body).toContain(
      ' 50.0 % ███████▌      80.0 % ████████████ | (11, inf)',
    );
  });

  it('has no dashboard to link to where nobody says where Grafana is', async () => {
    await start();
    await analyse(905, 'P2');
    await settled(905);
    expect(JSON.stringify(slack.messages)).toContain('Investigate');
    expect(JSON.stringify(slack.messages)).not.toContain('Dashboard');
  });

  it('looks for a training that was started when the answer was lost', async () => {
    await start({ enabled: true });
    let isBroken = true;
    github.after = (req, res) => {
      if (isBroken && req.path.endsWith('/dispatches')) {
        isBroken = false;
        res.socket?.destroy();
      }
    };
    await analyse(901, 'P0');
    const { last } = await settled(901);
    expect(last).toMatchObject({
      action: 'retraining',
      text: expect.stringContaining('/actions/runs/1'),
    });
    expect(github.dispatched).toHaveLength(1);
  });

  it('says that there is no workflow that trains, and does not try again', async () => {
    github.absent.push('retrain.yml');
    await start({ enabled: true });
    await analyse(901, 'P0');
    const { last } = await settled(901);
    expect(last).toMatchObject({
      action: 'no-retraining',
      text: expect.stringContaining('no workflow retrain.yml'),
    });
  });
});
