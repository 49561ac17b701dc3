import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Flex, Link } from '@backstage/ui';
import type { MlflowModelSummary } from '@greenroom/plugin-mlflow-common';
import { useMemo } from 'react';
import { mlflowTranslationRef } from '../../translations';
import { DataTable, type DataTableColumn } from '../DataTable';
import {
  ExternalLink,
  GateLabel,
  RelativeTime,
  RunStatusLabel,
} from '../elements';

/** A row for each model: its champion, its gate, its last run. */
export function ModelsTable(props: {
  /** Undefined while loading. */
  models: readonly MlflowModelSummary[] | undefined;
  getModelUrl: (entityRef: string) => string | undefined;
  isPending: boolean;
}) {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const { getModelUrl, isPending, models } = props;
  const columns = useMemo(
    (): Array<DataTableColumn<MlflowModelSummary>> => [
      {
        id: 'model',
        label: t('columns.model'),
        isRowHeader: true,
        cell: ({ entityRef, title }) => {
          const url = getModelUrl(entityRef);
          return url ? <Link href={url}>{title}</Link> : title;
        },
      },
      {
        id: 'champion',
        label: t('columns.champion'),
        cell: ({ overview: { champion } }) =>
          champion && (
            <Flex gap="2">
              <ExternalLink
                url={champion.url}
                text={`v${champion.version}`}
                title={champion.name}
              />
              {champion.creationTime !== undefined && (
                <RelativeTime time={champion.creationTime} />
              )}
            </Flex>
          ),
      },
      {
        id: 'gate',
        label: t('columns.gate'),
        cell: ({ overview: { champion } }) =>
          champion?.run?.gate && <GateLabel gate={champion.run.gate} />,
      },
      {
        id: 'lastRun',
        label: t('columns.lastRun'),
        cell: ({ overview: { lastRun } }) =>
          lastRun && (
            <Flex gap="2">
              <RunStatusLabel status={lastRun.status} />
              {lastRun.startTime !== undefined && (
                <RelativeTime time={lastRun.endTime ?? lastRun.startTime} />
              )}
            </Flex>
          ),
      },
    ],
    [t, getModelUrl],
  );
  return (
    <DataTable
      label={t('home.models')}
      columns={columns}
      items={models}
      getId={({ entityRef }) => entityRef}
      isPending={isPending}
    />
  );
}
