// SPDX-License-Identifier: Apache-2.0
import type {
  AuthService,
  BackstageCredentials,
} from '@backstage/backend-plugin-api';
import type { Entity } from '@backstage/catalog-model';
import { stringifyEntityRef } from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import DataLoader from 'dataloader';
import type { Request } from 'express';
import type { AccessAudit, AuditedRead } from './AccessAudit';
import { MlflowAccess } from './MlflowAccess';
import { PageTokens } from './PageTokens';

/** On whose behalf is read. */
export interface Caller {
  credentials: BackstageCredentials;
  /** Absent where an action reads. */
  request?: Request;
}

/** What holds for every caller. */
export interface AccessOptions {
  audit: AccessAudit;
  auth: AuthService;
  catalog: CatalogService;
  /** Whether data without a mark is read. */
  allowsUnmarked: boolean;
  /** Signs page tokens. */
  pageTokenKey: Buffer;
}

function toCallerName(auth: AuthService, { credentials }: Caller): string {
  if (auth.isPrincipal(credentials, 'user')) {
    return credentials.principal.userEntityRef;
  }
  return auth.isPrincipal(credentials, 'service')
    ? credentials.principal.subject
    : 'none';
}

/**
 * What a caller may see, asked of the catalog with their own credentials: once
 * for each entity and request, many entities at a time.
 */
export class CallerAccess {
  readonly pageTokens: PageTokens;
  readonly #options: AccessOptions;
  readonly #caller: Caller;
  readonly #name: string;
  readonly #isVisible: DataLoader<string, boolean>;

  constructor(options: AccessOptions, caller: Caller) {
    this.#options = options;
    this.#caller = caller;
    this.#name = toCallerName(options.auth, caller);
    this.pageTokens = new PageTokens(options.pageTokenKey, this.#name);
    this.#isVisible = new DataLoader(refs => this.#look(refs), {
      maxBatchSize: 100,
    });
  }

  get allowsUnmarked(): boolean {
    return this.#options.allowsUnmarked;
  }

  /** @param entity - one that the caller may see. */
  forEntity(entity: Entity): MlflowAccess {
    this.#isVisible.prime(stringifyEntityRef(entity), true);
    return new MlflowAccess(this, entity);
  }

  /** Those of the entities that the caller may see in the catalog. */
  async canSee(entityRefs: string[]): Promise<Set<string>> {
    const answers = await Promise.all(
      entityRefs.map(ref => this.#isVisible.load(ref)),
    );
    return new Set(entityRefs.filter((_, index) => answers[index]));
  }

  async record(read: Omit<AuditedRead, 'caller' | 'request'>): Promise<void> {
    const { request } = this.#caller;
    await this.#options.audit.record({ ...read, caller: this.#name, request });
  }

  async #look(entityRefs: readonly string[]): Promise<boolean[]> {
    const { items } = await this.#options.catalog.getEntitiesByRefs(
      {
        entityRefs: [...entityRefs],
        fields: ['kind', 'metadata.namespace', 'metadata.name'],
      },
      { credentials: this.#caller.credentials },
    );
    return entityRefs.map((_, index) => Boolean(items[index]));
  }
}
