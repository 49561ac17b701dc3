// SPDX-License-Identifier: Apache-2.0
import type { KubernetesObject } from '@greenroom/plugin-kserve-common';
import { judgeInferenceService } from './judgeInferenceService';

const metadata = (name: string) => ({
  name,
  namespace: 'fraud',
  labels: { 'serving.kserve.io/inferenceservice': 'churn' },
});

const service = (change: object = {}): KubernetesObject => ({
  apiVersion: 'serving.kserve.io/v1beta1',
  kind: 'InferenceService',
  metadata: { name: 'churn', namespace: 'fraud' },
  spec: { predictor: { model: {} } },
  status: {
    deploymentMode: 'Standard',
    conditions: [
      { type: 'PredictorReady', status: 'True' },
      { type: 'Ready', status: 'True' },
    ],
  },
  ...change,
});

const deployment = (updated: number, total: number): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: metadata('churn-predictor'),
  spec: { replicas: 1 },
  status: {
    replicas: total,
    updatedReplicas: updated,
    readyReplicas: 1,
    availableReplicas: 1,
  },
});

const route = (canary: number): KubernetesObject => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name: 'churn-traffic', namespace: 'fraud' },
  spec: {
    rules: [
      {
        backendRefs: [
          { name: 'churn-predictor', weight: 100 - canary },
          { name: 'churn-canary-predictor', weight: canary },
        ],
      },
    ],
  },
  status: {
    parents: [{ conditions: [{ type: 'Accepted', status: 'True' }] }],
  },
});

const judge = (object: KubernetesObject, ...others: KubernetesObject[]) =>
  judgeInferenceService(object, { others, now: Date.now() });

describe('an inference service in Standard mode', () => {
  it('is settled where its Deployment is done and one server has all requests', () => {
    expect(judge(service(), deployment(1, 1), route(0))).toEqual({
      is: 'is ready',
      isSettled: true,
    });
  });

  it('is not while old pods run beside new ones, though it is Ready', () => {
    const { is, isSettled } = judge(service(), deployment(0, 2));
    expect(isSettled).toBe(false);
    expect(is).toContain('churn-predictor is rolling out an update');
  });

  it('is not while a second server is on trial', () => {
    expect(judge(service(), deployment(1, 1), route(10))).toEqual({
      is: 'has a version on trial (churn-predictor 90 %, churn-canary-predictor 10 %)',
      isSettled: false,
    });
  });

  it('is not where it is not Ready, or nothing is known of it', () => {
    const failed = {
      conditions: [{ type: 'Ready', status: 'False', reason: 'Failed' }],
    };
    expect(judge(service({ status: failed })).isSettled).toBe(false);
    expect(judge(service({ status: {} })).isSettled).toBe(false);
    expect(judge(service({ status: 'odd' }))).toEqual({
      is: 'is in no known form',
      isSettled: false,
    });
  });

  it('is settled where it is stopped on purpose', () => {
    const stopped = {
      conditions: [
        { type: 'Ready', status: 'False', reason: 'Stopped' },
        { type: 'Stopped', status: 'True' },
      ],
    };
    expect(judge(service({ status: stopped })).isSettled).toBe(true);
  });
});
