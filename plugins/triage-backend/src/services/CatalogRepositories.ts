// SPDX-License-Identifier: Apache-2.0
import type {
  AuthService,
  BackstageCredentials,
} from '@backstage/backend-plugin-api';
import {
  getEntitySourceLocation,
  stringifyEntityRef,
  type Entity,
} from '@backstage/catalog-model';
import { CATALOG_FILTER_EXISTS } from '@backstage/catalog-client';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { toRepositoryKey, type Repository } from './Repository';

/** `owner/name` of the entity's repository. */
const PROJECT_SLUG_ANNOTATION = 'github.com/project-slug';

const SLUG = `metadata.annotations.${PROJECT_SLUG_ANNOTATION}`;
const FIELDS = [
  'kind',
  'metadata.namespace',
  'metadata.name',
  'metadata.annotations',
  'spec.owner',
  'relations',
];
const BATCH = 100;

/** An entity that has a repository. */
export interface OwnedRepository {
  entityRef: string;
  /** `spec.owner`, as the catalog resolved it. */
  owner?: string;
  repository: string;
  /** Where its source location is; undefined where that is no address. */
  host?: string;
}

/** An entity that the caller may see. */
export interface VisibleEntity {
  owner?: string;
  /** `owner/name` */
  repository?: string;
}

/** The repository of an entity, undefined where it names none. */
export function toOwnedRepository(entity: Entity): OwnedRepository | undefined {
  const repository = entity.metadata.annotations?.[PROJECT_SLUG_ANNOTATION];
  if (!repository || !/^[\w.-]+\/[\w.-]+$/.test(repository)) {
    return undefined;
  }
  return {
    entityRef: stringifyEntityRef(entity),
    owner: readOwner(entity),
    repository,
    host: readHost(entity),
  };
}

/** Who owns an entity, as the catalog resolved it. */
export function readOwner({ relations }: Entity): string | undefined {
  return relations?.find(({ type }) => type === 'ownedBy')?.targetRef;
}

function readHost(entity: Entity): string | undefined {
  try {
    const { type, target } = getEntitySourceLocation(entity);
    return type === 'url' ? new URL(target).host : undefined;
  } catch {
    return undefined;
  }
}

/** Models are components; what else has the repository comes after. */
const rank = ({ entityRef }: OwnedRepository) =>
  entityRef.startsWith('component:') ? 0 : 1;

/** Which entities have which repositories, as far as somebody may see them. */
export class CatalogRepositories {
  readonly #auth: AuthService;
  readonly #catalog: CatalogService;

  constructor(options: { auth: AuthService; catalog: CatalogService }) {
    this.#auth = options.auth;
    this.#catalog = options.catalog;
  }

  /** The entity that an incident belongs to, as the portal sees the catalog. */
  async findOwner(
    repository: Repository,
  ): Promise<OwnedRepository | undefined> {
    const found = await this.findVisible(
      [repository],
      await this.#auth.getOwnServiceCredentials(),
    );
    return found.get(toRepositoryKey(repository))?.[0];
  }

  /** Entities by key of the repository, of those that the caller may see; components first. */
  async findVisible(
    repositories: Repository[],
    credentials: BackstageCredentials,
  ): Promise<Map<string, OwnedRepository[]>> {
    const slugs = [...new Set(repositories.map(each => each.repository))];
    const owned: OwnedRepository[] = [];
    for (let at = 0; at < slugs.length; at += BATCH) {
      const { items } = await this.#catalog.getEntities(
        { filter: { [SLUG]: slugs.slice(at, at + BATCH) }, fields: FIELDS },
        { credentials },
      );
      owned.push(...items.flatMap(item => toOwnedRepository(item) ?? []));
    }
    owned.sort(
      (a, b) => rank(a) - rank(b) || (a.entityRef < b.entityRef ? -1 : 1),
    );
    const bySlug = new Map<string, OwnedRepository[]>();
    for (const each of owned) {
      const slug = each.repository.toLowerCase();
      bySlug.set(slug, [...(bySlug.get(slug) ?? []), each]);
    }
    const visible = new Map<string, OwnedRepository[]>();
    for (const repository of repositories) {
      const entities = bySlug
        .get(repository.repository.toLowerCase())
        ?.filter(
          ({ host }) =>
            (host ?? repository.host).toLowerCase() ===
            repository.host.toLowerCase(),
        );
      if (entities && entities.length > 0) {
        visible.set(toRepositoryKey(repository), entities);
      }
    }
    return visible;
  }

  /** The repository of an entity that the caller may see. */
  async findByEntity(
    entityRef: string,
    credentials: BackstageCredentials,
  ): Promise<OwnedRepository | undefined> {
    const entity = await this.#catalog.getEntityByRef(entityRef, {
      credentials,
    });
    return entity && toOwnedRepository(entity);
  }

  /** Those of the entities that the caller may see, with their repositories where they have one. */
  async findVisibleEntities(
    entityRefs: string[],
    credentials: BackstageCredentials,
  ): Promise<Map<string, VisibleEntity>> {
    const visible = new Map<string, VisibleEntity>();
    for (let at = 0; at < entityRefs.length; at += BATCH) {
      const refs = entityRefs.slice(at, at + BATCH);
      const { items } = await this.#catalog.getEntitiesByRefs(
        { entityRefs: refs, fields: FIELDS },
        { credentials },
      );
      for (const [index, entity] of items.entries()) {
        if (entity) {
          visible.set(refs[index], {
            owner: readOwner(entity),
            repository: toOwnedRepository(entity)?.repository,
          });
        }
      }
    }
    return visible;
  }

  /** Repositories of manifests beside a repository, on its host and of its owner, as the portal sees them. */
  async listGitops(beside: Repository): Promise<Repository[]> {
    const { items } = await this.#catalog.getEntities(
      {
        filter: {
          kind: 'component',
          'spec.type': 'gitops',
          [SLUG]: CATALOG_FILTER_EXISTS,
        },
        fields: FIELDS,
      },
      { credentials: await this.#auth.getOwnServiceCredentials() },
    );
    const key = toRepositoryKey(beside);
    const owner = key.slice(0, key.lastIndexOf('/') + 1);
    return items
      .flatMap(item => toOwnedRepository(item) ?? [])
      .map(({ host = beside.host, repository }) => ({ host, repository }))
      .filter(each => toRepositoryKey(each).startsWith(owner));
  }

  /** The entity as the portal sees it. */
  async findEntity(entityRef: string): Promise<Entity | undefined> {
    return this.#catalog.getEntityByRef(entityRef, {
      credentials: await this.#auth.getOwnServiceCredentials(),
    });
  }

  /** Who owns an entity, as the portal sees it. */
  async findOwnerOf(entityRef: string): Promise<string | undefined> {
    const entity = await this.findEntity(entityRef);
    return entity && readOwner(entity);
  }

  /** All repositories of the catalog whose host is known, as the portal sees it. */
  async listAll(): Promise<Repository[]> {
    const credentials = await this.#auth.getOwnServiceCredentials();
    const repositories = new Map<string, Repository>();
    const filter = { [SLUG]: CATALOG_FILTER_EXISTS };
    let cursor: string | undefined;
    do {
      const page = await this.#catalog.queryEntities(
        cursor
          ? { cursor, fields: FIELDS, limit: 500 }
          : { filter, fields: FIELDS, limit: 500 },
        { credentials },
      );
      for (const entity of page.items) {
        const owned = toOwnedRepository(entity);
        if (owned?.host) {
          const repository = { host: owned.host, repository: owned.repository };
          repositories.set(toRepositoryKey(repository), repository);
        }
      }
      cursor = page.pageInfo.nextCursor;
    } while (cursor);
    return [...repositories.values()];
  }
}
