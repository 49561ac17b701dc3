// SPDX-License-Identifier: Apache-2.0
import { ForgeProcessOptions } from '@greenroom/local-github';
import { DEMO_ORGANIZATION } from '../../portal/portalConfig';
import { ImageSettings } from './ImageSettings';

/** The repository of the organisation that models are handed off to. */
export const MANIFESTS_REPOSITORY = 'infra-manifests';

type RunnerOptions = NonNullable<ForgeProcessOptions['runner']>;

/**
 * What lets a pipeline of the organisation push its image and hand its version off, as the template's README asks for.
 *
 * @param prometheusUrl - What its analyses of drift ask; without it there are none.
 */
export function delivery(
  settings: ImageSettings,
  prometheusUrl?: string,
): Pick<RunnerOptions, 'registry' | 'apps' | 'organizations'> {
  const { port, signingKey, app } = settings;
  return {
    registry: { url: `http://127.0.0.1:${port}`, signingKey },
    apps: [
      {
        clientId: app.clientId,
        slug: app.slug,
        publicKey: app.publicKey,
        repositories: [`${DEMO_ORGANIZATION}/${MANIFESTS_REPOSITORY}`],
        permissions: { contents: 'write', pull_requests: 'write' },
      },
    ],
    organizations: {
      [DEMO_ORGANIZATION]: {
        variables: {
          MANIFESTS_APP_CLIENT_ID: app.clientId,
          ...(prometheusUrl && { PROMETHEUS_URL: prometheusUrl }),
        },
        secrets: { MANIFESTS_APP_PRIVATE_KEY: app.privateKey },
      },
    },
  };
}
