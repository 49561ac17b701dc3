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
import scaffolderPlugin from '@backstage/plugin-scaffolder-backend';
import type { JsonObject } from '@backstage/types';
import fs from 'node:fs';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import mlflowPlugin from '..';
import { holdDatabases } from './holdDatabases';

/** Who is who for the policy below. */
export const USERS = {
  /** Sees every entity. */
  insider: 'user:default/insider',
  /** Does not see entities whose name begins with `hidden`. */
  outsider: 'user:default/outsider',
  /** Sees every entity, and has no `mlflow.read`. */
  unprivileged: 'user:default/unprivileged',
};

/**
 * Decides as a policy does: hides the entity `hidden` from the outsider, and
 * MLflow from the unprivileged. (The permission backend takes no mock tokens.)
 */
function createPermissions(auth: AuthService): PermissionsService {
  const decide = (
    { permission }: { permission: Permission },
    credentials: BackstageCredentials,
  ): PolicyDecision => {
    const user = auth.isPrincipal(credentials, 'user')
      ? credentials.principal.userEntityRef
      : undefined;
    if (permission.name === 'mlflow.read' && user === USERS.unprivileged) {
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

/** A portal with the real catalog, policy, scaffolder and MCP server. */
export async function startGuardedPortal(options: {
  dataDir: string;
  mlflow: JsonObject;
  entities: Entity[];
}) {
  const file = path.join(options.dataDir, 'entities.yaml');
  fs.writeFileSync(
    file,
    options.entities.map(entity => JSON.stringify(entity)).join('\n---\n'),
  );
  // The template engine takes records of its own realm, which jest's is not.
  jest
    .spyOn(Response.prototype, 'json')
    .mockImplementation(async function parse(this: Response) {
      return JSON.parse(await this.text());
    });
  const auditor = mockServices.auditor.mock();
  auditor.createEvent.mockResolvedValue({
    success: async () => {},
    fail: async () => {},
  });
  const databases = holdDatabases(['catalog', 'mlflow', 'scaffolder']);
  const backend = await startTestBackend({
    features: [
      mockServices.rootConfig.factory({
        data: {
          backend: { actions: { pluginSources: ['mlflow'] } },
          mlflow: options.mlflow,
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
      scaffolderPlugin,
      mcpActionsPlugin,
      mlflowPlugin,
      ...databases.modules,
    ],
  });
  const { port } = backend.server.address() as AddressInfo;

  const send = async (
    user: string,
    route: string,
    {
      body,
      query = {},
    }: { body?: object; query?: Record<string, string | number> } = {},
  ) => {
    const url = new URL(`http://localhost:${port}/api/${route}`);
    for (const [key, value] of Object.entries(query)) {
      url.searchParams.set(key, String(value));
    }
    const response = await fetch(url, {
      method: body ? 'POST' : 'GET',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        authorization: mockCredentials.user.header(user),
      },
      body: body && JSON.stringify(body),
    });
    const text = await response.text();
    // An MCP server answers with an event.
    const json = /^(?:event: .*\n)?data: (.*)/.exec(text)?.[1] ?? text;
    return {
      status: response.status,
      text,
      body: json && JSON.parse(json),
    };
  };

  for (let round = 0; ; round++) {
    const answer = await send(USERS.insider, 'catalog/entities/by-query');
    if (answer.body.totalItems >= options.entities.length) {
      break;
    }
    if (round > 100) {
      throw new Error(`the catalog answers ${answer.status} ${answer.text}`);
    }
    await new Promise(resolve => setTimeout(resolve, 200));
  }
  return {
    send,
    auditor,
    async stop() {
      await backend.stop();
      await databases.close();
    },
  };
}
