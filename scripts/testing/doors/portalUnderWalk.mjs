// SPDX-License-Identifier: Apache-2.0

// The portal of packages/backend, all of its features, with two changes: a policy that denies one
// user everything, and a way to sign in as that user. Says on stdout, as one line of JSON, where it
// listens and which routes it has; ends with its standard input.
import diagnostics from 'node:diagnostics_channel';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { routesOf } from './routesOf.mjs';

const DENIED = 'user:default/denied';
const REPLACED = '@backstage/plugin-permission-backend-module-allow-all-policy';

const root = path.resolve(import.meta.dirname, '../../..');
const index = path.join(root, 'packages', 'backend', 'src', 'index.ts');
const require = createRequire(index);
const { createBackendModule } = require('@backstage/backend-plugin-api');
const { createBackend } = require('@backstage/backend-defaults');
const { AuthorizeResult } = require('@backstage/plugin-permission-common');
const {
  policyExtensionPoint,
} = require('@backstage/plugin-permission-node/alpha');
const {
  authProvidersExtensionPoint,
  createProxyAuthProviderFactory,
  createProxyAuthenticator,
} = require('@backstage/plugin-auth-node');

// express-promise-router hides what it wraps, unless it is called so.
const { application } = require('express');
const { init } = application;
application.init = function initNamed() {
  Object.defineProperty(this, 'name', { value: 'router' });
  return init.call(this);
};

const policy = createBackendModule({
  pluginId: 'permission',
  moduleId: 'deny-one',
  register(env) {
    env.registerInit({
      deps: { permission: policyExtensionPoint },
      async init({ permission }) {
        permission.setPolicy({
          handle: async (_request, user) => ({
            result:
              user?.info.userEntityRef === DENIED
                ? AuthorizeResult.DENY
                : AuthorizeResult.ALLOW,
          }),
        });
      },
    });
  },
});

const signIn = createBackendModule({
  pluginId: 'auth',
  moduleId: 'denied-provider',
  register(env) {
    env.registerInit({
      deps: { providers: authProvidersExtensionPoint },
      async init({ providers }) {
        providers.registerProvider({
          providerId: 'denied',
          factory: createProxyAuthProviderFactory({
            authenticator: createProxyAuthenticator({
              defaultProfileTransform: async () => ({ profile: {} }),
              initialize: () => undefined,
              authenticate: async () => ({ result: {} }),
            }),
            signInResolver: async (_info, context) =>
              context.issueToken({ claims: { sub: DENIED, ent: [DENIED] } }),
          }),
        });
      },
    });
  },
});

const features = [
  ...fs.readFileSync(index, 'utf8').matchAll(/import\('([^']+)'\)/g),
].map(([, name]) => name);
const backend = createBackend();
for (const name of features) {
  if (name !== REPLACED) {
    backend.add(require(name).default);
  }
}
backend.add(policy);
backend.add(signIn);

const servers = new Set();
diagnostics.subscribe('http.server.request.start', message =>
  servers.add(/** @type {any} */ (message).server),
);
await backend.start().catch(error => {
  process.stdout.write(`${error.stack}\n`, () => process.exit(1));
  // Nothing below may run.
  return new Promise(() => {});
});

const port = Number(process.env.GREENROOM_WALKED_PORT);
await fetch(`http://localhost:${port}/.backstage/health/v1/liveness`);
const [server] = servers;
const { routes, opaque } = routesOf(server.listeners('request')[0]);
process.stdout.write(
  `\n${JSON.stringify({ walked: { features: features.length, routes, opaque } })}\n`,
);
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
