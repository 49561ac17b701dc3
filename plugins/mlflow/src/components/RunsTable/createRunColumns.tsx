// SPDX-License-Identifier: Apache-2.0
import type { TranslationFunction } from '@backstage/frontend-plugin-api';
import { Badge, Flex } from '@backstage/ui';
import type { MlflowRun } from '@greenroom/plugin-mlflow-common';
import {
  ExternalLink,
  formatDuration,
  Name,
  RelativeTime,
} from '@greenroom/ui';
import { formatMetric } from '../../formatting';
import type { mlflowTranslationRef } from '../../translations';
import type { DataTableColumn } from '../DataTable';
import { CommitLink, GateLabel, RunStatusLabel } from '../elements';
import { RunNameCell } from './RunNameCell';
import styles from './RunsTable.module.css';
import { toOrderByKey } from './orderBy';

type RunColumn = DataTableColumn<MlflowRun> & {
  /** Always shown; the others can be chosen. */
  isFixed?: boolean;
  /** Its name in the menu, where a metric and a parameter may share a label. */
  choice?: string;
};

function clipped(text: string) {
  return (
    <span className={styles.clipped} title={text}>
      {text}
    </span>
  );
}

function ModelVersions(props: { versions: MlflowRun['modelVersions'] }) {
  return (
    <Flex gap="2" align="center">
      {props.versions.map(({ name, version, aliases }) => (
        <Flex key={`${name}/${version}`} gap="1" align="center">
          <span title={name}>v{version}</span>
          {aliases.map(alias => (
            <Badge key={alias}>
              <Name text={alias} isClipped />
            </Badge>
          ))}
        </Flex>
      ))}
    </Flex>
  );
}

/** Every column the run table can show, given the metrics and parameters seen. */
export function createRunColumns(options: {
  t: TranslationFunction<typeof mlflowTranslationRef.T>;
  locale: string;
  metrics: readonly string[];
  params: readonly string[];
  getRun: (runId: string) => MlflowRun | undefined;
}): RunColumn[] {
  const { getRun, locale, metrics, params, t } = options;
  const columns: RunColumn[] = [
    {
      id: 'status',
      label: t('columns.status'),
      isFixed: true,
      cell: run => <RunStatusLabel run={run} />,
    },
    {
      id: 'run',
      label: t('columns.run'),
      isFixed: true,
      isRowHeader: true,
      cell: run => (
        <RunNameCell
          run={run}
          parent={run.parentRunId ? getRun(run.parentRunId) : undefined}
        />
      ),
    },
    {
      id: 'started',
      label: t('columns.started'),
      isFixed: true,
      cell: run =>
        run.startTime !== undefined && <RelativeTime time={run.startTime} />,
    },
    {
      id: 'duration',
      label: t('columns.duration'),
      isFigure: true,
      cell: run =>
        run.startTime !== undefined &&
        run.endTime !== undefined &&
        run.endTime >= run.startTime
          ? formatDuration(run.endTime - run.startTime, locale)
          : undefined,
    },
    {
      id: 'user',
      label: t('columns.user'),
      cell: run => run.user && clipped(run.user),
    },
    {
      id: 'branch',
      label: t('columns.branch'),
      cell: run => run.commit?.branch && clipped(run.commit.branch),
    },
    {
      id: 'commit',
      label: t('columns.commit'),
      cell: run => run.commit && <CommitLink commit={run.commit} />,
    },
    {
      id: 'ciRun',
      label: t('columns.ciRun'),
      cell: run =>
        run.ciRun && (
          <ExternalLink
            url={run.ciRun.url}
            text={run.ciRun.id}
            title={run.ciRun.workflow}
          />
        ),
    },
    {
      id: 'gate',
      label: t('columns.gate'),
      cell: run => run.gate && <GateLabel gate={run.gate} />,
    },
    {
      id: 'version',
      label: t('columns.version'),
      cell: run =>
        run.modelVersions.length > 0 && (
          <ModelVersions versions={run.modelVersions} />
        ),
    },
    {
      id: 'datasets',
      label: t('columns.datasets'),
      cell: run =>
        run.datasets.length > 0 &&
        clipped(
          run.datasets
            .map(dataset => `${dataset.name} ${dataset.digest}`)
            .join(', '),
        ),
    },
    {
      id: 'instance',
      label: t('columns.instance'),
      cell: run => run.instance,
    },
    ...metrics.map((name): RunColumn => ({
      id: `metric:${name}`,
      label: name,
      choice: `metrics.${name}`,
      isFigure: true,
      cell: run => {
        const value = run.metrics[name];
        return (
          value !== undefined && (
            <span title={String(value)}>{formatMetric(value, locale)}</span>
          )
        );
      },
    })),
    ...params.map((name): RunColumn => ({
      id: `param:${name}`,
      label: name,
      choice: `params.${name}`,
      cell: run => run.params[name] !== undefined && clipped(run.params[name]),
    })),
  ];
  return columns.map(column => ({
    ...column,
    isSortable: toOrderByKey(column.id) !== undefined,
    cell: run => column.cell(run) || undefined,
  }));
}
