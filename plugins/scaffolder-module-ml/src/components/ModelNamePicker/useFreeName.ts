// SPDX-License-Identifier: Apache-2.0
import { useApi } from '@backstage/frontend-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { useEffect, useState } from 'react';

const CANDIDATES = 20;

/** The first of `proposal`, `proposal-2`, … that names no component yet. */
export function useFreeName(
  proposal: string,
  options: { enabled: boolean },
): string | undefined {
  const { enabled } = options;
  const catalogApi = useApi(catalogApiRef);
  const [name, setName] = useState<string>();

  useEffect(() => {
    if (!enabled) {
      return undefined;
    }
    let active = true;
    const names = Array.from({ length: CANDIDATES }, (_, index) =>
      index === 0 ? proposal : `${proposal}-${index + 1}`,
    );
    const find = async () => {
      try {
        const { items } = await catalogApi.getEntitiesByRefs({
          entityRefs: names.map(each => `component:default/${each}`),
          fields: ['kind'],
        });
        return names.find((_, index) => !items[index]);
      } catch {
        // A proposal is a convenience: the check before Next says what is wrong.
        return proposal;
      }
    };
    find().then(found => active && setName(found));
    return () => {
      active = false;
    };
  }, [catalogApi, enabled, proposal]);

  return name;
}
