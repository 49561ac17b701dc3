// SPDX-License-Identifier: Apache-2.0
import { DriftPortal } from './__testUtils__/DriftPortal';

jest.setTimeout(90_000);

describe('drift in triage', () => {
  let bench: DriftPortal;

  beforeEach(async () => {
    bench = await DriftPortal.create();
  });

  afterEach(async () => {
    await bench.stop();
  });

  it('makes an incident of an analysis, dispatches a training once, and none within the cooldown', async () => {
    await bench.start({ enabled: true });
    await bench.analyse(901, 'P0');
    const { details, last } = await bench.settled(901);
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
    expect(bench.github.dispatched).toMatchObject([
      {
        workflow: 'retrain.yml',
        ref: 'main',
        inputs: {
          reason: 'Drift P0 of churn: far from the training data: alcohol',
        },
      },
    ]);

    await bench.analyse(902, 'P0');
    const second = await bench.settled(902);
    expect(second.last).toMatchObject({
      action: 'no-retraining',
      text: expect.stringContaining('triage.drift.retraining.cooldown'),
    });
    expect(bench.github.dispatched).toHaveLength(1);
    expect(bench.audited()).toMatchObject([
      {
        action: 'dispatched',
        verdict: 'P0',
        hypothesis: 'none: no language model is configured',
        couldBeStoppedBy: [
          expect.stringContaining('group:default/churn-team'),
          expect.stringContaining('triage.drift.retraining.enabled'),
        ],
        serving: [
          expect.stringContaining('not known: no cluster'),
          'pull requests of acme/churn that roll back: none',
          'pull requests of acme/manifests that roll back: none',
        ],
        figures: [
          { feature: 'predictions', level: 'far' },
          { feature: 'alcohol', psi: 0.41, shift: 0.92 },
        ],
      },
      { action: 'none', reasons: [expect.stringContaining('cooldown')] },
    ]);
    // A comment on the commit would say that its pipeline failed.
    expect(bench.github.comments).toEqual([]);

    await bench.analyse(903, 'none');
    await bench.portal.waitFor(all =>
      all.every(({ state }) => state === 'recovered'),
    );
  });

  it('starts none where owner or portal do not allow it, or something else is under way', async () => {
    await bench.start();
    await bench.analyse(901, 'P0', false);
    const { last } = await bench.settled(901);
    expect(last?.text).toContain('triage.drift.retraining.enabled');
    expect(last?.text).toContain('drift.retrain in config.yaml');

    await bench.start({ enabled: true });
    bench.github.running.push('canary.yml', 'retrain.yml');
    await bench.analyse(904, 'P0');
    const busy = await bench.settled(904);
    expect(busy.last?.text).toContain('a training of this model is running');
    expect(busy.last?.text).toContain('promotion or rollback');
    await bench.analyse(905, 'P2');
    expect((await bench.settled(905)).last).toBeUndefined();
    expect(bench.github.dispatched).toEqual([]);
  });

  it('asks to investigate P2 in one message, with the dashboard and the page of the model; says nothing of less', async () => {
    await bench.start(
      {},
      { grafana: { domain: 'https://grafana.example.com/monitoring/' } },
    );
    await bench.analyse(906, 'insufficient_data');
    await bench.analyse(907, 'none');
    await bench.analyse(905, 'P2');
    const { details } = await bench.settled(905);
    expect(details.incident.priority).toBe('P2');
    // The two of before were taken up before it.
    expect(bench.slack.messages).toHaveLength(1);
    const [message] = bench.slack.messages as Array<{
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
    const dashboardUrl = `https://grafana.example.com/monitoring/d/model-serving?var-namespace=fraud-dev&var-namespace=fraud-prod&var-model=churn&from=${to - 7 * 24 * 3_600_000}&to=${to}`;
    expect(blocks).toContain(`<${dashboardUrl}|Dashboard>`);
    expect(details.dashboardUrl).toBe(dashboardUrl);
    expect(blocks).toMatch(
      /<https?:[^|>]+\/catalog\/default\/component\/churn\|Page of the model>/,
    );
    // Nobody has to act today: no issue and no comment.
    expect(bench.github.issues).toEqual([]);
    expect(bench.github.comments).toEqual([]);
    expect(details.effects.map(({ kind }) => kind)).toEqual(['slack']);
    const of = {
      incidentId: details.incident.id,
      verdict: 'P2',
      figures: expect.arrayContaining([
        expect.stringContaining('alcohol: far, PSI 0.41'),
      ]),
      hypothesis: 'none: no language model is configured',
      couldBeStoppedBy: [expect.stringContaining('triage.effects')],
    };
    const none = { ...of, action: 'none' };
    const effects = bench.portal.audited.filter(
      ({ eventId }) => eventId === 'effect',
    );
    expect(effects).toHaveLength(4);
    expect(effects).toEqual(
      expect.arrayContaining(
        [
          { ...of, kind: 'slack', action: 'report' },
          { ...none, kind: 'comment' },
          { ...none, kind: 'issue' },
          { ...none, kind: 'check-run' },
        ].map(each => expect.objectContaining(each)),
      ),
    );

    await bench.analyse(908, 'P1');
    await bench.settled(908);
    expect(bench.slack.messages).toHaveLength(2);
    expect(JSON.stringify(bench.slack.messages[1])).not.toContain(
      'Investigate',
    );
    expect(JSON.stringify(bench.slack.messages[1])).toContain('|Dashboard>');
    expect(JSON.stringify(bench.slack.messages[1])).not.toMatch(/█|xychart/);
  });

  it('opens an issue with the feature at training and now, where a rule asks for one', async () => {
    const effect = { kind: 'issue', incidents: ['drift'] };
    await bench.start(
      {},
      {},
      { triage: { effects: [{ ...effect, minimumPriority: 'P1' }] } },
    );
    await bench.analyse(905, 'P2');
    await bench.settled(905);
    await bench.analyse(908, 'P1');
    await bench.settled(908);
    expect(bench.github.issues).toHaveLength(1);
    const [{ body }] = bench.github.issues;
    expect(body).toContain('    bar [0.410]');
    expect(body).toContain(
      '1: `alcohol`, PSI 0.41, 5,000 rows at training, 1,240 rows now',
    );
    expect(body).toContain(
      ' 50.0 % ███████▌      80.0 % ████████████ | (11, inf)',
    );
  });

  it('has no dashboard to link to where nobody says where Grafana is', async () => {
    await bench.start();
    await bench.analyse(905, 'P2');
    const { details } = await bench.settled(905);
    expect(details.dashboardUrl).toBeUndefined();
    expect(JSON.stringify(bench.slack.messages)).toContain('Investigate');
    expect(JSON.stringify(bench.slack.messages)).not.toContain('Dashboard');
  });

  it('looks for a training that was started when the answer was lost', async () => {
    await bench.start({ enabled: true });
    let isBroken = true;
    bench.github.after = (req, res) => {
      if (isBroken && req.path.endsWith('/dispatches')) {
        isBroken = false;
        res.socket?.destroy();
      }
    };
    await bench.analyse(901, 'P0');
    const { last } = await bench.settled(901);
    expect(last).toMatchObject({
      action: 'retraining',
      text: expect.stringContaining('/actions/runs/1'),
    });
    expect(bench.github.dispatched).toHaveLength(1);
  });

  it('says that there is no workflow that trains, and does not try again', async () => {
    bench.github.absent.push('retrain.yml');
    await bench.start({ enabled: true });
    await bench.analyse(901, 'P0');
    const { last } = await bench.settled(901);
    expect(last).toMatchObject({
      action: 'no-retraining',
      text: expect.stringContaining('no workflow retrain.yml'),
    });
  });
});
