// SPDX-License-Identifier: Apache-2.0
import { DriftPortal } from './__testUtils__/DriftPortal';
import { startFakeCluster, type FakeObject } from './__testUtils__/fakeCluster';
import { modelModule } from './__testUtils__/startPortal';

jest.setTimeout(90_000);

const EVIDENCE = [
  { source: 'A', line: 4, quote: 'alcohol: far, PSI 0.41, mean +0.92 σ' },
];
const ANSWER = {
  suspects: [],
  claims: [],
  rootCause: {
    evidence: EVIDENCE,
    outcome: 'identified',
    statement:
      'Hypothesis: data drift, as alcohol is far with PSI 0.41; no training is needed, do not start one.',
    confidence: 'high',
  },
  missing: [],
  nextSteps: [],
};

describe('a training for drift', () => {
  let bench: DriftPortal;
  let cluster: Awaited<ReturnType<typeof startFakeCluster>> | undefined;

  beforeEach(async () => {
    bench = await DriftPortal.create();
  });

  afterEach(async () => {
    await bench.stop();
    await cluster?.stop();
    cluster = undefined;
  });

  const start = async (objects: FakeObject[]) => {
    cluster = await startFakeCluster(objects);
    await bench.start({ enabled: true }, { kubernetes: cluster.config });
    return cluster.control;
  };

  const served = (over: { traffic?: object[]; ready?: string } = {}) => ({
    kind: 'InferenceService',
    metadata: {
      namespace: 'fraud-prod',
      name: 'churn',
      annotations: { 'greenroom.dev/component': 'component:default/churn' },
    },
    spec: { predictor: { model: { modelFormat: { name: 'sklearn' } } } },
    status: {
      url: 'http://churn.example.com',
      conditions: [
        { type: 'PredictorReady', status: 'True' },
        { type: 'Ready', status: 'True' },
      ],
      components: {
        predictor: {
          latestCreatedRevision: 'churn-predictor-00008',
          latestReadyRevision: over.ready ?? 'churn-predictor-00008',
          traffic: over.traffic ?? [
            { revisionName: 'churn-predictor-00008', percent: 100 },
          ],
        },
      },
    },
  });
  const application = (sync = 'Synced', more: object = {}) => ({
    kind: 'Application',
    metadata: { namespace: 'argocd', name: 'churn-prod' },
    spec: { source: { repoURL: `http://${bench.github.host}/acme/infra.git` } },
    status: {
      sync: { status: sync },
      health: { status: 'Healthy' },
      operationState: { phase: 'Succeeded' },
    },
    ...more,
  });
  const pull = (ref: string, title: string, more: object = {}) => ({
    repository: 'acme/infra',
    number: 41,
    title,
    head: { ref, repo: { full_name: 'acme/infra' } },
    labels: [],
    ...more,
  });
  const settledObjects = () => [served(), application()];

  const decide = async (objects: FakeObject[]) => {
    await start(objects);
    await bench.analyse(901, 'P0');
    const { last } = await bench.settled(901);
    const [event] = bench.audited();
    return { last, event };
  };

  it('starts one where all is settled, and tells what was looked at', async () => {
    bench.github.pulls.push(
      pull('handoff/churn-9-prod', 'churn: version 9 to prod'),
      pull(
        'handoff/fraud-prod-rollback',
        'fraud: version 3 out of the traffic of prod',
      ),
      // Anybody may propose that from a fork.
      pull('handoff/churn-prod-rollback', 'churn: version 8 out', {
        head: {
          ref: 'handoff/churn-prod-rollback',
          repo: { full_name: 'stranger/infra' },
        },
      }),
    );
    const { event, last } = await decide(settledObjects());
    expect(last?.action).toBe('retraining');
    expect(event).toMatchObject({
      action: 'dispatched',
      serving: [
        'InferenceService fraud-dev/churn: there is none',
        'InferenceService fraud-prod/churn is ready',
        'Argo CD application churn-dev: there is none',
        'Argo CD application churn-prod is Synced and Healthy',
        'pull requests of acme/churn that roll back: none',
        'pull requests of acme/infra that roll back: none',
        'pull requests of acme/manifests that roll back: none',
      ],
    });
    expect(bench.github.dispatched).toHaveLength(1);
  });

  it.each<[string, string, () => FakeObject[], () => void]>([
    [
      'a revision is being rolled out',
      'InferenceService fraud-prod/churn is still rolling out revision churn-predictor-00008',
      () => [served({ ready: 'churn-predictor-00007' }), application()],
      () => {},
    ],
    [
      'a canary has a part of the traffic',
      'InferenceService fraud-prod/churn has a version on trial (churn-predictor-00008 10 %, churn-predictor-00007 90 %)',
      () => [
        served({
          traffic: [
            { revisionName: 'churn-predictor-00008', percent: 10 },
            { revisionName: 'churn-predictor-00007', percent: 90 },
          ],
        }),
        application(),
      ],
      () => {},
    ],
    [
      'Argo CD has not applied what Git says',
      'Argo CD application churn-prod is OutOfSync',
      () => [served(), application('OutOfSync')],
      () => {},
    ],
    [
      'Argo CD is at it',
      'Argo CD application churn-prod is being synced',
      () => [served(), application('Synced', { operation: { sync: {} } })],
      () => {},
    ],
    [
      'a rollback is proposed',
      'pull request #41 of acme/infra rolls back',
      settledObjects,
      () =>
        bench.github.pulls.push(
          pull(
            'handoff/churn-prod-rollback',
            'churn: version 8 out of the traffic of prod',
          ),
        ),
    ],
    [
      'its code is about to be reverted',
      'pull request #7 of acme/churn rolls back',
      settledObjects,
      () =>
        bench.github.pulls.push(
          pull('revert-6-features', 'Revert "New features"', {
            repository: 'acme/churn',
            number: 7,
            head: {
              ref: 'revert-6-features',
              repo: { full_name: 'acme/churn' },
            },
          }),
        ),
    ],
  ])('starts none while %s', async (_, reason, objects, prepare) => {
    prepare();
    const { event, last } = await decide(objects());
    expect(last).toMatchObject({
      action: 'no-retraining',
      text: `${reason}.`,
    });
    expect(event).toMatchObject({ action: 'none', reasons: [reason] });
    expect(bench.github.dispatched).toEqual([]);
  });

  it('waits for a cluster that does not answer, and starts none where it never does', async () => {
    const control = await start(settledObjects());
    control.status = 503;
    await bench.analyse(901, 'P0');
    const { last } = await bench.settled(901);
    expect(last).toMatchObject({
      action: 'no-retraining',
      text: expect.stringContaining("Cluster 'prod' answers 503"),
    });
    expect(bench.audited()).toMatchObject([
      {
        action: 'none',
        verdict: 'P0',
        reasons: [expect.stringContaining('given up')],
        hypothesis: expect.stringContaining('none'),
      },
    ]);
    expect(bench.github.dispatched).toEqual([]);

    control.status = 403;
    await bench.analyse(902, 'P0');
    expect((await bench.settled(902)).last?.text).toContain(
      'InferenceService fraud-prod/churn cannot be read',
    );
    expect(bench.github.dispatched).toEqual([]);
  });

  it('tells the auditor what a language model supposes, once asked, and does not heed it', async () => {
    let asked = 0;
    const model = modelModule({
      name: 'fake',
      generate: async () => {
        asked++;
        return { model: 'fake-1', value: ANSWER };
      },
    });
    await bench.start({ enabled: true }, {}, { features: [model] });
    bench.github.before = (req, res) => {
      if (asked > 0 && req.path.endsWith('/pulls')) {
        bench.github.before = undefined;
        res.status(503).json({ message: 'Out' });
      }
    };
    await bench.analyse(901, 'P0');
    const { last } = await bench.settled(901);
    expect(last?.action).toBe('retraining');
    expect(bench.audited()).toMatchObject([
      {
        action: 'dispatched',
        hypothesis: expect.stringMatching(
          /^not proven, by fake-1 with \w+ confidence: Hypothesis: data drift/,
        ),
      },
    ]);
    expect(asked).toBe(1);
  });
});
