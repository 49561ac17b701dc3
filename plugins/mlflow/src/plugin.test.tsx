// SPDX-License-Identifier: Apache-2.0
import type { Entity } from '@backstage/catalog-model';
import {
  PageBlueprint,
  createExtensionInput,
  fetchApiRef,
} from '@backstage/frontend-plugin-api';
import { renderTestApp } from '@backstage/frontend-test-utils';
import { createTestEntityPage } from '@backstage/plugin-catalog-react/testUtils';
import { homePageWidgetDataRef } from '@backstage/plugin-home-react/alpha';
import {
  getMlflowAttention,
  type MlflowEntityOverview,
  type MlflowModelSummary,
} from '@greenroom/plugin-mlflow-common';
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import plugin from '.';
import { FakeMlflowBackend } from './__fixtures__/FakeMlflowBackend';
import {
  NOW,
  createEntity,
  createFailedRun,
  createExperiment,
  createList,
  createMissing,
  createRegisteredModel,
  createOverview,
  createRun,
  createUnreachable,
  createVersion,
} from './__fixtures__/training';

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

function openCard(backend: FakeMlflowBackend, entity: Entity = createEntity()) {
  return renderTestApp({
    extensions: [
      createTestEntityPage({ entity }),
      plugin.getExtension('api:mlflow'),
      plugin.getExtension('entity-card:mlflow/training'),
    ],
    mountedRoutes: { '/elsewhere/training': plugin.routes.training },
    apis: [[fetchApiRef, backend]],
  });
}

function openHome(backend: FakeMlflowBackend) {
  return renderTestApp({
    extensions: [
      homePage,
      plugin.getExtension('api:mlflow'),
      plugin.getExtension('home-page-widget:mlflow/models'),
    ],
    mountedRoutes: {
      '/catalog/:namespace/:kind/:name': plugin.externalRoutes.catalogEntity,
      '/create/templates/:namespace/:templateName':
        plugin.externalRoutes.createModel,
    },
    apis: [[fetchApiRef, backend]],
  });
}

function createModel(
  title: string,
  overrides?: Partial<MlflowEntityOverview>,
): MlflowModelSummary {
  const overview = createOverview(overrides);
  return {
    entityRef: `component:default/${title}`,
    title,
    overview,
    attention: getMlflowAttention(overview),
  };
}

const DAY = 24 * 60 * 60_000;
const NOTHING = {
  champion: undefined,
  latestVersion: undefined,
  lastRun: undefined,
  lastGatedRun: undefined,
};

/** The innermost element that says just this, in however many pieces. */
function saying(text: string) {
  return (_: string, element: Element | null) =>
    element?.textContent === text &&
    [...element.children].every(child => child.textContent !== text);
}

beforeEach(() => {
  jest.spyOn(Date, 'now').mockReturnValue(NOW);
});

afterEach(() => {
  jest.restoreAllMocks();
});

describe('Training card', () => {
  it('says how sure the gate is, what it was held against, and why it failed', async () => {
    const run = createRun();
    const failed = createFailedRun();
    const reason =
      'The model has learnt nothing that accuracy shows: accuracy is 0.871, and 0.87 for the same answer to every row \u202e';
    openCard(
      new FakeMlflowBackend({
        overview: createOverview({
          champion: createVersion({
            run: {
              ...run,
              gate: {
                ...run.gate!,
                interval: { low: 0.8812, high: 0.9449 },
                constantValue: 0.4,
                linearValue: 0.9,
                isUnsure: true,
              },
            },
          }),
          lastGatedRun: { ...failed, gate: { ...failed.gate!, reason } },
        }),
      }),
    );
    const facts = await screen.findByText('95 % interval 0.881 to 0.945');
    expect(facts.parentElement).toHaveTextContent(
      '95 % interval 0.881 to 0.945a linear model 0.900the same answer to every row 0.400The threshold lies within the interval of the figure: so few rows cannot tell.',
    );
    expect(
      screen.getByRole('list', { name: 'Needs attention' }),
    ).toHaveTextContent(
      'Gate failed on main: The model has learnt nothing that accuracy shows: accuracy is 0.871, and 0.87 for the same answer to every row ⟨U+202E⟩',
    );
  });

  it('answers first, with its proof, and says what needs attention', async () => {
    const failed = createFailedRun();
    openCard(
      new FakeMlflowBackend({
        overview: createOverview({ lastRun: failed, lastGatedRun: failed }),
      }),
    );
    const sentence = await screen.findByText(/is champion/);
    expect(sentence).toHaveTextContent(
      'v7 is champion: accuracy 0.913 ≥ 0.900 (gate)',
    );
    const trained = screen.getByText(/Trained/);
    expect(trained).toHaveTextContent('Trained 2 days ago by jane');
    expect(trained.querySelector('time')).toHaveAttribute(
      'title',
      expect.stringMatching(/2026/),
    );
    expect(screen.getByRole('link', { name: /^a1b2c3d / })).toHaveAttribute(
      'href',
      createRun().commit?.url,
    );
    expect(screen.getByText(/Last run:/)).toHaveTextContent(
      'Last run: Failed 12 minutes ago, ci-214',
    );
    const attention = screen.getByRole('list', { name: 'Needs attention' });
    expect(attention).toHaveTextContent(
      'Gate failed on main: accuracy 0.871 < 0.900 (champion v7 0.913)',
    );
    expect(
      within(attention).getByRole('link', { name: /Why\?/ }),
    ).toHaveAttribute('href', failed.ciRun?.url);
    expect(
      screen.getByRole('link', { name: 'All runs and versions' }),
    ).toHaveAttribute('href', '/elsewhere/training');
  });

  it.each<{
    state: string;
    overview: Partial<MlflowEntityOverview>;
    words: string[];
  }>([
    {
      state: 'no annotation',
      overview: {
        references: {
          experiments: [],
          experimentIds: [],
          registeredModels: [],
        },
      },
      words: [
        'This component names no MLflow experiment.',
        'mlflow.org/experiment-name: churn',
      ],
    },
    {
      state: 'not configured',
      overview: { instances: [] },
      words: ['No MLflow instance is configured.'],
    },
    {
      state: 'no run yet',
      overview: { ...NOTHING },
      words: ['No runs yet. The first push to main makes one.'],
    },
    {
      state: 'a model without a version',
      overview: { ...NOTHING, experiments: [] },
      words: [
        'No version is registered yet. The first run that passes the gate registers one.',
      ],
    },
    {
      state: 'names that lead nowhere',
      overview: {
        ...NOTHING,
        experiments: [createMissing('nope')],
        registeredModels: [
          createRegisteredModel({ name: 'norum', state: 'missing' }),
        ],
        errors: [createUnreachable({ code: 'NOT_FOUND', message: 'no' })],
      },
      words: [
        "There is no experiment 'nope' on MLflow eu.",
        "There is no registered model 'norum' on MLflow eu.",
      ],
    },
    {
      state: 'traces only',
      overview: {
        ...NOTHING,
        experiments: [
          createExperiment({ traces: { count: 12, isMore: false } }),
        ],
      },
      words: ['churn has no runs. It holds 12 traces.'],
    },
    {
      state: 'a prompt',
      overview: {
        ...NOTHING,
        experiments: [],
        latestVersion: createVersion({ aliases: [], run: undefined }),
        registeredModels: [createRegisteredModel({ isPrompt: true })],
      },
      words: [
        'v7 is the newest version of the prompt churn.',
        'Registered 2 days ago by jane',
      ],
    },
    {
      state: 'a champion by its stage, its run deleted',
      overview: {
        champion: createVersion({
          aliases: [],
          stage: 'Production',
          run: undefined,
          runMissing: 'deleted',
        }),
      },
      words: ['v7 is in stage Production.', 'run deleted in MLflow'],
    },
    {
      state: 'a run that nobody ended',
      overview: {
        lastRun: createRun({ status: 'RUNNING', startTime: NOW - 5 * DAY }),
      },
      words: ['Run ci-211 has been running for 5 days: stalled?'],
    },
    {
      state: 'unreachable, nothing known',
      overview: {
        champion: undefined,
        latestVersion: undefined,
        lastRun: undefined,
        errors: [createUnreachable({ since: undefined })],
      },
      words: [
        'MLflow eu does not answer.',
        'What MLflow holds is not known now.',
      ],
    },
    {
      state: 'no champion, failed registration',
      overview: {
        champion: undefined,
        latestVersion: createVersion({
          aliases: [],
          status: 'FAILED_REGISTRATION',
        }),
      },
      words: ['v7 could not be registered'],
    },
  ])('says in its own words: $state', async ({ overview, words }) => {
    openCard(new FakeMlflowBackend({ overview: createOverview(overview) }));
    for (const text of words) {
      expect(await screen.findByText(saying(text))).toBeVisible();
    }
  });

  it('speaks of pushes and gates only where there is a gate', async () => {
    openCard(
      new FakeMlflowBackend({ overview: createOverview(NOTHING) }),
      createEntity({ annotations: { 'mlflow.org/experiment-name': 'churn' } }),
    );
    expect(await screen.findByText('No runs yet.')).toBeVisible();
    expect(screen.queryByText(/push|gate/)).toBeNull();
  });

  it('waits for no run where the component names a model only', async () => {
    openCard(
      new FakeMlflowBackend({
        overview: createOverview({
          references: {
            experiments: [],
            experimentIds: [],
            registeredModels: [{ name: 'churn' }],
          },
          experiments: [],
          lastRun: undefined,
        }),
      }),
    );
    expect(await screen.findByText(/is champion/)).toBeVisible();
    expect(screen.queryByText(/No runs yet/)).toBeNull();
  });

  it('concludes nothing from what an instance did not answer', async () => {
    openCard(
      new FakeMlflowBackend({
        overview: createOverview({
          champion: undefined,
          latestVersion: undefined,
          lastRun: undefined,
          errors: [createUnreachable()],
        }),
      }),
    );
    expect(
      await screen.findByText('What MLflow holds is not known now.'),
    ).toBeVisible();
    expect(screen.queryByText(/No runs yet/)).toBeNull();
  });

  it('keeps what was known when MLflow stops, and recovers on Retry', async () => {
    const backend = new FakeMlflowBackend({
      overview: createOverview({
        errors: [createUnreachable()],
        staleSince: NOW - 60_000,
      }),
    });
    openCard(backend);
    const user = userEvent.setup();
    expect(await screen.findByText(/is champion/)).toBeVisible();
    expect(screen.getByText(/MLflow eu does not answer since/)).toBeVisible();
    backend.answer('overview', createOverview());
    await user.click(screen.getByRole('button', { name: 'Retry' }));
    await waitFor(() =>
      expect(screen.queryByText(/does not answer/)).toBeNull(),
    );
    expect(screen.getByText(/is champion/)).toBeVisible();
  });

  it('copies the annotation to add', async () => {
    const user = userEvent.setup();
    const writeText = jest.spyOn(navigator.clipboard, 'writeText');
    openCard(
      new FakeMlflowBackend({
        overview: createOverview({
          references: {
            experiments: [],
            experimentIds: [],
            registeredModels: [],
          },
        }),
      }),
    );
    await user.click(await screen.findByRole('button', { name: 'Copy' }));
    expect(await screen.findByRole('button', { name: 'Copied' })).toBeVisible();
    expect(writeText).toHaveBeenCalledWith('mlflow.org/experiment-name: churn');
  });

  const createComponent = (
    type: string,
    annotations: Record<string, string> = {},
  ): Entity => ({ ...createEntity({ annotations }), spec: { type } });

  it.each([
    createComponent('ml-model'),
    createComponent('service', { 'mlflow.org/experiment': 'a' }),
    createComponent('service', { 'mlflow.org/experiment-id': '1' }),
    createComponent('service', { 'mlflow.org/experiment-name': 'a' }),
    createComponent('service', { 'mlflow.org/registered-model': 'a' }),
  ])('is there for $spec.type $metadata.annotations', async entity => {
    openCard(new FakeMlflowBackend({ overview: createOverview() }), entity);
    expect(
      await screen.findByRole('heading', { name: 'Training' }),
    ).toBeVisible();
  });

  it.each([
    createComponent('service'),
    {
      ...createComponent('ml-model', { 'mlflow.org/registered-model': 'a' }),
      kind: 'Resource',
    },
  ])('is not there for $kind $spec.type', async entity => {
    openCard(new FakeMlflowBackend({ overview: createOverview() }), entity);
    await screen.findByTestId('empty-entity-page');
    expect(screen.queryByRole('heading', { name: 'Training' })).toBeNull();
  });
});

describe('Models on the home page', () => {
  it('shows what needs attention first, then every model', async () => {
    const failed = createFailedRun();
    openHome(
      new FakeMlflowBackend({
        models: createList([
          createModel('fraud', { champion: undefined }),
          createModel('churn', { lastRun: failed, lastGatedRun: failed }),
          createModel('calm'),
        ]),
      }),
    );
    const heading = await screen.findByRole('heading', { name: /need/ });
    expect(heading).toHaveTextContent('Your models · 2 need attention');
    expect(
      screen.getByRole('link', { name: 'Create a model' }),
    ).toHaveAttribute('href', '/create/templates/default/model-service');

    const rows = within(
      screen.getByRole('list', { name: 'Needs attention' }),
    ).getAllByRole('listitem');
    expect(rows).toHaveLength(2);
    expect(rows[0]).toHaveTextContent(
      /churn Gate failed on main: accuracy 0\.871 < 0\.900 \(champion v7 0\.913\)12 minutes ago/,
    );
    expect(
      within(rows[0]).getByRole('link', { name: /Why\? churn/ }),
    ).toHaveAttribute('href', failed.ciRun?.url);
    expect(
      within(rows[0]).getByRole('link', { name: 'churn' }),
    ).toHaveAttribute('href', '/catalog/default/component/churn');
    expect(rows[1]).toHaveTextContent('fraud No version is champion');

    const table = screen.getByRole('grid', { name: 'Models' });
    const churn = within(table).getByRole('row', { name: /churn/ });
    expect(churn).toHaveTextContent(
      /v72 days ago.*accuracy 0\.913 ≥ 0\.900.*Failed12 minutes ago/,
    );
    expect(within(table).getByRole('row', { name: /fraud/ })).toHaveTextContent(
      'none',
    );
  });

  it('puts equal reasons of many models into one row, and finds and sorts models', async () => {
    const user = userEvent.setup();
    const failed = createFailedRun();
    const backend = new FakeMlflowBackend({
      models: createList([
        ...Array.from({ length: 20 }, (_, index) =>
          createModel(`model-${index}`, {
            champion: undefined,
            lastRun: createRun({ endTime: NOW - index * DAY }),
          }),
        ),
        createModel('churn', { lastRun: failed, lastGatedRun: failed }),
        createModel('idle', { ...NOTHING, experiments: [] }),
      ]),
    });
    openHome(backend);
    const list = await screen.findByRole('list', { name: 'Needs attention' });
    const rows = () => within(list).getAllByRole('listitem');
    expect(rows()).toHaveLength(2);
    expect(rows()[0]).toHaveTextContent(/^churn/);
    const group = within(rows()[1]).getByRole('button', {
      name: 'No champion: 20 models',
      expanded: false,
    });
    await user.click(group);
    const members = within(
      screen.getByRole('list', { name: 'No champion: 20 models' }),
    );
    expect(members.getAllByRole('listitem')).toHaveLength(5);
    await user.click(
      within(list).getByRole('button', { name: 'Show 15 more' }),
    );
    expect(members.getAllByRole('listitem')).toHaveLength(20);
    expect(members.getByRole('link', { name: 'model-19' })).toBeVisible();

    const names = () =>
      within(screen.getByRole('grid', { name: 'Models' }))
        .getAllByRole('rowheader')
        .map(cell => cell.textContent);
    const sort = (name: RegExp) =>
      user.click(screen.getByRole('columnheader', { name }));
    expect(names().slice(0, 4)).toEqual([
      'churn',
      'idle',
      'model-0',
      'model-1',
    ]);
    await sort(/Model/);
    expect(names()[0]).toBe('model-19');
    await sort(/Last run/);
    expect(names().slice(0, 2)).toEqual(['model-0', 'churn']);
    expect(names().at(-1)).toBe('idle');
    await sort(/Last run/);
    expect(names()[0]).toBe('model-19');
    expect(names().at(-1)).toBe('idle');

    const lastSearch = () => backend.queries('models').at(-1);
    await user.type(
      screen.getByRole('searchbox', { name: 'Search models' }),
      'zebr',
    );
    await waitFor(() => expect(lastSearch()).toEqual({ search: 'zebr' }));
    // Not before: a list without a search that is empty has no field to search in.
    backend.answer('models', createList([]));
    await user.keyboard('a');
    await waitFor(() => expect(lastSearch()).toEqual({ search: 'zebra' }));
    expect(
      await screen.findByText('No model of yours is named so.'),
    ).toBeVisible();
    backend.answer('models', createList([createModel('churn')]));
    await user.click(screen.getByRole('button', { name: 'Clear the search' }));
    await waitFor(() => expect(names()).toEqual(['churn']));
  });

  it.each([
    { what: 'never trained', overview: NOTHING, requests: [80, 90] },
    {
      what: 'zombie run',
      overview: {
        lastRun: createRun({ status: 'RUNNING', startTime: NOW - 5 * DAY }),
      },
      requests: [30, 32],
    },
    {
      what: 'running run that logs nothing',
      overview: {
        lastRun: createRun({ status: 'RUNNING', startTime: NOW - DAY / 2 }),
      },
      requests: [135, 145],
    },
    {
      what: 'instance that does not answer',
      overview: { errors: [createUnreachable()] },
      requests: [180, 360],
    },
  ])(
    'asks a bounded number of times in 30 minutes: $what',
    async ({ overview, requests: [least, most] }) => {
      jest.restoreAllMocks();
      jest.useFakeTimers({ now: NOW });
      const backend = new FakeMlflowBackend({
        models: createList([createModel('churn', overview)]),
      });
      const view = openHome(backend);
      await screen.findAllByRole('link', { name: 'churn' });
      await act(() => jest.advanceTimersByTimeAsync(30 * 60_000));
      const count = backend.queries('models').length;
      expect(count).toBeGreaterThanOrEqual(least);
      expect(count).toBeLessThanOrEqual(most);
      view.unmount();
      await act(() => jest.advanceTimersByTimeAsync(30 * 60_000));
      expect(backend.queries('models')).toHaveLength(count);
      jest.useRealTimers();
    },
  );

  it('counts one model in the singular', async () => {
    openHome(
      new FakeMlflowBackend({
        models: createList([createModel('fraud', { champion: undefined })]),
      }),
    );
    expect(
      await screen.findByRole('heading', { name: /needs/ }),
    ).toHaveTextContent('Your models · 1 needs attention');
  });

  it('offers to create the first model', async () => {
    openHome(new FakeMlflowBackend({ models: createList([]) }));
    expect(await screen.findByText('You own no models yet.')).toBeVisible();
    expect(
      screen.getByRole('link', { name: 'Create a model' }),
    ).toHaveAttribute('href', '/create/templates/default/model-service');
  });

  it('says that MLflow is not configured, and still lists the models', async () => {
    openHome(
      new FakeMlflowBackend({
        models: createList([
          createModel('churn', {
            instances: [],
            champion: undefined,
            latestVersion: undefined,
            lastRun: undefined,
          }),
        ]),
      }),
    );
    expect(
      await screen.findByText('No MLflow instance is configured.'),
    ).toBeVisible();
    expect(screen.getByRole('link', { name: 'churn' })).toBeVisible();
  });

  it('turns pages', async () => {
    const backend = new FakeMlflowBackend({
      models: createList([createModel('churn')], { nextPageToken: 'two' }),
    });
    openHome(backend);
    await screen.findByRole('link', { name: 'churn' });
    backend.answer('models', createList([createModel('zebra')]));
    await userEvent.click(screen.getByRole('button', { name: 'Next page' }));
    await screen.findByRole('link', { name: 'zebra' });
    expect(backend.queries('models')).toEqual([{}, { pageToken: 'two' }]);
  });

  it('reports an instance that fails once for all models', async () => {
    const errors = [createUnreachable()];
    const backend = new FakeMlflowBackend({
      models: createList([
        createModel('churn', { errors }),
        createModel('fraud', { errors }),
      ]),
    });
    openHome(backend);
    expect(
      await screen.findByText(/MLflow eu does not answer since/),
    ).toBeVisible();
    expect(screen.getByRole('heading', { name: /nothing/ })).toHaveTextContent(
      'Your models · nothing needs attention',
    );
    expect(screen.queryByRole('list', { name: 'Needs attention' })).toBeNull();

    backend.answer('models', createList([createModel('churn')]));
    await userEvent.click(screen.getByRole('button', { name: 'Retry' }));
    await waitFor(() =>
      expect(screen.queryByText(/does not answer/)).toBeNull(),
    );
  });
});
