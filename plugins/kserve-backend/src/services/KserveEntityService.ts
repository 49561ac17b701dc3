// SPDX-License-Identifier: Apache-2.0
import type {
  BackstageCredentials,
  BackstageUserPrincipal,
  PermissionsService,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import { stringifyEntityRef, type Entity } from '@backstage/catalog-model';
import { NotFoundError } from '@backstage/errors';
import type { BasicPermission } from '@backstage/plugin-permission-common';
import {
  kserveLogsReadPermission,
  kservePredictPermission,
  kserveReadPermission,
  type KserveClustersResponse,
  type KserveInferenceServicesResponse,
  type KserveLogsQuery,
  type KserveModelMetadata,
  type KserveModelsResponse,
  type KserveObjectivesResponse,
  type KservePredictRequest,
  type KservePredictResponse,
} from '@greenroom/plugin-kserve-common';
import { authorize, readPermissions } from './authorize';
import {
  CallerAccess,
  toCallerName,
  type AccessOptions,
  type Caller,
} from './CallerAccess';
import type { ChangeSignals } from './ChangeSignals';
import type { Clusters } from './Clusters';
import type {
  InferenceServiceReader,
  ReadService,
} from './InferenceServiceReader';
import type { LocalBuild } from './LocalBuild';
import { ModelServer } from './ModelServer';
import type { Objectives } from './Objectives';
import { openPodLog } from './openPodLog';
import type { KserveLimits } from './readKserveConfig';

const MAX_MODELS = 50;

/** On whose behalf an entity is read: their rights decide. */
export interface EntityRequest extends Caller {
  entityRef: string;
}

/** An inference service of the entity. */
export interface ServiceRequest extends EntityRequest {
  cluster: string;
  namespace: string;
  service: string;
}

/**
 * What is served of catalog entities. Every method checks its permission and loads
 * the entity with the caller's credentials; which inference services are read
 * comes from that entity alone, and whether they are from the marks they bear.
 */
export class KserveEntityService {
  readonly #access: AccessOptions;
  readonly #clusters: Clusters;
  readonly #limits: KserveLimits;
  readonly #localBuild?: LocalBuild;
  readonly #objectives: Objectives;
  readonly #permissions: PermissionsService;
  readonly #reader: InferenceServiceReader;
  readonly #signals: ChangeSignals;
  readonly #userInfo: UserInfoService;

  constructor(options: {
    access: AccessOptions;
    clusters: Clusters;
    limits: KserveLimits;
    localBuild?: LocalBuild;
    objectives: Objectives;
    permissions: PermissionsService;
    reader: InferenceServiceReader;
    signals: ChangeSignals;
    userInfo: UserInfoService;
  }) {
    this.#access = options.access;
    this.#clusters = options.clusters;
    this.#limits = options.limits;
    this.#localBuild = options.localBuild;
    this.#objectives = options.objectives;
    this.#permissions = options.permissions;
    this.#reader = options.reader;
    this.#signals = options.signals;
    this.#userInfo = options.userInfo;
  }

  async listInferenceServices(
    request: EntityRequest,
  ): Promise<KserveInferenceServicesResponse> {
    const entity = await this.#load(request, kserveReadPermission);
    const access = new CallerAccess(this.#access, request);
    const may = await readPermissions(this.#permissions, request.credentials);
    const read = await this.#reader.read(entity, access, may.logs);
    return {
      items: await this.#reader.addTypicalTimes(read.items),
      references: read.references,
      clusters: this.#clusters.summaries(),
      errors: [
        ...read.errors,
        ...this.#clusters.errors(read.isOpen ? undefined : read.clusters),
      ],
      signalChannel: this.#signals.follow(stringifyEntityRef(entity), read),
      ...this.#build(),
      permissions: may,
    };
  }

  /** Pieces of the log's text, as they come; `signal` ends it. */
  async openLog(
    request: ServiceRequest,
    query: KserveLogsQuery,
    signal: AbortSignal,
  ): Promise<AsyncIterable<Buffer>> {
    const { service, watcher } = await this.#find(
      request,
      kserveLogsReadPermission,
    );
    return await this.#access.audit.tell(
      {
        eventId: 'logs-read',
        request: request.request,
        meta: {
          ...this.#toMeta(request),
          pod: query.pod,
          container: query.container,
        },
      },
      () =>
        openPodLog({
          server: watcher.server,
          service,
          query,
          limits: this.#limits,
          signal,
        }),
    );
  }

  async getMetadata(request: ServiceRequest): Promise<KserveModelMetadata> {
    const found = await this.#find(request, kservePredictPermission);
    return await this.#toModelServer(found).getMetadata();
  }

  async getObjectives(
    request: ServiceRequest,
  ): Promise<KserveObjectivesResponse> {
    const { service } = await this.#find(request, kserveReadPermission);
    return await this.#objectives.read(service);
  }

  async predict(
    request: ServiceRequest,
    body: KservePredictRequest,
  ): Promise<KservePredictResponse> {
    const found = await this.#find(request, kservePredictPermission);
    return await this.#access.audit.tell(
      {
        eventId: 'predict',
        request: request.request,
        meta: {
          ...this.#toMeta(request),
          protocol: body.protocol,
          canary: body.canary,
        },
        toMeta: ({ latencyMs, status }) => ({ latencyMs, status }),
      },
      () => this.#toModelServer(found).predict(body),
    );
  }

  async listClusters({ credentials }: Caller): Promise<KserveClustersResponse> {
    await authorize(this.#permissions, credentials, kserveReadPermission);
    return {
      items: this.#clusters.summaries(),
      errors: this.#clusters.errors(),
      ...this.#build(),
    };
  }

  /** The components of type `ml-model` that the user owns, by name; the first 50. */
  async listModels(
    caller: Caller & {
      credentials: BackstageCredentials<BackstageUserPrincipal>;
    },
  ): Promise<KserveModelsResponse> {
    const { credentials } = caller;
    await authorize(this.#permissions, credentials, kserveReadPermission);
    const { ownershipEntityRefs, userEntityRef } =
      await this.#userInfo.getUserInfo(credentials);
    const { items: entities } = ownershipEntityRefs.length
      ? await this.#access.catalog.queryEntities(
          {
            filter: {
              kind: 'Component',
              'spec.type': 'ml-model',
              'relations.ownedBy': ownershipEntityRefs,
            },
            orderFields: { field: 'metadata.name', order: 'asc' },
            limit: MAX_MODELS,
          },
          { credentials },
        )
      : { items: [] };
    const access = new CallerAccess(this.#access, caller);
    const may = await readPermissions(this.#permissions, credentials);
    const models = await Promise.all(
      entities.map(async entity => ({
        entity,
        read: await this.#reader.read(entity, access, may.logs),
      })),
    );
    const keys = new Set(models.flatMap(({ read }) => [...read.keys]));
    return {
      items: models.map(({ entity, read }) => ({
        entityRef: stringifyEntityRef(entity),
        title: entity.metadata.title ?? entity.metadata.name,
        items: read.items.map(({ service }) => ({
          cluster: service.cluster,
          namespace: service.namespace,
          name: service.name,
          explanation: service.explanation,
          model: service.model,
        })),
        errors: read.errors,
      })),
      errors: this.#clusters.errors(),
      ...this.#build(),
      signalChannel: this.#signals.follow(`models of ${userEntityRef}`, {
        keys,
        isOpen: models.some(({ read }) => read.isOpen),
      }),
    };
  }

  #build() {
    const build = this.#localBuild?.current;
    return build && { build };
  }

  #toModelServer({ object, service, watcher }: ReadService): ModelServer {
    const limits = this.#limits;
    return new ModelServer({ server: watcher.server, service, object, limits });
  }

  #toMeta(request: ServiceRequest): Record<string, string> {
    const { cluster, entityRef, namespace, service } = request;
    return {
      caller: toCallerName(this.#access.auth, request),
      entityRef,
      cluster,
      service: `${namespace}/${service}`,
    };
  }

  async #find(
    request: ServiceRequest,
    permission: BasicPermission,
  ): Promise<ReadService> {
    const entity = await this.#load(request, kserveReadPermission);
    await authorize(this.#permissions, request.credentials, permission);
    const access = new CallerAccess(this.#access, request);
    const { items } = await this.#reader.read(entity, access);
    const found = items.find(
      ({ key, watcher }) =>
        watcher.name === request.cluster &&
        key === `${request.namespace}/${request.service}`,
    );
    if (!found) {
      throw new NotFoundError(
        `'${request.entityRef}' has no such inference service, or you may not see it`,
      );
    }
    return found;
  }

  async #load(
    { credentials, entityRef }: EntityRequest,
    permission: BasicPermission,
  ): Promise<Entity> {
    await authorize(this.#permissions, credentials, permission);
    const entity = await this.#access.catalog.getEntityByRef(entityRef, {
      credentials,
    });
    if (!entity) {
      throw new NotFoundError(
        `There is no entity '${entityRef}', or you may not see it`,
      );
    }
    return entity;
  }
}
