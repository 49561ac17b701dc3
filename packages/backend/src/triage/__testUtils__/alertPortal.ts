// SPDX-License-Identifier: Apache-2.0
import { createBackend } from '@backstage/backend-defaults';
import { WinstonLogger } from '@backstage/backend-defaults/rootLogger';
import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { InMemoryCatalogClient } from '@backstage/catalog-client/testUtils';
import { ConfigReader } from '@backstage/config';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import triagePlugin from '@greenroom/plugin-triage-backend';
import triageModuleGithub from '@greenroom/plugin-triage-backend-module-github';
import { readFileSync } from 'node:fs';

// The part of the portal that alerts go through, as alertKills.test.ts starts and kills
// it. Its configuration is the file of the first argument, its catalog `test.entities`
// of that. Backstage's own logger would read the schemas of all packages first.
const config = new ConfigReader(
  JSON.parse(readFileSync(process.argv[2], 'utf8')),
);
const backend = createBackend();
backend.add(
  createServiceFactory({
    service: coreServices.rootConfig,
    deps: {},
    factory: () => config,
  }),
);
backend.add(
  createServiceFactory({
    service: coreServices.rootLogger,
    deps: {},
    factory: () => WinstonLogger.create({ level: 'warn' }),
  }),
);
backend.add(
  createServiceFactory({
    service: catalogServiceRef,
    deps: {},
    factory: () =>
      new InMemoryCatalogClient({ entities: config.get('test.entities') }),
  }),
);
backend.add(triagePlugin);
backend.add(triageModuleGithub);
backend.start();
