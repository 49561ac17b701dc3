// SPDX-License-Identifier: Apache-2.0
import { useApi } from '@backstage/frontend-plugin-api';
import type { KserveObjectivesResponse } from '@greenroom/plugin-kserve-common';
import { useSignalledResource } from '@greenroom/ui';
import { useEffect } from 'react';
import { kserveApiRef, type KserveServiceRef } from '../../api';
import { useVisible } from '../../hooks/useVisible';

/** As often as the rules are evaluated. */
const RENEWED_AFTER = 60_000;

/** How the objectives are kept, renewed every minute while the browser tab is seen. */
export function useObjectives(service: KserveServiceRef) {
  const api = useApi(kserveApiRef);
  const { cluster, entityRef, name, namespace } = service;
  const resource = useSignalledResource({
    key: `${entityRef} ${cluster}:${namespace}/${name}`,
    load: signal => api.getObjectives(service, { signal }),
    getChannel: () => undefined,
  });
  const { retry } = resource;
  const isVisible = useVisible();
  useEffect(() => {
    if (!isVisible) {
      return undefined;
    }
    const timer = setInterval(retry, RENEWED_AFTER);
    return () => clearInterval(timer);
  }, [isVisible, retry]);
  return resource;
}

/** The alerts about objectives that fire, each once. */
export function listFiring(value: KserveObjectivesResponse | undefined) {
  const firing = (value?.items ?? [])
    .flatMap(({ pairs }) => pairs)
    .filter(({ state }) => state === 'firing');
  return [...new Set(firing.map(({ alert }) => alert))];
}
