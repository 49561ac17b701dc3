// SPDX-License-Identifier: Apache-2.0
import { stringifyEntityRef, type Entity } from '@backstage/catalog-model';
import type {
  MlflowModelVersion,
  MlflowModelVersionsResponse,
  MlflowRegisteredModelSummary,
} from '@greenroom/plugin-mlflow-common';
import type {
  MlflowModelVersionInfo,
  MlflowRegisteredModelInfo,
} from '@greenroom/plugin-mlflow-node';
import type { CachedMlflowReader } from './CachedMlflowReader';
import { mergePages, type SourcePage } from './mergePages';
import type { MlflowAccess } from './MlflowAccess';
import type { PageState } from './PageTokens';
import { readOutstandingVersions } from './readOutstandingVersions';
import { readSourceRuns, type VersionRow } from './readSourceRuns';
import { resolveRegisteredModels } from './resolveRegisteredModels';
import { resolveTargets, type MlflowTarget } from './resolveTargets';
import { getAliases, toMlflowModelVersion } from './toMlflowModelVersion';
import { UpstreamReport } from './UpstreamReport';

const DEFAULT_PAGE_SIZE = 20;

interface ModelSource {
  target: MlflowTarget;
  model: MlflowRegisteredModelInfo;
  isPrompt?: boolean;
}

function toRow(
  { model, target }: ModelSource,
  version: MlflowModelVersionInfo,
): VersionRow {
  return { target, version, aliases: getAliases(model, version) };
}

/** Reads the versions of an entity's registered models. */
export class ModelVersionService {
  readonly #reader: CachedMlflowReader;

  constructor(reader: CachedMlflowReader) {
    this.#reader = reader;
  }

  /**
   * One page of versions with their source runs, the newest first, and those
   * with an alias or a stage that are not on it.
   */
  async list(
    entity: Entity,
    access: MlflowAccess,
    query: { pageSize?: number; pageToken?: string },
  ): Promise<MlflowModelVersionsResponse> {
    const { pageSize = DEFAULT_PAGE_SIZE, pageToken } = query;
    const list = ['versions', stringifyEntityRef(entity), pageSize];
    const state = pageToken
      ? access.pageTokens.decode(list, pageToken)
      : undefined;
    const { errors, targets } = resolveTargets(entity, this.#reader.instances);
    const report = new UpstreamReport();
    report.include({ errors });

    const { registeredModels, sources } = await this.#sources(
      targets,
      access,
      report,
    );
    const pages = await Promise.all(
      sources.map(source => this.#page(source, report, { state, pageSize })),
    );
    const { items, next } = mergePages(
      pages.flatMap(page => page ?? []),
      {
        pageSize,
        compare: (a, b) =>
          (b.version.creationTime ?? 0) - (a.version.creationTime ?? 0),
      },
    );
    const rows = items.map(({ item }) => item);
    const outstanding = await readOutstandingVersions(this.#reader, report, {
      sources,
      shown: rows.map(({ version }) => version),
    });
    const aliased = outstanding.map(({ source, version }) =>
      toRow(source, version),
    );
    const runOf = await readSourceRuns(this.#reader, access, report, [
      ...rows,
      ...aliased,
    ]);
    const toVersion = (row: VersionRow): MlflowModelVersion =>
      toMlflowModelVersion(row.target.instance, row.version, {
        aliases: row.aliases,
        ...runOf(row),
      });
    return {
      items: rows.map(toVersion),
      aliased: aliased.map(toVersion),
      registeredModels,
      nextPageToken: access.pageTokens.encode(list, next),
      ...report.toJSON(),
    };
  }

  async #sources(
    targets: MlflowTarget[],
    access: MlflowAccess,
    report: UpstreamReport,
  ): Promise<{
    sources: ModelSource[];
    registeredModels: MlflowRegisteredModelSummary[];
  }> {
    const resolved = await Promise.all(
      targets.map(async target => ({
        target,
        ...(await resolveRegisteredModels(
          this.#reader,
          target,
          access,
          report,
        )),
      })),
    );
    return {
      registeredModels: resolved.flatMap(part => part.registeredModels),
      sources: resolved.flatMap(({ models, registeredModels, target }) =>
        models.map(model => ({
          target,
          model,
          isPrompt: registeredModels.find(({ name }) => name === model.name)
            ?.isPrompt,
        })),
      ),
    };
  }

  async #page(
    source: ModelSource,
    report: UpstreamReport,
    options: { state: PageState | undefined; pageSize: number },
  ): Promise<SourcePage<VersionRow> | undefined> {
    const { isPrompt, model, target } = source;
    const { pageSize, state } = options;
    const { name: instance } = target.instance;
    const key = JSON.stringify([instance, model.name]);
    if (state && !state[key]) {
      return undefined;
    }
    const { token, skip } = state?.[key] ?? { skip: 0 };
    const { value: page } = await report.takePage(
      this.#reader.versionsOfModel(instance, model.name, {
        isPrompt,
        maxResults: pageSize,
        pageToken: token,
      }),
      { instance, noun: 'versions' },
    );
    return (
      page && {
        source: key,
        token,
        skip,
        page: {
          nextPageToken: page.nextPageToken,
          items: page.items.map(version => toRow(source, version)),
        },
      }
    );
  }
}
