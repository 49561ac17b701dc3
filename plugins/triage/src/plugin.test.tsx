// SPDX-License-Identifier: Apache-2.0
import {
  PageBlueprint,
  createExtensionInput,
  fetchApiRef,
} from '@backstage/frontend-plugin-api';
import { renderTestApp } from '@backstage/frontend-test-utils';
import { createTestEntityPage } from '@backstage/plugin-catalog-react/testUtils';
import { homePageWidgetDataRef } from '@backstage/plugin-home-react/alpha';
import { SearchResultListItemBlueprint } from '@backstage/plugin-search-react/alpha';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import plugin from '.';
import { FakeTriageBackend } from './__fixtures__/FakeTriageBackend';
import { createInbox, createStatistics } from './__fixtures__/inbox';
import {
  NOW,
  createDetails,
  createEntity,
  createIncident,
  createIncidents,
  createLog,
} from './__fixtures__/incidents';

const homePage = PageBlueprint.makeWithOverrides({
  name: 'test-home',
  inputs: {
    widgets: createExtensionInput([homePageWidgetDataRef], {
      replaces: [{ id: 'page:home', input: 'widgets' }],
    }),
  },
  factory: (originalFactory, { inputs }) =>
    originalFactory({
      path: '/',
      loader: async () => (
        <>
          {inputs.widgets.map(
            item => item.get(homePageWidgetDataRef).component,
          )}
        </>
      ),
    }),
});

const ROUTES = {
  '/catalog/:namespace/:kind/:name': plugin.externalRoutes.catalogEntity,
};

function openInbox(backend: FakeTriageBackend, route: string) {
  return renderTestApp({
    extensions: [
      plugin.getExtension('api:triage'),
      plugin.getExtension('page:triage'),
      plugin.getExtension('sub-page:triage/attention'),
      plugin.getExtension('sub-page:triage/incidents'),
      plugin.getExtension('sub-page:triage/statistics'),
    ],
    initialRouteEntries: [route],
    mountedRoutes: ROUTES,
    apis: [[fetchApiRef, backend]],
  });
}

beforeEach(() => {
  jest.spyOn(Date, 'now').mockReturnValue(NOW);
  Element.prototype.scrollIntoView = jest.fn();
});

afterEach(() => {
  jest.restoreAllMocks();
});

describe('Last failure, on the overview', () => {
  const openCard = (backend: FakeTriageBackend) =>
    renderTestApp({
      extensions: [
        createTestEntityPage({ entity: createEntity() }),
        plugin.getExtension('api:triage'),
        plugin.getExtension('entity-card:triage/last-failure'),
      ],
      mountedRoutes: { '/elsewhere/triage': plugin.routes.triage },
      apis: [[fetchApiRef, backend]],
    });

  it('is one line and its verdict, and leads to the report', async () => {
    const backend = new FakeTriageBackend({
      incidents: createIncidents([createIncident()]),
    });
    openCard(backend);
    expect(
      await screen.findByRole('link', { name: /^Training failed in Train/ }),
    ).toHaveAttribute('href', '/elsewhere/triage/i1');
    expect(screen.getByText(/Singular matrix/)).toBeVisible();
    expect(screen.getByText('New')).toBeVisible();
    expect(screen.getByText('12 minutes ago')).toBeVisible();
    expect(backend.asked('incidents')[0].query.limit).toBe('1');
  });

  it('says that nothing failed', async () => {
    openCard(new FakeTriageBackend({ incidents: createIncidents([]) }));
    expect(await screen.findByText('No pipeline has failed.')).toBeVisible();
  });
});

describe('Inbox', () => {
  it('names the models that need attention, a person’s own first', async () => {
    openInbox(new FakeTriageBackend({ inbox: createInbox() }), '/inbox');
    const mine = within(
      await screen.findByRole('table', {
        name: 'Your models that need attention',
      }),
    );
    expect(
      screen.getByRole('region', { name: 'Yours · 2 need attention' }),
    ).toBeVisible();
    const [, row] = mine.getAllByRole('row');
    expect(row).toHaveTextContent(
      /NewP2churnmain.*Training failed.*Singular matrix.*Training12 minutes ago/,
    );
    expect(within(row).getByRole('link', { name: 'churn' })).toHaveAttribute(
      'href',
      '/catalog/default/component/churn',
    );
    expect(
      within(row).getByRole('link', { name: /^Training failed/ }),
    ).toHaveAttribute('href', '/inbox/incidents/i1');
    expect(
      within(
        screen.getByRole('table', { name: 'Other models that need attention' }),
      ).getByRole('row', { name: /fraud/ }),
    ).toHaveTextContent(/assigned to ada/);
  });

  it('has the incidents and reports of all repositories', async () => {
    const backend = new FakeTriageBackend({
      incidents: createIncidents([createIncident()]),
      i1: createDetails(),
      log: createLog(),
    });
    openInbox(backend, '/inbox/incidents');
    expect(await screen.findByText('greenroom-demo/churn')).toBeVisible();
    expect(backend.asked('incidents')[0].query).toEqual({ limit: '50' });
    await userEvent.click(screen.getByRole('link', { name: /run 214/ }));
    expect(
      await screen.findByRole('region', { name: 'Root cause' }),
    ).toBeVisible();
    expect(
      screen.getByRole('link', { name: 'All incidents', current: false }),
    ).toHaveAttribute('href', '/inbox/incidents');
  });

  it('counts for the platform team', async () => {
    const backend = new FakeTriageBackend({ statistics: createStatistics() });
    openInbox(backend, '/inbox/statistics');
    const byType = within(
      await screen.findByRole('table', { name: 'By type of failure' }),
    );
    expect(byType.getByRole('row', { name: /^All/ })).toHaveTextContent(
      'All4078.9% of 3890% of 1087.5% of 814 sec / 41 sec1 hr 30 min / 1 day 1 hr',
    );
    expect(
      byType.getByRole('row', { name: /^Quality gate/ }),
    ).toHaveTextContent(/–.*–$/);
    expect(
      within(screen.getByRole('table', { name: 'By model' })).getByRole('row', {
        name: /^Rules alone/,
      }),
    ).toBeVisible();
    expect(
      screen.getByText('1 failed run could not be worked off.'),
    ).toBeVisible();
    expect(backend.asked('statistics')[0].query).toEqual({ days: '30' });
  });

  it('is on the home page, for a person’s own', async () => {
    renderTestApp({
      extensions: [
        homePage,
        plugin.getExtension('api:triage'),
        plugin.getExtension('page:triage'),
        plugin.getExtension('sub-page:triage/incidents'),
        plugin.getExtension('home-page-widget:triage/attention'),
      ],
      mountedRoutes: ROUTES,
      apis: [[fetchApiRef, new FakeTriageBackend({ inbox: createInbox() })]],
    });
    const widget = within(
      await screen.findByRole('region', { name: 'Failed pipelines' }),
    );
    expect(await widget.findAllByRole('row')).toHaveLength(3);
    expect(widget.getByRole('link', { name: 'Inbox' })).toHaveAttribute(
      'href',
      '/inbox',
    );
  });
});

describe('Search', () => {
  const document = {
    title: 'Tests failed in CI / Check / Test',
    text: "KeyError: 'tenure_months'",
    location: '/inbox/incidents/i1',
    entityRef: 'component:default/churn',
    repository: 'acme/churn',
    branch: 'main',
    state: 'new',
    failureType: 'unit-test',
    summary: 'The column \u202Etenure_months is gone.',
    failedAt: new Date(NOW - 720_000).toISOString(),
  };
  const results = [
    { type: 'triage', document },
    { type: 'triage', document: { ...document, title: 'Odd', state: 'odd' } },
    { type: 'techdocs', document: { ...document, title: 'A page' } },
  ];
  const searchPage = PageBlueprint.makeWithOverrides({
    name: 'test-search',
    inputs: {
      items: createExtensionInput(
        [SearchResultListItemBlueprint.dataRefs.item],
        {
          replaces: [{ id: 'page:search', input: 'items' }],
        },
      ),
    },
    factory: (originalFactory, { inputs }) =>
      originalFactory({
        path: '/',
        loader: async () => (
          <ul>
            {inputs.items.flatMap(input => {
              const { component: Item, predicate } = input.get(
                SearchResultListItemBlueprint.dataRefs.item,
              );
              return results
                .filter(result => predicate?.(result))
                .map(result => (
                  <Item key={result.document.title} result={result.document} />
                ));
            })}
          </ul>
        ),
      }),
  });

  it('shows a report among the results, as text', async () => {
    renderTestApp({
      extensions: [
        searchPage,
        plugin.getExtension('search-result-list-item:triage'),
      ],
    });
    expect(
      await screen.findByRole('link', { name: document.title }),
    ).toHaveAttribute('href', '/inbox/incidents/i1');
    expect(
      screen.getByText('The column ⟨U+202E⟩tenure_months is gone.'),
    ).toBeVisible();
    for (const text of ['New', 'Tests', 'churn', 'main', '12 minutes ago']) {
      expect(screen.getByText(text)).toBeVisible();
    }
    for (const text of ['Odd', 'A page']) {
      expect(screen.queryByText(text)).not.toBeInTheDocument();
    }
  });
});
