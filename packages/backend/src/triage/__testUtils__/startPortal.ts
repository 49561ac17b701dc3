// SPDX-License-Identifier: Apache-2.0
import { databaseServiceFactory } from '@backstage/backend-defaults/database';
import {
  coreServices,
  createBackendModule,
  createServiceFactory,
  type AuthService,
  type BackendFeature,
  type BackstageCredentials,
} from '@backstage/backend-plugin-api';
import { actionsRegistryServiceRef } from '@backstage/backend-plugin-api/alpha';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { actionsRegistryServiceMock } from '@backstage/backend-test-utils/alpha';
import { stringifyEntityRef, type Entity } from '@backstage/catalog-model';
import eventsPlugin from '@backstage/plugin-events-backend';
import { eventsServiceFactory } from '@backstage/plugin-events-node';
import {
  catalogServiceRef,
  type CatalogService,
} from '@backstage/plugin-catalog-node';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  notificationService,
  type NotificationSendOptions,
} from '@backstage/plugin-notifications-node';
import {
  signalsServiceRef,
  type SignalPayload,
} from '@backstage/plugin-signals-node';
import type { JsonObject } from '@backstage/types';
import type {
  Incident,
  IncidentDetails,
  IncidentsResponse,
} from '@greenroom/plugin-triage-common';
import triagePlugin from '@greenroom/plugin-triage-backend';
import triageModuleGithub from '@greenroom/plugin-triage-backend-module-github';
import triageModuleSlack from '@greenroom/plugin-triage-backend-module-slack';
import { triageLlmExtensionPoint } from '@greenroom/plugin-triage-node';
import type { LlmClient } from '@greenroom/triage-engine';
import type { AddressInfo } from 'node:net';
import { eventsModules } from './eventsModules';
import { SECRET, type FakeGithub, type FakeRun } from './FakeGithub';
import { holdDatabases } from './holdDatabases';

/** A component whose repository it is. */
export function createModel(name: string, slug: string, host: string): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name,
      namespace: 'default',
      annotations: {
        'github.com/project-slug': slug,
        'backstage.io/source-location': `url:http://${host}/${slug}/tree/main/`,
      },
    },
    spec: { type: 'ml-model', owner: 'group:default/churn-team' },
    relations: [{ type: 'ownedBy', targetRef: 'group:default/churn-team' }],
  };
}

/** What fails in the tests unless they say otherwise. */
export const FAILING_LOG = [
  '##[group]Run pytest',
  'pytest -q',
  '##[endgroup]',
  "E       KeyError: 'tenure_months'",
  "FAILED tests/test_model.py::test_ratios - KeyError: 'tenure_months'",
  '1 failed, 61 passed in 12.41s',
  '##[error]Process completed with exit code 1.',
];

/** Stands in for a model. */
export function modelModule(llm: LlmClient): BackendFeature {
  return createBackendModule({
    pluginId: 'triage',
    moduleId: 'test-model',
    register(reg) {
      reg.registerInit({
        deps: { point: triageLlmExtensionPoint },
        async init({ point }) {
          point.setLlmClient(llm);
        },
      });
    },
  });
}

/** A catalog in which people see less than the portal. */
function createCatalog(
  auth: AuthService,
  entities: Entity[],
  hidden: string[],
): CatalogService {
  const all = catalogServiceMock({ entities });
  const of = ({ credentials }: { credentials: BackstageCredentials }) =>
    catalogServiceMock({
      entities: auth.isPrincipal(credentials, 'user')
        ? entities.filter(
            entity => !hidden.includes(stringifyEntityRef(entity)),
          )
        : entities,
    });
  const seen: Partial<CatalogService> = {
    getEntities: (ask, options) => of(options).getEntities(ask, options),
    getEntitiesByRefs: (ask, options) =>
      of(options).getEntitiesByRefs(ask, options),
    getEntityByRef: (ref, options) => of(options).getEntityByRef(ref, options),
    queryEntities: (ask, options) => of(options).queryEntities(ask, options),
  };
  return Object.assign(all, seen);
}

/** The portal with triage, GitHub's webhooks and a mock user who may do everything. */
export async function startPortal(options: {
  /** The fake, or forge. */
  github: Pick<FakeGithub, 'host' | 'integration'> & Partial<FakeGithub>;
  /** Of `backend.database`; a database of its own unless told. */
  database?: JsonObject;
  triage?: JsonObject;
  /** What else is configured. */
  config?: JsonObject;
  entities?: Entity[];
  /** What the mock user may not see; the portal itself does. */
  hiddenFromUsers?: string[];
  secret?: string;
  features?: BackendFeature[];
}) {
  const { github, database, secret = SECRET } = options;
  const entities = options.entities ?? [
    createModel('churn', 'acme/churn', github.host),
  ];
  const logger = mockServices.logger.mock();
  logger.child.mockReturnValue(logger);
  const registry = actionsRegistryServiceMock({ logger });
  const signals: SignalPayload[] = [];
  const notified: NotificationSendOptions[] = [];
  const audited: Array<JsonObject & { eventId: string; end: string }> = [];
  const auditor = mockServices.auditor.mock();
  auditor.createEvent.mockImplementation(async ({ eventId, meta }) => {
    const tell = (end: string) => async (more?: { meta?: JsonObject }) => {
      audited.push({ ...meta, ...more?.meta, eventId, end });
    };
    return { success: tell('success'), fail: tell('fail') };
  });
  const databases = holdDatabases(['triage', 'events']);
  const backend = await startTestBackend({
    features: [
      triagePlugin,
      triageModuleGithub,
      triageModuleSlack,
      eventsServiceFactory,
      eventsPlugin,
      ...eventsModules,
      ...databases.modules,
      ...(options.features ?? []),
      ...(database ? [databaseServiceFactory] : []),
      mockServices.rootConfig.factory({
        data: {
          ...options.config,
          app: { baseUrl: 'http://localhost:3000' },
          backend: { ...(database && { database }) },
          integrations: { github: [github.integration] },
          events: {
            useEventBus: 'never',
            ...(secret && { modules: { github: { webhookSecret: secret } } }),
          },
          triage: {
            sweep: { enabled: false },
            ...options.triage,
            queue: {
              poll: { milliseconds: 100 },
              backoff: { milliseconds: 50 },
              ...Object(options.triage?.queue),
            },
          },
        },
      }),
      createServiceFactory({
        service: actionsRegistryServiceRef,
        deps: {},
        factory: () => registry,
      }),
      createServiceFactory({
        service: catalogServiceRef,
        deps: { auth: coreServices.auth },
        factory: ({ auth }) =>
          createCatalog(auth, entities, options.hiddenFromUsers ?? []),
      }),
      createServiceFactory({
        service: coreServices.auditor,
        deps: {},
        factory: () => auditor,
      }),
      createServiceFactory({
        service: coreServices.logger,
        deps: {},
        factory: () => logger,
      }),
      createServiceFactory({
        service: notificationService,
        deps: {},
        factory: () => ({
          send: async (notification: NotificationSendOptions) => {
            notified.push(notification);
          },
        }),
      }),
      createServiceFactory({
        service: signalsServiceRef,
        deps: {},
        factory: () => ({
          publish: async (signal: SignalPayload) => {
            signals.push(signal);
          },
        }),
      }),
    ],
  }).catch(async error => {
    await databases.close();
    throw error;
  });
  const { port } = backend.server.address() as AddressInfo;
  const base = `http://localhost:${port}/api`;

  const call = async (path: string, body?: unknown) => {
    const response = await fetch(`${base}/triage/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: mockCredentials.user.header(),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  };

  return {
    eventsUrl: `${base}/events/http/github`,
    audited,
    base,
    call,
    logger,
    notified,
    registry,
    signals,
    /** Sends a webhook. @returns the status of the answer */
    async send(run: FakeRun, withSecret?: string): Promise<number> {
      const event = github.event?.(run, withSecret);
      if (!event) {
        throw new Error('forge sends its webhooks itself');
      }
      const { body, headers } = event;
      const response = await fetch(`${base}/events/http/github`, {
        method: 'POST',
        headers,
        body,
      });
      await response.arrayBuffer();
      return response.status;
    },
    async list(query: string = ''): Promise<IncidentsResponse> {
      const { body, status } = await call(`incidents${query}`);
      if (status !== 200) {
        throw new Error(`the portal answers ${status} ${JSON.stringify(body)}`);
      }
      return body;
    },
    async get(id: string): Promise<IncidentDetails> {
      return (await call(`incidents/${id}`)).body;
    },
    /** Waits for incidents that are as they should be. */
    async waitFor(
      isDone: (incidents: Incident[]) => boolean,
    ): Promise<Incident[]> {
      for (let round = 0; ; round++) {
        const { items } = await this.list('?limit=100');
        if (isDone(items)) {
          return items;
        }
        if (round > 1_000) {
          throw new Error(
            `the incidents stay ${JSON.stringify(items, undefined, 1)}`,
          );
        }
        await new Promise(resolve => setTimeout(resolve, 100));
      }
    },
    async stop() {
      await backend.stop();
      await databases.close();
    },
  };
}
