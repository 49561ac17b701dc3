// SPDX-License-Identifier: Apache-2.0
import type { SortDescriptor } from '@backstage/ui';
import type { MlflowRunsQuery } from '@greenroom/plugin-mlflow-common';
import { useState } from 'react';
import { useSearchParams } from 'react-router-dom';
import { toOrderByKey } from '../components/RunsTable/orderBy';
import { usePaging } from './usePaging';

const DEFAULT_SORT: SortDescriptor = {
  column: 'started',
  direction: 'descending',
};

/**
 * What is asked of the runs: filter and order are in the page's address, so
 * that it can be sent; the page and its size are not.
 */
export function useRunsQuery() {
  const [search, setSearch] = useSearchParams();
  const [pageSize, setPageSize] = useState(20);
  const filter = search.get('filter') ?? '';
  const topLevel = search.get('topLevel') === 'true';
  const column = search.get('sort') ?? '';
  const isKnown = toOrderByKey(column) !== undefined;
  const sort: SortDescriptor = isKnown
    ? {
        column,
        direction:
          search.get('direction') === 'ascending' ? 'ascending' : 'descending',
      }
    : DEFAULT_SORT;
  const orderBy = `${toOrderByKey(String(sort.column))} ${
    sort.direction === 'ascending' ? 'ASC' : 'DESC'
  }`;
  const paging = usePaging(
    JSON.stringify([filter, topLevel, orderBy, pageSize]),
  );

  const change = (values: Record<string, string>) =>
    setSearch(
      previous => {
        for (const [key, value] of Object.entries(values)) {
          if (value === '') {
            previous.delete(key);
          } else {
            previous.set(key, value);
          }
        }
        return previous;
      },
      { replace: true },
    );

  const query: MlflowRunsQuery = {
    filter: filter || undefined,
    topLevel: topLevel || undefined,
    orderBy,
    pageSize,
    pageToken: paging.pageToken,
  };
  return {
    query,
    filter,
    topLevel,
    sort,
    paging,
    pageSize,
    setPageSize,
    setFilter: (value: string) => change({ filter: value.trim() }),
    /** Every run, whatever was asked for. */
    clear: () => change({ filter: '', topLevel: '' }),
    setTopLevel: (value: boolean) => change({ topLevel: value ? 'true' : '' }),
    setSort: (next: SortDescriptor) =>
      change({ sort: String(next.column), direction: next.direction }),
  };
}

export type RunsQuery = ReturnType<typeof useRunsQuery>;
