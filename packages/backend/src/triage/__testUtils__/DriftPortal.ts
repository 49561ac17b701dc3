// SPDX-License-Identifier: Apache-2.0
import type { BackendFeature } from '@backstage/backend-plugin-api';
import type { JsonObject } from '@backstage/types';
import express from 'express';
import type { AddressInfo } from 'node:net';
import { FakeGithub } from './FakeGithub';
import { startFakeSlack } from './startFakeSlack';
import { createModel, startPortal } from './startPortal';

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

/** A portal with MLflow, GitHub and Slack around it, where analyses of drift come in. */
export class DriftPortal {
  readonly github = new FakeGithub();
  mlflow!: Awaited<ReturnType<typeof startFakeMlflow>>;
  slack!: Awaited<ReturnType<typeof startFakeSlack>>;
  #portal?: Awaited<ReturnType<typeof startPortal>>;

  static async create(): Promise<DriftPortal> {
    const made = new DriftPortal();
    await made.github.start();
    made.mlflow = await startFakeMlflow();
    made.slack = await startFakeSlack();
    return made;
  }

  get portal() {
    if (!this.#portal) {
      throw new Error('the portal is not started');
    }
    return this.#portal;
  }

  /** Starts the portal, in the place of the one before. */
  async start(
    retraining: JsonObject = {},
    config: JsonObject = {},
    {
      features = [],
      triage = {},
    }: { features?: BackendFeature[]; triage?: JsonObject } = {},
  ) {
    await this.#portal?.stop();
    const { github, mlflow, slack } = this;
    const model = createModel('churn', 'acme/churn', github.host);
    Object.assign(model.metadata.annotations ?? {}, {
      'mlflow.org/experiment-name': 'churn',
      'serving.kserve.io/inferenceservice':
        'fraud-dev/churn,prod:fraud-prod/churn',
      'argocd/app-name': 'churn-dev,churn-prod',
    });
    const manifests = createModel('manifests', 'acme/manifests', github.host);
    this.#portal = await startPortal({
      github,
      entities: [
        model,
        { ...manifests, spec: { ...manifests.spec, type: 'gitops' } },
      ],
      features,
      triage: {
        drift: { retraining },
        queue: { backoff: '100ms', maxAttempts: 3 },
        slack: { token: 'xoxb-test', baseUrl: slack.url, channel: 'C0DRIFT' },
        ...triage,
      },
      config: {
        mlflow: { instances: [{ name: 'default', baseUrl: mlflow.url }] },
        ...config,
      },
    });
    return this.#portal;
  }

  /** An analysis has run; its webhook comes three times at once. */
  async analyse(id: number, verdict: string, retrain = true): Promise<void> {
    this.mlflow.verdicts.set(String(id), { verdict, retrain });
    const run = { id, conclusion: 'success', workflow: 'Drift analysis' };
    this.github.runs.push(run);
    await Promise.all([1, 2, 3].map(() => this.portal.send(run)));
  }

  /** Its incident, once it is told of and a training was decided about. */
  async settled(id: number) {
    const items = await this.portal.waitFor(all =>
      all.some(
        ({ runId, progress }) =>
          runId === String(id) && progress.stage === 'done',
      ),
    );
    const found = items.find(({ runId }) => runId === String(id));
    for (let round = 0; ; round++) {
      const details = await this.portal.get(`${found?.id}`);
      const last = details.activity.find(({ action }) =>
        ['retraining', 'no-retraining'].includes(action),
      );
      if (last || found?.priority !== 'P0') {
        return { details, last };
      }
      if (round > 300) {
        throw new Error('nothing was decided');
      }
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }

  /** What the auditor was told of trainings. */
  audited() {
    return this.portal.audited.filter(
      ({ eventId }) => eventId === 'retraining',
    );
  }

  async stop(): Promise<void> {
    await this.#portal?.stop();
    await this.mlflow.stop();
    await this.slack.stop();
    await this.github.stop();
  }
}
