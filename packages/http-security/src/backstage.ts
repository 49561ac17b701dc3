// SPDX-License-Identifier: Apache-2.0
import {
  readCorsOptions,
  readHttpServerOptions,
  rootHttpRouterServiceFactory,
} from '@backstage/backend-defaults/rootHttpRouter';
import type { RootConfigService } from '@backstage/backend-plugin-api';
import { AllowedHosts } from './AllowedHosts';
import type { RequestPolicy } from './checkRequest';
import { guardServer } from './guardServer';

const DEFAULT_MAX_BODY_BYTES = 10 * 1024 * 1024;

/** Addresses that a server listens at without being addressed by. */
const ANY_ADDRESS = ['', '::', '0.0.0.0'];

/**
 * Backstage's root HTTP router behind a guard of host and origin. It answers
 * under the hosts of `backend.baseUrl`, `app.baseUrl` and `backend.listen`, under those of
 * `backend.allowedHosts`, and under loopback names; pages of other origins than
 * these and `backend.cors.origin` are refused. Health checks answer IP addresses too.
 *
 * `backend.add(import('@greenroom/http-security/backstage'))`
 */
const rootHttpRouter = rootHttpRouterServiceFactory({
  configure({ app, server, config, logger, applyDefaults }) {
    const policy = readPolicy(config);
    const maxBodyBytes = readMaxBodyBytes(config);
    app.use(
      guardServer(server, {
        policy,
        maxBodyBytes: () => maxBodyBytes,
        onRefused: ({ status, message }, { method, url = '' }) =>
          logger.warn(
            `Refused with ${status}: ${method} ${JSON.stringify(url.split('?', 1)[0].slice(0, 200))}. ${message}`,
          ),
        render: ({ status, name, message }, { method, url }) => ({
          type: 'application/json; charset=utf-8',
          body: JSON.stringify({
            error: { name, message },
            request: { method, url },
            response: { statusCode: status },
          }),
        }),
      }),
    );
    applyDefaults();
  },
});

export default rootHttpRouter;

function readPolicy(config: RootConfigService): RequestPolicy {
  const urls = [
    config.getString('backend.baseUrl'),
    config.getOptionalString('app.baseUrl') ?? [],
  ].flat();
  const origins = urls.map(url => new URL(url).origin);
  const cors = readCorsOptions(config.getOptionalConfig('backend'));
  return {
    hosts: AllowedHosts.create({
      urls: [...urls, ...listenUrl(config)],
      hosts: config.getOptionalStringArray('backend.allowedHosts'),
      key: 'backend.allowedHosts',
    }),
    isAllowedOrigin: origin =>
      origins.includes(origin) || isAllowedByCors(cors.origin, origin),
    probes: /^\/\.backstage\/health\//,
    protectedReads: /^\/+api\/+auth\/.*\/refresh/i,
    // An identity provider's answer may come as a form, which holds its own proof.
    foreignPosts: /^\/api\/auth\/[^/]+\/handler\/frame$/,
    advice: {
      host: 'If it should, add it to backend.allowedHosts in app-config.yaml.',
      origin:
        'If it should, add the origin to backend.cors.origin in app-config.yaml.',
    },
  };
}

/** The backend calls itself at this address. */
function listenUrl(config: RootConfigService): string[] {
  const { listen } = readHttpServerOptions(config.getConfig('backend'));
  const { host = '', port } = listen;
  if (ANY_ADDRESS.includes(host) || port === 0) {
    return [];
  }
  return [`http://${host.includes(':') ? `[${host}]` : host}:${port}`];
}

function isAllowedByCors(
  matcher: ReturnType<typeof readCorsOptions>['origin'],
  origin: string,
): boolean {
  let isAllowed = false;
  if (typeof matcher === 'function') {
    matcher(origin, (_error, allowed) => {
      isAllowed = allowed === true;
    });
  }
  return isAllowed;
}

function readMaxBodyBytes(config: RootConfigService): number {
  const bytes =
    config.getOptionalNumber('backend.maxBodyBytes') ?? DEFAULT_MAX_BODY_BYTES;
  if (!Number.isInteger(bytes) || bytes < 1) {
    throw new Error(
      `backend.maxBodyBytes must be a whole number of bytes from 1, but is ${bytes}`,
    );
  }
  return bytes;
}
