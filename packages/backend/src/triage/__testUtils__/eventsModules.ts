// SPDX-License-Identifier: Apache-2.0
import type { BackendFeature } from '@backstage/backend-plugin-api';
import path from 'node:path';

const dist = path.join(
  path.dirname(
    require.resolve('@backstage/plugin-events-backend-module-github/package.json'),
  ),
  'dist/service',
);

const load = (name: string): BackendFeature =>
  jest.requireActual(path.join(dist, `${name}.cjs.js`)).default;

/**
 * What the package's loader would load: it imports while it runs, which jest does not
 * let it.
 */
export const eventsModules: BackendFeature[] = [
  load('eventsModuleGithubEventRouter'),
  load('eventsModuleGithubWebhook'),
];
