// SPDX-License-Identifier: Apache-2.0
import type { TranslationFunction } from '@backstage/frontend-plugin-api';
import { Badge, Flex, VisuallyHidden } from '@backstage/ui';
import type {
  MlflowModelVersion,
  MlflowModelVersionStatus,
  MlflowRegisteredModelSummary,
} from '@greenroom/plugin-mlflow-common';
import { RiPushpinFill } from '@remixicon/react';
import {
  ExternalLink,
  Name,
  RelativeTime,
  type Status,
  StatusLabel,
} from '@greenroom/ui';
import type { mlflowTranslationRef } from '../../translations';
import type { DataTableColumn } from '../DataTable';
import { CommitLink, GateLabel } from '../elements';
import { SourceRun } from './SourceRun';

const STATUS: Record<MlflowModelVersionStatus, Status> = {
  PENDING_REGISTRATION: 'running',
  FAILED_REGISTRATION: 'danger',
  READY: 'success',
};

/** The columns that some of the versions have something to say in. */
export function createVersionColumns(options: {
  t: TranslationFunction<typeof mlflowTranslationRef.T>;
  versions: readonly MlflowModelVersion[] | undefined;
  pinned: readonly MlflowModelVersion[] | undefined;
  models: readonly MlflowRegisteredModelSummary[];
}) {
  const { models, pinned, t, versions } = options;
  const some = (has: (version: MlflowModelVersion) => unknown) =>
    versions?.some(has) ?? true;
  const several = (get: (version: MlflowModelVersion) => string) =>
    new Set(versions?.map(get)).size > 1;
  const prompts = models.filter(({ isPrompt }) => isPrompt);
  const isPrompt = ({ instance, name }: MlflowModelVersion) =>
    prompts.some(
      prompt => prompt.instance === instance && prompt.name === name,
    );
  const columns: Array<DataTableColumn<MlflowModelVersion> | false> = [
    {
      id: 'version',
      label: t('columns.version'),
      isRowHeader: true,
      cell: version => (
        <Flex gap="1" align="center">
          <ExternalLink
            url={version.url}
            text={`v${version.version}`}
            label={`${version.name} v${version.version}`}
          />
          {pinned?.includes(version) && (
            <span title={t('versions.pinned')}>
              <RiPushpinFill size={14} aria-hidden="true" />
              <VisuallyHidden>{t('versions.pinned')}</VisuallyHidden>
            </span>
          )}
        </Flex>
      ),
    },
    (several(({ name }) => name) || prompts.length > 0) && {
      id: 'model',
      label: t('columns.model'),
      cell: version => (
        <Flex gap="1" align="center">
          <Name text={version.name} isClipped />
          {isPrompt(version) && <Badge>{t('versions.prompt')}</Badge>}
        </Flex>
      ),
    },
    several(({ instance }) => instance) && {
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
              <Badge key={alias}>
                <Name text={alias} isClipped />
              </Badge>
            ))}
          </Flex>
        ) : undefined,
    },
    versions !== undefined &&
      some(({ stage }) => stage) && {
        id: 'stage',
        label: t('columns.stage'),
        cell: version => version.stage && <Badge>{version.stage}</Badge>,
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
    some(({ run }) => run?.gate) && {
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
    some(({ runId }) => runId) && {
      id: 'sourceRun',
      label: t('columns.sourceRun'),
      cell: version => version.runId && <SourceRun version={version} />,
    },
    some(({ run }) => run?.commit) && {
      id: 'commit',
      label: t('columns.commit'),
      cell: version =>
        version.run?.commit && <CommitLink commit={version.run.commit} />,
    },
  ];
  return columns.filter(column => column !== false);
}
