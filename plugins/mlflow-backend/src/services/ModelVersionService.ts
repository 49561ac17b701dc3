import { stringifyEntityRef, type Entity } from '@backstage/catalog-model';
import type {
  MlflowListResponse,
  MlflowModelVersion,
  MlflowRun,
} from '@greenroom/plugin-mlflow-common';
import type {
  MlflowModelVersionInfo,
  MlflowRegisteredModelInfo,
  MlflowRunInfo,
} from '@greenroom/plugin-mlflow-node';
import type { CachedMlflowReader } from './CachedMlflowReader';
import { groupBy } from './groupBy';
import { mergePages, type SourcePage } from './mergePages';
import type { MlflowAccess } from './MlflowAccess';
import { resolveExperiments } from './resolveExperiments';
import { resolveTargets, type MlflowTarget } from './resolveTargets';
import { getAliases, toMlflowModelVersion } from './toMlflowModelVersion';
import { toMlflowRun } from './toMlflowRun';
import { UpstreamReport } from './UpstreamReport';

const DEFAULT_PAGE_SIZE = 20;

interface VersionRow {
  target: MlflowTarget;
  version: MlflowModelVersionInfo;
  aliases: string[];
}

/** Reads the versions of an entity's registered models. */
export class ModelVersionService {
  readonly #reader: CachedMlflowReader;

  constructor(reader: CachedMlflowReader) {
    this.#reader = reader;
  }

  /**
   * One page of versions with their source runs, the newest first. A model that
   * is not registered yet has no versions, which is no error.
   */
  async list(
    entity: Entity,
    access: MlflowAccess,
    query: { pageSize?: number; pageToken?: string },
  ): Promise<MlflowListResponse<MlflowModelVersion>> {
    const { pageSize = DEFAULT_PAGE_SIZE, pageToken } = query;
    const list = ['versions', stringifyEntityRef(entity), pageSize];
    const state = pageToken
      ? access.pageTokens.decode(list, pageToken)
      : undefined;
    const { errors, targets } = resolveTargets(entity, this.#reader.instances);
    const report = new UpstreamReport();
    report.include({ errors });

    const pages = await Promise.all(
      targets
        .flatMap(target =>
          target.registeredModels.map(name => ({
            name,
            target,
            source: JSON.stringify([target.instance.name, name]),
          })),
        )
        .filter(({ source }) => !state || state[source])
        .map(async ({ name, target, source }) => {
          const { token, skip } = state?.[source] ?? { skip: 0 };
          return this.#page(target, name, report, {
            source,
            token,
            skip,
            pageSize,
          });
        }),
    );
    const { items, next } = mergePages(pages, {
      pageSize,
      compare: (a, b) =>
        (b.version.creationTime ?? 0) - (a.version.creationTime ?? 0),
    });
    const rows = items.map(({ item }) => item);
    const runs = await this.#runsOf(rows, access, report);
    return {
      items: rows.map(row => {
        const { instance } = row.target;
        const { aliases, version } = row;
        return toMlflowModelVersion(instance, version, {
          aliases,
          run: runs(row),
        });
      }),
      nextPageToken: access.pageTokens.encode(list, next),
      ...report.toJSON(),
    };
  }

  async #page(
    target: MlflowTarget,
    name: string,
    report: UpstreamReport,
    from: { source: string; token?: string; skip: number; pageSize: number },
  ): Promise<SourcePage<VersionRow>> {
    const { name: instance } = target.instance;
    const [{ value: page }, { value: model }] = await Promise.all([
      report.take(
        this.#reader.versionsOfModel(instance, name, {
          maxResults: from.pageSize,
          pageToken: from.token,
        }),
      ),
      report.take<MlflowRegisteredModelInfo | undefined>(
        this.#reader.registeredModel(instance, name),
      ),
    ]);
    return {
      ...from,
      page: {
        nextPageToken: page?.nextPageToken,
        items: (page?.items ?? []).map(version => ({
          target,
          version,
          aliases: getAliases(model, version),
        })),
      },
    };
  }

  /**
   * The source runs: one search in the entity's experiments for each instance,
   * and one read for each run that was made elsewhere.
   */
  async #runsOf(
    rows: VersionRow[],
    access: MlflowAccess,
    report: UpstreamReport,
  ): Promise<(row: VersionRow) => MlflowRun | undefined> {
    const runs = new Map<string, MlflowRun>();
    const byTarget = groupBy(
      rows.filter(({ version }) => version.runId),
      ({ target }) => target,
    );
    await Promise.all(
      [...byTarget].map(async ([target, versions]) => {
        const { names } = await resolveExperiments(
          this.#reader,
          target,
          access,
          report,
        );
        const ids = versions.flatMap(({ version }) => version.runId ?? []);
        const found = await this.#findRuns(target, ids, {
          experimentIds: [...names.keys()],
          report,
        });
        for (const run of found) {
          const { name: instance } = target.instance;
          runs.set(
            JSON.stringify([instance, run.runId]),
            toMlflowRun(target.instance, run, {
              experimentName: names.get(run.experimentId),
              modelVersions: versions
                .filter(({ version }) => version.runId === run.runId)
                .map(({ aliases, version: { name, version } }) => ({
                  name,
                  version,
                  aliases,
                })),
            }),
          );
        }
      }),
    );
    return ({ target, version }) =>
      runs.get(JSON.stringify([target.instance.name, version.runId]));
  }

  async #findRuns(
    target: MlflowTarget,
    runIds: string[],
    options: { experimentIds: string[]; report: UpstreamReport },
  ): Promise<MlflowRunInfo[]> {
    const { experimentIds, report } = options;
    const { name: instance } = target.instance;
    // Ids that cannot be quoted come from no MLflow server.
    const ids = [...new Set(runIds)].filter(id => /^[\w-]{1,64}$/.test(id));
    const list = ids
      .sort()
      .map(id => `'${id}'`)
      .join(', ');
    const { value: page } =
      experimentIds.length === 0 || ids.length === 0
        ? {}
        : await report.take(
            this.#reader.searchRuns(instance, {
              experimentIds: experimentIds.sort(),
              filter: `attributes.run_id IN (${list})`,
              maxResults: ids.length,
            }),
          );
    const found = page?.items ?? [];
    const elsewhere = ids.filter(id => found.every(run => run.runId !== id));
    const others = await Promise.all(
      elsewhere.map(id => report.take(this.#reader.run(instance, id))),
    );
    return [...found, ...others.flatMap(({ value }) => value ?? [])];
  }
}
