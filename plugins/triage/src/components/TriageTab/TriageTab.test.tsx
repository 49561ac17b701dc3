// SPDX-License-Identifier: Apache-2.0
import type { Entity } from '@backstage/catalog-model';
import { fetchApiRef, identityApiRef } from '@backstage/frontend-plugin-api';
import { mockApis, renderTestApp } from '@backstage/frontend-test-utils';
import { EntityContentBlueprint } from '@backstage/plugin-catalog-react/alpha';
import { createTestEntityPage } from '@backstage/plugin-catalog-react/testUtils';
import { signalApiRef } from '@backstage/plugin-signals-react';
import type { IncidentDetails } from '@greenroom/plugin-triage-common';
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import plugin from '../..';
import { FakeTriageBackend } from '../../__fixtures__/FakeTriageBackend';
import {
  ENTITY_REF,
  NOW,
  TRAIN_LOG,
  createAlertDetails,
  createAlertIncident,
  createAnsweredReport,
  createDetails,
  createEntity,
  createGateIncident,
  createGroup,
  createIncident,
  createIncidents,
  createLog,
  gateReport,
  minutesAgo,
  trainingReport,
} from '../../__fixtures__/incidents';

// The linter knows it whole.
const SCRIPT = ['javascript', 'alert(1)'].join(':');

class FakeSignals {
  readonly #listeners = new Map<string, Set<() => void>>();

  subscribe(channel: string, listener: (message: never) => void) {
    const listeners = this.#listeners.get(channel) ?? new Set();
    this.#listeners.set(channel, listeners);
    const tell = () => listener({ changed: true } as never);
    listeners.add(tell);
    return { unsubscribe: () => listeners.delete(tell) };
  }

  tell(channel: string) {
    this.#listeners.get(channel)?.forEach(listener => listener());
  }
}

// A page with one tab has no routes.
const otherTab = EntityContentBlueprint.make({
  name: 'other',
  params: { path: '/other', title: 'Other', loader: async () => <p>Other</p> },
});

type Config = NonNullable<Parameters<typeof renderTestApp>[0]>['config'];

function openTab(
  backend: FakeTriageBackend,
  options: {
    entity?: Entity;
    route?: string;
    signals?: FakeSignals;
    config?: Config;
  } = {},
) {
  const { config, entity = createEntity(), route = '', signals } = options;
  return renderTestApp({
    extensions: [
      createTestEntityPage({ entity }),
      plugin.getExtension('api:triage'),
      plugin.getExtension('entity-content:triage/triage'),
      otherTab,
    ],
    initialRouteEntries: [`/model/triage${route}`],
    config: {
      app: {
        extensions: [
          { 'page:test/test-entity': { config: { path: '/model' } } },
        ],
      },
      ...config,
    },
    apis: [
      [fetchApiRef, backend],
      [
        identityApiRef,
        mockApis.identity({ userEntityRef: 'user:default/jane' }),
      ],
      ...(signals ? [[signalApiRef, signals] as const] : []),
    ],
  });
}

function openReport(details: IncidentDetails, route = '/i1') {
  const backend = new FakeTriageBackend({ i1: details, log: createLog() });
  openTab(backend, { route });
  return backend;
}

const findSection = async (name: RegExp | string) =>
  within(await screen.findByRole('region', { name }));

beforeEach(() => {
  jest.spyOn(Date, 'now').mockReturnValue(NOW);
  Element.prototype.scrollIntoView = jest.fn();
});

afterEach(() => {
  jest.restoreAllMocks();
});

describe('Incidents of an entity', () => {
  const first = createIncident();
  const gate = createGateIncident();
  const answer = createIncidents(
    [
      createIncident({
        id: 'i9',
        type: undefined,
        signature: undefined,
        summary: undefined,
        title: 'CI failed',
        progress: { stage: 'collect', since: minutesAgo(0) },
      }),
      first,
      createIncident({ id: 'i4', runId: '209', state: 'recovered' }),
      gate,
    ],
    {
      groups: [
        createGroup(first, {
          count: 12,
          repositories: ['a/a', 'a/b', 'a/c', 'a/d'],
        }),
        createGroup(gate),
      ],
    },
  );

  it('are grouped by cause, with how often, since when and where it was seen', async () => {
    const backend = new FakeTriageBackend({ incidents: answer });
    openTab(backend);
    const cause = await findSection(/Singular matrix/);
    expect(cause.getByText('Training')).toBeVisible();
    expect(cause.getByText('seen 12 times')).toBeVisible();
    expect(cause.getByText('in 4 repositories')).toBeVisible();
    expect(cause.getByText(/First seen/)).toHaveTextContent(
      'First seen 3 days ago · last seen 12 minutes ago',
    );
    const rows = cause.getAllByRole('listitem');
    expect(rows[0]).toHaveTextContent(
      /New.*Training failed in Train.*main.*e4a31ab.*12 minutes ago/,
    );
    expect(rows[1]).toHaveTextContent(/Recovered/);
    expect(
      cause.getByRole('link', { name: /branch main, run 214/ }),
    ).toHaveAttribute('href', '/model/triage/i1');
    expect(
      (await findSection('The report is being made.')).getByText('Collect'),
    ).toBeVisible();
    expect(backend.asked('incidents')[0].query).toEqual({
      entityRef: ENTITY_REF,
      limit: '50',
    });

    await userEvent.click(cause.getByRole('button', { name: 'Show all 12' }));
    await waitFor(() =>
      expect(backend.asked('incidents').at(-1)?.query.signature).toBe(
        first.signature,
      ),
    );
    await userEvent.click(
      await screen.findByRole('button', { name: 'One cause only' }),
    );
    await waitFor(() =>
      expect(backend.asked('incidents').at(-1)?.query.signature).toBe(
        undefined,
      ),
    );
  });

  it('are filtered by the address, and the filters change it', async () => {
    const backend = new FakeTriageBackend({
      incidents: createIncidents([gate]),
    });
    openTab(backend, {
      route: '?state=acknowledged&type=gate&branch=larger-leaves&signature=<x>',
    });
    await findSection(/Gate FAILED/);
    expect(backend.asked('incidents')[0].query).toEqual({
      entityRef: ENTITY_REF,
      state: 'acknowledged',
      type: 'gate',
      branch: 'larger-leaves',
      limit: '50',
    });
    const branch = screen.getByRole('searchbox', { name: 'Branch' });
    await userEvent.clear(branch);
    backend.answer('incidents', createIncidents([]));
    await userEvent.type(branch, 'nightly{Enter}');
    expect(
      await screen.findByText('No incident matches these filters.'),
    ).toBeVisible();
    expect(backend.asked('incidents').at(-1)?.query.branch).toBe('nightly');
    backend.answer('incidents', createIncidents([gate]));
    await userEvent.click(
      screen.getByRole('button', { name: 'Clear filters' }),
    );
    await findSection(/Gate FAILED/);
    expect(backend.asked('incidents').at(-1)?.query).toEqual({
      entityRef: ENTITY_REF,
      limit: '50',
    });
  });

  it('go on where the page ends, and are renewed when the backend signals', async () => {
    const signals = new FakeSignals();
    const backend = new FakeTriageBackend();
    backend.answer('incidents', ({ query }: { query: { cursor?: string } }) =>
      query.cursor
        ? createIncidents([gate])
        : createIncidents([first], { nextCursor: 'c1' }),
    );
    openTab(backend, { signals });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Show older incidents' }),
    );
    await findSection(/Gate FAILED/);
    await findSection(/Singular matrix/);
    backend.answer(
      'incidents',
      createIncidents([createIncident({ state: 'resolved' })]),
    );
    jest.spyOn(Date, 'now').mockReturnValue(NOW + 5_000);
    act(() => signals.tell('triage:test'));
    expect(
      await screen.findByText('Resolved', { selector: 'li *' }),
    ).toBeVisible();
  });

  it.each([
    [403, 'You may not read triage reports (triage.report.read).'],
    [404, 'Triage is not installed in this portal.'],
    [401, 'You are signed out.'],
    [500, 'Triage does not answer.'],
  ])('say in words why there are none (%d)', async (status, words) => {
    const backend = new FakeTriageBackend();
    backend.fail('incidents', status, 'The database is away.');
    openTab(backend);
    expect(await screen.findByText(words)).toBeVisible();
    backend.answer('incidents', createIncidents([]));
    jest.spyOn(Date, 'now').mockReturnValue(NOW + 5_000);
    await userEvent.click(screen.getByRole('button', { name: 'Retry' }));
    expect(await screen.findByText('No pipeline has failed.')).toBeVisible();
  });

  it('are of entities that name a repository only', async () => {
    const backend = new FakeTriageBackend({ incidents: answer });
    openTab(backend, { entity: createEntity({ annotations: {} }) });
    expect(await screen.findByText('Other')).toBeVisible();
    expect(backend.requests).toEqual([]);
  });
});

describe('A report', () => {
  it('says first why, with the lines that prove it, then what to do and all else', async () => {
    openReport(
      createDetails({
        activity: [
          ...createDetails().activity,
          {
            at: minutesAgo(5),
            by: 'user:default/ada',
            action: 'assigned',
            text: 'user:default/jane',
          },
        ],
      }),
    );
    expect(
      await screen.findByRole('heading', {
        name: 'Training failed in Train / Train of CI',
      }),
    ).toBeVisible();
    expect(screen.getByRole('link', { name: /^run 214/ })).toHaveAttribute(
      'href',
      'https://github.com/greenroom-demo/churn/actions/runs/214',
    );
    expect(
      screen.getByRole('link', {
        name: 'Seen 6 more times in 2 repositories',
      }),
    ).toHaveAttribute(
      'href',
      `/model/triage?signature=${trainingReport.failure.signature}`,
    );
    const cause = await findSection('Root cause');
    expect(cause.getByText(/copies of each other/)).toBeVisible();
    expect(cause.getByText('High confidence')).toBeVisible();
    expect(
      cause.getByText('From the model; each quote was found in the log.'),
    ).toBeVisible();
    const [proof] = cause.getAllByRole('figure');
    expect(proof).toHaveTextContent(/LinAlgError.*line 30 of Train\/5_Train/);

    const steps = await findSection('What to do');
    expect(steps.getByText(/\+.*pinv/)).toBeVisible();
    const user = userEvent.setup();
    const writeText = jest.spyOn(navigator.clipboard, 'writeText');
    await user.click(steps.getAllByRole('button', { name: 'Copy' })[0]);
    expect(writeText.mock.calls[0][0]).toMatch(/^--- a\/src.*pinv/s);

    const changes = await findSection('Changed since the last green run');
    expect(changes.getByRole('row', { name: /numpy/ })).toHaveTextContent(
      'dependencynumpy2.2.02.3.1',
    );
    const suspects = await findSection('Suspect commits');
    expect(suspects.getByText(/tenure/)).toBeVisible();
    expect(suspects.getByText(/touches what fails: 80%/)).toBeVisible();
    expect(suspects.queryByText('Mend a typing error')).toBeNull();
    const considered = await findSection('What else was considered');
    expect(considered.getByText(/2 statements .* left out/)).toBeVisible();
    expect(considered.getByText('2 findings of bandit')).toBeVisible();
    expect(
      considered.getByText('They are in a report of another step.'),
    ).toBeVisible();
    const made = await findSection('How this was made');
    expect(made.getByText(/gemini-3.5-flash-001/)).toBeVisible();
    expect(made.getByText('3,912 tokens in, 412 out, €0.00812')).toBeVisible();
    expect(made.getByText('The model saw')).toBeVisible();
    expect(made.getByText(/basic-auth/).closest('dd')).toHaveTextContent(
      '1 × github-token2 × basic-auth',
    );
    const posted = await findSection('Posted');
    expect(posted.getByRole('link', { name: /^Comment/ })).toHaveAttribute(
      'href',
      /commitcomment/.exec(createDetails().effects[0].url ?? '')?.input,
    );
    expect(posted.getByText('channel_not_found')).toBeVisible();
    expect(
      (await findSection('Timeline'))
        .getAllByRole('listitem')
        .map(({ textContent }) => textContent),
    ).toEqual([
      '12 minutes ago Run 214 failed',
      '12 minutes ago Received',
      '11 minutes ago Report made',
      '5 minutes ago Assigned by adajane',
    ]);
  });

  it('is whole without a model, and compares a gate with the champion', async () => {
    openReport(
      createDetails({
        report: {
          ...gateReport,
          changes: [
            { kind: 'metric', name: 'accuracy', before: '0.96', after: '0.88' },
          ],
        },
      }),
    );
    expect(
      (await findSection('Root cause')).getByText(
        'Found by rules; no model was asked.',
      ),
    ).toBeVisible();
    expect(
      (await findSection('Quality gate')).getByText(/Gate FAILED: accuracy/),
    ).toBeVisible();
    expect(
      (await findSection('Against the champion')).getByRole('row', {
        name: /accuracy/,
      }),
    ).toHaveTextContent('metricaccuracy0.960.88−0.08');
    const titles = screen
      .getAllByRole('heading', { level: 2 })
      .map(({ textContent }) => textContent);
    expect(titles.indexOf('Against the champion')).toBeLessThan(
      titles.indexOf('What to do'),
    );
  });

  it('shows what may be it, beside the verdict only, where nothing is proven', async () => {
    const details = createAlertDetails();
    const { report } = details;
    const claim = {
      statement: 'The scorer says 3 times: "table missing".',
      evidence: [{ source: 'scorer', line: 4, quote: 'table missing' }],
      confidence: 'low' as const,
    };
    openReport({
      ...details,
      report: report && {
        ...report,
        claims: [claim],
        rootCause: {
          outcome: 'inconclusive',
          statement: `Not proven; the likeliest first: (1) ${claim.statement}`,
          evidence: claim.evidence,
          missing: [],
        },
      },
    });
    const cause = await findSection('Root cause');
    expect(
      cause.getByText(/What may be it, the likeliest first/),
    ).toBeVisible();
    const [first] = cause.getAllByRole('listitem');
    expect(first).toHaveTextContent(claim.statement);
    expect(within(first).getByText('table missing')).toBeVisible();
    expect(screen.getAllByText(claim.statement)).toHaveLength(1);
  });

  it('opens the log at the line that is quoted, and searches it', async () => {
    const backend = openReport(createDetails());
    const cause = await findSection('Root cause');
    const link = cause.getByRole('link', { name: /line 30/ });
    expect(link).toHaveAttribute(
      'href',
      '/model/triage/i1?log=Train%2F5_Train.txt#L30',
    );
    await userEvent.click(link);
    const log = within(
      await screen.findByRole('group', { name: `Log of ${TRAIN_LOG}` }),
    );
    const line = await log.findByRole('link', { name: 'Line 30' });
    await waitFor(() => expect(line).toHaveFocus());
    expect(line).toHaveAttribute('aria-current', 'location');
    expect(line.parentElement).toHaveTextContent(/Quoted:.*Singular matrix/);
    expect(
      log.getByRole('link', { name: 'Line 12' }).parentElement,
    ).not.toHaveTextContent('Quoted');
    expect(backend.asked('log')[0].query).toEqual({
      job: TRAIN_LOG,
      from: '1',
      limit: '5000',
    });

    await userEvent.type(
      screen.getByRole('searchbox', { name: 'Search the log' }),
      'SINGULAR',
    );
    expect(await screen.findByText('1 of 3 lines')).toBeVisible();
    await userEvent.keyboard('{Enter}');
    expect(await screen.findByText('2 of 3 lines')).toBeVisible();
    await userEvent.click(
      screen.getByRole('button', { name: 'Previous match' }),
    );
    expect(await screen.findByText('1 of 3 lines')).toBeVisible();
    expect(document.querySelectorAll('mark')).toHaveLength(3);
  });

  it('reads a long log where the address points, and more on demand', async () => {
    const backend = new FakeTriageBackend({ i1: createDetails() });
    backend.answer('log', ({ query }: { query: Record<string, string> }) => {
      const from = Number(query.from);
      const count = Math.min(Number(query.limit), 12_000 - from + 1, 3);
      return createLog({
        total: 12_000,
        lines: Array.from({ length: count }, (_, index) => ({
          number: from + index * 2,
          text: `line ${from + index * 2}`,
        })),
      });
    });
    openTab(backend, {
      route: `/i1?log=${encodeURIComponent('Check/5_Test.txt')}#L9001`,
    });
    expect(await screen.findByText('line 5001')).toBeVisible();
    expect(screen.getAllByText('⋯ 1 line')).toHaveLength(2);
    await userEvent.click(
      screen.getByRole('button', { name: 'Show earlier lines' }),
    );
    expect(await screen.findByText('line 1')).toBeVisible();
    expect(backend.asked('log').map(({ query }) => query)).toEqual([
      { job: 'Check/5_Test.txt', from: '5001', limit: '5000' },
      { job: 'Check/5_Test.txt', from: '1', limit: '5000' },
    ]);
  });

  it('shows how far it is, and what the rules found first', async () => {
    const signals = new FakeSignals();
    const backend = new FakeTriageBackend({
      i1: createDetails({
        incident: createIncident({
          progress: {
            stage: 'ask',
            since: new Date(NOW - 7_000).toISOString(),
          },
        }),
        report: {
          ...trainingReport,
          ai: { status: 'skipped', droppedClaims: 0 },
        },
      }),
      log: createLog(),
    });
    openTab(backend, { route: '/i1', signals });
    const progress = await findSection('Progress of the report');
    expect(
      progress.getAllByRole('listitem').map(({ textContent }) => textContent),
    ).toEqual([
      'Collect done',
      'Reduce done',
      'Ask 7 sec under way',
      'Verify not yet',
      'Post not yet',
    ]);
    expect(
      screen.getByText('Found by rules; a model is being asked.'),
    ).toBeVisible();
    expect(screen.getByRole('button', { name: 'Ask again' })).toBeDisabled();

    backend.answer('i1', createDetails());
    jest.spyOn(Date, 'now').mockReturnValue(NOW + 5_000);
    act(() => signals.tell('triage:i1'));
    expect(await screen.findByText(/copies of each other/)).toBeVisible();
    expect(
      screen.queryByRole('region', { name: 'Progress of the report' }),
    ).toBeNull();
  });

  it('is answered by people', async () => {
    const backend = openReport(createDetails());
    for (const resource of ['state', 'feedback', 'analyze']) {
      backend.answer(resource, createDetails());
    }
    const findButton = (name: string) => screen.findByRole('button', { name });
    const sent = (resource: string) => backend.asked(resource).at(-1)?.body;

    await userEvent.click(await findButton('Assign to me'));
    await waitFor(() =>
      expect(sent('state')).toEqual({
        state: 'new',
        assignee: 'user:default/jane',
      }),
    );
    await userEvent.click(await findButton('Acknowledge'));
    await waitFor(() =>
      expect(sent('state')).toEqual({ state: 'acknowledged' }),
    );
    await userEvent.click(await findButton('Resolve'));
    await waitFor(() => expect(sent('state')).toEqual({ state: 'resolved' }));

    expect(await findButton('Send')).toBeDisabled();
    await userEvent.click(screen.getByRole('radio', { name: 'not useful' }));
    await userEvent.click(screen.getByRole('radio', { name: 'wrong' }));
    await userEvent.type(
      screen.getByRole('textbox', { name: /^Why/ }),
      ' It was the disk. ',
    );
    await userEvent.type(
      screen.getByRole('textbox', { name: /^What was done/ }),
      'Made room.',
    );
    await userEvent.click(await findButton('Send'));
    await waitFor(() =>
      expect(sent('feedback')).toEqual({
        useful: false,
        rootCause: 'wrong',
        reason: 'It was the disk.',
        done: 'Made room.',
      }),
    );
    expect(backend.asked('feedback')[0].path).toBe('/incidents/i1/feedback');

    await userEvent.type(
      screen.getByRole('textbox', { name: /With what you know/ }),
      'The runner was replaced.',
    );
    await userEvent.click(await findButton('Ask again'));
    await waitFor(() =>
      expect(sent('analyze')).toEqual({ hint: 'The runner was replaced.' }),
    );

    backend.fail('state', 409, 'Somebody resolved it meanwhile.');
    await userEvent.click(await findButton('Acknowledge'));
    expect(
      await screen.findByText('Somebody resolved it meanwhile.'),
    ).toBeInTheDocument();
  });

  it('says what a person may not do', async () => {
    openReport(
      createDetails({ permissions: { update: false, analyze: false } }),
    );
    expect(
      await screen.findByText(/You may not ask for a new report/),
    ).toBeVisible();
    expect(
      screen.getAllByText(/You may not change this incident/),
    ).toHaveLength(2);
    for (const name of ['Acknowledge', 'Resolve', 'Send', 'Ask again']) {
      expect(screen.getByRole('button', { name })).toBeDisabled();
    }
    expect(screen.getByRole('radio', { name: 'useful' })).toBeDisabled();
  });

  it('shows hostile text as text, and follows no address but the web’s', async () => {
    const hostile = '\u202ecod.exe <img src=x onerror=alert(1)> \u0007';
    openReport(
      createDetails({
        incident: createIncident({ title: hostile, runUrl: SCRIPT }),
        report: createAnsweredReport({
          summary: hostile,
          rootCause: {
            outcome: 'identified',
            statement: hostile,
            evidence: [{ source: TRAIN_LOG, line: 30, quote: hostile }],
            confidence: 'low',
          },
          nextSteps: [{ text: hostile, by: 'model', evidence: [] }],
        }),
        effects: [
          { kind: 'comment', url: SCRIPT, status: 'done', at: minutesAgo(1) },
        ],
      }),
    );
    const shown = await screen.findAllByText(/⟨U\+202E⟩cod\.exe <img.*␇/);
    expect(shown.length).toBeGreaterThanOrEqual(5);
    expect(document.querySelector('img[src="x"]')).toBeNull();
    for (const link of document.querySelectorAll('a')) {
      expect(link.getAttribute('href')).not.toMatch(/^javascript/i);
    }
    expect(screen.queryByRole('link', { name: /^run 214/ })).toBeNull();
  });

  it('says when there is none', async () => {
    const backend = new FakeTriageBackend();
    backend.fail('i1', 404, 'No incident i1');
    openTab(backend, { route: '/i1' });
    expect(await screen.findByText(/There is no such incident/)).toBeVisible();
    expect(screen.getByRole('link', { name: 'All incidents' })).toHaveAttribute(
      'href',
      '/model/triage',
    );
  });

  it('says that it could not be made, and why', async () => {
    openReport(
      createDetails({
        incident: createIncident({
          progress: {
            stage: 'failed',
            since: minutesAgo(1),
            error: 'GitHub no longer has the logs.',
          },
        }),
        report: undefined,
        logs: [],
      }),
    );
    expect(
      await screen.findByText('GitHub no longer has the logs.'),
    ).toBeVisible();
    expect(screen.getByText('No log is kept.')).toBeVisible();
    expect(screen.getByRole('button', { name: 'Ask again' })).toBeEnabled();
  });
});

describe('The report of drift', () => {
  it('links to the dashboard of its model', async () => {
    const dashboardUrl =
      'https://example.com/grafana/d/model-serving?var-model=churn';
    openReport(
      createDetails({
        incident: createIncident({ kind: 'drift' }),
        dashboardUrl,
      }),
    );
    expect(
      await screen.findByRole('link', { name: /^Dashboard/ }),
    ).toHaveAttribute('href', dashboardUrl);
  });
});

describe('The report of an alert', () => {
  const openAlert = (details: IncidentDetails, domain?: string) => {
    openTab(new FakeTriageBackend({ i3: details, log: createLog() }), {
      route: '/i3',
      ...(domain && { config: { grafana: { domain } } }),
    });
  };

  it('says what was changed before it and what happened, and speaks of no run', async () => {
    openAlert(
      createAlertDetails({
        activity: [
          {
            at: minutesAgo(2),
            by: 'triage',
            action: 'reported-with-evidence',
          },
          { at: minutesAgo(1), by: 'triage', action: 'recovered' },
        ],
      }),
    );
    const changes = await findSection('Changed before the alert');
    expect(
      changes
        .getAllByRole('columnheader')
        .map(({ textContent }) => textContent),
    ).toEqual(['What', 'Name', 'Before', 'After']);
    expect(
      changes.getByRole('row', { name: /limits.memory/ }),
    ).toHaveTextContent('512Mi256Mi');
    expect(
      (await findSection('What happened')).getByText(
        'Container kserve-container ended: Error, exit code 1',
      ),
    ).toBeVisible();
    expect(screen.getByText(/^began to fire/)).toHaveTextContent(
      'began to fire 20 minutes ago',
    );
    const timeline = await findSection('Timeline');
    expect(timeline.getByText(/ModelCrashLooping began to fire/)).toBeVisible();
    expect(timeline.getByText(/Recovered: the alert ended/)).toBeVisible();
    expect(
      timeline.getByText(
        /Report made again: what could not be read before was there/,
      ),
    ).toBeVisible();
    expect(
      screen.queryByText(/green run|[Cc]hampion|[Rr]un .* failed/),
    ).toBeNull();
    expect(screen.queryByRole('link', { name: /^Dashboard/ })).toBeNull();
  });

  it('names what proves it by its kind, and has a picker and a search of sources', async () => {
    const event = 'Event 2026-11-29T02:20:00Z Warning BackOff Pod churn: …';
    const details = createAlertDetails();
    const { report } = details;
    const log = 'churn-predictor-6c9d7f5b84-k2x9v_kserve-container';
    openAlert({
      ...details,
      report: report && {
        ...report,
        rootCause: {
          outcome: 'identified',
          statement: 'invalid literal for int() with base 10, by rate(x[5m]).',
          confidence: 'high',
          evidence: [
            { source: `${log}.previous.txt`, line: 3, quote: 'Killed' },
            { source: `${log}.txt`, line: 1, quote: 'Starts' },
            { source: 'objects', line: 30, quote: event },
            { source: 'objects', line: 2, quote: 'Pod churn status: x' },
            { source: 'metrics', line: 1, quote: 'up is 0' },
          ],
        },
      },
    });
    const cause = await findSection('Root cause');
    for (const code of ['int()', 'rate(x[5m])']) {
      expect(cause.getByText(code).closest('code')).toBeVisible();
    }
    const pod = 'churn-predictor-6c9d7f5b84-k2x9v/kserve-container';
    expect(
      cause
        .getAllByRole('figure')
        .map(each => each.querySelector('figcaption')?.textContent),
    ).toEqual([
      `log of ${pod} before its restart, line 3`,
      `log of ${pod}, line 1`,
      'events, line 30',
      'objects, line 2',
      'metrics, line 1',
    ]);
    const lines = await findSection('Evidence');
    expect(
      await lines.findByRole('searchbox', { name: 'Search the lines' }),
    ).toBeVisible();
    await userEvent.click(lines.getByRole('button', { name: /Source/ }));
    expect(
      (await screen.findAllByRole('option')).map(
        ({ textContent }) => textContent,
      ),
    ).toEqual([
      `Log of ${pod} before its restart`,
      'Objects and events',
      'Metrics',
      'Alert',
    ]);
    expect(screen.queryByText(/[Jj]ob and step|Search the log/)).toBeNull();
  });

  it('links to the dashboard of its model, from an hour before to an hour after', async () => {
    const { alert } = createAlertIncident();
    openAlert(
      createAlertDetails({
        incident: createAlertIncident({
          alert: { ...alert, status: 'resolved', endsAt: minutesAgo(10) },
        }),
      }),
      'https://example.com/grafana',
    );
    const link = await screen.findByRole('link', { name: /^Dashboard/ });
    expect(link).toHaveAttribute(
      'href',
      `https://example.com/grafana/d/model-serving?var-namespace=fraud-prod&var-model=churn&from=${NOW - 80 * 60_000}&to=${NOW + 50 * 60_000}`,
    );
    expect(screen.getByText(/^ended/)).toHaveTextContent(
      'ended 10 minutes ago',
    );
  });

  it('links to no strange address', async () => {
    openAlert(createAlertDetails(), SCRIPT);
    await findSection('Changed before the alert');
    expect(screen.queryByRole('link', { name: /^Dashboard/ })).toBeNull();
  });
});
