// SPDX-License-Identifier: Apache-2.0
import type { Entity } from '@backstage/catalog-model';
import type { JsonObject } from '@backstage/types';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {
  ALERT_TOKEN,
  createAlert,
  createMessage,
  resolve,
} from './__testUtils__/alertmanager';
import { FakeGithub } from './__testUtils__/FakeGithub';
import { createModel, startPortal } from './__testUtils__/startPortal';

jest.setTimeout(120_000);

const WORKFLOW = 'drift-analysis.yml';

/** As the rules of infra-manifests make it: of a model, not of a pod. */
const drifted = (feature: string, change: Record<string, string> = {}) =>
  createAlert({
    alertname: 'ModelFeatureDrift',
    namespace: 'churn-prod',
    model_name: 'churn',
    pod: '',
    container: '',
    feature,
    severity: 'warning',
    ...change,
  });

describe('alerts about drift', () => {
  let github: FakeGithub;
  let folder: string;
  const portals: Array<Awaited<ReturnType<typeof startPortal>>> = [];

  const served = (name: string): Entity => {
    const model = createModel(name, `acme/${name}`, github.host);
    Object.assign(model.metadata.annotations ?? {}, {
      'serving.kserve.io/inferenceservice': `${name}-prod/${name}`,
    });
    return model;
  };

  const start = async (
    drift: JsonObject = {},
    entities: Entity[] = [served('churn'), served('fraud')],
  ) => {
    const portal = await startPortal({
      github,
      entities,
      database: {
        client: 'better-sqlite3',
        connection: { directory: folder },
      },
      triage: {
        alerts: { tokenFile: path.join(folder, 'token') },
        drift,
        queue: { workers: 4, lease: { seconds: 2 } },
        effects: [],
      },
    });
    portals.push(portal);
    return portal;
  };

  const post = async (
    portal: { base: string },
    alerts: ReturnType<typeof createAlert>[],
  ) => {
    const response = await fetch(`${portal.base}/triage/alerts`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ALERT_TOKEN}` },
      body: JSON.stringify(createMessage(alerts)),
    });
    expect([response.status, await response.text()]).toEqual([
      202,
      expect.any(String),
    ]);
  };

  /** What the incidents say of analyses, when each has said something. */
  const decisions = async (
    portal: Awaited<ReturnType<typeof startPortal>>,
    count: number,
  ) => {
    for (let round = 0; ; round++) {
      const { items } = await portal.list('?limit=100');
      const all = await Promise.all(items.map(({ id }) => portal.get(id)));
      const told = all.flatMap(({ activity }) =>
        activity.filter(({ action }) => action.endsWith('drift-analysis')),
      );
      if (told.length >= count) {
        expect(told).toHaveLength(count);
        return told;
      }
      if (round > 600) {
        throw new Error(`only ${JSON.stringify(told)} was decided`);
      }
      await new Promise(done => setTimeout(done, 50));
    }
  };

  beforeEach(async () => {
    github = new FakeGithub();
    await github.start();
    folder = await mkdtemp(path.join(os.tmpdir(), 'triage-drift-alerts-'));
    await writeFile(path.join(folder, 'token'), ALERT_TOKEN);
  });

  afterEach(async () => {
    await Promise.all(portals.splice(0).map(portal => portal.stop()));
    await github.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('start one analysis of their model, whatever the number of alerts, and none where another alert fires', async () => {
    const portal = await start();
    const alerts = [
      drifted('alcohol'),
      drifted('sugar'),
      drifted('', { alertname: 'ModelPredictionDrift' }),
    ];
    const others = [
      drifted('', { alertname: 'ModelLatencyHigh' }),
      // Of no entity: nobody's workflow is started.
      drifted('alcohol', { namespace: 'other-prod', model_name: 'other' }),
    ];
    await Promise.all([
      post(portal, [...alerts, ...others]),
      post(portal, [...alerts].reverse()),
      post(portal, [
        drifted('age', { namespace: 'fraud-prod', model_name: 'fraud' }),
      ]),
    ]);
    const told = await decisions(portal, 4);
    expect(github.dispatched).toHaveLength(2);
    expect(github.dispatched).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          repository: 'acme/churn',
          workflow: WORKFLOW,
          ref: 'main',
          inputs: { reason: expect.stringMatching(/^Alert Model\w+Drift$/) },
        }),
        expect.objectContaining({ repository: 'acme/fraud' }),
      ]),
    );
    const started = told.filter(({ action }) => action === 'drift-analysis');
    expect(started.map(({ text }) => text)).toEqual([
      expect.stringMatching(/\/acme\/\w+\/actions\/runs\/\d$/),
      expect.stringMatching(/\/acme\/\w+\/actions\/runs\/\d$/),
    ]);
    const refused = told.filter(({ action }) => action === 'no-drift-analysis');
    expect(refused).toHaveLength(2);
    for (const { text } of refused) {
      expect(text).toContain('1 hour later at the earliest');
      expect(text).toContain('triage.drift.analysis.cooldown');
    }
    const audited = portal.audited.filter(
      ({ eventId, repository }) => eventId === 'drift-analysis' && repository,
    );
    expect(audited.map(({ action }) => action).sort()).toEqual([
      'dispatched',
      'dispatched',
      'none',
      'none',
    ]);
    expect(audited[0]).toMatchObject({
      alert: expect.stringMatching(/Drift$/),
      fingerprint: expect.any(String),
      workflow: WORKFLOW,
      verdict: expect.stringContaining('none yet'),
      hypothesis: expect.stringContaining('none'),
      couldBeStoppedBy: [
        expect.stringContaining(WORKFLOW),
        expect.stringContaining('triage.drift.analysis.enabled'),
      ],
    });

    // Told again, ended, analysed again on request: each alert has had its turn.
    await portal.waitFor(items =>
      items.every(({ progress }) => progress.stage === 'done'),
    );
    const { items } = await portal.list('?limit=100');
    await post(portal, alerts);
    for (const { id } of items) {
      expect((await portal.call(`incidents/${id}/analyze`, {})).status).toBe(
        200,
      );
    }
    await portal.waitFor(all =>
      all.every(({ progress }) => progress.stage === 'done'),
    );
    await post(
      portal,
      alerts.map(each => resolve(each)),
    );
    await decisions(portal, 4);
    expect(github.dispatched).toHaveLength(2);
    expect(portal.audited).toContainEqual(
      expect.objectContaining({
        eventId: 'drift-analysis',
        action: 'none',
        reasons: [expect.stringContaining('no entity of the catalog')],
      }),
    );
  });

  it('start nothing where the portal or the repository does not let them, and say so once', async () => {
    const off = await start({ analysis: { enabled: false } });
    await post(off, [drifted('alcohol')]);
    const [first] = await decisions(off, 1);
    expect(first).toMatchObject({
      action: 'no-drift-analysis',
      text: expect.stringContaining('triage.drift.analysis.enabled'),
    });
    await off.stop();
    portals.splice(0);

    github.absent.push(WORKFLOW);
    const without = await start();
    await post(without, [drifted('sugar')]);
    const none = await decisions(without, 2);
    expect(none.map(({ text }) => text)).toContainEqual(
      expect.stringContaining(`the repository has no workflow ${WORKFLOW}`),
    );
    github.absent.splice(0);

    for (const [status, words] of [
      [403, 'GitHub gives no access'],
      [422, 'no trigger workflow_dispatch'],
    ] as const) {
      github.before = (req, res) => {
        if (req.path.endsWith('/dispatches')) {
          res.status(status).json({ message: 'No' });
        }
      };
      const before = (await without.list()).items.length;
      await post(without, [drifted(`feature-${status}`)]);
      const told = await decisions(without, before + 1);
      expect(told.map(({ text }) => text)).toContainEqual(
        expect.stringContaining(words),
      );
    }
    github.before = undefined;

    // What was refused is no reason to wait; what runs is.
    github.running.push(WORKFLOW);
    await post(without, [drifted('age')]);
    expect(
      (await decisions(without, 5)).map(({ text }) => text),
    ).toContainEqual('an analysis of this model is running.');
    github.running.splice(0);
    await without.stop();
    portals.splice(0);

    const elsewhere = await start({}, [
      {
        ...served('churn'),
        metadata: {
          ...served('churn').metadata,
          annotations: {
            ...served('churn').metadata.annotations,
            'backstage.io/source-location':
              'url:https://github.example/acme/churn/',
          },
        },
      },
    ]);
    await post(elsewhere, [drifted('place')]);
    expect(
      (await decisions(elsewhere, 6)).map(({ text }) => text),
    ).toContainEqual('no integration has credentials for acme/churn.');
    expect(github.dispatched).toEqual([]);
  });

  it.each([
    [
      '429',
      (res: { status(code: number): { json(body: object): void } }) =>
        res.status(429).json({ message: 'Slow down' }),
    ],
    [
      '503',
      (res: { status(code: number): { json(body: object): void } }) =>
        res.status(503).json({ message: 'Out' }),
    ],
  ])('try again when GitHub answers %s', async (_, answer) => {
    let faults = 2;
    github.before = (req, res) => {
      if (req.path.endsWith('/dispatches') && faults-- > 0) {
        answer(res);
      }
    };
    const portal = await start();
    await post(portal, [drifted('alcohol')]);
    const [told] = await decisions(portal, 1);
    expect(told.action).toBe('drift-analysis');
    expect(faults).toBe(-1);
    expect(github.dispatched).toHaveLength(1);
  });

  it('start none twice when the answer is lost and the portal restarts meanwhile', async () => {
    let isBroken = true;
    const dispatched = new Promise<void>(done => {
      github.after = async (req, res) => {
        if (isBroken && req.path.endsWith('/dispatches')) {
          isBroken = false;
          done();
          // Neither an answer nor the end of the connection.
          await new Promise(() => res);
        }
      };
    });
    const first = await start();
    await post(first, [drifted('alcohol')]);
    await dispatched;
    await first.stop();
    portals.splice(0);

    // GitHub lists the run only some seconds later.
    let asked = 0;
    github.before = (req, res) => {
      if (req.path.endsWith(`${WORKFLOW}/runs`) && asked++ === 0) {
        res.json({ total_count: 0, workflow_runs: [] });
      }
    };
    const [second, third] = [await start(), await start()];
    await post(third, [drifted('alcohol'), drifted('sugar')]);
    const told = await decisions(second, 2);
    expect(told.map(({ action }) => action).sort()).toEqual([
      'drift-analysis',
      'no-drift-analysis',
    ]);
    expect(
      told.find(({ action }) => action === 'drift-analysis')?.text,
    ).toContain('/actions/runs/1');
    expect(github.dispatched).toHaveLength(1);
  });
});
