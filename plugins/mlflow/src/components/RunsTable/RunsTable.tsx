// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Flex, Switch } from '@backstage/ui';
import type {
  MlflowRun,
  MlflowRunsResponse,
} from '@greenroom/plugin-mlflow-common';
import { useMemo } from 'react';
import { Section, useLocale } from '@greenroom/ui';
import { useColumnPreference } from '../../hooks/useColumnPreference';
import type { RunsQuery } from '../../hooks/useRunsQuery';
import { mlflowTranslationRef } from '../../translations';
import { DataTable } from '../DataTable';
import { Pager } from '../Pager';
import { ReferenceNotices, isAbsent } from '../References';
import { OpenInMlflow } from '../elements';
import { ColumnChooser } from './ColumnChooser';
import { NoRuns } from './NoRuns';
import { RunsFilter } from './RunsFilter';
import { createRunColumns } from './createRunColumns';
import { getDefaultColumns } from './getDefaultColumns';
import { getFirstDirection } from './getFirstDirection';
import { useSeen, type Seen } from './useSeen';

function useRunColumns(
  entityRef: string,
  runs: readonly MlflowRun[] | undefined,
  seen: Seen,
) {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const locale = useLocale();
  const preference = useColumnPreference(entityRef);
  const chosen = preference.columns ?? getDefaultColumns(seen);
  const chosenKey = JSON.stringify(chosen);
  const { metrics, params } = seen;
  const all = useMemo(() => {
    const byId = new Map(runs?.map(run => [run.runId, run]));
    const getRun = (runId: string) => byId.get(runId);
    return createRunColumns({ t, locale, metrics, params, getRun });
  }, [t, locale, metrics, params, runs]);
  const shown = useMemo(() => {
    const ids: string[] = JSON.parse(chosenKey);
    return [
      ...all.filter(column => column.isFixed),
      ...ids.flatMap(id => all.find(column => column.id === id) ?? []),
    ];
  }, [all, chosenKey]);
  return { all, shown, chosen, choose: preference.choose };
}

/** An entity's runs, with filter, chosen columns, order and pages. */
export function RunsTable(props: {
  /** Whose choice of columns is remembered. */
  entityRef: string;
  query: RunsQuery;
  /** Undefined while loading. */
  runs: MlflowRunsResponse | undefined;
  /** Whether `runs` are those from before the filter. */
  isShownBefore: boolean;
  isPending: boolean;
  isGated: boolean;
  filterError?: string;
  onRetry: () => void;
}) {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const { filterError, isPending, query } = props;
  // That there were none before says nothing about what is asked now.
  const runs =
    isPending && props.runs?.items.length === 0 ? undefined : props.runs;
  const { errors = [], experiments = [] } = props.runs ?? {};
  const seen = useSeen(runs?.items);
  const columns = useRunColumns(props.entityRef, runs?.items, seen);

  const isEmpty = runs !== undefined && runs.items.length === 0;
  const isFirstPage = query.paging.page === 1;
  const isNarrowed = query.filter !== '' || query.topLevel;
  const hasTable = !(isEmpty && isFirstPage);
  // A filter field stands where there is something to filter.
  const hasTools = isNarrowed || hasTable;
  const isAllAbsent = experiments.length > 0 && experiments.every(isAbsent);

  return (
    <Section
      title={t('training.runs')}
      actions={
        <>
          <OpenInMlflow places={experiments} />
          {hasTable && (
            <ColumnChooser
              columns={columns.all.filter(column => !column.isFixed)}
              chosen={columns.chosen}
              onChoose={columns.choose}
            />
          )}
        </>
      }
    >
      <Flex direction="column" gap="3">
        <ReferenceNotices
          kind="experiment"
          summaries={experiments}
          errors={errors}
          isGated={props.isGated}
        />
        {hasTools && !isAllAbsent && (
          <RunsFilter
            filter={query.filter}
            onFilter={query.setFilter}
            error={filterError}
            isShownBefore={props.isShownBefore && hasTable}
            onRetry={props.onRetry}
            isRetrying={isPending}
          />
        )}
        {(query.topLevel || seen.hasChildren) && (
          <Switch
            label={t('runs.topLevelOnly')}
            isSelected={query.topLevel}
            onChange={query.setTopLevel}
          />
        )}
        {hasTable && (
          <>
            <DataTable
              label={t('training.runs')}
              columns={columns.shown}
              items={runs?.items}
              getId={run => `${run.instance}:${run.runId}`}
              isPending={isPending}
              sort={query.sort}
              onSort={next =>
                query.setSort({
                  ...next,
                  direction:
                    next.column === query.sort.column
                      ? next.direction
                      : getFirstDirection(String(next.column), seen.gates),
                })
              }
            />
            <Pager
              paging={query.paging}
              nextPageToken={runs?.nextPageToken}
              pageSize={query.pageSize}
              onPageSize={query.setPageSize}
            />
          </>
        )}
        {isEmpty && !isAllAbsent && filterError === undefined && (
          <NoRuns runs={runs} query={query} isGated={props.isGated} />
        )}
      </Flex>
    </Section>
  );
}
