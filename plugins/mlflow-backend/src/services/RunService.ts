import type { Entity } from '@backstage/catalog-model';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { NotFoundError } from '@backstage/errors';
import type {
  MlflowListResponse,
  MlflowRun,
  MlflowRunResponse,
  MlflowRunsQuery,
} from '@greenroom/plugin-mlflow-common';
import type {
  MlflowInstance,
  MlflowRunInfo,
} from '@greenroom/plugin-mlflow-node';
import type { CachedMlflowReader } from './CachedMlflowReader';
import { compareRuns } from './compareRuns';
import { groupBy } from './groupBy';
import { mergePages, type SourcePage } from './mergePages';
import type { MlflowAccess } from './MlflowAccess';
import { resolveExperiments } from './resolveExperiments';
import { resolveTargets } from './resolveTargets';
import { toMlflowRun } from './toMlflowRun';
import { getAliases } from './toMlflowModelVersion';
import { UpstreamReport } from './UpstreamReport';

const DEFAULT_PAGE_SIZE = 20;
const DEFAULT_ORDER_BY = 'attributes.start_time DESC';

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
  ): Promise<MlflowListResponse<MlflowRun>> {
    const { filter, pageSize = DEFAULT_PAGE_SIZE, pageToken } = query;
    const orderBy = query.orderBy || DEFAULT_ORDER_BY;
    const list = [
      'runs',
      stringifyEntityRef(entity),
      filter,
      orderBy,
      pageSize,
    ];
    const state = pageToken
      ? access.pageTokens.decode(list, pageToken)
      : undefined;
    const { errors, targets } = resolveTargets(entity, this.#reader.instances);
    const report = new UpstreamReport();
    report.include({ errors });

    const experimentNames = new Map<string, string>();
    const pages = await Promise.all(
      targets
        .filter(({ instance }) => !state || state[instance.name])
        .map(async (target): Promise<SourcePage<MlflowRunInfo>> => {
          const { name: source } = target.instance;
          const { token, skip } = state?.[source] ?? { skip: 0 };
          const { names } = await resolveExperiments(
            this.#reader,
            target,
            access,
            report,
          );
          names.forEach((name, id) =>
            experimentNames.set(JSON.stringify([source, id]), name),
          );
          const { value: page = { items: [] } } =
            names.size === 0
              ? {}
              : await report.take(
                  this.#reader.searchRuns(source, {
                    experimentIds: [...names.keys()].sort(),
                    filter,
                    orderBy: [orderBy],
                    maxResults: pageSize,
                    pageToken: token,
                  }),
                );
          return { source, page, token, skip };
        }),
    );
    const { items, next } = mergePages(pages, {
      pageSize,
      compare: compareRuns(orderBy),
    });
    const versions = await this.#versionsOf(items, report);
    return {
      items: items.map(({ source, item }) =>
        toMlflowRun(this.#instance(source), item, {
          experimentName: experimentNames.get(
            JSON.stringify([source, item.experimentId]),
          ),
          modelVersions: versions(source, item.runId),
        }),
      ),
      nextPageToken: access.pageTokens.encode(list, next),
      ...report.toJSON(),
    };
  }

  /**
   * One run of the entity's experiments.
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
    const [{ names, isComplete }, answer] = await Promise.all([
      resolveExperiments(this.#reader, target, access, report),
      this.#reader.run(instanceName, runId),
    ]);
    const { value: run } = await report.take(Promise.resolve(answer));
    if (!run || !names.has(run.experimentId)) {
      if (answer.known && (isComplete || !run)) {
        throw notFound;
      }
      // Without the instance's answer nobody can say whose run it is.
      return report.toJSON();
    }
    const source = instanceName;
    const versions = await this.#versionsOf([{ source, item: run }], report);
    return {
      item: toMlflowRun(target.instance, run, {
        experimentName: names.get(run.experimentId),
        modelVersions: versions(source, run.runId),
      }),
      ...report.toJSON(),
    };
  }

  #instance(name: string): MlflowInstance {
    const found = this.#reader.instances.find(other => other.name === name);
    if (!found) {
      throw new NotFoundError(`There is no MLflow instance '${name}'`);
    }
    return found;
  }

  /** Versions registered from the runs: one search for each instance. */
  async #versionsOf(
    runs: Array<{ source: string; item: MlflowRunInfo }>,
    report: UpstreamReport,
  ): Promise<(source: string, runId: string) => MlflowRun['modelVersions']> {
    const bySource = groupBy(runs, ({ source }) => source);
    const found = new Map<string, MlflowRun['modelVersions']>();
    await Promise.all(
      [...bySource].map(async ([source, list]) => {
        const answer = this.#reader.versionsOfRuns(
          source,
          list.map(({ item }) => item.runId),
        );
        const { error } = await answer;
        if (error?.code === 'BAD_REQUEST') {
          // A registry that cannot search by run; not the user's bad filter.
          return;
        }
        const { value: page } = await report.take(answer);
        const versions = page?.items ?? [];
        const names = [...new Set(versions.map(({ name }) => name))];
        const models = new Map(
          await Promise.all(
            names.slice(0, 20).map(async name => {
              const model = this.#reader.registeredModel(source, name);
              return [name, (await report.take(model)).value] as const;
            }),
          ),
        );
        for (const version of versions) {
          const key = JSON.stringify([source, version.runId]);
          const { name } = version;
          const aliases = getAliases(models.get(name), version);
          const entry = { name, version: version.version, aliases };
          found.set(key, [...(found.get(key) ?? []), entry]);
        }
      }),
    );
    return (source, runId) => found.get(JSON.stringify([source, runId])) ?? [];
  }
}
