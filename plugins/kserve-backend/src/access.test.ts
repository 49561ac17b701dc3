// SPDX-License-Identifier: Apache-2.0
import type { Entity } from '@backstage/catalog-model';
import { sendJson } from '@greenroom/local-platform/testing';
import type {
  KserveInferenceServicesResponse,
  KubernetesObject,
} from '@greenroom/plugin-kserve-common';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { eventually, startFakeApiServer } from './__testUtils__/FakeApiServer';
import { startGuardedPortal, USERS } from './__testUtils__/startGuardedPortal';
import { toClusterConfig } from './__testUtils__/startPortal';

jest.setTimeout(180_000);

const SECRET = 'hush-hush';

function createModel(
  name: string,
  annotations: Record<string, string> = {},
): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name, annotations },
    spec: { type: 'ml-model', lifecycle: 'production', owner: USERS.outsider },
  };
}

const naming = (service: string) => ({
  'serving.kserve.io/inferenceservice': `team/${service}`,
});

function createService(
  name: string,
  labels: Record<string, string> = {},
  annotations: Record<string, string> = {},
): KubernetesObject {
  return {
    metadata: { name, namespace: 'team', labels, annotations },
    spec: { predictor: { model: { modelFormat: { name: 'sklearn' } } } },
    status: {
      url: `http://${SECRET}.example`,
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  };
}

function createPod(service: string): KubernetesObject {
  return {
    metadata: {
      name: `${service}-predictor-1`,
      namespace: 'team',
      labels: {
        'serving.kserve.io/inferenceservice': service,
        component: 'predictor',
      },
    },
    spec: { containers: [{ name: 'kserve-container', image: 'churn:1' }] },
    status: {
      phase: 'Running',
      containerStatuses: [
        {
          name: 'kserve-container',
          ready: true,
          restartCount: 0,
          state: { running: {} },
        },
      ],
    },
  };
}

/** Actions and MCP tell of a refusal in their own ways. */
const isRoute = (door: string) => door.endsWith('api');

const idLabel = (value: string) => ({ 'backstage.io/kubernetes-id': value });

describe('who may read, see logs of and ask what', () => {
  let dataDir: string;
  let server: Awaited<ReturnType<typeof startFakeApiServer>>;
  let portal: Awaited<ReturnType<typeof startGuardedPortal>>;

  const route = (entity: string, rest = '') =>
    `kserve/entities/component/default/${entity}/inference-services${rest}`;
  const invoke = (user: string, action: string, input: object) =>
    portal.send(
      user,
      `kserve/.backstage/actions/v1/actions/kserve:${action}/invoke`,
      input,
    );
  const callTool = (user: string, tool: string, input: object) =>
    portal.send(user, 'mcp-actions/v1', {
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: `kserve.${tool}`, arguments: input },
    });

  /** Every door to what an entity serves, by what it needs. */
  const doors = (user: string, entity: string, service = entity) => {
    const entityRef = `component:default/${entity}`;
    const one = { entityRef, cluster: 'local', namespace: 'team', service };
    const pod = `${service}-predictor-1`;
    const ask = { protocol: 'v1', body: { instances: [[1]] } };
    const base = route(entity, `/local/team/${service}`);
    return {
      read: {
        api: () => portal.send(user, route(entity)),
        action: () =>
          invoke(user, 'list-entity-inference-services', { entityRef }),
        mcp: () =>
          callTool(user, 'list-entity-inference-services', { entityRef }),
      },
      logs: {
        api: () => portal.send(user, `${base}/logs?pod=${pod}`),
        action: () =>
          invoke(user, 'get-inference-service-logs', { ...one, pod }),
        mcp: () =>
          callTool(user, 'get-inference-service-logs', { ...one, pod }),
      },
      predict: {
        api: () => portal.send(user, `${base}/predict`, ask),
        'metadata api': () => portal.send(user, `${base}/metadata`),
        action: () => invoke(user, 'predict', { ...one, ...ask }),
        'metadata action': () => invoke(user, 'get-model-metadata', one),
        mcp: () => callTool(user, 'predict', { ...one, ...ask }),
        'metadata by mcp': () => callTool(user, 'get-model-metadata', one),
      },
    };
  };

  const list = async (
    user: string,
    entity: string,
  ): Promise<KserveInferenceServicesResponse> => {
    const { status, text } = await portal.send(user, route(entity));
    if (status !== 200) {
      throw new Error(`the portal answers ${status} ${text}`);
    }
    return JSON.parse(text);
  };

  beforeAll(async () => {
    dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-kserve-'));
    server = await startFakeApiServer();
    server.control.log = `2026-11-28T08:00:00Z ${SECRET}\n`;
    server.control.answer = (modelPath, body, response) => {
      if (modelPath === 'v1/models') {
        sendJson(response, { models: [SECRET] });
      } else if (modelPath === `v1/models/${SECRET}:predict`) {
        sendJson(response, { predictions: [SECRET], asked: JSON.parse(body) });
      } else {
        sendJson(response, { name: SECRET }, 200);
      }
    };
    for (const [name, labels, annotations] of [
      ['open', idLabel('open'), {}],
      ['hidden', idLabel('hidden'), {}],
      ['own', { 'app.kubernetes.io/part-of': 'own' }, {}],
      ['unmarked', {}, {}],
      [
        'by-annotation',
        idLabel('gone'),
        { 'greenroom.dev/component': 'component:default/open' },
      ],
      [
        'hidden-by-annotation',
        idLabel('open'),
        { 'greenroom.dev/component': 'hidden' },
      ],
    ] as const) {
      server.put('InferenceService', createService(name, labels, annotations));
      server.put('Pod', createPod(name));
    }
    portal = await startGuardedPortal({
      dataDir,
      clusters: [toClusterConfig('local', server.url)],
      entities: [
        createModel('hidden', naming('hidden')),
        createModel('open', naming('open')),
        createModel('own'),
        createModel('copycat', naming('hidden')),
        createModel('copycat-by-id', {
          'backstage.io/kubernetes-id': 'hidden',
        }),
        createModel('copycat-by-selector', {
          'backstage.io/kubernetes-label-selector':
            'backstage.io/kubernetes-id in (hidden, open)',
        }),
        createModel('unmarked', naming('unmarked')),
        createModel('annotated', {
          'serving.kserve.io/inferenceservice':
            'team/by-annotation,team/hidden-by-annotation',
        }),
      ],
    });
    await eventually(async () => {
      const { items } = await list(USERS.insider, 'hidden');
      if (items[0]?.pods.length !== 1) {
        throw new Error('not all is known yet');
      }
    });
  });

  afterAll(async () => {
    await portal?.stop();
    await server?.stop();
    fs.rmSync(dataDir, { recursive: true, force: true });
  });

  it('opens each door to whoever may, by API, action and MCP', async () => {
    const { logs, predict, read } = doors(USERS.insider, 'hidden');
    for (const [name, open] of Object.entries({
      ...read,
      ...Object.fromEntries(
        Object.entries({ logs, predict }).flatMap(([kind, some]) =>
          Object.entries(some).map(([door, call]) => [`${kind} ${door}`, call]),
        ),
      ),
    })) {
      const { status, text } = await open();
      expect([name, status, text.includes(SECRET)]).toEqual([name, 200, true]);
    }
    const { items, permissions } = await list(USERS.insider, 'own');
    expect(items.map(item => item.name)).toEqual(['own']);
    expect(permissions).toEqual({ logs: true, predict: true });
  });

  it.each([
    ['blind', ['read', 'logs', 'predict']],
    ['logless', ['logs']],
    ['asker', ['predict']],
  ] as const)(
    'keeps each door shut that %s has no permission for',
    async (who, shut) => {
      const kinds = doors(USERS[who], 'open');
      for (const [kind, some] of Object.entries(kinds)) {
        const isShut = (shut as readonly string[]).includes(kind);
        for (const [door, open] of Object.entries(some)) {
          const { status, text } = await open();
          const wanted = isShut && isRoute(door) ? 403 : status;
          expect([kind, door, status, text.includes(SECRET)]).toEqual([
            kind,
            door,
            wanted,
            !isShut,
          ]);
        }
      }
      for (const other of ['kserve/clusters', 'kserve/models']) {
        const { status } = await portal.send(USERS[who], other);
        expect(status).toBe(who === 'blind' ? 403 : 200);
      }
    },
  );

  it.each([
    ['insider', 'hidden', 'hidden', 200],
    ['blind', 'open', 'open', 403],
    ['logless', 'open', 'open', 200],
    ['outsider', 'hidden', 'hidden', 404],
    ['outsider', 'copycat', 'hidden', 404],
  ] as const)(
    'answers %s who asks %s for objectives of %s with what may be read of it',
    async (who, entity, service, wanted) => {
      const { status } = await portal.send(
        USERS[who],
        route(entity, `/local/team/${service}/objectives`),
      );
      expect(status).toBe(wanted);
    },
  );

  it('shows nothing of an entity that the user may not see, nor of its inference service through another entity', async () => {
    const { logs, predict, read } = doors(USERS.outsider, 'hidden');
    for (const some of [read, logs, predict]) {
      for (const [door, open] of Object.entries(some)) {
        const { status, text } = await open();
        expect([door, status, text.includes(SECRET)]).toEqual([
          door,
          isRoute(door) ? 404 : status,
          false,
        ]);
      }
    }
    for (const copycat of ['copycat', 'copycat-by-id', 'copycat-by-selector']) {
      const kinds = doors(USERS.outsider, copycat, 'hidden');
      for (const [door, open] of Object.entries({
        ...kinds.logs,
        ...kinds.predict,
      })) {
        const { status, text } = await open();
        expect([copycat, door, status, text.includes(SECRET)]).toEqual([
          copycat,
          door,
          isRoute(door) ? 404 : status,
          false,
        ]);
      }
      const answer = await list(USERS.outsider, copycat);
      expect(answer.items.map(({ name }) => name)).toEqual(
        copycat === 'copycat-by-selector' ? ['open'] : [],
      );
      expect(answer.errors.map(({ code }) => code)).toEqual([
        'other-component',
      ]);
      // Only who names it knows its name: the selector must not teach names.
      expect(answer.errors[0].message.includes('hidden')).toBe(
        copycat === 'copycat',
      );
      // Whoever sees the owner sees it here too.
      expect(
        (await list(USERS.insider, copycat)).items.map(({ name }) => name),
      ).toContain('hidden');
    }
    expect(portal.told).toContainEqual({
      eventId: 'annotation-read',
      end: 'fail',
      meta: {
        caller: USERS.outsider,
        entityRef: 'component:default/copycat',
        owner: USERS.outsider,
        cluster: 'local',
        service: 'team/hidden',
        mark: 'hidden',
      },
    });
    const { items } = await list(USERS.outsider, 'annotated');
    expect(items.map(({ name }) => name)).toEqual(['by-annotation']);
  });

  it('reads what bears no mark and tells the auditor', async () => {
    const { items } = await list(USERS.outsider, 'unmarked');
    expect(items).toHaveLength(1);
    expect(portal.told).toContainEqual(
      expect.objectContaining({ eventId: 'annotation-read', end: 'success' }),
    );
  });

  it('asks the model by name only, tells the auditor who asked and not what, and bounds it', async () => {
    portal.told.length = 0;
    const base = route('open', '/local/team/open');
    const ask = (body: unknown) =>
      portal.send(USERS.outsider, `${base}/predict`, body);
    const answer = await ask({
      protocol: 'v1',
      body: { instances: [['mine']] },
    });
    expect(JSON.parse(answer.text)).toEqual({
      status: 200,
      body: { predictions: [SECRET], asked: { instances: [['mine']] } },
      latencyMs: expect.any(Number),
    });
    const told = portal.told.filter(({ eventId }) => eventId === 'predict');
    expect(told).toEqual([
      {
        eventId: 'predict',
        end: 'success',
        meta: {
          caller: USERS.outsider,
          entityRef: 'component:default/open',
          cluster: 'local',
          service: 'team/open',
          protocol: 'v1',
          canary: undefined,
          status: 200,
          latencyMs: expect.any(Number),
        },
      },
    ]);
    expect(JSON.stringify(portal.told)).not.toContain('mine');
    const proxied = server.requests.filter(request =>
      request.path.endsWith(':predict'),
    );
    expect(proxied.at(-1)).toMatchObject({
      method: 'POST',
      path: `/api/v1/namespaces/team/services/open-predictor:80/proxy/v1/models/${SECRET}:predict`,
      headers: { authorization: 'Bearer hush-hush' },
    });
    expect(proxied.at(-1)?.headers.cookie).toBeUndefined();

    for (const [body, status] of [
      [{ protocol: 'v3', body: {} }, 400],
      [{ protocol: 'v1', body: {}, canary: '../../kube-system' }, 400],
      [{ protocol: 'v1', body: {}, canary: 'other' }, 400],
      [{ protocol: 'v1', body: 'x'.repeat(1_100_000) }, 413],
    ] as const) {
      expect((await ask(body)).status).toBe(status);
    }
    for (const bad of [
      'logs',
      'logs?pod=hidden-predictor-1',
      'logs?pod=open-predictor-1&container=other',
    ]) {
      const { status, text } = await portal.send(
        USERS.outsider,
        `${base}/${bad}`,
      );
      expect([bad, status]).toEqual([bad, bad === 'logs' ? 400 : 404]);
      expect(text).not.toContain(SECRET);
    }
    const log = await portal.send(
      USERS.outsider,
      `${base}/logs?pod=open-predictor-1&tailLines=7&previous=true`,
    );
    expect(log.headers.get('content-type')).toMatch(/^text\/plain/);
    const asked = server.requests.filter(({ path: at }) => at.endsWith('/log'));
    expect(Object.fromEntries(asked.at(-1)?.query ?? [])).toEqual({
      container: 'kserve-container',
      timestamps: 'true',
      tailLines: '7',
      previous: 'true',
    });
  });
});
