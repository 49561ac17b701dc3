import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Flex } from '@backstage/ui';
import type {
  MlflowListResponse,
  MlflowRun,
} from '@greenroom/plugin-mlflow-common';
import { useMemo, useRef } from 'react';
import { isUnknown } from '../../api';
import { useColumnPreference } from '../../hooks/useColumnPreference';
import { useLocale } from '../../hooks/useLocale';
import type { RunsQuery } from '../../hooks/useRunsQuery';
import { mlflowTranslationRef } from '../../translations';
import { DataTable } from '../DataTable';
import { EmptyState } from '../EmptyState';
import { Pager } from '../Pager';
import { Section } from '../Section';
import { ColumnChooser } from './ColumnChooser';
import { RunsFilter } from './RunsFilter';
import { createRunColumns, getDefaultColumns } from './createRunColumns';

function useSeenNames(runs: readonly MlflowRun[] | undefined) {
  const seen = useRef({
    metrics: new Set<string>(),
    params: new Set<string>(),
  });
  return useMemo(() => {
    // Names stay while pages turn, so that columns do not come and go.
    for (const run of runs ?? []) {
      Object.keys(run.metrics).forEach(name => seen.current.metrics.add(name));
      Object.keys(run.params).forEach(name => seen.current.params.add(name));
    }
    return {
      metrics: [...seen.current.metrics].sort(),
      params: [...seen.current.params].sort(),
    };
  }, [runs]);
}

/** An entity's runs, with filter, chosen columns, order and pages. */
export function RunsTable(props: {
  /** Whose choice of columns is remembered. */
  entityRef: string;
  query: RunsQuery;
  /** Undefined while loading. */
  runs: MlflowListResponse<MlflowRun> | undefined;
  isPending: boolean;
  filterError?: string;
}) {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const locale = useLocale();
  const { entityRef, filterError, isPending, query } = props;
  // That there were none before says nothing about what is asked now.
  const runs =
    isPending && props.runs?.items.length === 0 ? undefined : props.runs;
  const { metrics, params } = useSeenNames(runs?.items);
  const preference = useColumnPreference(entityRef);
  const gateMetric = runs?.items.find(run => run.gate)?.gate?.metric;
  const chosen = preference.columns ?? getDefaultColumns(metrics, gateMetric);
  const chosenKey = JSON.stringify(chosen);

  const all = useMemo(
    () => createRunColumns({ t, locale, metrics, params }),
    [t, locale, metrics, params],
  );
  const shown = useMemo(() => {
    const ids = new Set<string>(JSON.parse(chosenKey));
    return all.filter(column => column.isFixed || ids.has(column.id));
  }, [all, chosenKey]);

  const isEmpty = runs !== undefined && runs.items.length === 0;
  const isFirstPage = query.paging.page === 1;

  const renderEmpty = () => {
    if (filterError !== undefined) {
      return null;
    }
    if (isUnknown(runs?.errors ?? [])) {
      return <EmptyState reason="unknown" />;
    }
    return query.filter ? (
      <EmptyState reason="no-matches" onClear={() => query.setFilter('')} />
    ) : (
      <EmptyState reason="no-runs" />
    );
  };

  return (
    <Section
      title={t('training.runs')}
      actions={
        <ColumnChooser
          columns={all.filter(column => !column.isFixed)}
          chosen={chosen}
          onChoose={preference.choose}
        />
      }
    >
      <Flex direction="column" gap="3">
        <RunsFilter
          filter={query.filter}
          onFilter={query.setFilter}
          error={filterError}
        />
        {isEmpty && isFirstPage ? (
          renderEmpty()
        ) : (
          <>
            <DataTable
              label={t('training.runs')}
              columns={shown}
              items={runs?.items}
              getId={run => `${run.instance}:${run.runId}`}
              isPending={isPending}
              sort={query.sort}
              onSort={query.setSort}
            />
            <Pager
              paging={query.paging}
              nextPageToken={runs?.nextPageToken}
              pageSize={query.pageSize}
              onPageSize={query.setPageSize}
            />
          </>
        )}
        {isEmpty && !isFirstPage && <EmptyState reason="no-more" />}
      </Flex>
    </Section>
  );
}
