// SPDX-License-Identifier: Apache-2.0
import type {
  AuthService,
  BackstageCredentials,
} from '@backstage/backend-plugin-api';
import { stringifyEntityRef, type Entity } from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type {
  KserveClusterError,
  KubernetesObject,
} from '@greenroom/plugin-kserve-common';
import {
  COMPONENT_ANNOTATION,
  COMPONENT_LABELS,
  readComponentMark,
} from '@greenroom/plugin-kserve-node';
import DataLoader from 'dataloader';
import type { Request } from 'express';
import type { AccessAudit } from './AccessAudit';
import type { FoundService } from './resolveServices';

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
  /** Whether inference services without a mark are read. */
  allowsUnmarked: boolean;
}

/** The user or service that asks, for the auditor. */
export function toCallerName(
  auth: AuthService,
  { credentials }: Caller,
): string {
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
  readonly #options: AccessOptions;
  readonly #caller: Caller;
  readonly #isVisible: DataLoader<string, boolean>;

  constructor(options: AccessOptions, caller: Caller) {
    this.#options = options;
    this.#caller = caller;
    this.#isVisible = new DataLoader(refs => this.#look(refs), {
      maxBatchSize: 100,
    });
  }

  /**
   * Why the caller may not read an inference service by way of an entity that they
   * see, undefined where they may. An annotation of the entity is no right: the
   * mark on the inference service must name an entity that they may see. Where it
   * bears none, configuration decides. The sentence names no owner.
   */
  async check(
    entity: Entity,
    service: FoundService,
  ): Promise<KserveClusterError | undefined> {
    const entityRef = stringifyEntityRef(entity);
    const owners = readComponentMark(service.object);
    if (owners?.includes(entityRef)) {
      return undefined;
    }
    for (const owner of owners ?? []) {
      if (await this.#isVisible.load(owner)) {
        return undefined;
      }
    }
    const code = owners ? 'other-component' : 'unmarked';
    const isRefused = owners !== undefined || !this.#options.allowsUnmarked;
    const { audit, auth } = this.#options;
    const owner = entity.spec?.owner;
    await audit.record({
      caller: toCallerName(auth, this.#caller),
      request: this.#caller.request,
      entityRef,
      owner: typeof owner === 'string' ? owner : undefined,
      cluster: service.watcher.name,
      service: service.key,
      mark: owners && toMarkText(service.object),
      refused: isRefused ? code : undefined,
    });
    if (!isRefused) {
      return undefined;
    }
    const subject = `The inference service '${service.key}' on cluster '${service.watcher.name}'`;
    const where = `annotation ${COMPONENT_ANNOTATION}, or labels ${COMPONENT_LABELS.join(' and ')}`;
    return {
      cluster: service.watcher.name,
      code,
      message: owners
        ? `${subject} is marked (${where}) as that of a component that you may not see, or that does not exist`
        : `${subject} does not say whose it is (${where}), and this portal shows only what does`,
      retryable: false,
    };
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

function toMarkText({ metadata }: KubernetesObject): string {
  return (
    metadata?.annotations?.[COMPONENT_ANNOTATION] ??
    COMPONENT_LABELS.flatMap(label => metadata?.labels?.[label] ?? []).join()
  );
}
