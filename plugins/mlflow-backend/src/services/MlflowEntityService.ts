import type {
  BackstageCredentials,
  BackstageUserPrincipal,
  PermissionsService,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import { stringifyEntityRef, type Entity } from '@backstage/catalog-model';
import { NotAllowedError, NotFoundError } from '@backstage/errors';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  getMlflowAttention,
  mlflowReadPermission,
  type MlflowEntityOverview,
  type MlflowInstanceSummary,
  type MlflowListResponse,
  type MlflowModelSummary,
  type MlflowModelVersion,
  type MlflowRun,
  type MlflowRunResponse,
  type MlflowRunsQuery,
} from '@greenroom/plugin-mlflow-common';
import type { MlflowService } from '@greenroom/plugin-mlflow-node';
import pLimit from 'p-limit';
import { CachedMlflowReader } from './CachedMlflowReader';
import { ModelVersionService } from './ModelVersionService';
import { OverviewService } from './OverviewService';
import { RunService } from './RunService';
import { UpstreamReport } from './UpstreamReport';

const MODELS_PAGE_SIZE = 50;
const CONCURRENT_OVERVIEWS = 4;

/** On whose behalf an entity is read: their rights decide. */
export interface EntityRequest {
  entityRef: string;
  credentials: BackstageCredentials;
}

/**
 * What MLflow knows of catalog entities. Every method checks `mlflow.read` and
 * loads the entity with the caller's credentials before it asks MLflow; which
 * experiments and models are read comes from that entity alone.
 */
export class MlflowEntityService {
  readonly #catalog: CatalogService;
  readonly #permissions: PermissionsService;
  readonly #userInfo: UserInfoService;
  readonly #reader: CachedMlflowReader;
  readonly #overviews: OverviewService;
  readonly #runs: RunService;
  readonly #modelVersions: ModelVersionService;

  constructor(options: {
    catalog: CatalogService;
    mlflow: MlflowService;
    permissions: PermissionsService;
    userInfo: UserInfoService;
  }) {
    this.#catalog = options.catalog;
    this.#permissions = options.permissions;
    this.#userInfo = options.userInfo;
    this.#reader = new CachedMlflowReader(options.mlflow);
    this.#overviews = new OverviewService(this.#reader);
    this.#runs = new RunService(this.#reader);
    this.#modelVersions = new ModelVersionService(this.#reader);
  }

  async getOverview(request: EntityRequest): Promise<MlflowEntityOverview> {
    return this.#overviews.get(await this.#load(request));
  }

  async listRuns(
    request: EntityRequest,
    query: MlflowRunsQuery,
  ): Promise<MlflowListResponse<MlflowRun>> {
    return this.#runs.list(await this.#load(request), query);
  }

  async getRun(
    request: EntityRequest,
    run: { instance: string; runId: string },
  ): Promise<MlflowRunResponse> {
    const entity = await this.#load(request);
    return this.#runs.get(entity, run.instance, run.runId);
  }

  async listModelVersions(
    request: EntityRequest,
    query: { pageSize?: number; pageToken?: string },
  ): Promise<MlflowListResponse<MlflowModelVersion>> {
    return this.#modelVersions.list(await this.#load(request), query);
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

  /** The components of type `ml-model` that the user owns, by name. */
  async listModels(
    options: { credentials: BackstageCredentials<BackstageUserPrincipal> },
    query: { pageToken?: string },
  ): Promise<MlflowListResponse<MlflowModelSummary>> {
    const { credentials } = options;
    await this.#authorize(credentials);
    const { ownershipEntityRefs } =
      await this.#userInfo.getUserInfo(credentials);
    if (ownershipEntityRefs.length === 0) {
      return { items: [], errors: [] };
    }
    const { items, pageInfo } = await this.#catalog.queryEntities(
      query.pageToken
        ? { cursor: query.pageToken, limit: MODELS_PAGE_SIZE }
        : {
            filter: {
              kind: 'Component',
              'spec.type': 'ml-model',
              'relations.ownedBy': ownershipEntityRefs,
            },
            orderFields: { field: 'metadata.name', order: 'asc' },
            limit: MODELS_PAGE_SIZE,
          },
      { credentials },
    );
    const limit = pLimit(CONCURRENT_OVERVIEWS);
    const models = await Promise.all(
      items.map(entity => limit(() => this.#summarize(entity))),
    );
    const report = new UpstreamReport();
    models.forEach(({ overview }) =>
      report.include({
        // What one model's annotations name wrongly is that model's row.
        errors: overview.errors.filter(
          ({ code }) => code !== 'NOT_FOUND' && code !== 'BAD_REQUEST',
        ),
        staleSince: overview.staleSince,
      }),
    );
    return {
      items: models,
      nextPageToken: pageInfo.nextCursor,
      ...report.toJSON(),
    };
  }

  async #summarize(entity: Entity): Promise<MlflowModelSummary> {
    const overview = await this.#overviews.get(entity);
    return {
      entityRef: stringifyEntityRef(entity),
      title: entity.metadata.title ?? entity.metadata.name,
      overview,
      attention: getMlflowAttention(overview),
    };
  }

  async #load({ credentials, entityRef }: EntityRequest): Promise<Entity> {
    await this.#authorize(credentials);
    const entity = await this.#catalog.getEntityByRef(entityRef, {
      credentials,
    });
    if (!entity) {
      throw new NotFoundError(
        `There is no entity '${entityRef}', or you may not see it`,
      );
    }
    return entity;
  }

  async #authorize(credentials: BackstageCredentials): Promise<void> {
    const [{ result }] = await this.#permissions.authorize(
      [{ permission: mlflowReadPermission }],
      { credentials },
    );
    if (result !== AuthorizeResult.ALLOW) {
      throw new NotAllowedError(
        `You may not read MLflow runs and model versions (${mlflowReadPermission.name})`,
      );
    }
  }
}
