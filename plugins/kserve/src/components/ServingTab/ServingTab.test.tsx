// SPDX-License-Identifier: Apache-2.0
import type { Entity } from '@backstage/catalog-model';
import { fetchApiRef } from '@backstage/frontend-plugin-api';
import { renderTestApp } from '@backstage/frontend-test-utils';
import { createTestEntityPage } from '@backstage/plugin-catalog-react/testUtils';
import { signalApiRef } from '@backstage/plugin-signals-react';
import type { KserveInferenceServicesResponse } from '@greenroom/plugin-kserve-common';
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import plugin from '../..';
import { FakeKserveBackend } from '../../__fixtures__/FakeKserveBackend';
import {
  NOW,
  createCanary,
  createDegraded,
  createEntity,
  createMetadata,
  createObjectives,
  createResponse,
  createService,
} from '../../__fixtures__/serving';

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

  get count() {
    return [...this.#listeners.values()].reduce(
      (sum, { size }) => sum + size,
      0,
    );
  }
}

type Config = NonNullable<Parameters<typeof renderTestApp>[0]>['config'];

function openTab(
  backend: FakeKserveBackend,
  options: {
    entity?: Entity;
    signals?: FakeSignals;
    config?: Config;
  } = {},
) {
  const { config, entity = createEntity(), signals } = options;
  return renderTestApp({
    extensions: [
      createTestEntityPage({ entity }),
      plugin.getExtension('api:kserve'),
      plugin.getExtension('entity-content:kserve/serving'),
    ],
    config,
    apis: [
      [fetchApiRef, backend],
      ...(signals ? [[signalApiRef, signals] as const] : []),
    ],
  });
}

const open = (
  response: KserveInferenceServicesResponse,
  options?: Parameters<typeof openTab>[1],
) =>
  openTab(new FakeKserveBackend({ 'inference-services': response }), options);

function setVisibility(state: DocumentVisibilityState) {
  jest.spyOn(document, 'visibilityState', 'get').mockReturnValue(state);
  document.dispatchEvent(new Event('visibilitychange'));
}

const findButton = (name: RegExp | string) =>
  screen.findByRole('button', { name });

beforeEach(() => {
  jest.spyOn(Date, 'now').mockReturnValue(NOW);
});

afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
});

describe('Serving tab', () => {
  it('says first how it is and why, with the proof and the next step', async () => {
    open(createResponse([createDegraded()]));
    const panel = within(
      await screen.findByRole('region', { name: /^churn team-a on local/ }),
    );
    expect(
      panel.getByText(/cannot load model.joblib/).closest('p'),
    ).toHaveTextContent(
      /^Degraded The container cannot load.*· 6 minutes ago$/,
    );
    const [proof, second] = panel.getAllByRole('figure');
    expect(proof).toHaveTextContent(
      /ModuleNotFoundError.*kserve-container log/,
    );
    expect(second).toHaveTextContent(/back-off 2m40s/);
    expect(panel.getByText('What to do:').parentElement).toHaveTextContent(
      /Pin scikit-learn 1.9.1/,
    );
    const reasons = within(
      panel.getByRole('region', { name: 'Why is it not ready?' }),
    ).getAllByRole('listitem');
    expect(reasons.map(({ textContent }) => textContent)).toEqual(
      createDegraded().explanation.reasons,
    );
    const steps = within(
      panel.getByRole('list', { name: 'Rollout' }),
    ).getAllByRole('listitem');
    expect(steps.map(({ textContent }) => textContent)).toEqual([
      'Scheduled donetook 1 sectypically less than 1 s',
      'Image pulled donetook 8 sectypically 11 sec',
      'Model loaded failedfor 5 min 51 sectypically 22 sec',
      'Routed not yettypically 1 sec',
      'Ready not yet',
    ]);
  });

  it('shows what is served and from what, and folds what is looked up', async () => {
    open(createResponse([createDegraded()]));
    expect(
      await screen.findByRole('link', { name: /^a1b2c3d / }),
    ).toHaveAttribute(
      'href',
      'https://github.com/acme/churn/commit/a1b2c3d4e5f60718293a4b5c6d7e8f9012345678',
    );
    expect(screen.getByRole('link', { name: /^214 / })).toHaveAttribute(
      'href',
      'https://github.com/acme/churn/actions/runs/214',
    );
    const fact = (label: string) =>
      screen.getByText(label, { selector: 'dt' }).nextElementSibling;
    expect(fact('Model version asked for')).toHaveTextContent('churn v7');
    expect(fact('Replicas')).toHaveTextContent('0 of 1 ready');
    expect(fact('Image')).toHaveTextContent('churn@9f3e1c2');
    expect(fact('Resources')).toHaveTextContent(
      'asks cpu 50m, memory 256Miat most cpu 1, memory 1Gi',
    );
    expect(fact('Deployment mode')).toHaveTextContent('Standard');

    expect(screen.queryByRole('table')).toBeNull();
    await userEvent.click(await findButton(/^Pods/));
    const pod = await screen.findByRole('row', { name: /CrashLoopBackOff/ });
    expect(pod).toHaveTextContent(/5Error exit code 1 1 minute ago/);
    await userEvent.click(await findButton(/^Events/));
    expect(
      await screen.findByRole('row', { name: /BackOff.*× 14/ }),
    ).toBeVisible();
    // By keyboard as well.
    (await findButton(/^Conditions/)).focus();
    await userEvent.keyboard('{Enter}');
    expect(
      await screen.findByRole('row', { name: /^Ready False MinimumReplicas/ }),
    ).toBeVisible();
    expect(screen.getByText(/BlockedByFailedLoad/)).toBeVisible();
  });

  it('shows traffic asked, routed and observed, and says where they differ', async () => {
    open(createResponse([createCanary()]));
    const row = async (name: string) =>
      (await screen.findByText(name, { selector: 'dt' })).nextElementSibling;
    expect(await row('Asked')).toHaveTextContent(
      '90% churn-predictor10% churn-predictor-canary-blue',
    );
    expect(await row('Observed')).toHaveTextContent(/99.7%.*0.3%/);
    expect(
      screen.getByText(/only 0.3 % of the requests reached it/),
    ).toBeVisible();
    expect(
      screen.getByText('Canary blue').nextElementSibling,
    ).toHaveTextContent('ready');
  });

  it.each([
    {
      what: 'no annotation',
      response: createResponse([], { references: [] }),
      entity: createEntity({ annotations: {} }),
      words: [
        'This component names no inference service.',
        'serving.kserve.io/inferenceservice: NAMESPACE/churn',
      ],
    },
    {
      what: 'not configured',
      response: createResponse([], { clusters: [] }),
      words: ['No Kubernetes cluster is configured.'],
    },
    {
      what: 'none yet',
      response: createResponse([]),
      words: ['Nothing serves this model yet.'],
    },
    {
      what: 'being built',
      response: createResponse([], {
        clusters: [],
        build: {
          cluster: 'local',
          step: 3,
          of: 5,
          detail: 'Compiling KServe',
          minutesLeft: 3.4,
        },
      }),
      words: [
        'The local cluster is being built: 3 of 5, about 4 min left',
        'Compiling KServe',
      ],
    },
    {
      what: 'will not be built',
      response: createResponse([], {
        clusters: [],
        build: {
          cluster: 'local',
          step: 0,
          of: 5,
          detail: '',
          problem: 'It needs 8 GB of memory; there are 4.',
        },
      }),
      words: [
        'The local cluster will not come',
        'It needs 8 GB of memory; there are 4.',
      ],
    },
    ...(
      [
        ['not-installed', /Cluster edge-1 has no KServe/],
        ['not-allowed', /may not read KServe in cluster edge-1/],
        ['unauthenticated', /edge-1 refuses the portal's credentials/],
        ['unreachable', /edge-1 does not answer since .*2:02/],
        ['timeout', /edge-1 takes too long to answer since .*2:02/],
        ['not-configured', /No cluster named edge-1 is configured/],
        ['not-found', /edge-1 does not have what this component names/],
        ['other-component', /component which you may not see/],
        ['unmarked', /does not say which component it is of/],
        ['failed', /edge-1 answers with an error/],
      ] as const
    ).map(([code, words]) => ({
      what: code,
      response: createResponse([createService()], {
        errors: [
          {
            cluster: 'edge-1',
            code,
            message: 'dial tcp: refused',
            retryable: code === 'unreachable',
            ...(/unreach|timeout/.test(code) && {
              staleSince: NOW - 8 * 60_000,
            }),
          },
        ],
      }),
      words: [words, 'v7 answers all requests.'],
    })),
  ])('has its own words: $what', async ({ response, words, ...rest }) => {
    open(response, 'entity' in rest ? { entity: rest.entity } : {});
    for (const text of words) {
      expect(await screen.findByText(text)).toBeVisible();
    }
  });

  it.each([
    ['local', 'Last known: Ready'],
    ['edge-1', 'Ready'],
  ])('while cluster %s does not answer, says: %s', async (cluster, word) => {
    const error = {
      cluster,
      code: 'unreachable' as const,
      message: 'dial tcp: refused',
      retryable: true,
      staleSince: NOW - 8 * 60_000,
    };
    open(createResponse([createService()], { errors: [error] }));
    expect(await screen.findByText(word, { selector: 'strong' })).toBeVisible();
  });

  it('says how objectives are kept: the budget, the burn rates and what alerts since when', async () => {
    const backend = new FakeKserveBackend({
      'inference-services': createResponse(),
      objectives: createObjectives(),
    });
    openTab(backend);
    const section = within(
      await screen.findByRole('region', { name: 'Objectives' }),
    );
    expect(
      (await screen.findByText('Alerting')).closest('p'),
    ).toHaveTextContent(
      /^Alerting v7 answers all requests\. ModelErrorBudgetBurnFast fires\./,
    );
    expect(screen.queryByText('Ready', { selector: 'strong' })).toBeNull();
    expect(
      await section.findByText('99% of the requests within 500 ms, in 30 days'),
    ).toBeVisible();
    expect(
      section.getByText(
        '99.5% of the requests without an error of the server, in 30 days',
      ),
    ).toBeVisible();
    expect(section.getByText('Budget left: 81%')).toBeVisible();
    expect(section.getByText('Budget used up: 141% of it')).toBeVisible();
    expect(
      section.getByText(
        /^41,200 requests since Nov 2, 2026: 290 failed, 206 are allowed$/,
      ),
    ).toBeVisible();
    const rows = within(
      section.getByRole('table', { name: 'Burn rates: Errors' }),
    ).getAllByRole('row');
    expect(rows.slice(1).map(({ textContent }) => textContent)).toEqual([
      expect.stringMatching(
        /^1 hr and 5 min1,204 requests20 and 1614.4Alerting since 1[0-9]?:02\sPM$/,
      ),
      expect.stringMatching(/^6 hr and 30 min.*7.2 and 66Alert pending since/),
      expect.stringMatching(/3.4 and 0.33It was above, not any more$/),
      '3 days and 6 hr1 requestunknown and 0.31Not alerting',
    ]);
    expect(backend.asked('objectives').map(({ path }) => path)).toEqual([
      '/entities/component/default/churn/inference-services/local/team-a/churn/objectives',
    ]);
  });

  it('links to the dashboard of the service, where Grafana is known', async () => {
    open(createResponse(), {
      config: { grafana: { domain: 'https://grafana.example.com' } },
    });
    expect(
      await screen.findByRole('link', { name: /^Dashboard/ }),
    ).toHaveAttribute(
      'href',
      'https://grafana.example.com/d/model-serving?var-namespace=team-a&var-model=churn&from=now-6h&to=now',
    );
  });

  it.each([
    {
      what: 'little traffic, and a server that counts no errors',
      objectives: {
        ...createObjectives(),
        items: createObjectives().items.map(({ budgetLeft: _, ...item }) =>
          item.kind === 'errors'
            ? { ...item, counted: undefined }
            : { ...item, counted: { requests: 1, bad: 0 } },
        ),
      },
      words: [
        'Too little traffic to say what is left of the budget',
        '1 request: 0 took longer, 0 are allowed',
        "The model's server does not count its errors",
      ],
    },
    {
      what: 'no request',
      objectives: {
        ...createObjectives(),
        items: createObjectives().items.map(item => ({
          ...item,
          counted: undefined,
        })),
      },
      words: ['No request was measured yet'],
    },
    {
      what: 'no rules',
      objectives: { configured: true, items: [], errors: [] },
      words: [/^Prometheus has no rules for objectives/],
    },
    {
      what: 'no answer of Prometheus',
      objectives: {
        configured: true,
        items: [],
        errors: ["Prometheus 'main' does not answer within 5 s"],
      },
      words: ["Prometheus 'main' does not answer within 5 s"],
    },
  ])('has words for objectives with $what', async ({ objectives, words }) => {
    openTab(
      new FakeKserveBackend({
        'inference-services': createResponse(),
        objectives,
      }),
    );
    for (const text of words) {
      expect((await screen.findAllByText(text))[0]).toBeVisible();
    }
  });

  it('says nothing of objectives without a Prometheus, and that they could not be read', async () => {
    const backend = new FakeKserveBackend({
      'inference-services': createResponse(),
      objectives: { configured: false, items: [], errors: [] },
    });
    const view = openTab(backend);
    await screen.findByText('v7 answers all requests.');
    await waitFor(() =>
      expect(screen.queryByRole('region', { name: 'Objectives' })).toBeNull(),
    );
    view.unmount();
    backend.fail('objectives', 500, 'no');
    openTab(backend);
    expect(
      await screen.findByText('How the objectives are kept could not be read.'),
    ).toBeVisible();
  });

  it.each([
    [403, 'You may not read what serves this component (kserve.read).'],
    [401, 'Your session has ended.'],
    [404, "The portal's KServe backend does not know this page."],
    [500, "The portal's KServe backend does not answer."],
  ])('says what the portal refuses: %s', async (status, words) => {
    const backend = new FakeKserveBackend();
    backend.fail('inference-services', status, 'no');
    openTab(backend);
    expect(await screen.findByText(words)).toBeVisible();
    backend.answer('inference-services', createResponse());
    await userEvent.click(await findButton('Retry'));
    expect(await screen.findByText('v7 answers all requests.')).toBeVisible();
  });

  it('asks once, then when the channel tells; hidden it asks nothing', async () => {
    jest.restoreAllMocks();
    jest.useFakeTimers({ now: NOW });
    const pass = (ms: number) => act(() => jest.advanceTimersByTimeAsync(ms));
    const backend = new FakeKserveBackend({
      'inference-services': createResponse(),
    });
    const signals = new FakeSignals();
    const { signalChannel } = createResponse();
    const view = openTab(backend, { signals });
    await screen.findByText('v7 answers all requests.');
    const asked = () => backend.asked('inference-services').length;
    await pass(9 * 60_000);
    expect(asked()).toBe(1);
    // A backend that was started anew is reminded.
    await pass(61_000);
    expect(asked()).toBe(2);

    backend.answer('inference-services', createResponse([createDegraded()]));
    signals.tell('another channel');
    await pass(5_000);
    expect(asked()).toBe(2);
    // A rollout tells many changes at once.
    for (let index = 0; index < 50; index += 1) {
      signals.tell(signalChannel);
    }
    await pass(5_000);
    expect(asked()).toBe(3);
    expect(screen.getByText(/cannot load model.joblib/)).toBeVisible();

    setVisibility('hidden');
    signals.tell(signalChannel);
    await pass(60_000);
    expect(asked()).toBe(3);
    setVisibility('visible');
    await pass(0);
    expect(asked()).toBe(4);
    window.dispatchEvent(new Event('focus'));
    await pass(10_000);
    expect(asked()).toBe(4);

    // A backend that is gone signals nothing: it is asked until it answers.
    backend.disconnect('inference-services');
    signals.tell(signalChannel);
    await pass(1_000);
    expect(
      screen.getByText("The portal's KServe backend does not answer."),
    ).toBeVisible();
    expect(screen.getByText(/cannot load model.joblib/)).toBeVisible();
    backend.answer('inference-services', createResponse());
    await pass(10_000);
    expect(screen.queryByText(/backend does not answer/)).toBeNull();
    expect(screen.getByText('v7 answers all requests.')).toBeVisible();

    backend.hang('inference-services');
    signals.tell(signalChannel);
    await pass(2_000);
    view.unmount();
    expect(backend.asked('inference-services').at(-1)?.signal?.aborted).toBe(
      true,
    );
    expect(signals.count).toBe(0);
  });

  it('without signals asks again when it is looked at', async () => {
    const backend = new FakeKserveBackend({
      'inference-services': createResponse(),
    });
    openTab(backend);
    await screen.findByText('v7 answers all requests.');
    backend.answer('inference-services', createResponse([createDegraded()]));
    window.dispatchEvent(new Event('focus'));
    expect(await screen.findByText(/cannot load model.joblib/)).toBeVisible();
    expect(backend.asked('inference-services')).toHaveLength(2);
  });

  it('takes hostile text as text, and follows no strange address', async () => {
    open(
      createResponse([
        createService({
          url: SCRIPT,
          model: {
            version: '7',
            sourceCommit: 'abc1234def',
            sourceRepo: `${SCRIPT}//`,
          },
          explanation: {
            ...createService().explanation,
            sentence: '<img src=x onerror=alert(1)>',
            evidence: [
              { source: 'log', quote: '\u001b[31mred\u001b[0m \u202Etxet' },
            ],
          },
        }),
      ]),
    );
    expect(await screen.findByText(/<img src=x/)).toBeVisible();
    expect(document.querySelector('img')).toBeNull();
    expect(screen.getByText('red txet')).toBeVisible();
    for (const text of [SCRIPT, 'abc1234']) {
      expect(screen.getByText(text).closest('a')).toBeNull();
    }
  });
});

describe('Logs', () => {
  const openLogs = async (backend: FakeKserveBackend) => {
    openTab(backend);
    await userEvent.click(await findButton('Logs'));
  };

  it('follows the container in trouble, as plain text, and searches it', async () => {
    const backend = new FakeKserveBackend({
      'inference-services': createResponse([createDegraded()]),
    });
    backend.openLog();
    await openLogs(backend);
    const log = await screen.findByRole('log', {
      name: 'Log of kserve-container in churn-predictor-8d1',
    });
    expect(backend.asked('logs')[0]).toMatchObject({
      path: '/entities/component/default/churn/inference-services/local/team-a/churn/logs',
      query: {
        pod: 'churn-predictor-8d1',
        container: 'kserve-container',
        follow: 'true',
      },
    });
    backend.writeLog(
      '2026-11-21T14:10:00.123456789Z \u001b[32mINFO\u001b[0m <b>loading</b>\r\nload',
    );
    backend.writeLog(
      `ing 10%\rloading 100%\n${'x'.repeat(100_000)}\nModuleNotFoundError: sklearn\n`,
    );
    await waitFor(() => expect(log).toHaveTextContent(/ModuleNotFound/));
    expect(log.textContent).toMatch(
      /^\d\d:10:00 INFO <b>loading<\/b>\nloading 100%\nx{4000}…\n/,
    );
    expect(screen.getByText('Following.')).toBeVisible();

    await userEvent.type(
      screen.getByRole('searchbox', { name: 'Search' }),
      'modulenot',
    );
    expect(log.textContent).toBe('ModuleNotFoundError: sklearn');
    expect(screen.getByText('4 lines, 1 match')).toBeVisible();
    await userEvent.clear(screen.getByRole('searchbox', { name: 'Search' }));
    backend.writeLog('y\n'.repeat(20_000));
    expect(
      await screen.findByText('5000 lines, 15004 older lines not kept'),
    ).toBeVisible();
    backend.endLog();
    expect(await screen.findByText('It is no longer followed.')).toBeVisible();
    expect(await findButton('Read again')).toBeVisible();
  });

  it('reads another container, the one before its restart, and since a time', async () => {
    const backend = new FakeKserveBackend({
      'inference-services': createResponse([createDegraded()]),
    });
    backend.openLog();
    await openLogs(backend);
    const last = () => backend.asked('logs').at(-1);
    await screen.findByRole('log', { name: /^Log of/ });
    await userEvent.click(
      screen.getByRole('switch', { name: /^Before the last/ }),
    );
    await waitFor(() =>
      expect(last()?.query).toMatchObject({ previous: 'true' }),
    );
    expect(last()?.query).not.toHaveProperty('follow');
    expect(backend.asked('logs')[0].signal?.aborted).toBe(true);

    await userEvent.click(await findButton(/Since/));
    await userEvent.click(
      await screen.findByRole('option', { name: '1 hour' }),
    );
    await waitFor(() => expect(last()?.query.sinceSeconds).toBe('3600'));

    backend.fail('logs', 400, 'previous terminated container not found');
    await userEvent.click(await findButton(/Container/));
    await userEvent.click(
      await screen.findByRole('option', { name: /storage-initializer/ }),
    );
    await waitFor(() =>
      expect(last()?.query.container).toBe('storage-initializer'),
    );
    expect(await screen.findByText(/was not restarted/)).toBeVisible();
  });

  it('says who may not read them, and asks nothing', async () => {
    const backend = new FakeKserveBackend({
      'inference-services': createResponse([createService()], {
        permissions: { logs: false, predict: false },
      }),
    });
    await openLogs(backend);
    expect(
      await screen.findByText(
        'You may not read logs of this model (kserve.logs.read).',
      ),
    ).toBeVisible();
    expect(
      screen.getByText(
        'You may not send requests to this model (kserve.predict).',
      ),
    ).toBeVisible();
    expect(backend.asked('logs')).toHaveLength(0);
  });
});

describe('Try it', () => {
  const openForm = async (
    backend: FakeKserveBackend,
    service = createService(),
  ) => {
    backend.answer('inference-services', createResponse([service]));
    openTab(backend);
    const begin = await findButton('Make a request');
    expect(backend.asked('metadata')).toHaveLength(0);
    await userEvent.click(begin);
  };
  const field = (name: RegExp) => screen.findByRole('textbox', { name });

  it('sends what the typed form holds, and shows what answered', async () => {
    const backend = new FakeKserveBackend({
      metadata: createMetadata(),
      predict: {
        status: 200,
        body: { outputs: [{ name: 'predict', data: [1] }] },
        latencyMs: 38,
        modelVersion: '7',
      },
    });
    await openForm(backend);
    const age = await field(/^age/);
    expect(age).toHaveValue('41');
    expect(await field(/^plan/)).toHaveValue("gold's");
    await userEvent.clear(age);
    await userEvent.type(age, '4.5');
    expect(await screen.findByText('Enter a whole number')).toBeVisible();
    expect(await findButton('Send')).toBeDisabled();
    await userEvent.clear(age);
    await userEvent.type(age, '42{Enter}');

    const answer = within(
      await screen.findByRole('region', { name: 'Answer' }),
    );
    expect(answer.getByText('Status 200')).toBeVisible();
    expect(
      answer.getByText('answered by version 7 · 38 ms · 43 bytes'),
    ).toBeVisible();
    expect(backend.asked('predict')).toHaveLength(1);
    expect(backend.asked('predict')[0].body).toEqual({
      protocol: 'v2',
      body: {
        parameters: { content_type: 'pd' },
        inputs: [
          { name: 'age', datatype: 'INT64', shape: [1, 1], data: [42] },
          {
            name: 'monthly_charges',
            datatype: 'FP64',
            shape: [1, 1],
            data: [79.9],
          },
          { name: 'is_senior', datatype: 'BOOL', shape: [1, 1], data: [false] },
          { name: 'plan', datatype: 'BYTES', shape: [1, 1], data: ["gold's"] },
        ],
      },
    });
    const snippet = () => screen.getByRole('group', { name: 'Program' });
    expect(snippet()).toHaveTextContent(
      /curl .*churn-team-a.models.localhost\/v2\/models\/churn\/infer/,
    );
    expect(snippet()).toHaveTextContent(`"data":["gold'\\''s"]`);
    await userEvent.click(screen.getByRole('radio', { name: 'Python' }));
    expect(snippet()).toHaveTextContent('"data": [False]');

    await userEvent.click(screen.getByRole('radio', { name: 'v1' }));
    await userEvent.click(await findButton('Send'));
    await waitFor(() => expect(backend.asked('predict')).toHaveLength(2));
    expect(backend.asked('predict')[1].body).toEqual({
      protocol: 'v1',
      body: {
        instances: [
          { age: 41, monthly_charges: 79.9, is_senior: false, plan: "gold's" },
        ],
      },
    });
  });

  it('begins with the input example of the version that serves, if it fits the model', async () => {
    const backend = new FakeKserveBackend({ metadata: createMetadata() });
    const columns = {
      plan: 'silver',
      age: 30,
      monthly_charges: 12.5,
      is_senior: true,
      another: null,
    };
    backend.answer('input-example', { item: { columns }, errors: [] });
    await openForm(backend);
    expect(await field(/^age/)).toHaveValue('30');
    expect(await field(/^plan/)).toHaveValue('silver');
    expect(
      screen.getByText(/the input example that version 7 was logged with/),
    ).toBeVisible();
    expect(backend.asked('input-example')[0]).toMatchObject({
      path: '/entities/component/default/churn/input-example',
      query: { model: 'churn', version: '7' },
    });
    await userEvent.click(screen.getByRole('radio', { name: 'v1' }));
    await userEvent.click(await findButton('Send'));
    await waitFor(() => expect(backend.asked('predict')).toHaveLength(1));
    const { another, ...instance } = columns;
    expect(backend.asked('predict')[0].body).toEqual({
      protocol: 'v1',
      body: { instances: [instance] },
    });
  });

  it.each([
    ['of other columns', { columns: { salary: 1 } }],
    ['of another type', { columns: { age: 'x', plan: 1 } }],
    ['of a tensor', { row: [1, 2] }],
  ])('begins as before with an example %s', async (_what, item) => {
    const backend = new FakeKserveBackend({ metadata: createMetadata() });
    backend.answer('input-example', { item, errors: [] });
    await openForm(backend);
    expect(await field(/^age/)).toHaveValue('41');
    expect(screen.queryByText(/the input example/)).not.toBeInTheDocument();
  });

  it('waits a moment only for an example that does not come', async () => {
    const backend = new FakeKserveBackend({ metadata: createMetadata() });
    backend.hang('input-example');
    await openForm(backend);
    expect(
      await screen.findByRole('textbox', { name: /^age/ }, { timeout: 10_000 }),
    ).toHaveValue('41');
  });

  it('takes JSON, and asks stable and canary side by side', async () => {
    const backend = new FakeKserveBackend({ metadata: createMetadata() });
    backend.answer('predict', ({ body }: { body?: unknown }) => ({
      status: 200,
      body: {
        model_version: 'x',
        outputs: [
          { data: [(body as { canary?: string }).canary ? 0.75 : 0.5, 2] },
        ],
      },
      latencyMs: 12,
    }));
    await openForm(backend, createCanary());
    await userEvent.click(await screen.findByRole('radio', { name: 'JSON' }));
    const editor = await field(/Request body/);
    expect(JSON.parse((editor as HTMLTextAreaElement).value)).toMatchObject({
      parameters: { content_type: 'pd' },
    });
    await userEvent.clear(editor);
    await userEvent.type(editor, '{{"inputs":');
    expect(await screen.findByText(/This is not JSON/)).toBeVisible();
    expect(await findButton('Send')).toBeDisabled();
    await userEvent.type(editor, '[[]}');
    expect(
      screen.getByText('This request does not fit the form.'),
    ).toBeVisible();
    expect(screen.getByRole('radio', { name: 'Form' })).toBeDisabled();
    await userEvent.click(await findButton('Send'));

    expect(await screen.findByRole('region', { name: 'Stable' })).toBeVisible();
    expect(screen.getByRole('region', { name: 'Canary blue' })).toBeVisible();
    expect(
      screen.getByText(/outputs\[0\]\.data\[0\]/).closest('li'),
    ).toHaveTextContent('outputs[0].data[0] 0.5 → 0.75 (+0.25)');
    expect(screen.getAllByText(/outputs\[0\]\.data/)).toHaveLength(1);
    expect(backend.asked('predict').map(({ body }) => body)).toEqual([
      { protocol: 'v2', body: { inputs: [] } },
      { protocol: 'v2', body: { inputs: [] }, canary: 'blue' },
    ]);
  });

  it.each([
    [403, /may not send requests to this model/],
    [413, 'The request is too large.'],
    [429, /Too many requests/],
    [504, 'The model did not answer in time.'],
    [502, 'There is no answer.'],
  ])('says why there is no answer: %s', async (status, words) => {
    const backend = new FakeKserveBackend({ metadata: createMetadata() });
    backend.fail('predict', status, 'in its own words');
    await openForm(backend);
    await userEvent.click(await findButton('Send'));
    expect(await screen.findByText(words)).toBeVisible();
    expect(screen.getByText('in its own words')).toBeVisible();
  });

  it('recovers where the inputs cannot be read; says what it cannot ask', async () => {
    const backend = new FakeKserveBackend();
    backend.fail('metadata', 503, 'not ready');
    await openForm(backend);
    expect(
      await screen.findByText('What the model takes cannot be read.'),
    ).toBeVisible();
    backend.answer('metadata', createMetadata({ inputs: [], examples: {} }));
    await userEvent.click(await findButton('Retry'));
    expect(
      await screen.findByText('The model does not say what it takes.'),
    ).toBeVisible();
  });
});
