// SPDX-License-Identifier: Apache-2.0
import { sendJson, startHttpServer } from '@greenroom/local-platform/testing';

interface Metadata {
  name: string;
  namespace?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: Array<{ kind: string; name: string }>;
  creationTimestamp?: string;
}

export interface FakeObject {
  kind: string;
  metadata: Metadata;
  [field: string]: unknown;
}

const PATHS: Record<string, string> = {
  Pod: '/api/v1',
  Event: '/api/v1',
  Node: '/api/v1',
  Deployment: '/apis/apps/v1',
  ReplicaSet: '/apis/apps/v1',
  InferenceService: '/apis/serving.kserve.io/v1beta1',
  HTTPRoute: '/apis/gateway.networking.k8s.io/v1',
  Application: '/apis/argoproj.io/v1alpha1',
};

/** Of a model whose container ran out of memory after its image was changed. */
export function outOfMemoryObjects(mark?: string): FakeObject[] {
  const names = { namespace: 'models' };
  const labels = { 'serving.kserve.io/inferenceservice': 'churn' };
  const container = (image: string) => ({
    name: 'kserve-container',
    image,
    resources: { limits: { memory: '256Mi' } },
    env: [{ name: 'DB_PASSWORD', value: 'hunter2-in-the-open' }],
  });
  const replicaSet = (
    name: string,
    revision: string,
    image: string,
    creationTimestamp: string,
  ) => ({
    kind: 'ReplicaSet',
    metadata: {
      ...names,
      name,
      labels: { ...labels, app: 'churn-predictor' },
      annotations: { 'deployment.kubernetes.io/revision': revision },
      ownerReferences: [{ kind: 'Deployment', name: 'churn-predictor' }],
      creationTimestamp,
      managedFields: [{ manager: 'nobody reads this' }],
    },
    spec: {
      replicas: revision === '2' ? 1 : 0,
      template: { spec: { containers: [container(image)] } },
    },
  });
  return [
    {
      kind: 'InferenceService',
      metadata: {
        ...names,
        name: 'churn',
        annotations: {
          ...(mark && { 'greenroom.dev/component': mark }),
          'greenroom.dev/model-version': '7',
        },
      },
      spec: { predictor: { model: { modelFormat: { name: 'sklearn' } } } },
      status: { conditions: [{ type: 'Ready', status: 'False' }] },
    },
    {
      kind: 'Deployment',
      metadata: {
        ...names,
        name: 'churn-predictor',
        labels,
        annotations: { 'deployment.kubernetes.io/revision': '2' },
        creationTimestamp: '2026-11-20T08:00:00Z',
      },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: 'churn-predictor' } },
        template: { spec: { containers: [container('registry/churn:2')] } },
      },
    },
    replicaSet(
      'churn-predictor-5d4c3b2a1',
      '1',
      'registry/churn:1',
      '2026-11-20T08:00:00Z',
    ),
    replicaSet(
      'churn-predictor-7c9f8d6b5',
      '2',
      'registry/churn:2',
      '2026-11-29T08:40:00Z',
    ),
    {
      kind: 'Pod',
      metadata: {
        ...names,
        name: 'churn-predictor-7c9f8d6b5-x2x9z',
        labels: { ...labels, app: 'churn-predictor' },
        ownerReferences: [
          { kind: 'ReplicaSet', name: 'churn-predictor-7c9f8d6b5' },
        ],
        creationTimestamp: '2026-11-29T08:41:00Z',
      },
      spec: { nodeName: 'node-a', containers: [container('registry/churn:2')] },
      status: {
        phase: 'Running',
        containerStatuses: [
          {
            name: 'kserve-container',
            ready: false,
            restartCount: 4,
            state: { waiting: { reason: 'CrashLoopBackOff' } },
            lastState: {
              terminated: {
                reason: 'OOMKilled',
                exitCode: 137,
                startedAt: '2026-11-29T08:58:00Z',
                finishedAt: '2026-11-29T08:59:30Z',
              },
            },
          },
        ],
      },
    },
    {
      kind: 'Node',
      metadata: { name: 'node-a' },
      status: { conditions: [{ type: 'MemoryPressure', status: 'False' }] },
    },
    {
      kind: 'Event',
      metadata: { ...names, name: 'churn.1' },
      involvedObject: { kind: 'Pod', name: 'churn-predictor-7c9f8d6b5-x2x9z' },
      type: 'Warning',
      reason: 'BackOff',
      message: 'Back-off restarting failed container kserve-container',
      lastTimestamp: '2026-11-29T09:00:00Z',
      count: 5,
    },
  ];
}

/** An API server that answers reads of these objects and logs, over HTTP. */
export async function startFakeCluster(objects: FakeObject[]) {
  const control = {
    objects,
    /** By `pod/container` or `pod/container/previous`. */
    logs: {} as Record<string, string>,
    /** Of every answer. */
    status: 200,
    isSilent: false,
  };
  const toSelected = (text: string | null) =>
    (text ?? '')
      .split(',')
      .filter(Boolean)
      .map(each => each.split('='));
  const server = await startHttpServer(({ path, query, headers }, response) => {
    if (control.isSilent) {
      return;
    }
    const status = (code: number, message: string) =>
      sendJson(response, { kind: 'Status', code, message }, code);
    if (headers.authorization !== 'Bearer token-of-the-cluster') {
      status(401, 'Unauthorized');
      return;
    }
    if (control.status !== 200) {
      status(control.status, 'no');
      return;
    }
    const [, pod] = /\/pods\/([^/]+)\/log$/.exec(path) ?? [];
    if (pod) {
      const key = `${pod}/${query.get('container')}${query.get('previous') ? '/previous' : ''}`;
      const log = control.logs[key];
      if (log === undefined) {
        status(400, `previous terminated container in "${pod}" not found`);
      } else {
        response.end(log);
      }
      return;
    }
    for (const [kind, base] of Object.entries(PATHS)) {
      const plural = `${kind.toLowerCase()}s`;
      const [, namespace, name] =
        new RegExp(
          `^${base}(?:/namespaces/([^/]+))?/${plural}(?:/([^/]+))?$`,
        ).exec(path) ?? [];
      const found = control.objects.filter(
        object =>
          object.kind === kind &&
          (!namespace || object.metadata.namespace === namespace) &&
          (!name || object.metadata.name === name) &&
          toSelected(query.get('labelSelector')).every(
            ([label, value]) => object.metadata.labels?.[label] === value,
          ) &&
          toSelected(query.get('fieldSelector')).every(
            ([field, value]) =>
              (field === 'metadata.name'
                ? object.metadata.name
                : Object(object.involvedObject).name) === value,
          ),
      );
      if (name && found[0]) {
        sendJson(response, found[0]);
        return;
      }
      if (path.endsWith(`/${plural}`)) {
        // As in a real list, items do not name their kind.
        const items = found.map(({ kind: _, ...item }) => item);
        sendJson(response, { kind: `${kind}List`, items });
        return;
      }
    }
    status(404, `${path.split('/').pop()} not found`);
  });
  return {
    ...server,
    control,
    config: {
      clusterLocatorMethods: [
        {
          type: 'config',
          clusters: [
            {
              name: 'prod',
              url: server.url,
              authProvider: 'serviceAccount',
              serviceAccountToken: 'token-of-the-cluster',
            },
          ],
        },
      ],
    },
  };
}

/** A Prometheus that answers a line which grows, for every expression, over HTTP. */
export async function startFakePrometheus() {
  const control = { isBroken: false, rule: undefined as string | undefined };
  const server = await startHttpServer(({ path, query }, response) => {
    if (control.isBroken) {
      response.end('<html>not Prometheus</html>');
      return;
    }
    if (path === '/api/v1/rules') {
      const rules = control.rule
        ? [
            {
              type: 'alerting',
              name: query.get('rule_name[]'),
              query: control.rule,
            },
          ]
        : [];
      sendJson(response, { status: 'success', data: { groups: [{ rules }] } });
      return;
    }
    const [start, end, step] = ['start', 'end', 'step'].map(name =>
      Number(query.get(name)),
    );
    const values: Array<[number, string]> = [];
    for (let at = start; at <= end; at += step) {
      values.push([at, String(1e8 + (at - start) * 1e4)]);
    }
    const series = (namespace: string) => ({
      metric: {
        namespace,
        pod: 'churn-predictor-7c9f8d6b5-x2x9z',
        container: 'kserve-container',
      },
      values,
    });
    sendJson(response, {
      status: 'success',
      data: {
        resultType: 'matrix',
        result: [series('of-another-team'), series('models')],
      },
    });
  });
  return { ...server, control };
}
