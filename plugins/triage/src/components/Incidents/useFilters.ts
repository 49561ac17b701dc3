// SPDX-License-Identifier: Apache-2.0
import {
  FAILURE_TYPES,
  INCIDENT_STATES,
  type IncidentsRequest,
} from '@greenroom/plugin-triage-common';
import { useSearchParams } from 'react-router-dom';

export type Filters = Pick<
  IncidentsRequest,
  'state' | 'type' | 'branch' | 'signature'
>;

function oneOf<T extends string>(values: readonly T[], value: string | null) {
  return values.find(each => each === value);
}

/** Which incidents are shown, as the address says it. */
export function useFilters() {
  const [search, setSearch] = useSearchParams();
  const signature = search.get('signature') ?? '';
  const filters: Filters = {
    state: oneOf(INCIDENT_STATES, search.get('state')),
    type: oneOf(FAILURE_TYPES, search.get('type')),
    branch: search.get('branch')?.slice(0, 255) || undefined,
    signature: /^[0-9a-f]{1,64}$/.test(signature) ? signature : undefined,
  };
  const setFilter = (name: keyof Filters, value: string | undefined) =>
    setSearch(
      previous => {
        const next = new URLSearchParams(previous);
        next.delete(name);
        if (value) {
          next.set(name, value);
        }
        return next;
      },
      { replace: true },
    );
  const clearFilters = () =>
    setSearch(
      previous => {
        const next = new URLSearchParams(previous);
        for (const name of Object.keys(filters)) {
          next.delete(name);
        }
        return next;
      },
      { replace: true },
    );
  return { filters, setFilter, clearFilters };
}
