// SPDX-License-Identifier: Apache-2.0
import {
  actionsRegistryServiceFactory,
  actionsServiceFactory,
} from '@backstage/backend-defaults/alpha';
import {
  type AuthService,
  type BackstageCredentials,
  type PermissionsService,
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import catalogPlugin from '@backstage/plugin-catalog-backend';
import mcpActionsPlugin from '@backstage/plugin-mcp-actions-backend';
import {
  AuthorizeResult,
  type Permission,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import type { JsonObject } from '@backstage/types';
import fs from 'node:fs';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import kservePlugin from '..';
import { holdDatabases } from './holdDatabases';

/** Who is who for the policy below. */
export const USERS = {
  /** Sees every entity and may do everything. */
  insider: 'user:default/insider',
  /** Does not see the entity `hidden`; may do everything else. */
  outsider: 'user:default/outsider',
  /** Has no `kserve.read`. */
  blind: 'user:default/blind',
  /** Has no `kserve.logs.read`. */
  logless: 'user:default/logless',
  /** Has no `kserve.predict`. */
  asker: 'user:default/asker',
};

const MISSING: Record<string, string> = {
  [USERS.blind]: 'kserve.read',
  [USERS.logless]: 'kserve.logs.read',
  [USERS.asker]: 'kserve.predict',
};

/** Decides as a policy does. (The permission backend takes no mock tokens.) */
function createPermissions(auth: AuthService): PermissionsService {
  const decide = (
    { permission }: { permission: Permission },
    credentials: BackstageCredentials,
  ): PolicyDecision => {
    const user = auth.isPrincipal(credentials, 'user')
      ? credentials.principal.userEntityRef
      : '';
    if (permission.name === MISSING[user]) {
      return { result: AuthorizeResult.DENY };
    }
    return permission.name === 'catalog.entity.read' && user === USERS.outsider
      ? {
          result: AuthorizeResult.CONDITIONAL,
          pluginId: 'catalog',
          resourceType: 'catalog-entity',
          conditions: {
            not: {
              rule: 'HAS_METADATA',
              resourceType: 'catalog-entity',
              params: { key: 'name', value: 'hidden' },
            },
          },
        }
      : { result: AuthorizeResult.ALLOW };
  };
  return {
    async authorize(requests, { credentials }) {
      return requests.map(request => {
        const { result } = decide(request, credentials);
        if (result === AuthorizeResult.CONDITIONAL) {
          throw new Error('a condition needs its plugin');
        }
        return { result };
      });
    },
    async authorizeConditional(requests, { credentials }) {
      return requests.map(request => decide(request, credentials));
    },
  };
}

/** A portal with the real catalog, actions, MCP server and a policy. */
export async function startGuardedPortal(options: {
  dataDir: string;
  clusters: JsonObject[];
  kserve?: JsonObject;
  entities: Entity[];
}) {
  const file = path.join(options.dataDir, 'entities.yaml');
  fs.writeFileSync(
    file,
    options.entities.map(entity => JSON.stringify(entity)).join('\n---\n'),
  );
  const told: Array<{ eventId: string; meta?: JsonObject; end: string }> = [];
  const auditor = mockServices.auditor.mock();
  auditor.createEvent.mockImplementation(async ({ eventId, meta }) => {
    const tell = (end: string) => async (more?: { meta?: JsonObject }) => {
      told.push({ eventId, end, meta: { ...meta, ...more?.meta } });
    };
    return { success: tell('success'), fail: tell('fail') };
  });
  const databases = holdDatabases(['catalog', 'kserve']);
  const backend = await startTestBackend({
    features: [
      mockServices.rootConfig.factory({
        data: {
          backend: { actions: { pluginSources: ['kserve'] } },
          kserve: options.kserve ?? {},
          kubernetes: {
            clusterLocatorMethods: [
              { type: 'config', clusters: options.clusters },
            ],
          },
          catalog: {
            processingInterval: { seconds: 1 },
            locations: [{ type: 'file', target: file }],
          },
        },
      }),
      createServiceFactory({
        service: coreServices.permissions,
        deps: { auth: coreServices.auth },
        factory: ({ auth }) => createPermissions(auth),
      }),
      actionsRegistryServiceFactory,
      actionsServiceFactory,
      createServiceFactory({
        service: coreServices.auditor,
        deps: {},
        factory: () => auditor,
      }),
      catalogPlugin,
      mcpActionsPlugin,
      kservePlugin,
      ...databases.modules,
    ],
  });
  const { port } = backend.server.address() as AddressInfo;

  const send = async (user: string, route: string, body?: unknown) => {
    const response = await fetch(`http://localhost:${port}/api/${route}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream, text/plain',
        authorization: mockCredentials.user.header(user),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text };
  };

  for (let round = 0; ; round++) {
    const { status, text } = await send(
      USERS.insider,
      'catalog/entities/by-query',
    );
    if (
      status === 200 &&
      JSON.parse(text).totalItems >= options.entities.length
    ) {
      break;
    }
    if (round > 100) {
      throw new Error(`the catalog answers ${status} ${text}`);
    }
    await new Promise(resolve => setTimeout(resolve, 200));
  }
  return {
    send,
    /** What the auditor was told. */
    told,
    async stop() {
      await backend.stop();
      await databases.close();
    },
  };
}
