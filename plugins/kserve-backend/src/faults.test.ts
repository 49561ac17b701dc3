// SPDX-License-Identifier: Apache-2.0
import type { KubernetesObject } from '@greenroom/plugin-kserve-common';
import { eventually, startFakeApiServer } from './__testUtils__/FakeApiServer';
import {
  createModel,
  startPortal,
  toClusterConfig,
} from './__testUtils__/startPortal';

jest.setTimeout(120_000);

const labels = { 'backstage.io/kubernetes-id': 'churn' };

function createService(name: string, spec = {}): KubernetesObject {
  return {
    metadata: { name, namespace: 'team', labels },
    spec: { predictor: { minReplicas: 1 }, ...spec },
  };
}

function createPod(name: string, service: string): KubernetesObject {
  return {
    metadata: {
      name,
      namespace: 'team',
      labels: {
        'serving.kserve.io/inferenceservice': service,
        component: 'predictor',
      },
    },
    spec: { containers: [{ name: 'kserve-container', image: 'churn:1' }] },
    status: { phase: 'Running' },
  };
}

describe('what goes wrong between the portal and its clusters', () => {
  let good: Awaited<ReturnType<typeof startFakeApiServer>>;
  let bad: Awaited<ReturnType<typeof startFakeApiServer>>;
  let portal: Awaited<ReturnType<typeof startPortal>>;

  const names = async () =>
    (await portal.list('churn')).items.map(
      ({ cluster, name }) => `${cluster}/${name}`,
    );

  const expectCodes = (expected: Array<[cluster: string, code: string]>) =>
    eventually(async () =>
      expect(await portal.codes('churn')).toEqual(expected),
    );

  beforeEach(async () => {
    good = await startFakeApiServer();
    bad = await startFakeApiServer();
    for (const server of [good, bad]) {
      for (const name of ['a', 'b', 'c', 'd', 'e']) {
        server.put('InferenceService', createService(name));
      }
    }
    portal = await startPortal({
      clusters: [
        toClusterConfig('good', good.url),
        toClusterConfig('bad', bad.url),
      ],
      kserve: { limits: { silenceSeconds: 1 } },
      entities: [
        createModel('churn'),
        createModel('named', {
          'serving.kserve.io/inferenceservice':
            'good:team/a, bad:team/gone, elsewhere:team/a, team/b, No',
        }),
      ],
    });
    await eventually(async () => {
      if ((await names()).length < 10) {
        throw new Error('not all is known yet');
      }
    });
  });

  afterEach(async () => {
    await portal?.stop();
    await good?.stop();
    await bad?.stop();
  });

  it('goes on where a watch was cut in the middle of an event, lists anew after 410, and takes an event once however often it comes', async () => {
    const lists = () =>
      bad.countRequests(
        (path, isWatch) => path.endsWith('/inferenceservices') && !isWatch,
      );
    const listed = lists();
    bad.cutWatches();
    bad.put('InferenceService', createService('after-cut'));
    await eventually(async () =>
      expect(await names()).toContain('bad/after-cut'),
    );
    // Nothing was listed again, and nobody was told of an outage.
    expect(lists()).toBe(listed);
    expect(await portal.codes('churn')).toEqual([]);

    bad.put('InferenceService', createService('before-compaction'));
    bad.remove('InferenceService', 'team/a');
    bad.compact();
    bad.cutWatches();
    bad.remove('InferenceService', 'team/b');
    bad.compact();
    await eventually(async () => {
      expect(await names()).not.toContain('bad/b');
      expect(await names()).not.toContain('bad/a');
      expect(await names()).toContain('bad/before-compaction');
    });
    expect(lists()).toBeGreaterThan(listed);

    const { signalChannel } = await portal.list('churn');
    bad.control.copies = 10;
    await eventually(async () => expect(bad.watchCount).toBeGreaterThan(5));
    portal.signals.length = 0;
    bad.put('InferenceService', createService('doubled'));
    bad.put('Pod', createPod('doubled-predictor-1', 'doubled'));
    await eventually(async () => {
      expect(await names()).toContain('bad/doubled');
      expect(portal.signals.length).toBeGreaterThan(0);
    });
    await new Promise(resolve => setTimeout(resolve, 1_500));
    const told = portal.signals.filter(
      ({ channel }) => channel === signalChannel,
    );
    expect(told.length).toBeLessThanOrEqual(2);
    expect(told[0]).toEqual({
      recipients: { type: 'broadcast' },
      channel: signalChannel,
      message: { changed: true },
    });
    expect(signalChannel).toMatch(/^kserve:[\w-]{32}$/);
  });

  it('says of a cluster that fell silent since when what is shown is old, and recovers by itself', async () => {
    const before = Date.now();
    bad.control.isSilent = true;
    bad.put('InferenceService', createService('unseen'));
    const stale = await eventually(async () => {
      const answer = await portal.list('churn');
      expect(answer.errors).toHaveLength(1);
      return answer;
    });
    const [error] = stale.errors;
    expect(error).toMatchObject({
      cluster: 'bad',
      code: 'timeout',
      retryable: true,
    });
    expect(error.staleSince).toBeGreaterThan(before - 10_000);
    expect(error.staleSince).toBeLessThanOrEqual(Date.now());
    // What was known is still shown, and the other cluster has no part in it.
    expect(stale.items).toHaveLength(10);
    expect(stale.clusters.map(({ name, state }) => [name, state])).toEqual([
      ['good', 'connected'],
      ['bad', 'failed'],
    ]);
    good.put('InferenceService', createService('new'));
    await eventually(async () => expect(await names()).toContain('good/new'));

    portal.signals.length = 0;
    bad.control.isSilent = false;
    await eventually(async () => {
      expect(await portal.codes('churn')).toEqual([]);
      expect(await names()).toContain('bad/unseen');
    });
    expect(portal.signals.length).toBeGreaterThan(0);
  });

  it('tells apart what is wrong with a cluster', async () => {
    expect(await portal.codes('named')).toEqual([
      ['', 'not-found'],
      ['bad', 'not-found'],
      ['elsewhere', 'not-configured'],
    ]);
    const named = await portal.list('named');
    expect(named.items.map(({ cluster, name }) => [cluster, name])).toEqual([
      ['good', 'a'],
      ['good', 'b'],
      ['bad', 'b'],
    ]);

    // May not read pods: the services are shown all the same.
    bad.control.forbidden.add('Pod');
    bad.cutWatches();
    await expectCodes([['bad', 'not-allowed']]);
    const { errors, items } = await portal.list('churn');
    expect(errors[0].message).toBe(
      "The portal may not list and watch pods on cluster 'bad'",
    );
    expect(items).toHaveLength(10);
    bad.control.forbidden.clear();
    await expectCodes([]);

    for (const [status, code] of [
      [401, 'unauthenticated'],
      [503, 'unreachable'],
    ] as const) {
      bad.control.status = status;
      bad.cutWatches();
      await expectCodes([['bad', code]]);
      bad.control.status = 200;
      await expectCodes([]);
    }
    await bad.stop();
    await expectCodes([['bad', 'unreachable']]);
    expect(JSON.stringify(await portal.list('churn'))).not.toMatch(
      /hush-hush|127\.0\.0\.1/,
    );
  });
});

it('watches a cluster from the day on which it gets KServe, holds no more than it may, and drops what nobody reads', async () => {
  const server = await startFakeApiServer();
  server.control.hasKserve = false;
  const portal = await startPortal({
    clusters: [
      toClusterConfig('late', server.url),
      { name: 'users', url: server.url, authProvider: 'google' },
    ],
    kserve: {
      limits: {
        silenceSeconds: 1,
        objectsPerCluster: 100,
        eventsPerService: 3,
      },
    },
    entities: [createModel('churn')],
  });
  try {
    await eventually(async () =>
      expect(await portal.codes('churn')).toEqual([
        ['late', 'not-installed'],
        ['users', 'not-configured'],
      ]),
    );
    server.put('InferenceService', {
      ...createService('churn'),
      metadata: {
        name: 'churn',
        namespace: 'team',
        labels,
        annotations: {
          'kubectl.kubernetes.io/last-applied-configuration': '{"a":"b"}',
        },
      },
    });
    server.put('Pod', createPod('churn-predictor-1', 'churn'));
    for (let index = 0; index < 6; index++) {
      server.put('Event', {
        metadata: { name: `churn.${index}`, namespace: 'team' },
        involvedObject: { kind: 'Pod', name: 'churn-predictor-1' },
        lastTimestamp: new Date(Date.UTC(2026, 10, 28, 8, index)).toISOString(),
        reason: `Reason${index}`,
        message: 'said',
        type: 'Normal',
      });
    }
    server.put('Event', {
      metadata: { name: 'other.1', namespace: 'team' },
      involvedObject: { kind: 'Pod', name: 'other-1' },
    });
    server.control.hasKserve = true;
    await eventually(async () => {
      const { clusters, items } = await portal.list('churn');
      expect(items).toHaveLength(1);
      expect(clusters[0]).toEqual({
        name: 'late',
        state: 'connected',
        kserve: true,
        argocd: false,
        kserveVersions: ['v1beta1'],
      });
    });
    for (let index = 0; index < 110; index++) {
      server.put('InferenceService', createService(`more-${index}`));
    }
    await eventually(async () =>
      expect(
        (await portal.list('churn')).errors.map(({ message }) => message),
      ).toContainEqual(
        expect.stringMatching(
          /more objects than kserve.limits.objectsPerCluster; \d+ were left out/,
        ),
      ),
    );
    // 50 at most in one answer, however many bear the label.
    expect((await portal.list('churn')).items).toHaveLength(50);
  } finally {
    await portal.stop();
    await server.stop();
  }
});
