// SPDX-License-Identifier: Apache-2.0
import { fetchApiRef } from '@backstage/frontend-plugin-api';
import { mockApis, renderTestApp } from '@backstage/frontend-test-utils';
import { createTestEntityPage } from '@backstage/plugin-catalog-react/testUtils';
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { Entity } from '@backstage/catalog-model';
import type {
  MlflowModelVersionsResponse,
  MlflowRunsResponse,
} from '@greenroom/plugin-mlflow-common';
import plugin from '../..';
import { FakeMlflowBackend } from '../../__fixtures__/FakeMlflowBackend';
import {
  NOW,
  createEntity,
  createFailedRun,
  createExperiment,
  createMissing,
  createRegisteredModel,
  createRun,
  createRuns,
  createUnreachable,
  createVersion,
  createVersions,
} from '../../__fixtures__/training';

const DAY = 24 * 60 * 60_000;
const MLFLOW = 'https://mlflow.example.com/#/experiments/1/runs';

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

/** The innermost element that says just this, in however many pieces. */
function saying(text: string) {
  return (_: string, element: Element | null) =>
    element?.textContent === text &&
    [...element.children].every(child => child.textContent !== text);
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
      runs: createRuns([
        createRun({
          status: 'RUNNING',
          runId: 'r1',
          runName: 'ci-215',
          startTime: NOW - 60_000,
        }),
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
      'model-versions': createVersions([
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
    expect(failed).toHaveTextContent('Failed accuracy 0.871 < 0.900');
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
    expect(champion).toHaveTextContent('Passed accuracy 0.913 ≥ 0.900');
    expect(await findRow(/ci-215/)).toHaveTextContent('Running');

    const hostile = await findRow(/<img src=x/);
    expect(within(hostile).queryByRole('link')).not.toBeInTheDocument();
    expect(hostile.querySelector('img')).toBeNull();

    const versions = screen.getByRole('grid', { name: 'Registered versions' });
    const first = within(versions).getByRole('row', { name: /v7/ });
    expect(first).toHaveTextContent(
      /champion.*blue.*Ready.*accuracy 0\.913 ≥ 0\.900/,
    );
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
      runs: createRuns([createRun()], { nextPageToken: 'two' }),
      'model-versions': createVersions([createVersion()]),
    });
    openTab(backend);
    const user = userEvent.setup();
    const last = () => backend.queries('runs').at(-1);
    const header = (name: RegExp) =>
      within(screen.getByRole('grid', { name: 'Runs' })).getByRole(
        'columnheader',
        { name },
      );
    await findRow(/ci-211/);
    expect(last()).toEqual({
      orderBy: 'attributes.start_time DESC',
      pageSize: '20',
    });

    for (const [column, orderBy] of [
      [/Status/, 'attributes.status ASC'],
      [/Started/, 'attributes.start_time DESC'],
      [/accuracy/, 'metrics.`accuracy` DESC'],
      [/f1_macro/, 'metrics.`f1_macro` DESC'],
      [/f1_macro/, 'metrics.`f1_macro` ASC'],
    ] as const) {
      await user.click(header(column));
      await waitFor(() => expect(last()).toMatchObject({ orderBy }));
    }

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
        orderBy: 'metrics.`f1_macro` ASC',
        pageSize: '50',
      }),
    );

    const sentence = "Invalid attribute key 'accurcy' specified.";
    backend.answer(
      'runs',
      createRuns([], {
        errors: [createUnreachable({ code: 'BAD_REQUEST', message: sentence })],
      }),
    );
    const filter = screen.getByRole('searchbox', { name: 'Filter' });
    await user.type(filter, 'accurcy > 1{Enter}');
    expect(await screen.findByText(sentence)).toBeVisible();
    expect(filter).toBeInvalid();
    expect(last()).toMatchObject({ filter: 'accurcy > 1' });
    expect(await findRow(/ci-211/)).toBeVisible();
    expect(
      screen.getByText('Shown: the runs before this filter.'),
    ).toBeVisible();
    expect(screen.queryByText(/does not accept/)).toBeNull();
    const asked = backend.queries('runs').length;
    await user.click(screen.getByRole('button', { name: 'Retry' }));
    await waitFor(() =>
      expect(backend.queries('runs')).toHaveLength(asked + 1),
    );
    expect(await screen.findByText(sentence)).toBeVisible();

    backend.fail('runs', 400, "'filter' must have at most 2000 characters");
    await user.type(filter, '0{Enter}');
    expect(
      await screen.findByText("'filter' must have at most 2000 characters"),
    ).toBeVisible();
    expect(screen.queryByText(/backend does not answer/)).toBeNull();
    expect(await findRow(/ci-211/)).toBeVisible();

    backend.answer('runs', createRuns([]));
    await user.clear(filter);
    await user.type(filter, 'metrics.accuracy > 1{Enter}');
    expect(await screen.findByText('No run matches the filter.')).toBeVisible();
    backend.answer('runs', createRuns([createRun()]));
    await user.click(screen.getByRole('button', { name: 'Clear the filter' }));
    await findRow(/ci-211/);
    expect(last()).not.toHaveProperty('filter');
  });

  it('opens with the filter and order of its address', async () => {
    const backend = new FakeMlflowBackend({
      runs: createRuns([createRun()]),
      'model-versions': createVersions([]),
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
      runs: createRuns([createRun()]),
      'model-versions': createVersions([]),
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
      runs: createRuns([]),
      words: [
        'This component names no MLflow experiment.',
        'mlflow.org/experiment-name: churn',
        'This component names no registered model.',
        'mlflow.org/registered-model: churn',
      ],
    },
    {
      state: 'none yet, without a gate',
      entity: createEntity({
        annotations: {
          'mlflow.org/experiment-name': 'churn',
          'mlflow.org/registered-model': 'churn',
        },
      }),
      runs: createRuns([]),
      words: ['No runs yet.', 'No version is registered yet.'],
      absent: [/push to main/, /gate/],
    },
    {
      state: 'none yet, of the template',
      runs: createRuns([]),
      words: [
        'No runs yet. The first push to main makes one.',
        'No version is registered yet. The first run that passes the gate registers one.',
      ],
    },
    {
      state: 'not configured',
      runs: createRuns([], {
        errors: [createUnreachable({ code: 'INSTANCE_NOT_CONFIGURED' })],
      }),
      words: ['No MLflow instance is configured.', 'How to configure MLflow'],
    },
    {
      state: 'names that lead nowhere',
      entity: createEntity({
        annotations: {
          'mlflow.org/experiment-name': 'prod:churn, gone, payroll, unmarked',
          'mlflow.org/experiment-id': '17',
          'mlflow.org/registered-model': 'churm',
        },
      }),
      runs: createRuns([], {
        experiments: [
          createMissing('prod:churn'),
          createExperiment({ name: 'gone', state: 'deleted' }),
          createExperiment({ name: 'payroll', state: 'not-allowed' }),
          createExperiment({ name: 'unmarked', state: 'not-allowed' }),
          { ...createMissing('17'), experimentId: '17' },
        ],
        errors: [
          createUnreachable({ code: 'NOT_FOUND', message: 'no' }),
          createUnreachable({
            code: 'OTHER_COMPONENT',
            message: "The experiment 'payroll'",
          }),
          createUnreachable({
            code: 'UNMARKED',
            message: "The experiment 'unmarked'",
          }),
        ],
      }),
      versions: createVersions([], {
        registeredModels: [
          createRegisteredModel({ name: 'churm', state: 'missing' }),
        ],
        errors: [createUnreachable({ code: 'NOT_FOUND', message: 'no' })],
      }),
      words: [
        "There is no experiment 'prod:churn' on MLflow eu.",
        "No MLflow instance named 'prod' is configured. Check mlflow.org/experiment-name in catalog-info.yaml.",
        "The experiment 'gone' was deleted on MLflow eu.",
        "The experiment 'payroll' on MLflow eu is that of a component which you may not see.",
        "The experiment 'unmarked' on MLflow eu does not say which component it is of.",
        "There is no experiment with id '17' on MLflow eu.",
        "There is no registered model 'churm' on MLflow eu.",
        'Check mlflow.org/registered-model in catalog-info.yaml.',
      ],
      absent: [/No runs yet/, /No version is/, /not known/, /^Filter$/, /gate/],
    },
    {
      state: 'not there yet, of the template',
      runs: createRuns([], { experiments: [createMissing('churn')] }),
      versions: createVersions([], {
        registeredModels: [createRegisteredModel({ state: 'missing' })],
      }),
      words: [
        "There is no experiment 'churn' on MLflow eu.",
        'The first push to main makes it.',
        'The first run that passes the gate registers it.',
      ],
      absent: [/No runs yet/, /Check/],
    },
    {
      state: 'traces and prompts, no runs',
      runs: createRuns([], {
        experiments: [
          createExperiment({
            name: 'agent',
            traces: { count: 1000, isMore: true },
            loggedModels: { count: 1, isMore: false },
          }),
        ],
      }),
      versions: createVersions([], {
        registeredModels: [createRegisteredModel({ isPrompt: true })],
      }),
      words: [
        'agent has no runs. It holds at least 1,000 traces and 1 logged model.',
        'Prompt versions',
      ],
      absent: [/No runs yet/],
    },
    {
      state: 'an instance that is slow',
      runs: createRuns([], {
        errors: [
          createUnreachable({
            code: 'TIMEOUT',
            message: 'It took more than 10 seconds.',
            since: undefined,
          }),
        ],
      }),
      words: ['MLflow eu took too long to answer.'],
      absent: [/does not answer/],
    },
    {
      state: 'refused by MLflow',
      runs: createRuns([], {
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
  ])(
    'says in its own words: $state',
    async ({
      absent = [],
      entity,
      runs,
      versions = createVersions([]),
      words,
    }: {
      entity?: Entity;
      runs: MlflowRunsResponse;
      versions?: MlflowModelVersionsResponse;
      words: string[];
      absent?: RegExp[];
    }) => {
      openTab(new FakeMlflowBackend({ runs, 'model-versions': versions }), {
        entity,
      });
      for (const text of words) {
        expect(await screen.findByText(saying(text))).toBeVisible();
      }
      for (const text of absent) {
        expect(screen.queryByText(text)).toBeNull();
      }
    },
  );

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
    backend.answer('runs', createRuns([createRun()]));
    backend.answer('model-versions', createVersions([createVersion()]));
    await userEvent.click(screen.getByRole('button', { name: 'Retry' }));
    await findRow(/ci-211/);
  });

  it('keeps what was known when MLflow stops, and recovers on Retry', async () => {
    const backend = new FakeMlflowBackend({
      runs: createRuns([createRun()], {
        errors: [createUnreachable()],
        staleSince: NOW - 12 * 60_000,
      }),
      'model-versions': createVersions([createVersion()]),
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

    backend.answer('runs', createRuns([createFailedRun()]));
    const caches = () => backend.requests.map(({ cache }) => cache);
    expect(new Set(caches())).toEqual(new Set([undefined]));
    await user.click(screen.getByRole('button', { name: 'Retry' }));
    await findRow(/ci-214/);
    expect(screen.queryByText(/does not answer/)).toBeNull();
    // Past the caches: a person does not believe what is shown.
    expect(caches().slice(-2)).toEqual(['reload', 'reload']);

    backend.disconnect('runs');
    backend.disconnect('model-versions');
    await user.click(screen.getByRole('columnheader', { name: /Started/ }));
    expect(
      await screen.findByText("The portal's MLflow backend does not answer."),
    ).toBeVisible();
    expect(await findRow(/ci-214/)).toBeVisible();
    expect(caches().at(-1)).toBeUndefined();
  });

  it('tells children from parents, names from nothing, and what cannot be from what is', async () => {
    const hidden = '\u200b \u2800';
    const backend = new FakeMlflowBackend({
      runs: createRuns([
        createRun({
          runId: 'ahead',
          runName: 'ahead',
          status: 'RUNNING',
          startTime: NOW + 3 * DAY,
        }),
        createRun({ runId: 'p1', runName: 'sweep', url: `${MLFLOW}/p1` }),
        createRun({
          runId: 'c1',
          runName: 'trial-1',
          parentRunId: 'p1',
          url: `${MLFLOW}/c1`,
        }),
        createRun({
          runId: 'c2',
          runName: 'trial-2',
          parentRunId: 'elsewhere',
          url: `${MLFLOW}/c2`,
        }),
        createRun({ runId: 'blank', runName: hidden }),
        createRun({ runId: 'bidi', runName: '\u202Egnp.exe' }),
        createRun({
          runId: 'zombie',
          runName: 'zombie',
          status: 'RUNNING',
          startTime: NOW - 5 * DAY,
        }),
        createRun({
          runId: 'back',
          runName: 'ends before it starts',
          endTime: NOW - 9 * DAY,
        }),
      ]),
      'model-versions': createVersions(
        [
          createVersion({
            version: '9',
            aliases: [],
            stage: 'Staging',
            run: undefined,
            runMissing: 'deleted',
          }),
        ],
        { aliased: [createVersion({ version: '2' })] },
      ),
    });
    openTab(backend);
    const linkIn = (row: HTMLElement, name: RegExp) =>
      within(row).getByRole('link', { name });
    const child = await findRow(/trial-1/);
    expect(child).toHaveTextContent('child of sweep');
    expect(linkIn(child, /sweep/)).toHaveAttribute('href', `${MLFLOW}/p1`);
    const stray = await findRow(/trial-2/);
    expect(linkIn(stray, /elsewhe/)).toHaveAttribute(
      'href',
      `${MLFLOW}/elsewhere`,
    );
    expect(await findRow(/blank/)).toBeVisible();
    const isolated = within(await findRow(/gnp/)).getByText(/gnp/);
    expect(isolated.tagName).toBe('BDI');
    expect(await findRow(/zombie/)).toHaveTextContent(
      'Running for 5 days: stalled?',
    );
    expect(await findRow(/ahead/)).toHaveTextContent('in 3 days');

    await userEvent.click(
      screen.getByRole('switch', { name: 'Top-level runs only' }),
    );
    await waitFor(() =>
      expect(backend.queries('runs').at(-1)).toMatchObject({
        topLevel: 'true',
      }),
    );

    const versions = within(
      screen.getByRole('grid', { name: 'Registered versions' }),
    );
    const [, first, second] = versions.getAllByRole('row');
    expect(first).toHaveTextContent(/v2Pinned.*champion/);
    expect(second).toHaveTextContent(/v9.*Staging.*run deleted in MLflow/);
    for (const name of [/experiment|Open churn/]) {
      expect(screen.getAllByRole('link', { name })[0]).toHaveAttribute(
        'href',
        createExperiment().url,
      );
    }
  });

  it.each([
    {
      what: 'never trained',
      runs: createRuns([]),
      // Every 5 s for 5 minutes, then every 60 s.
      requests: [80, 90],
    },
    {
      what: 'missing experiment',
      runs: createRuns([], {
        experiments: [createMissing('churn')],
        errors: [createUnreachable({ code: 'NOT_FOUND' })],
      }),
      requests: [80, 90],
    },
    {
      what: 'zombie run',
      runs: createRuns([
        createRun({ status: 'RUNNING', startTime: NOW - 5 * DAY }),
      ]),
      requests: [30, 32],
    },
    {
      what: 'run from the future',
      runs: createRuns([
        createRun({ status: 'RUNNING', startTime: NOW + 5 * DAY }),
      ]),
      requests: [30, 32],
    },
    {
      what: 'running run that logs nothing',
      runs: createRuns([
        createRun({ status: 'RUNNING', startTime: NOW - 60_000 }),
      ]),
      // Every 5 s for 10 minutes, then every 60 s.
      requests: [135, 145],
      versionRequests: 145,
    },
    {
      what: 'run that ended just now',
      runs: createRuns([createRun({ endTime: NOW - 1_000 })]),
      // Every 5 s for 5 minutes, for what the pipeline does next, then every 60 s.
      requests: [80, 90],
      versionRequests: 90,
    },
    {
      what: 'finished run',
      runs: createRuns([createRun()]),
      requests: [30, 32],
    },
    {
      what: 'instance that does not answer',
      runs: createRuns([createRun()], { errors: [createUnreachable()] }),
      // Every 5 to 10 s.
      requests: [180, 360],
    },
    {
      what: 'instance that refuses the credentials',
      runs: createRuns([], {
        errors: [createUnreachable({ code: 'UNAUTHENTICATED' })],
      }),
      requests: [180, 360],
    },
    {
      what: 'filter that MLflow refuses',
      url: '/?filter=bad',
      runs: createRuns([], {
        errors: [createUnreachable({ code: 'BAD_REQUEST' })],
      }),
      requests: [30, 32],
    },
  ])(
    'asks a bounded number of times in 30 minutes: $what',
    async ({ requests: [least, most], runs, url, versionRequests = 32 }) => {
      jest.restoreAllMocks();
      jest.useFakeTimers({ now: NOW });
      const backend = new FakeMlflowBackend({
        runs,
        'model-versions': createVersions([createVersion()]),
      });
      const view = openTab(backend, { url });
      await screen.findByRole('grid', { name: 'Registered versions' });
      await act(() => jest.advanceTimersByTimeAsync(30 * 60_000));
      const count = backend.queries('runs').length;
      expect(count).toBeGreaterThanOrEqual(least);
      expect(count).toBeLessThanOrEqual(most);
      expect(backend.queries('model-versions').length).toBeLessThanOrEqual(
        versionRequests,
      );

      setVisibility('hidden');
      await act(() => jest.advanceTimersByTimeAsync(30 * 60_000));
      expect(backend.queries('runs')).toHaveLength(count);
      view.unmount();
      setVisibility('visible');
      await act(() => jest.advanceTimersByTimeAsync(30 * 60_000));
      expect(backend.queries('runs')).toHaveLength(count);
    },
  );

  it('shows the alias that a new version gets a moment after it is there', async () => {
    jest.restoreAllMocks();
    jest.useFakeTimers({ now: NOW });
    const registered = { version: '4', creationTime: NOW - 500 };
    const backend = new FakeMlflowBackend({
      runs: createRuns([createRun()]),
      'model-versions': createVersions([
        createVersion({ ...registered, aliases: [] }),
      ]),
    });
    openTab(backend);
    await screen.findByRole('grid', { name: 'Registered versions' });
    expect(screen.queryByText('shadow')).not.toBeInTheDocument();
    backend.answer(
      'model-versions',
      createVersions([createVersion({ ...registered, aliases: ['shadow'] })]),
    );
    await act(() => jest.advanceTimersByTimeAsync(5_500));
    expect(screen.getAllByText('shadow')[0]).toBeVisible();
  });

  it('recovers by itself, follows what changes, and aborts when left', async () => {
    jest.restoreAllMocks();
    jest.useFakeTimers({ now: NOW });
    const backend = new FakeMlflowBackend({
      runs: createRuns([createRun()]),
      'model-versions': createVersions([createVersion()]),
    });
    backend.disconnect('runs');
    const view = openTab(backend);
    expect(
      await screen.findByText("The portal's MLflow backend does not answer."),
    ).toBeVisible();
    const pass = (ms: number) => act(() => jest.advanceTimersByTimeAsync(ms));
    const running = (loss: number) =>
      createRun({
        status: 'RUNNING',
        startTime: NOW - 60_000,
        metrics: { loss },
      });
    backend.answer('runs', createRuns([running(1)]));
    await pass(10_000);
    expect(await findRow(/ci-211/)).toHaveTextContent('Running');
    expect(screen.queryByText(/does not answer/)).toBeNull();

    // Eleven minutes later the run has logged something: it is followed again.
    await pass(11 * 60_000);
    backend.answer('runs', createRuns([running(0.5)]));
    await pass(60_000);
    const before = backend.queries('runs').length;
    await pass(60_000);
    expect(backend.queries('runs').length - before).toBe(12);

    setVisibility('hidden');
    await pass(600_000);
    const asked = backend.queries('runs').length;
    setVisibility('visible');
    await pass(0);
    expect(backend.queries('runs')).toHaveLength(asked + 1);

    backend.hang('runs');
    await pass(60_000);
    view.unmount();
    expect(backend.signals.at(-1)?.aborted).toBe(true);
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
