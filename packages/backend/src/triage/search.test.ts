// SPDX-License-Identifier: Apache-2.0
import { schedulerServiceFactory } from '@backstage/backend-defaults/scheduler';
import {
  coreServices,
  createServiceFactory,
  type BackendFeature,
} from '@backstage/backend-plugin-api';
import { mockCredentials } from '@backstage/backend-test-utils';
import {
  AuthorizeResult,
  isResourcePermission,
} from '@backstage/plugin-permission-common';
import searchPlugin from '@backstage/plugin-search-backend';
import searchModuleTriage from '@greenroom/plugin-search-backend-module-triage';
import { triageDocumentSchema } from '@greenroom/plugin-triage-common';
import { FakeGithub } from './__testUtils__/FakeGithub';
import {
  createModel,
  FAILING_LOG,
  startPortal,
} from './__testUtils__/startPortal';

jest.setTimeout(60_000);

const HIDDEN = 'component:default/hidden';

/** What people may: read reports, or not; see all entities but one. The portal may all. */
const policy = (rights: { mayRead: boolean }) =>
  createServiceFactory({
    service: coreServices.permissions,
    deps: { auth: coreServices.auth },
    factory: ({ auth }) => ({
      authorize: async (requests, options) =>
        requests.map(({ permission, resourceRef }) => {
          const isRefused =
            (permission.name === 'triage.report.read' && !rights.mayRead) ||
            resourceRef === HIDDEN;
          const isPortal =
            options && auth.isPrincipal(options.credentials, 'service');
          return {
            result:
              isRefused && !isPortal
                ? AuthorizeResult.DENY
                : AuthorizeResult.ALLOW,
          };
        }),
      authorizeConditional: async requests =>
        requests.map(({ permission }) => {
          if (permission.name === 'triage.report.read' && !rights.mayRead) {
            return { result: AuthorizeResult.DENY };
          }
          return isResourcePermission(permission, 'catalog-entity')
            ? {
                result: AuthorizeResult.CONDITIONAL,
                pluginId: 'catalog',
                resourceType: 'catalog-entity',
                conditions: {
                  rule: 'HAS_LABEL',
                  resourceType: 'catalog-entity',
                  params: { label: 'shown' },
                },
              }
            : { result: AuthorizeResult.ALLOW };
        }),
    }),
  });

describe('search over reports of triage', () => {
  let github: FakeGithub;
  let portal: Awaited<ReturnType<typeof startPortal>>;

  beforeEach(async () => {
    github = new FakeGithub();
    await github.start();
  });

  afterEach(async () => {
    await portal?.stop();
    await github.stop();
  });

  const start = async (features: BackendFeature[]) => {
    portal = await startPortal({
      github,
      entities: [
        createModel('churn', 'acme/churn', github.host),
        createModel('hidden', 'acme/hidden', github.host),
      ],
      features: [
        schedulerServiceFactory,
        searchPlugin,
        searchModuleTriage,
        ...features,
      ],
      config: {
        permission: { enabled: true },
        search: {
          collators: {
            triage: {
              schedule: {
                frequency: { seconds: 1 },
                timeout: { seconds: 30 },
              },
            },
          },
        },
      },
    });
  };

  const search = async (term: string) => {
    const response = await fetch(
      `${portal.base}/search/query?${new URLSearchParams({ term, 'types[0]': 'triage' })}`,
      { headers: { authorization: mockCredentials.user.header() } },
    );
    // Until the first report is indexed there is no index to ask.
    if (response.status === 500) {
      return [];
    }
    const { results }: { results: Array<{ document: unknown }> } =
      await response.json();
    return results.map(({ document }) => triageDocumentSchema.parse(document));
  };

  const searchUntil = async (term: string, count: number) => {
    for (let round = 0; ; round++) {
      const found = await search(term);
      if (found.length === count) {
        return found;
      }
      if (round > 200) {
        throw new Error(`it finds ${found.length}, not ${count}`);
      }
      await new Promise(resolve => setTimeout(resolve, 100));
    }
  };

  it('finds the newest report of a cause by its quoted line; not of a hidden entity, and nothing for who may not read reports', async () => {
    const failure = { log: FAILING_LOG, endedAt: Date.now() };
    const runs = [
      { ...failure, id: 801, endedAt: Date.now() - 60_000 },
      { ...failure, id: 802 },
      { ...failure, id: 803, repository: 'acme/hidden' },
    ];
    github.runs.push(...runs);
    const rights = { mayRead: true };
    await start([policy(rights)]);
    for (const run of runs) {
      await portal.send(run);
    }
    const incidents = await portal.waitFor(
      items =>
        items.length === 3 &&
        items.every(({ progress }) => progress.stage === 'done'),
    );
    const newest = incidents.find(({ runId }) => runId === '802');
    const [found] = await searchUntil('tenure_months', 1);
    expect(found).toMatchObject({
      title: newest?.title,
      location: `/inbox/incidents/${newest?.id}`,
      entityRef: 'component:default/churn',
      failureType: 'unit-test',
      state: 'new',
    });
    expect(await search('zebra')).toEqual([]);

    rights.mayRead = false;
    expect(await search('tenure_months')).toEqual([]);
  });
});
