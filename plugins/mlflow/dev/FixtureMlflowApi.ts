// SPDX-License-Identifier: Apache-2.0
import type {
  MlflowListResponse,
  MlflowModelSummary,
  MlflowRun,
  MlflowRunsQuery,
} from '@greenroom/plugin-mlflow-common';
import { getMlflowAttention } from '@greenroom/plugin-mlflow-common';
import type { MlflowApi } from '../src';
import { createDrift } from '../src/__fixtures__/drift';
import {
  NOW,
  createExperiment,
  createFailedRun,
  createMissing,
  createOverview,
  createRegisteredModel,
  createRun,
  createRuns,
  createUnreachable,
  createVersion,
  createVersions,
} from '../src/__fixtures__/training';
import { createOddRuns, createOddVersions } from './createOddRuns';

const AGE = Date.now() - NOW;

function toPresent<T>(value: T): T {
  return JSON.parse(JSON.stringify(value), (key, item) =>
    /(Time|[sS]ince)$/.test(key) && typeof item === 'number'
      ? item + AGE
      : item,
  );
}

function createManyRuns(): MlflowRun[] {
  const old = Array.from({ length: 43 }, (_, index) =>
    createRun({
      runId: `run${index}`,
      runName: `ci-${210 - index}`,
      startTime: NOW - (index + 3) * 86_400_000,
      endTime: NOW - (index + 3) * 86_400_000 + 64_000,
      metrics: {
        accuracy: 0.9 + Math.sin(index) / 20,
        f1_macro: 0.88,
        log_loss: index === 4 ? 'NaN' : 0.2214,
        n_samples: 12345,
      },
      modelVersions:
        index % 2
          ? [{ name: 'churn', version: String(6 - index), aliases: [] }]
          : [],
      gate:
        index % 5 === 4
          ? undefined
          : {
              metric: 'accuracy',
              direction: 'maximize',
              threshold: 0.9,
              value: 0.9 + Math.sin(index) / 20,
              passed: Math.sin(index) >= 0,
            },
    }),
  );
  return [
    createRun({
      runId: 'running',
      runName: 'ci-215',
      status: 'RUNNING',
      startTime: NOW - 40_000,
      endTime: undefined,
      gate: undefined,
      modelVersions: [],
      metrics: {},
    }),
    createFailedRun(),
    createRun(),
    ...old,
  ];
}

type Known = Pick<
  MlflowListResponse<unknown>,
  'errors' | 'staleSince' | 'nextPageToken'
>;

/** Answers from fixtures, in the state that the address names: `?state=down`. */
export class FixtureMlflowApi implements MlflowApi {
  readonly #state = new URLSearchParams(window.location.search).get('state');

  #page<T>(all: T[], pageSize = 20, pageToken = '0') {
    const start = Number(pageToken);
    const end = start + pageSize;
    const items = all.slice(start, end);
    const answer = (some: T[], known?: Partial<Known>) => ({
      items: some,
      ...known,
    });
    switch (this.#state) {
      case 'down':
        return answer(items, {
          errors: [createUnreachable()],
          staleSince: NOW - 12 * 60_000,
        });
      case 'unknown':
        return answer([], { errors: [createUnreachable()] });
      case 'unconfigured':
        return answer([], {
          errors: [createUnreachable({ code: 'INSTANCE_NOT_CONFIGURED' })],
        });
      case 'empty':
      case 'missing':
      case 'genai':
        return answer([]);
      default:
        return answer(items, {
          nextPageToken: end < all.length ? String(end) : undefined,
        });
    }
  }

  #experiments() {
    switch (this.#state) {
      case 'missing':
        return [
          createMissing('prod:churn'),
          createExperiment({ name: 'gone', state: 'deleted' }),
          createExperiment({ name: 'payroll', state: 'not-allowed' }),
        ];
      case 'genai':
        return [
          createExperiment({
            name: 'support-agent',
            traces: { count: 1000, isMore: true },
            loggedModels: { count: 1, isMore: false },
          }),
        ];
      case 'odd':
        return [
          createExperiment(),
          createExperiment({
            name: 'x'.repeat(250),
            url: 'https://mlflow.example.com/#/experiments/2',
          }),
        ];
      default:
        return [createExperiment()];
    }
  }

  #registeredModels() {
    switch (this.#state) {
      case 'missing':
        return [createRegisteredModel({ name: 'churm', state: 'missing' })];
      case 'genai':
        return [createRegisteredModel({ name: 'support', isPrompt: true })];
      default:
        return [createRegisteredModel()];
    }
  }

  async #settle() {
    if (this.#state === 'loading') {
      await new Promise(() => {});
    }
    if (this.#state === 'failing') {
      throw new Error('Failed to fetch');
    }
  }

  async getDrift() {
    switch (this.#state) {
      case 'down':
        return createDrift({
          errors: [createUnreachable()],
          staleSince: NOW - 12 * 60_000,
        });
      case 'unknown':
        return createDrift({
          latest: undefined,
          course: [],
          errors: [createUnreachable()],
        });
      case 'empty':
        return createDrift({ latest: undefined, course: [] });
      default:
        return createDrift();
    }
  }

  async getEntityOverview() {
    await this.#settle();
    const none = {
      champion: undefined,
      latestVersion: undefined,
      lastRun: undefined,
      lastGatedRun: undefined,
      experiments: this.#experiments(),
      registeredModels: this.#registeredModels(),
    };
    switch (this.#state) {
      case 'empty':
      case 'missing':
      case 'genai':
        return createOverview(none);
      case 'unknown':
        return toPresent(
          createOverview({ ...none, errors: [createUnreachable()] }),
        );
      default:
        return toPresent(
          createOverview({
            instances: this.#state === 'unconfigured' ? [] : ['eu'],
            lastRun: createFailedRun(),
            lastGatedRun: createFailedRun(),
            ...(this.#state === 'down' && {
              errors: [createUnreachable()],
              staleSince: NOW - 12 * 60_000,
            }),
          }),
        );
    }
  }

  async listRuns(_: string, query?: MlflowRunsQuery) {
    await this.#settle();
    const experiments = this.#experiments();
    if (query?.filter?.includes('bad')) {
      const message =
        "Invalid filter string: bad. Expected 'metrics.name > 0.5'.";
      return createRuns([], {
        experiments,
        errors: [
          createUnreachable({ code: 'BAD_REQUEST', message, since: undefined }),
        ],
      });
    }
    const runs = this.#state === 'odd' ? createOddRuns() : createManyRuns();
    const { items, ...known } = this.#page(
      runs.filter(
        run => !query?.filter && !(query?.topLevel && run.parentRunId),
      ),
      query?.pageSize,
      query?.pageToken,
    );
    return toPresent(createRuns(items, { experiments, ...known }));
  }

  async listModelVersions() {
    await this.#settle();
    const { items, ...known } = this.#page([
      createVersion({
        version: '8',
        aliases: [],
        status: 'FAILED_REGISTRATION',
        statusMessage: 'The artifact is not there',
        run: createFailedRun(),
      }),
      createVersion(),
      createVersion({ version: '6', aliases: ['challenger', 'previous'] }),
    ]);
    const registeredModels = this.#registeredModels();
    return toPresent(
      this.#state === 'odd'
        ? createVersions(createOddVersions(), {
            registeredModels,
            aliased: [createVersion({ version: '2' })],
          })
        : createVersions(items, { registeredModels, ...known }),
    );
  }

  async listModels(query?: { search?: string }) {
    await this.#settle();
    const models = [
      [
        'churn',
        { lastRun: createFailedRun(), lastGatedRun: createFailedRun() },
      ],
      ['fraud', {}],
      [
        'forecast',
        {
          champion: undefined,
          lastRun: createRun({ status: 'RUNNING', endTime: undefined }),
        },
      ],
      ...Array.from({ length: this.#state === 'odd' ? 20 : 0 }, (_, index) => [
        `model-${index}`,
        { champion: undefined },
      ]),
    ] as Array<[string, Parameters<typeof createOverview>[0]]>;
    const {
      items,
      errors = [],
      ...known
    } = this.#page(
      models
        .filter(([title]) => title.includes(query?.search ?? ''))
        .map(([title, overrides]): MlflowModelSummary => {
          const overview = createOverview(overrides);
          return {
            entityRef: `component:default/${title}`,
            title,
            overview,
            attention: getMlflowAttention(overview),
          };
        }),
      50,
    );
    return toPresent({ items, errors, ...known });
  }
}
