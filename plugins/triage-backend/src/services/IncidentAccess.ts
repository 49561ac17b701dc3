// SPDX-License-Identifier: Apache-2.0
import type {
  AuthService,
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { NotAllowedError, NotFoundError } from '@backstage/errors';
import {
  AuthorizeResult,
  type BasicPermission,
} from '@backstage/plugin-permission-common';
import {
  triageAnalyzePermission,
  triageReportReadPermission,
  triageReportUpdatePermission,
  triageUnownedReadPermission,
} from '@greenroom/plugin-triage-common';
import type {
  IncidentFilter,
  IncidentScope,
} from '../database/IncidentQueries';
import type { IncidentStore } from '../database/IncidentStore';
import type { IncidentRow } from '../database/rows';
import type {
  CatalogRepositories,
  OwnedRepository,
  VisibleEntity,
} from './CatalogRepositories';
import { toRepositoryKey, type Repository } from './Repository';

/**
 * What a caller may see: repositories with failed pipelines and the entities they see
 * of each, entities with alerts, and whether alerts of no entity.
 */
export class VisibleIncidents {
  readonly #owned: Map<string, OwnedRepository[]>;
  readonly #entities: Map<string, VisibleEntity>;
  readonly scope: IncidentScope;

  constructor(options: {
    repositories: Repository[];
    owned: Map<string, OwnedRepository[]>;
    entities: Map<string, VisibleEntity>;
    unowned: boolean;
  }) {
    const { repositories, owned, entities, unowned } = options;
    this.#owned = owned;
    this.#entities = entities;
    this.scope = {
      repositories: repositories.filter(each =>
        owned.has(toRepositoryKey(each)),
      ),
      entityRefs: [...entities.keys()],
      unowned,
    };
  }

  /** `owner/name` of an entity with alerts. */
  repositoryOf(entityRef: string): string | undefined {
    return this.#entities.get(entityRef)?.repository;
  }

  includes(row: IncidentRow): boolean {
    if (row.kind === 'pipeline') {
      return this.#owned.has(toRepositoryKey(row));
    }
    return row.entity_ref === null
      ? this.scope.unowned
      : this.#entities.has(row.entity_ref);
  }

  /** The incident's entity, or another of the repository that the caller may see. */
  entityRefOf(row: IncidentRow): string | undefined {
    if (row.kind !== 'pipeline') {
      return row.entity_ref ?? undefined;
    }
    const refs = (this.#owned.get(toRepositoryKey(row)) ?? []).map(
      ({ entityRef }) => entityRef,
    );
    return refs.find(ref => ref === row.entity_ref) ?? refs[0];
  }

  ownersOf(row: IncidentRow): string[] {
    if (row.kind !== 'pipeline') {
      return [this.#entities.get(row.entity_ref ?? '')?.owner ?? []].flat();
    }
    return (this.#owned.get(toRepositoryKey(row)) ?? []).flatMap(
      ({ owner }) => owner ?? [],
    );
  }
}

/**
 * Who may see and do what. A failed pipeline is seen by who has the permission and may
 * see an entity of its repository, an alert by who may see its entity; of one without
 * entity a permission of its own decides. What they may not see is not there for them.
 */
export class IncidentAccess {
  readonly #auth: AuthService;
  readonly #catalog: CatalogRepositories;
  readonly #incidents: IncidentStore;
  readonly #permissions: PermissionsService;

  constructor(options: {
    auth: AuthService;
    catalog: CatalogRepositories;
    incidents: IncidentStore;
    permissions: PermissionsService;
  }) {
    this.#auth = options.auth;
    this.#catalog = options.catalog;
    this.#incidents = options.incidents;
    this.#permissions = options.permissions;
  }

  /** @throws NotAllowedError that names the permission */
  async authorize(
    credentials: BackstageCredentials,
    ...permissions: BasicPermission[]
  ): Promise<void> {
    const decisions = await this.#permissions.authorize(
      permissions.map(permission => ({ permission })),
      { credentials },
    );
    const refused = permissions.find(
      (_, index) => decisions[index].result !== AuthorizeResult.ALLOW,
    );
    if (refused) {
      throw new NotAllowedError(`You may not do this (${refused.name})`);
    }
  }

  async readPermissions(credentials: BackstageCredentials) {
    const [update, analyze] = await this.#permissions.authorize(
      [
        { permission: triageReportUpdatePermission },
        { permission: triageAnalyzePermission },
      ],
      { credentials },
    );
    return {
      update: update.result === AuthorizeResult.ALLOW,
      analyze: analyze.result === AuthorizeResult.ALLOW,
    };
  }

  /** What of such incidents the caller may see. */
  async findVisible(
    credentials: BackstageCredentials,
    filter: IncidentFilter,
  ): Promise<VisibleIncidents> {
    await this.authorize(credentials, triageReportReadPermission);
    const { queries } = this.#incidents;
    return this.#see(
      credentials,
      await queries.listRepositories(filter),
      await queries.listEntities(filter),
    );
  }

  /** @throws NotFoundError also where the caller may not see it */
  async require(
    credentials: BackstageCredentials,
    id: string,
  ): Promise<{ row: IncidentRow; visible: VisibleIncidents }> {
    await this.authorize(credentials, triageReportReadPermission);
    const row = await this.#incidents.find(id);
    if (row) {
      const visible = await this.#see(
        credentials,
        row.kind === 'pipeline' ? [row] : [],
        row.kind !== 'pipeline' && row.entity_ref ? [row.entity_ref] : [],
      );
      if (visible.includes(row)) {
        return { row, visible };
      }
    }
    throw new NotFoundError(`There is no incident '${id}'`);
  }

  async #see(
    credentials: BackstageCredentials,
    repositories: Repository[],
    entityRefs: string[],
  ): Promise<VisibleIncidents> {
    const [owned, entities, [unowned]] = await Promise.all([
      this.#catalog.findVisible(repositories, credentials),
      this.#catalog.findVisibleEntities(entityRefs, credentials),
      this.#permissions.authorize(
        [{ permission: triageUnownedReadPermission }],
        { credentials },
      ),
    ]);
    return new VisibleIncidents({
      repositories,
      owned,
      entities,
      unowned: unowned.result === AuthorizeResult.ALLOW,
    });
  }

  /** The user or service that asks. */
  nameOf(credentials: BackstageCredentials): string {
    if (this.#auth.isPrincipal(credentials, 'user')) {
      return credentials.principal.userEntityRef;
    }
    return this.#auth.isPrincipal(credentials, 'service')
      ? credentials.principal.subject
      : 'none';
  }
}
