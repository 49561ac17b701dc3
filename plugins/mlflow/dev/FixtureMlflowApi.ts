import type {
  MlflowListResponse,
  MlflowModelSummary,
  MlflowRun,
  MlflowRunsQuery,
} from '@greenroom/plugin-mlflow-common';
import { getMlflowAttention } from '@greenroom/plugin-mlflow-common';
import type { MlflowApi } from '../src';
import {
  NOW,
  createFailedRun,
  createList,
  createOverview,
  createRun,
  createUnreachable,
  createVersion,
} from '../src/__fixtures__/training';

const AGE = Date.now() - NOW;

function toPresent<T>(value: T): T {
  return JSON.parse(JSON.stringify(value), (key, item) =>
    /(Time|[sS]ince)$/.test(key) && typeof item === 'number'
      ? item + AGE
      : item,
  );
}

function createRuns(): MlflowRun[] {
  const old = Array.from({ length: 43 }, (_, index) =>
    createRun({
      runId: `run${index}`,
      runName:
        index === 3
          ? '<img src=x onerror=alert(1)> a hostile and very long run name that goes on'
          : `ci-${210 - index}`,
      startTime: NOW - (index + 3) * 86_400_000,
      endTime: NOW - (index + 3) * 86_400_000 + 64_000,
      metrics: {
        accuracy: 0.9 + Math.sin(index) / 20,
        f1_macro: 0.88,
        log_loss: index === 4 ? 'NaN' : 0.2214,
        n_samples: 12345,
      },
      ciRun: {
        id: String(210 - index),
        url:
          index === 5
            ? 'data:text/html,hostile'
            : 'https://github.example.com/runs/1',
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

/** Answers from fixtures, in the state that the address names: `?state=down`. */
export class FixtureMlflowApi implements MlflowApi {
  readonly #state = new URLSearchParams(window.location.search).get('state');

  #list<T>(items: T[], pageSize = 20, pageToken = '0'): MlflowListResponse<T> {
    const start = Number(pageToken);
    const end = start + pageSize;
    switch (this.#state) {
      case 'down':
        return createList(items.slice(start, end), {
          errors: [createUnreachable()],
          staleSince: NOW - 12 * 60_000,
        });
      case 'unknown':
        return createList<T>([], { errors: [createUnreachable()] });
      case 'unconfigured':
        return createList<T>([], {
          errors: [
            createUnreachable({
              code: 'INSTANCE_NOT_CONFIGURED',
              retryable: false,
            }),
          ],
        });
      case 'empty':
        return createList<T>([]);
      default:
        return createList(items.slice(start, end), {
          nextPageToken: end < items.length ? String(end) : undefined,
        });
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

  async getEntityOverview() {
    await this.#settle();
    if (this.#state === 'empty') {
      return createOverview({
        champion: undefined,
        latestVersion: undefined,
        lastRun: undefined,
        lastGatedRun: undefined,
      });
    }
    return toPresent(
      createOverview({
        instances: this.#state === 'unconfigured' ? [] : ['eu'],
        lastRun: createFailedRun(),
        lastGatedRun: createFailedRun(),
        ...(this.#state === 'down' && {
          errors: [createUnreachable()],
          staleSince: NOW - 12 * 60_000,
        }),
        ...(this.#state === 'unknown' && {
          errors: [createUnreachable()],
          champion: undefined,
          latestVersion: undefined,
          lastRun: undefined,
          lastGatedRun: undefined,
        }),
      }),
    );
  }

  async listRuns(_: string, query?: MlflowRunsQuery) {
    await this.#settle();
    if (query?.filter?.includes('bad')) {
      return createList<MlflowRun>([], {
        errors: [
          createUnreachable({
            code: 'BAD_REQUEST',
            message:
              "Invalid filter string: bad. Expected 'metrics.name > 0.5'.",
            since: undefined,
          }),
        ],
      });
    }
    const runs = query?.filter ? [] : createRuns();
    return toPresent(this.#list(runs, query?.pageSize, query?.pageToken));
  }

  async listModelVersions() {
    await this.#settle();
    return toPresent(
      this.#list([
        createVersion({
          version: '8',
          aliases: [],
          status: 'FAILED_REGISTRATION',
          statusMessage: 'The artifact is not there',
          run: createFailedRun(),
        }),
        createVersion(),
        createVersion({ version: '6', aliases: ['challenger', 'previous'] }),
      ]),
    );
  }

  async listModels() {
    await this.#settle();
    const models = [
      [
        'churn',
        createOverview({
          lastRun: createFailedRun(),
          lastGatedRun: createFailedRun(),
        }),
      ],
      ['fraud', createOverview()],
      [
        'forecast',
        createOverview({
          champion: undefined,
          lastRun: createRun({ status: 'RUNNING', endTime: undefined }),
        }),
      ],
    ] as const;
    return toPresent(
      this.#list<MlflowModelSummary>(
        models.map(([title, overview]) => ({
          entityRef: `component:default/${title}`,
          title,
          overview,
          attention: getMlflowAttention(overview),
        })),
      ),
    );
  }
}
