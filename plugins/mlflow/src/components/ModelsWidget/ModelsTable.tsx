// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Flex, Link, type SortDescriptor } from '@backstage/ui';
import type { MlflowModelSummary } from '@greenroom/plugin-mlflow-common';
import { useMemo, useState } from 'react';
import { ExternalLink, Name, RelativeTime, useLocale } from '@greenroom/ui';
import { mlflowTranslationRef } from '../../translations';
import { DataTable, type DataTableColumn } from '../DataTable';
import { GateLabel, RunStatusLabel } from '../elements';
import styles from './ModelsWidget.module.css';
import { getFirstDirection, sortModels } from './sortModels';

function Champion({ overview: { champion } }: MlflowModelSummary) {
  if (!champion) {
    return undefined;
  }
  const gate = champion.run?.gate;
  return (
    <div>
      <Flex gap="2" className={styles.facts}>
        <ExternalLink
          url={champion.url}
          text={`v${champion.version}`}
          label={`${champion.name} v${champion.version}`}
          title={champion.name}
        />
        {champion.creationTime !== undefined && (
          <RelativeTime time={champion.creationTime} />
        )}
      </Flex>
      {gate && (
        <div className={styles.narrowOnly}>
          <GateLabel gate={gate} />
        </div>
      )}
    </div>
  );
}

function LastRun({ overview: { lastRun } }: MlflowModelSummary) {
  if (!lastRun) {
    return undefined;
  }
  const time = lastRun.endTime ?? lastRun.startTime;
  return (
    <Flex gap="2" className={styles.facts}>
      <RunStatusLabel run={lastRun} />
      {time !== undefined && <RelativeTime time={time} />}
    </Flex>
  );
}

/** A row for each model: its champion, its gate, its last run. */
export function ModelsTable(props: {
  /** Undefined while loading. */
  models: readonly MlflowModelSummary[] | undefined;
  getModelUrl: (entityRef: string) => string | undefined;
  isPending: boolean;
}) {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const locale = useLocale();
  const { getModelUrl, isPending, models } = props;
  const [sort, setSort] = useState<SortDescriptor>({
    column: 'model',
    direction: 'ascending',
  });
  const items = useMemo(
    () => models && sortModels(models, sort, locale),
    [models, sort, locale],
  );
  const columns = useMemo(
    (): Array<DataTableColumn<MlflowModelSummary>> => [
      {
        id: 'model',
        label: t('columns.model'),
        isRowHeader: true,
        isSortable: true,
        cell: ({ entityRef, title }) => {
          const url = getModelUrl(entityRef);
          const name = <Name text={title} />;
          return url ? <Link href={url}>{name}</Link> : name;
        },
      },
      {
        id: 'champion',
        label: t('columns.champion'),
        isSortable: true,
        cell: Champion,
      },
      {
        id: 'gate',
        label: t('columns.gate'),
        isWideOnly: true,
        cell: ({ overview: { champion } }) =>
          champion?.run?.gate && <GateLabel gate={champion.run.gate} />,
      },
      {
        id: 'lastRun',
        label: t('columns.lastRun'),
        isSortable: true,
        cell: LastRun,
      },
    ],
    [t, getModelUrl],
  );
  return (
    <DataTable
      label={t('home.models')}
      columns={columns}
      items={items}
      getId={({ entityRef }) => entityRef}
      isPending={isPending}
      canWrap
      sort={sort}
      onSort={next =>
        setSort(
          next.column === sort.column
            ? next
            : { ...next, direction: getFirstDirection(next.column) },
        )
      }
    />
  );
}
