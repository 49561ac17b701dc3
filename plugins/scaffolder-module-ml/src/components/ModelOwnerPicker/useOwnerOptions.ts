import {
  parseEntityRef,
  stringifyEntityRef,
  type Entity,
} from '@backstage/catalog-model';
import { identityApiRef, useApi } from '@backstage/frontend-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { useCallback, useEffect, useState } from 'react';

/** A possible owner. */
export interface OwnerOption {
  value: string;
  label: string;
}

/** Possible owners, or why they are not known. */
export interface OwnerOptions {
  status: 'loading' | 'failed' | 'loaded';
  /** The groups that the user belongs to. */
  mine: OwnerOption[];
  others: OwnerOption[];
  /** For who belongs to no group. */
  you?: OwnerOption;
  message?: string;
  retry: () => void;
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

/** The groups of the catalog, the user's own apart. */
export function useOwnerOptions(): OwnerOptions {
  const catalogApi = useApi(catalogApiRef);
  const identityApi = useApi(identityApiRef);
  const [attempt, setAttempt] = useState(0);
  const [result, setResult] = useState<Omit<OwnerOptions, 'retry'>>({
    status: 'loading',
    mine: [],
    others: [],
  });

  useEffect(() => {
    let active = true;
    const load = async (): Promise<Omit<OwnerOptions, 'retry'>> => {
      const identity = await identityApi.getBackstageIdentity();
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
      const own = new Set(identity.ownershipEntityRefs);
      const you = {
        value: identity.userEntityRef,
        label: parseEntityRef(identity.userEntityRef).name,
      };
      return {
        status: 'loaded',
        mine: groups.filter(group => own.has(group.value)),
        others: groups.filter(group => !own.has(group.value)),
        you,
      };
    };
    load().then(
      loaded => active && setResult(loaded),
      error =>
        active &&
        setResult({
          status: 'failed',
          mine: [],
          others: [],
          message: error instanceof Error ? error.message : String(error),
        }),
    );
    return () => {
      active = false;
    };
  }, [catalogApi, identityApi, attempt]);

  const retry = useCallback(() => setAttempt(count => count + 1), []);
  return { ...result, retry };
}
