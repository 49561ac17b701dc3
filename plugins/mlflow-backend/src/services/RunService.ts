// SPDX-License-Identifier: Apache-2.0
import type { Entity } from '@backstage/catalog-model';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { NotFoundError } from '@backstage/errors';
import type {
  MlflowExperimentSummary,
  MlflowRunResponse,
  MlflowRunsQuery,
  MlflowRunsResponse,
} from '@greenroom/plugin-mlflow-common';
import type { MlflowRunInfo } from '@greenroom/plugin-mlflow-node';
import type { CachedMlflowReader } from './CachedMlflowReader';
import { compareRuns } from './compareRuns';
import { mergePages, type SourcePage } from './mergePages';
import type { MlflowAccess } from './MlflowAccess';
import type { PageState } from './PageTokens';
import { readContents } from './readContents';
import { readVersionsOfRuns } from './readVersionsOfRuns';
import { resolveExperiments } from './resolveExperiments';
import { resolveTargets, type MlflowTarget } from './resolveTargets';
import { toMlflowRun } from './toMlflowRun';
import { UpstreamReport } from './UpstreamReport';

const DEFAULT_PAGE_SIZE = 20;
const DEFAULT_ORDER_BY = 'attributes.start_time DESC';

interface RunRow {
  target: MlflowTarget;
  run: MlflowRunInfo;
  experimentName?: string;
}

interface TargetPage {
  page?: SourcePage<RunRow>;
  experiments: MlflowExperimentSummary[];
}

/** Reads the runs of an entity's experiments. */
export class RunService {
  readonly #reader: CachedMlflowReader;

  constructor(reader: CachedMlflowReader) {
    this.#reader = reader;
  }

  /** One page of the runs of all the entity's experiments. */
  async list(
    entity: Entity,
    access: MlflowAccess,
    query: MlflowRunsQuery,
  ): Promise<MlflowRunsResponse> {
    const { filter, pageSize = DEFAULT_PAGE_SIZE, pageToken, topLevel } = query;
    const orderBy = query.orderBy || DEFAULT_ORDER_BY;
    const list = [
      'runs',
      stringifyEntityRef(entity),
      filter,
      orderBy,
      pageSize,
      topLevel,
    ];
    const state = pageToken
      ? access.pageTokens.decode(list, pageToken)
      : undefined;
    const { errors, targets } = resolveTargets(entity, this.#reader.instances);
    const report = new UpstreamReport();
    report.include({ errors });

    const parts = await Promise.all(
      targets.map(target =>
        this.#page(target, access, report, {
          state,
          search: {
            filter,
            orderBy: [orderBy],
            maxResults: pageSize,
            topLevel,
          },
        }),
      ),
    );
    const { items, next } = mergePages(
      parts.flatMap(({ page }) => page ?? []),
      {
        pageSize,
        compare: (a, b) => compareRuns(orderBy)(a.run, b.run),
      },
    );
    const rows = items.map(({ item }) => item);
    const [versions, experiments] = await Promise.all([
      readVersionsOfRuns(this.#reader, access, report, rows),
      Promise.all(
        parts.map(part =>
          part.page?.page.items.length === 0 && !filter && !pageToken
            ? readContents(this.#reader, part.experiments)
            : part.experiments,
        ),
      ),
    ]);
    return {
      items: rows.map(row =>
        toMlflowRun(row.target.instance, row.run, {
          experimentName: row.experimentName,
          modelVersions: versions(row),
        }),
      ),
      experiments: experiments.flat(),
      nextPageToken: access.pageTokens.encode(list, next),
      ...report.toJSON(),
    };
  }

  /**
   * One run of the entity's experiments, also a deleted one.
   *
   * @throws NotFoundError for a run of any other experiment, too.
   */
  async get(
    entity: Entity,
    access: MlflowAccess,
    instanceName: string,
    runId: string,
  ): Promise<MlflowRunResponse> {
    const notFound = new NotFoundError(
      `There is no run '${runId}' of this entity on the MLflow instance '${instanceName}'`,
    );
    const target = resolveTargets(entity, this.#reader.instances).targets.find(
      ({ instance }) => instance.name === instanceName,
    );
    if (!target) {
      throw notFound;
    }
    const report = new UpstreamReport();
    const answer = this.#reader.run(instanceName, runId);
    const [{ names, isComplete }, { known }, { value: run }] =
      await Promise.all([
        resolveExperiments(this.#reader, target, access, report),
        answer,
        report.takeOne(answer, {
          instance: instanceName,
          label: `run '${runId}'`,
        }),
      ]);
    if (!run || !names.has(run.experimentId)) {
      if (known && (isComplete || !run)) {
        throw notFound;
      }
      // Without the instance's answer nobody can say whose run it is.
      return report.toJSON();
    }
    const row = { target, run };
    const versions = await readVersionsOfRuns(this.#reader, access, report, [
      row,
    ]);
    return {
      item: toMlflowRun(target.instance, run, {
        experimentName: names.get(run.experimentId),
        modelVersions: versions(row),
      }),
      ...report.toJSON(),
    };
  }

  async #page(
    target: MlflowTarget,
    access: MlflowAccess,
    report: UpstreamReport,
    options: {
      state: PageState | undefined;
      search: {
        filter?: string;
        orderBy: string[];
        maxResults: number;
        topLevel?: boolean;
      };
    },
  ): Promise<TargetPage> {
    const { search, state } = options;
    const { name: source } = target.instance;
    const { experiments, names } = await resolveExperiments(
      this.#reader,
      target,
      access,
      report,
    );
    if (names.size === 0 || (state && !state[source])) {
      return { experiments };
    }
    const { token, skip } = state?.[source] ?? { skip: 0 };
    const { value: page } = await report.takePage(
      this.#reader.searchRuns(
        source,
        {
          experimentIds: [...names.keys()].sort(),
          pageToken: token,
          ...search,
        },
        {
          isPersonal:
            Boolean(search.filter || token) ||
            search.orderBy[0] !== DEFAULT_ORDER_BY,
        },
      ),
      { instance: source, noun: 'runs' },
    );
    return {
      experiments,
      page: page && {
        source,
        token,
        skip,
        page: {
          nextPageToken: page.nextPageToken,
          items: page.items.map(run => ({
            target,
            run,
            experimentName: names.get(run.experimentId),
          })),
        },
      },
    };
  }
}
