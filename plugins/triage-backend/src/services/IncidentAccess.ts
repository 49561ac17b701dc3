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
} from '@greenroom/plugin-triage-common';
import type { IncidentFilter } from '../database/IncidentQueries';
import type { IncidentStore } from '../database/IncidentStore';
import type { IncidentRow } from '../database/rows';
import type {
  CatalogRepositories,
  OwnedRepository,
} from './CatalogRepositories';
import { toRepositoryKey, type Repository } from './Repository';

/** What a caller may see: repositories with incidents, and the entities they see of each. */
export class VisibleRepositories {
  readonly #owned: Map<string, OwnedRepository[]>;
  readonly repositories: Repository[];

  constructor(
    repositories: Repository[],
    owned: Map<string, OwnedRepository[]>,
  ) {
    this.#owned = owned;
    this.repositories = repositories.filter(each =>
      owned.has(toRepositoryKey(each)),
    );
  }

  /** The incident's entity, or another of the repository that the caller may see. */
  entityRefOf(row: IncidentRow): string | undefined {
    const refs = (this.#owned.get(toRepositoryKey(row)) ?? []).map(
      ({ entityRef }) => entityRef,
    );
    return refs.find(ref => ref === row.entity_ref) ?? refs[0];
  }

  ownersOf(row: IncidentRow): string[] {
    return (this.#owned.get(toRepositoryKey(row)) ?? []).flatMap(
      ({ owner }) => owner ?? [],
    );
  }
}

/**
 * Who may see and do what. An incident is seen by who has the permission and may see
 * an entity of its repository; what they may not see is not there for them.
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

  /** The repositories with such incidents that the caller may see. */
  async findVisible(
    credentials: BackstageCredentials,
    filter: IncidentFilter,
  ): Promise<VisibleRepositories> {
    await this.authorize(credentials, triageReportReadPermission);
    const repositories = await this.#incidents.queries.listRepositories(filter);
    return new VisibleRepositories(
      repositories,
      await this.#catalog.findVisible(repositories, credentials),
    );
  }

  /** @throws NotFoundError also where the caller may not see it */
  async require(
    credentials: BackstageCredentials,
    id: string,
  ): Promise<{ row: IncidentRow; visible: VisibleRepositories }> {
    await this.authorize(credentials, triageReportReadPermission);
    const row = await this.#incidents.find(id);
    if (row) {
      const owned = await this.#catalog.findVisible([row], credentials);
      const visible = new VisibleRepositories([row], owned);
      if (visible.repositories.length > 0) {
        return { row, visible };
      }
    }
    throw new NotFoundError(`There is no incident '${id}'`);
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
