// SPDX-License-Identifier: Apache-2.0
import type {
  BackstageCredentials,
  BackstageUserPrincipal,
  PermissionsService,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import { stringifyEntityRef, type Entity } from '@backstage/catalog-model';
import { NotFoundError } from '@backstage/errors';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import {
  getMlflowAttention,
  type MlflowDriftResponse,
  type MlflowEntityOverview,
  type MlflowErrorCode,
  type MlflowInputExampleResponse,
  type MlflowInstanceSummary,
  type MlflowListResponse,
  type MlflowModelSummary,
  type MlflowModelVersionsResponse,
  type MlflowRunResponse,
  type MlflowRunsQuery,
  type MlflowRunsResponse,
} from '@greenroom/plugin-mlflow-common';
import {
  authorizeMlflowRead,
  type MlflowService,
} from '@greenroom/plugin-mlflow-node';
import pLimit from 'p-limit';
import { CachedMlflowReader } from './CachedMlflowReader';
import { CallerAccess, type AccessOptions, type Caller } from './CallerAccess';
import { DriftService } from './DriftService';
import type { MlflowAccess } from './MlflowAccess';
import { ModelVersionService } from './ModelVersionService';
import { OverviewService } from './OverviewService';
import { readInputExample } from './readInputExample';
import { RunService } from './RunService';
import { UpstreamReport } from './UpstreamReport';

const MODELS_PAGE_SIZE = 50;
const CONCURRENT_OVERVIEWS = 4;

const ABOUT_ONE_MODEL: ReadonlySet<MlflowErrorCode> = new Set([
  'NOT_FOUND',
  'BAD_REQUEST',
  'OTHER_COMPONENT',
  'UNMARKED',
  'UNREADABLE_ITEMS',
]);

/** On whose behalf an entity is read: their rights decide. */
export interface EntityRequest extends Caller {
  entityRef: string;
}

/**
 * What MLflow knows of catalog entities. Every method checks `mlflow.read` and
 * loads the entity with the caller's credentials before it asks MLflow; which
 * experiments and models are read comes from that entity alone, and whether they
 * are from the marks that they bear.
 */
export class MlflowEntityService {
  readonly #access: AccessOptions;
  readonly #catalog: CatalogService;
  readonly #permissions: PermissionsService;
  readonly #userInfo: UserInfoService;
  readonly #reader: CachedMlflowReader;
  readonly #overviews: OverviewService;
  readonly #runs: RunService;
  readonly #modelVersions: ModelVersionService;
  readonly #drift: DriftService;

  constructor(options: {
    access: AccessOptions;
    mlflow: MlflowService;
    permissions: PermissionsService;
    userInfo: UserInfoService;
  }) {
    this.#access = options.access;
    this.#catalog = options.access.catalog;
    this.#permissions = options.permissions;
    this.#userInfo = options.userInfo;
    this.#reader = new CachedMlflowReader(options.mlflow);
    this.#overviews = new OverviewService(this.#reader);
    this.#runs = new RunService(this.#reader);
    this.#modelVersions = new ModelVersionService(this.#reader);
    this.#drift = new DriftService(this.#reader);
  }

  async getOverview(request: EntityRequest): Promise<MlflowEntityOverview> {
    const { access, entity } = await this.#load(request);
    return this.#overviews.get(entity, access);
  }

  async listRuns(
    request: EntityRequest,
    query: MlflowRunsQuery,
  ): Promise<MlflowRunsResponse> {
    const { access, entity } = await this.#load(request);
    return this.#runs.list(entity, access, query);
  }

  async getRun(
    request: EntityRequest,
    run: { instance: string; runId: string },
  ): Promise<MlflowRunResponse> {
    const { access, entity } = await this.#load(request);
    return this.#runs.get(entity, access, run.instance, run.runId);
  }

  async listModelVersions(
    request: EntityRequest,
    query: { pageSize?: number; pageToken?: string },
  ): Promise<MlflowModelVersionsResponse> {
    const { access, entity } = await this.#load(request);
    return this.#modelVersions.list(entity, access, query);
  }

  async getDrift(request: EntityRequest): Promise<MlflowDriftResponse> {
    const { access, entity } = await this.#load(request);
    return this.#drift.get(entity, access);
  }

  async getInputExample(
    request: EntityRequest,
    wanted: { model: string; version: string },
  ): Promise<MlflowInputExampleResponse> {
    const { access, entity } = await this.#load(request);
    return readInputExample(this.#reader, entity, access, wanted);
  }

  async listInstances(options: {
    credentials: BackstageCredentials;
  }): Promise<MlflowListResponse<MlflowInstanceSummary>> {
    await this.#authorize(options.credentials);
    const items = this.#reader.instances.map(
      ({ name, trackingUri, webUrl }, index) => ({
        name,
        isDefault: index === 0,
        webUrl,
        trackingUri,
      }),
    );
    return { items, errors: [] };
  }

  /**
   * The components of type `ml-model` that the user owns, by name; only those
   * whose name or title holds `search`.
   */
  async listModels(
    options: Caller & {
      credentials: BackstageCredentials<BackstageUserPrincipal>;
    },
    query: { search?: string; pageToken?: string },
  ): Promise<MlflowListResponse<MlflowModelSummary>> {
    const { credentials } = options;
    await this.#authorize(credentials);
    const { ownershipEntityRefs } =
      await this.#userInfo.getUserInfo(credentials);
    if (ownershipEntityRefs.length === 0) {
      return { items: [], errors: [] };
    }
    const caller = new CallerAccess(this.#access, options);
    // A cursor of the catalog holds its own filter; an offset holds nothing.
    const list = ['models', query.search, [...ownershipEntityRefs].sort()];
    const { skip: offset } = query.pageToken
      ? caller.pageTokens.decode(list, query.pageToken).catalog
      : { skip: 0 };
    const { items, pageInfo } = await this.#catalog.queryEntities(
      {
        filter: {
          kind: 'Component',
          'spec.type': 'ml-model',
          'relations.ownedBy': ownershipEntityRefs,
        },
        fullTextFilter: query.search
          ? {
              term: query.search,
              fields: ['metadata.name', 'metadata.title'],
            }
          : undefined,
        orderFields: { field: 'metadata.name', order: 'asc' },
        limit: MODELS_PAGE_SIZE,
        offset,
      },
      { credentials },
    );
    const limit = pLimit(CONCURRENT_OVERVIEWS);
    const models = await Promise.all(
      items.map(entity =>
        limit(() => this.#summarize(entity, caller.forEntity(entity))),
      ),
    );
    const report = new UpstreamReport();
    models.forEach(({ overview }) =>
      report.include({
        // What one model's annotations name wrongly is that model's row.
        errors: overview.errors.filter(
          ({ code }) => !ABOUT_ONE_MODEL.has(code),
        ),
        staleSince: overview.staleSince,
      }),
    );
    return {
      items: models,
      nextPageToken: pageInfo.nextCursor
        ? caller.pageTokens.encode(list, {
            catalog: { skip: offset + items.length },
          })
        : undefined,
      ...report.toJSON(),
    };
  }

  async #summarize(
    entity: Entity,
    access: MlflowAccess,
  ): Promise<MlflowModelSummary> {
    const overview = await this.#overviews.get(entity, access);
    return {
      entityRef: stringifyEntityRef(entity),
      title: entity.metadata.title ?? entity.metadata.name,
      overview,
      attention: getMlflowAttention(overview),
    };
  }

  async #load({
    entityRef,
    ...caller
  }: EntityRequest): Promise<{ entity: Entity; access: MlflowAccess }> {
    const { credentials } = caller;
    await this.#authorize(credentials);
    const entity = await this.#catalog.getEntityByRef(entityRef, {
      credentials,
    });
    if (!entity) {
      throw new NotFoundError(
        `There is no entity '${entityRef}', or you may not see it`,
      );
    }
    const access = new CallerAccess(this.#access, caller).forEntity(entity);
    return { entity, access };
  }

  async #authorize(credentials: BackstageCredentials): Promise<void> {
    await authorizeMlflowRead(this.#permissions, credentials);
  }
}
