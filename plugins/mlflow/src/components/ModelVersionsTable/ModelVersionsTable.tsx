import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Badge, Flex } from '@backstage/ui';
import type {
  MlflowListResponse,
  MlflowModelVersion,
  MlflowModelVersionStatus,
} from '@greenroom/plugin-mlflow-common';
import { useMemo } from 'react';
import { isUnknown } from '../../api';
import type { Paging } from '../../hooks/usePaging';
import { mlflowTranslationRef } from '../../translations';
import { DataTable, type DataTableColumn } from '../DataTable';
import { EmptyState } from '../EmptyState';
import { Pager } from '../Pager';
import {
  CommitLink,
  ExternalLink,
  GateLabel,
  RelativeTime,
  StatusLabel,
  type Status,
} from '../elements';

const STATUS: Record<MlflowModelVersionStatus, Status> = {
  PENDING_REGISTRATION: 'running',
  FAILED_REGISTRATION: 'danger',
  READY: 'success',
};

function useVersionColumns(versions: readonly MlflowModelVersion[]) {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const hasSeveralModels = new Set(versions.map(({ name }) => name)).size > 1;
  const hasSeveralInstances =
    new Set(versions.map(({ instance }) => instance)).size > 1;
  return useMemo(() => {
    const columns: Array<DataTableColumn<MlflowModelVersion> | false> = [
      {
        id: 'version',
        label: t('columns.version'),
        isRowHeader: true,
        cell: version => (
          <ExternalLink url={version.url} text={`v${version.version}`} />
        ),
      },
      hasSeveralModels && {
        id: 'model',
        label: t('columns.model'),
        cell: version => version.name,
      },
      hasSeveralInstances && {
        id: 'instance',
        label: t('columns.instance'),
        cell: version => version.instance,
      },
      {
        id: 'aliases',
        label: t('columns.aliases'),
        cell: version =>
          version.aliases.length > 0 ? (
            <Flex gap="1">
              {version.aliases.map(alias => (
                <Badge key={alias}>{alias}</Badge>
              ))}
            </Flex>
          ) : undefined,
      },
      {
        id: 'status',
        label: t('columns.status'),
        cell: version => (
          <StatusLabel
            status={STATUS[version.status]}
            title={version.statusMessage}
          >
            {t(`versionStatus.${version.status}`)}
          </StatusLabel>
        ),
      },
      {
        id: 'gate',
        label: t('columns.gate'),
        cell: version =>
          version.run?.gate && <GateLabel gate={version.run.gate} />,
      },
      {
        id: 'created',
        label: t('columns.created'),
        cell: version =>
          version.creationTime !== undefined ? (
            <RelativeTime time={version.creationTime} />
          ) : undefined,
      },
      {
        id: 'sourceRun',
        label: t('columns.sourceRun'),
        cell: version =>
          version.run ? (
            <ExternalLink url={version.run.url} text={version.run.runName} />
          ) : (
            version.runId
          ),
      },
      {
        id: 'commit',
        label: t('columns.commit'),
        cell: version =>
          version.run?.commit && <CommitLink commit={version.run.commit} />,
      },
    ];
    return columns.filter(column => column !== false);
  }, [t, hasSeveralModels, hasSeveralInstances]);
}

/** The registered versions of an entity's models. */
export function ModelVersionsTable(props: {
  /** Undefined while loading. */
  versions: MlflowListResponse<MlflowModelVersion> | undefined;
  isPending: boolean;
  paging: Paging;
}) {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const { isPending, paging, versions } = props;
  const columns = useVersionColumns(versions?.items ?? []);
  if (versions?.items.length === 0 && paging.page === 1) {
    return (
      <EmptyState
        reason={isUnknown(versions.errors) ? 'unknown' : 'no-versions'}
      />
    );
  }
  return (
    <Flex direction="column" gap="3">
      <DataTable
        label={t('training.modelVersions')}
        columns={columns}
        items={versions?.items}
        getId={({ instance, name, version }) =>
          `${instance}:${name}:${version}`
        }
        isPending={isPending}
      />
      <Pager paging={paging} nextPageToken={versions?.nextPageToken} />
    </Flex>
  );
}
