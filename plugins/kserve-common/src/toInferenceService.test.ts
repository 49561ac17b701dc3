// SPDX-License-Identifier: Apache-2.0
import {
  container,
  deployment,
  event,
  NAME,
  NAMESPACE,
  pod,
  POD,
  READY,
  revisions,
  route,
  service,
  STANDARD,
} from './__fixtures__/build';
import { toInferenceService } from './toInferenceService';
import type { KubernetesObject } from './types';

const time = (text: string) => Date.parse(`2026-09-01T${text}Z`);

function convert(objects: KubernetesObject[]) {
  const found = toInferenceService({
    cluster: 'local',
    objects,
    subject: { namespace: NAMESPACE, name: NAME },
    now: time('10:10:00'),
  });
  if (!found) {
    throw new Error('There is no service.');
  }
  return found;
}

const steps = (objects: KubernetesObject[]) =>
  Object.fromEntries(
    convert(objects).rollout.map(({ name, state }) => [name, state]),
  );

describe('toInferenceService', () => {
  it('says by its version who answers, where the pipeline has written it', () => {
    const metadata = { annotations: { 'greenroom.dev/model-version': '3' } };
    const sentenceOf = (...objects: KubernetesObject[]) =>
      convert(objects).explanation.sentence;
    const predictor = `${NAME}-predictor`;
    expect(
      sentenceOf(
        service(READY, { metadata, status: STANDARD }),
        route({ [predictor]: 1 }),
        deployment([1, 1, 1]),
      ),
    ).toBe(`Ready: version 3 (${predictor}) answers all requests.`);
    // In a rollout an earlier one may answer, and so it may with revisions.
    expect(
      convert([
        service(READY, { metadata, status: STANDARD }),
        route({ [predictor]: 1 }),
        deployment([2, 1, 1]),
      ]).explanation.reasons.join(),
    ).not.toContain('version 3');
    expect(
      sentenceOf(
        service(READY, { metadata, status: revisions(1, 1, { 1: 100 }) }),
      ),
    ).toBe(`Ready: ${predictor}-00001 answers all requests.`);
  });

  describe('says one thing on one page', () => {
    const metadata = { annotations: { 'greenroom.dev/model-version': '3' } };
    const predictor = `${NAME}-predictor`;
    const ready = service(READY, { metadata, status: STANDARD });
    const podOf = (hash: string, state: string, minute: number) =>
      pod([container('kserve-container', state)], {
        name: `${predictor}-${hash}-x2x4z`,
        labels: { 'pod-template-hash': hash },
        metadata: { creationTimestamp: `2026-09-01T10:0${minute}:00Z` },
      });
    const of = (...objects: KubernetesObject[]) => {
      const found = convert([ready, route({ [predictor]: 1 }), ...objects]);
      const { components, explanation, rollout, since } = found;
      return {
        state: explanation.state,
        reasons: explanation.reasons.join(' '),
        replicas: components[0].replicas,
        last: rollout.at(-1)?.state,
        since,
      };
    };

    it('when the condition Ready lags behind: nobody is said to answer', () => {
      expect(
        of(deployment([1, 1, 0]), podOf('6c9d7f5b84', 'running', 1)),
      ).toEqual({
        state: 'progressing',
        reasons: expect.not.stringContaining('answers all requests'),
        replicas: { desired: 1, ready: 0 },
        last: 'waiting',
        since: undefined,
      });
    });

    it('when an earlier pod serves while the new one crashes', () => {
      const crash = 'waiting:/CrashLoopBackOff: back-off 5m0s';
      expect(
        of(
          deployment([1, 1, 1]),
          podOf('6c9d7f5b84', 'ready', 1),
          podOf('7d9e8f6c95', crash, 5),
        ),
      ).toEqual({
        state: 'degraded',
        reasons: expect.not.stringContaining('version 3'),
        replicas: { desired: 1, ready: 0 },
        last: 'waiting',
        since: undefined,
      });
    });

    it('when the earlier pod is still there, and when one more replica starts', () => {
      const settled = deployment(
        [1, 1, 1],
        ['Progressing=True/NewReplicaSetAvailable'],
      );
      const first = podOf('6c9d7f5b84', 'ready', 1);
      expect(of(settled, first, podOf('7d9e8f6c95', 'ready', 5))).toMatchObject(
        { state: 'ready', replicas: { desired: 1, ready: 1 }, last: 'done' },
      );
      expect(
        of(
          deployment([2, 2, 1], ['Progressing=True/NewReplicaSetAvailable']),
          first,
          {
            ...podOf('6c9d7f5b84', 'running', 5),
            metadata: {
              ...podOf('6c9d7f5b84', 'running', 5).metadata,
              name: `${predictor}-6c9d7f5b84-second`,
            },
          },
        ),
      ).toMatchObject({
        state: 'ready',
        replicas: { desired: 2, ready: 1 },
        last: 'done',
      });
    });

    it('when a canary is not ready: the rollout is not, either', () => {
      const canary = service(READY, {
        spec: {
          predictor: { model: {} },
          canary: [{ trafficPercent: 0, predictor: { name: 'v2' } }],
        },
        status: {
          ...STANDARD,
          canaryStatuses: [{ name: 'v2', ready: false, trafficPercent: 0 }],
        },
      });
      const { explanation, rollout, since } = convert([
        canary,
        route({ [predictor]: 100, [`${NAME}-v2-predictor`]: 0 }),
        deployment([1, 1, 1]),
        podOf('6c9d7f5b84', 'ready', 1),
      ]);
      expect(explanation.state).toBe('degraded');
      expect(rollout.at(-1)).toMatchObject({ name: 'ready', state: 'failed' });
      expect(since).toBeUndefined();
    });
  });

  it('gathers what a page shows of a service in Standard mode', () => {
    const found = convert([
      service(READY, {
        metadata: {
          annotations: {
            'serving.kserve.io/deploymentMode': 'RawDeployment',
            'greenroom.dev/model': 'churn',
            'greenroom.dev/model-version': '3',
            'greenroom.dev/source-commit': 'abc1234',
          },
        },
        spec: {
          predictor: {
            minReplicas: 1,
            model: {
              modelFormat: { name: 'mlflow' },
              protocolVersion: 'v2',
              storageUri: 's3://models/churn/3/',
              runtime: 'asked',
            },
          },
          canary: [{ trafficPercent: 20, predictor: { name: 'v2' } }],
        },
        status: {
          servingRuntimeName: 'kserve-mlserver',
          url: 'http://churn.example.com',
          components: {
            predictor: { url: 'http://churn-predictor.example.com' },
          },
          canaryStatuses: [{ name: 'v2', ready: true, trafficPercent: 20 }],
          modelStatus: {
            transitionStatus: 'UpToDate',
            states: { activeModelState: 'Loaded', targetModelState: 'Loaded' },
            lastFailureInfo: {
              reason: 'ModelLoadFailed',
              exitCode: 137,
              time: '2026-09-01T09:00:00Z',
            },
          },
        },
      }),
      deployment([1, 1, 1]),
      pod(
        [
          container('kserve-container', 'ready', {
            restarts: 2,
            last: 'ended:137/OOMKilled: killed',
          }),
        ],
        {
          spec: {
            containers: [
              {
                name: 'kserve-container',
                image: 'registry.example.com/mlserver:1',
                resources: {
                  requests: { cpu: '50m' },
                  limits: { memory: '1Gi' },
                },
              },
            ],
          },
        },
      ),
      route({ 'churn-predictor': 90, 'churn-v2-predictor': 10 }),
      event(`Pod/${POD} Unhealthy: Readiness probe failed`, {
        count: 2,
        time: '2026-09-01T10:02:00Z',
      }),
      event(`Pod/${POD} Unhealthy: Readiness probe failed`, {
        count: 3,
        time: '2026-09-01T10:03:00Z',
      }),
      event(`+Pod/${POD} Started: Started container kserve-container`, {
        count: 1,
        time: '2026-09-01T10:01:00Z',
      }),
    ]);
    expect(found).toMatchObject({
      cluster: 'local',
      namespace: NAMESPACE,
      name: NAME,
      kind: 'InferenceService',
      deploymentMode: 'Standard',
      runtime: 'kserve-mlserver',
      url: 'http://churn.example.com',
      protocol: 'v2',
      model: { name: 'churn', version: '3', sourceCommit: 'abc1234' },
      traffic: {
        asked: [
          { revision: 'churn-predictor', percent: 80 },
          { revision: 'churn-v2-predictor', percent: 20 },
        ],
        routed: [
          { revision: 'churn-predictor', percent: 90 },
          { revision: 'churn-v2-predictor', percent: 10 },
        ],
        observed: null,
        mismatch:
          'The spec asks 80 % for churn-predictor, but the route gives it 90 %.',
      },
      modelStatus: {
        transitionStatus: 'UpToDate',
        targetModelState: 'Loaded',
        failure: { exitCode: 137, time: time('09:00:00') },
      },
      canaries: [{ name: 'v2', ready: true, trafficPercent: 20 }],
      components: [
        {
          name: 'predictor',
          image: 'registry.example.com/mlserver:1',
          storageUri: 's3://models/churn/3/',
          replicas: { desired: 1, ready: 1 },
          resources: { requests: { cpu: '50m' }, limits: { memory: '1Gi' } },
          url: 'http://churn-predictor.example.com',
        },
      ],
      pods: [
        {
          name: POD,
          component: 'predictor',
          phase: 'Running',
          ready: true,
          node: 'node-1',
          containers: [
            {
              name: 'kserve-container',
              init: false,
              ready: true,
              state: 'running',
              restarts: 2,
              lastTermination: {
                reason: 'OOMKilled',
                exitCode: 137,
                message: 'killed',
              },
            },
          ],
        },
      ],
      createdAt: time('10:00:00'),
      // The route differs, and since when is not told.
      since: undefined,
    });
    expect(found.events).toEqual([
      expect.objectContaining({
        reason: 'Unhealthy',
        type: 'Warning',
        count: 5,
        lastSeen: time('10:03:00'),
      }),
      expect.objectContaining({ reason: 'Started', type: 'Normal', count: 1 }),
    ]);
    expect(found.conditions).toContainEqual({
      type: 'Ready',
      status: 'True',
      lastTransitionTime: time('10:00:00'),
    });
  });

  it('tells where a rollout stands', () => {
    const starting = service(['PredictorReady=Unknown', 'Ready=Unknown'], {
      status: STANDARD,
    });
    const done = {
      scheduled: 'done',
      'image-pulled': 'done',
      'storage-fetched': 'done',
    };
    expect(steps([starting, pod([], { scheduled: false })])).toMatchObject({
      scheduled: 'active',
      'image-pulled': 'waiting',
      ready: 'waiting',
    });
    expect(
      steps([
        starting,
        pod([container('kserve-container', 'waiting:/ImagePullBackOff')]),
      ]),
    ).toMatchObject({ scheduled: 'done', 'image-pulled': 'failed' });
    expect(
      steps([
        starting,
        pod([
          container('storage-initializer', 'running', { init: true }),
          container('kserve-container', 'waiting:/PodInitializing'),
        ]),
      ]),
    ).toMatchObject({
      'image-pulled': 'done',
      'storage-fetched': 'active',
      'model-loaded': 'waiting',
    });
    expect(
      steps([
        starting,
        pod([
          container('storage-initializer', 'ended:0/Completed', { init: true }),
          container('kserve-container', 'running'),
        ]),
      ]),
    ).toMatchObject({ ...done, 'model-loaded': 'active', routed: 'waiting' });
    expect(
      steps([starting, pod([container('kserve-container', 'ready')])]),
    ).toMatchObject({
      'storage-fetched': 'skipped',
      'model-loaded': 'done',
      routed: 'active',
    });
    expect(
      Object.values(
        steps([
          service(READY),
          pod([
            container('storage-initializer', 'ended:0/Completed', {
              init: true,
            }),
            container('kserve-container', 'ready'),
          ]),
        ]),
      ),
    ).toEqual(Array(6).fill('done'));
    expect(
      convert([
        service(READY, {
          metadata: { annotations: { 'serving.kserve.io/stop': 'true' } },
        }),
      ]).rollout,
    ).toEqual([]);
  });

  it('counts the first pull of an image, not what a restart says again', () => {
    const pulled = (message: string) =>
      event(`+Pod/${POD} Pulled: ${message}`, {
        time: '2026-09-01T10:20:00Z',
      });
    const { rollout } = convert([
      service(READY),
      pod([container('kserve-container', 'ready', { restarts: 1 })]),
      event(`+Pod/${POD} Pulling: Pulling image "churn:v1"`),
      pulled('Container image "churn:v1" already present on machine'),
      pulled('Successfully pulled image "churn:v1" in 5s'),
    ]);
    const step = rollout.find(({ name }) => name === 'image-pulled');
    expect(step).toMatchObject({ finishedAt: step?.startedAt });
  });

  it('reads LLMInferenceServices and services of old versions', () => {
    const llm = convert([
      service(['Ready=True'], {
        kind: 'LLMInferenceService',
        spec: { model: { uri: 'hf://example/llm' }, replicas: 2 },
        status: {
          addresses: [{ url: 'http://gateway.example.com/team-a/churn' }],
        },
      }),
      pod([container('main', 'ready')], {
        labels: {
          component: '',
          'app.kubernetes.io/component': 'llminferenceservice-workload',
        },
      }),
    ]);
    expect(llm).toMatchObject({
      kind: 'LLMInferenceService',
      protocol: 'openai',
      url: 'http://gateway.example.com/team-a/churn',
      components: [
        {
          name: 'workload',
          storageUri: 'hf://example/llm',
          replicas: { desired: 2, ready: 1 },
        },
      ],
    });
    const old = convert([
      service(['DefaultPredictorReady=True', 'Ready=True'], {
        apiVersion: 'serving.kubeflow.org/v1alpha2',
        spec: {
          predictor: undefined,
          default: { predictor: { sklearn: { storageUri: 'gs://m' } } },
        },
        status: {
          traffic: 90,
          canaryTraffic: 10,
          default: { predictor: { name: 'churn-a' } },
          canary: { predictor: { name: 'churn-b' } },
        },
      }),
    ]);
    expect(old.components).toMatchObject([
      { name: 'predictor', storageUri: 'gs://m' },
    ]);
    expect(old.traffic.routed).toEqual([
      { revision: 'churn-a', percent: 90 },
      { revision: 'churn-b', percent: 10 },
    ]);
  });

  it('says what a canary of Knative gets beside what was asked', () => {
    const spec = { predictor: { canaryTrafficPercent: 30, model: {} } };
    const asIs = convert([
      service(READY, { spec, status: revisions(2, 2, { 1: 70, 2: 30 }) }),
    ]);
    expect(asIs.deploymentMode).toBe('Knative');
    expect(asIs.traffic.mismatch).toBeUndefined();
    const other = convert([
      service(READY, { spec, status: revisions(2, 2, { 1: 100, 2: 0 }) }),
    ]);
    expect(other.traffic.mismatch).toBe(
      'The spec asks 30 % for churn-predictor-00002, but the route gives it 0 %.',
    );
  });

  it('is undefined without the service', () => {
    expect(
      toInferenceService({
        cluster: 'local',
        objects: [pod([])],
        subject: { namespace: NAMESPACE, name: NAME },
        now: 0,
      }),
    ).toBeUndefined();
  });
});
