// SPDX-License-Identifier: Apache-2.0
import {
  parseEntityRef,
  stringifyEntityRef,
  type Entity,
} from '@backstage/catalog-model';
import type { IdentityApi } from '@backstage/frontend-plugin-api';
import type { CatalogApi } from '@backstage/plugin-catalog-react';

/** A possible owner. */
export interface OwnerOption {
  value: string;
  label: string;
}

/** Possible owners, each list by title. */
export interface Owners {
  /** The groups that the user belongs to. */
  mine: OwnerOption[];
  others: OwnerOption[];
  /** For who belongs to no group. */
  you?: OwnerOption;
}

function titleOf(entity: Entity): string {
  const profile = entity.spec?.profile;
  const displayName =
    profile && typeof profile === 'object' && 'displayName' in profile
      ? profile.displayName
      : undefined;
  return typeof displayName === 'string' && displayName !== ''
    ? displayName
    : (entity.metadata.title ?? entity.metadata.name);
}

/** The groups of the catalog, the user's own apart, and the user. */
export async function loadOwners(options: {
  catalogApi: CatalogApi;
  identityApi: IdentityApi;
}): Promise<Owners> {
  const { catalogApi, identityApi } = options;
  const { userEntityRef, ownershipEntityRefs } =
    await identityApi.getBackstageIdentity();
  const groups: OwnerOption[] = [];
  for await (const page of catalogApi.streamEntities({
    filter: { kind: 'Group' },
    fields: ['kind', 'metadata', 'spec.profile.displayName'],
  })) {
    groups.push(
      ...page.map(entity => ({
        value: stringifyEntityRef(entity),
        label: titleOf(entity),
      })),
    );
  }
  groups.sort((a, b) => a.label.localeCompare(b.label));
  const own = new Set(ownershipEntityRefs);
  return {
    mine: groups.filter(group => own.has(group.value)),
    others: groups.filter(group => !own.has(group.value)),
    you: { value: userEntityRef, label: parseEntityRef(userEntityRef).name },
  };
}
