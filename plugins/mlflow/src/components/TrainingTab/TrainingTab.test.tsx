import { fetchApiRef } from '@backstage/frontend-plugin-api';
import { mockApis, renderTestApp } from '@backstage/frontend-test-utils';
import { createTestEntityPage } from '@backstage/plugin-catalog-react/testUtils';
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { Entity } from '@backstage/catalog-model';
import plugin from '../..';
import { FakeMlflowBackend } from '../../__fixtures__/FakeMlflowBackend';
import {
  NOW,
  createEntity,
  createFailedRun,
  createList,
  createRun,
  createUnreachable,
  createVersion,
} from '../../__fixtures__/training';

type Storage = ReturnType<typeof mockApis.storage>;

function openTab(
  backend: FakeMlflowBackend,
  options: { entity?: Entity; storage?: Storage; url?: string } = {},
) {
  return renderTestApp({
    extensions: [
      createTestEntityPage({ entity: options.entity ?? createEntity() }),
      plugin.getExtension('api:mlflow'),
      plugin.getExtension('entity-content:mlflow/training'),
    ],
    apis: [[fetchApiRef, backend], options.storage ?? mockApis.storage()],
    initialRouteEntries: [options.url ?? '/'],
  });
}

function setVisibility(state: DocumentVisibilityState) {
  jest.spyOn(document, 'visibilityState', 'get').mockReturnValue(state);
  document.dispatchEvent(new Event('visibilitychange'));
}

async function findRow(name: RegExp) {
  const table = await screen.findByRole('grid', { name: 'Runs' });
  return within(table).findByRole('row', { name });
}

describe('Training tab', () => {
  beforeEach(() => {
    jest.spyOn(Date, 'now').mockReturnValue(NOW);
  });

  afterEach(() => {
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  it('shows runs and versions with their proof, and hostile text as text', async () => {
    const backend = new FakeMlflowBackend({
      runs: createList([
        createRun({ status: 'RUNNING', runId: 'r1', runName: 'ci-215' }),
        createFailedRun(),
        createRun(),
        createRun({
          runId: 'hostile',
          runName: '<img src=x onerror=alert(1)>',
          url: 'data:text/html,hostile',
          metrics: { accuracy: 'NaN' },
          gate: undefined,
          commit: undefined,
          ciRun: { id: '1', url: 'ftp://example.com/1' },
        }),
      ]),
      'model-versions': createList([
        createVersion({ aliases: ['champion', 'blue'] }),
        createVersion({
          version: '8',
          aliases: [],
          status: 'FAILED_REGISTRATION',
          run: createFailedRun(),
        }),
      ]),
    });
    openTab(backend);

    const failed = await findRow(/ci-214/);
    expect(failed).toHaveTextContent('Failed');
    expect(failed).toHaveTextContent('13 minutes ago');
    expect(failed).toHaveTextContent('ravi');
    expect(failed).toHaveTextContent('0.871 < 0.900');
    expect(failed.querySelector('time')).toHaveAttribute(
      'title',
      expect.stringMatching(/2026/),
    );
    const link = (row: HTMLElement, name: RegExp) =>
      within(row).getByRole('link', { name });
    expect(link(failed, /ci-214/)).toHaveAttribute(
      'href',
      createFailedRun().url,
    );
    expect(link(failed, /e4f5a6b/)).toHaveAttribute(
      'href',
      createFailedRun().commit?.url,
    );
    expect(link(failed, /^214/)).toHaveAttribute(
      'href',
      createFailedRun().ciRun?.url,
    );

    const champion = await findRow(/ci-211/);
    expect(champion).toHaveTextContent('v7champion');
    expect(champion).toHaveTextContent('Passed');
    expect(champion).toHaveTextContent('0.913 ≥ 0.900');
    expect(await findRow(/ci-215/)).toHaveTextContent('Running');

    const hostile = await findRow(/<img src=x/);
    expect(within(hostile).queryByRole('link')).not.toBeInTheDocument();
    expect(hostile.querySelector('img')).toBeNull();

    const versions = screen.getByRole('grid', { name: 'Registered versions' });
    const first = within(versions).getByRole('row', { name: /v7/ });
    expect(first).toHaveTextContent(/champion.*blue.*Ready.*0\.913 ≥ 0\.900/);
    expect(link(first, /a1b2c3d/)).toBeVisible();
    expect(within(versions).getByRole('row', { name: /v8/ })).toHaveTextContent(
      'Registration failed',
    );

    expect(backend.requests.map(({ path }) => path).sort()).toEqual([
      '/entities/component/default/churn/model-versions',
      '/entities/component/default/churn/runs',
    ]);
  });

  it('lets MLflow sort, filter and page, and shows its own words about a filter', async () => {
    const backend = new FakeMlflowBackend({
      runs: createList([createRun()], { nextPageToken: 'two' }),
      'model-versions': createList([createVersion()]),
    });
    openTab(backend);
    const user = userEvent.setup();
    const last = () => backend.queries('runs').at(-1);
    await findRow(/ci-211/);
    expect(last()).toEqual({
      orderBy: 'attributes.start_time DESC',
      pageSize: '20',
    });

    await user.click(screen.getByRole('columnheader', { name: /f1_macro/ }));
    await waitFor(() =>
      expect(last()).toMatchObject({ orderBy: 'metrics.`f1_macro` ASC' }),
    );
    await user.click(screen.getByRole('columnheader', { name: /f1_macro/ }));
    await waitFor(() =>
      expect(last()).toMatchObject({ orderBy: 'metrics.`f1_macro` DESC' }),
    );

    await user.click(screen.getByRole('button', { name: 'Next page' }));
    await waitFor(() => expect(last()).toMatchObject({ pageToken: 'two' }));
    expect(screen.getByText('Page 2')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Previous page' }));
    await waitFor(() => expect(last()).not.toHaveProperty('pageToken'));

    await user.click(screen.getByRole('button', { name: 'Next page' }));
    await waitFor(() => expect(last()).toMatchObject({ pageToken: 'two' }));
    await user.click(screen.getByRole('button', { name: /Rows per page/ }));
    await user.click(await screen.findByRole('option', { name: '50 rows' }));
    await waitFor(() =>
      expect(last()).toEqual({
        orderBy: 'metrics.`f1_macro` DESC',
        pageSize: '50',
      }),
    );

    const sentence = "Invalid attribute key 'accurcy' specified.";
    backend.answer(
      'runs',
      createList([], {
        errors: [createUnreachable({ code: 'BAD_REQUEST', message: sentence })],
      }),
    );
    const filter = screen.getByRole('searchbox', { name: 'Filter' });
    await user.type(filter, 'accurcy > 1{Enter}');
    expect(await screen.findByText(sentence)).toBeVisible();
    expect(filter).toBeInvalid();
    expect(last()).toMatchObject({ filter: 'accurcy > 1' });
    expect(screen.queryByRole('button', { name: 'Retry' })).toBeNull();

    backend.fail('runs', 400, "'filter' must have at most 2000 characters");
    await user.type(filter, '0{Enter}');
    expect(
      await screen.findByText("'filter' must have at most 2000 characters"),
    ).toBeVisible();
    expect(screen.queryByText(/backend does not answer/)).toBeNull();

    backend.answer('runs', createList([]));
    await user.clear(filter);
    await user.type(filter, 'metrics.accuracy > 1{Enter}');
    expect(await screen.findByText('No run matches the filter.')).toBeVisible();
    backend.answer('runs', createList([createRun()]));
    await user.click(screen.getByRole('button', { name: 'Clear the filter' }));
    await findRow(/ci-211/);
    expect(last()).not.toHaveProperty('filter');
  });

  it('opens with the filter and order of its address', async () => {
    const backend = new FakeMlflowBackend({
      runs: createList([createRun()]),
      'model-versions': createList([]),
    });
    openTab(backend, {
      url: '/?filter=metrics.a+%3E+1&sort=param%3Amax_depth&direction=ascending',
    });
    await findRow(/ci-211/);
    expect(backend.queries('runs')).toEqual([
      {
        filter: 'metrics.a > 1',
        orderBy: 'params.`max_depth` ASC',
        pageSize: '20',
      },
    ]);
    expect(screen.getByRole('searchbox', { name: 'Filter' })).toHaveValue(
      'metrics.a > 1',
    );
    expect(
      await screen.findByText(/No version is registered yet/),
    ).toBeVisible();
  });

  it('remembers the chosen columns', async () => {
    const storage = mockApis.storage();
    const backend = new FakeMlflowBackend({
      runs: createList([createRun()]),
      'model-versions': createList([]),
    });
    const user = userEvent.setup();
    const view = openTab(backend, { storage });
    await findRow(/ci-211/);
    expect(
      screen.queryByRole('columnheader', { name: 'max_depth' }),
    ).toBeNull();

    await user.click(screen.getByRole('button', { name: 'Columns' }));
    await user.click(
      await screen.findByRole('option', { name: 'params.max_depth' }),
    );
    await user.click(screen.getByRole('option', { name: 'User' }));
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('listbox')).toBeNull());
    expect(
      await screen.findByRole('columnheader', { name: 'max_depth' }),
    ).toBeVisible();
    view.unmount();

    openTab(backend, { storage });
    await findRow(/ci-211/);
    expect(
      screen.getByRole('columnheader', { name: 'max_depth' }),
    ).toBeVisible();
    expect(screen.queryByRole('columnheader', { name: 'User' })).toBeNull();
  });

  it.each([
    {
      state: 'no annotation',
      entity: createEntity({ annotations: {} }),
      runs: createList([]),
      words: [
        'This component names no MLflow experiment.',
        'mlflow.org/experiment-name: churn',
        'This component names no registered model.',
        'mlflow.org/registered-model: churn',
      ],
    },
    {
      state: 'truly none',
      runs: createList([]),
      words: [
        'No runs yet. The first push to main makes one.',
        'No version is registered yet. The first run that passes the gate registers one.',
      ],
    },
    {
      state: 'not configured',
      runs: createList([], {
        errors: [createUnreachable({ code: 'INSTANCE_NOT_CONFIGURED' })],
      }),
      words: ['No MLflow instance is configured.', 'How to configure MLflow'],
    },
    {
      state: 'experiment not there yet',
      runs: createList([], {
        errors: [
          createUnreachable({
            code: 'NOT_FOUND',
            message: "There is no experiment 'churn'.",
            retryable: false,
          }),
        ],
      }),
      words: [
        'MLflow eu does not have what this component names.',
        "There is no experiment 'churn'.",
        'No runs yet. The first push to main makes one.',
      ],
    },
    {
      state: 'two experiments not there yet',
      runs: createList([], {
        errors: ["'churn'", "'churn-trials'"].map(name =>
          createUnreachable({
            code: 'NOT_FOUND',
            message: `There is no experiment ${name}.`,
            retryable: false,
          }),
        ),
      }),
      words: [
        "There is no experiment 'churn'.",
        "There is no experiment 'churn-trials'.",
      ],
    },
    {
      state: 'refused by MLflow',
      runs: createList([], {
        errors: [
          createUnreachable({
            code: 'UNAUTHENTICATED',
            message: 'Check the credentials.',
            retryable: false,
          }),
        ],
      }),
      words: [
        "MLflow eu refuses the portal's credentials.",
        'Check the credentials.',
        'What MLflow holds is not known now.',
      ],
    },
  ])('says in its own words: $state', async ({ entity, runs, words }) => {
    const backend = new FakeMlflowBackend({
      runs,
      'model-versions': createList([]),
    });
    openTab(backend, { entity });
    for (const text of words) {
      expect(await screen.findByText(text)).toBeVisible();
    }
  });

  it.each([
    {
      status: 403,
      words:
        'You may not read the MLflow data of this component (mlflow.read).',
    },
    { status: 401, words: 'Your session has ended.' },
    {
      status: 404,
      words: "The portal's MLflow backend does not know this page.",
    },
    { status: 503, words: "The portal's MLflow backend does not answer." },
  ])('says what a refusal with $status means', async ({ status, words }) => {
    const backend = new FakeMlflowBackend();
    backend.fail('runs', status, 'no');
    backend.fail('model-versions', status, 'no');
    openTab(backend);
    expect(await screen.findByText(words)).toBeVisible();
  });

  it('keeps what was known when MLflow stops, and recovers on Retry', async () => {
    const backend = new FakeMlflowBackend({
      runs: createList([createRun()], {
        errors: [createUnreachable()],
        staleSince: NOW - 12 * 60_000,
      }),
      'model-versions': createList([createVersion()]),
    });
    openTab(backend);
    const user = userEvent.setup();
    await findRow(/ci-211/);
    const since = (minutes: number) =>
      new Intl.DateTimeFormat('en-US', { timeStyle: 'short' }).format(
        NOW - minutes * 60_000,
      );
    expect(
      await screen.findByText(`MLflow eu does not answer since ${since(8)}.`),
    ).toBeVisible();
    expect(
      screen.getByText(`Shown: what was known at ${since(12)}.`),
    ).toBeVisible();

    backend.answer('runs', createList([createFailedRun()]));
    await user.click(screen.getByRole('button', { name: 'Retry' }));
    await findRow(/ci-214/);
    expect(screen.queryByText(/does not answer/)).toBeNull();

    backend.disconnect('runs');
    backend.disconnect('model-versions');
    await user.click(screen.getByRole('columnheader', { name: /Started/ }));
    expect(
      await screen.findByText("The portal's MLflow backend does not answer."),
    ).toBeVisible();
    expect(await findRow(/ci-214/)).toBeVisible();
  });

  it('polls fast while a run goes on, slowly after, never when hidden, and stops', async () => {
    jest.restoreAllMocks();
    jest.useFakeTimers({ now: NOW });
    const backend = new FakeMlflowBackend({
      runs: createList([createRun({ status: 'RUNNING' })]),
      'model-versions': createList([createVersion()]),
    });
    const view = openTab(backend);
    expect(await findRow(/ci-211/)).toHaveTextContent('Running');
    const count = () => backend.queries('runs').length;
    const pass = (ms: number) => act(() => jest.advanceTimersByTimeAsync(ms));
    const before = count();

    await pass(5_000);
    expect(count()).toBe(before + 1);
    backend.answer('runs', createList([createRun()]));
    await pass(5_000);
    expect(await findRow(/ci-211/)).toHaveTextContent('Finished');
    expect(count()).toBe(before + 2);
    await pass(30_000);
    expect(count()).toBe(before + 2);
    await pass(30_000);
    expect(count()).toBe(before + 3);

    setVisibility('hidden');
    await pass(600_000);
    expect(count()).toBe(before + 3);
    setVisibility('visible');
    await pass(0);
    expect(count()).toBe(before + 4);

    backend.hang('runs');
    await pass(60_000);
    expect(count()).toBe(before + 5);
    view.unmount();
    expect(backend.signals.at(-1)?.aborted).toBe(true);
    await pass(600_000);
    expect(count()).toBe(before + 5);
  });

  it('shows rows of skeletons while it loads', async () => {
    const backend = new FakeMlflowBackend();
    backend.hang('runs');
    backend.hang('model-versions');
    openTab(backend);
    const table = await screen.findByRole('grid', { name: 'Runs' });
    expect(within(table).getAllByRole('row')).toHaveLength(1 + 5);
    expect(screen.getAllByText('Loading…')).toHaveLength(2);
    expect(screen.queryByText(/No runs yet/)).toBeNull();
  });
});
