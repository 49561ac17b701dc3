// SPDX-License-Identifier: Apache-2.0
import { createBackend } from '@backstage/backend-defaults';
import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';

// The part of the portal that alerts go through, as alertKills.test.ts starts and kills
// it; its catalog is `test.entities` of the configuration.
const backend = createBackend();
backend.add(
  createServiceFactory({
    service: catalogServiceRef,
    deps: { config: coreServices.rootConfig },
    factory: ({ config }) =>
      catalogServiceMock({ entities: config.get('test.entities') }),
  }),
);
backend.add(import('@greenroom/plugin-triage-backend'));
backend.add(import('@greenroom/plugin-triage-backend-module-github'));
backend.start();
