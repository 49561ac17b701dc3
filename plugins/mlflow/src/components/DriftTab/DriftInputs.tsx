// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { MlflowDriftInput } from '@greenroom/plugin-mlflow-common';
import { formatDuration, Section, useLocale } from '@greenroom/ui';
import { useMemo } from 'react';
import { formatMetric } from '../../formatting';
import { mlflowTranslationRef } from '../../translations';
import { DataTable, type DataTableColumn } from '../DataTable';
import styles from './Drift.module.css';
import { formatShare } from './formatDrift';

function formatValue(
  { kind, unit }: MlflowDriftInput,
  value: number | undefined,
  locale: string,
): string | undefined {
  if (value === undefined) {
    return undefined;
  }
  if (unit === 'seconds') {
    return formatDuration(value * 1_000, locale);
  }
  return kind === 'accuracy'
    ? formatShare(value, locale)
    : formatMetric(value, locale);
}

function Value(props: { input: MlflowDriftInput; value: number | undefined }) {
  const locale = useLocale();
  const { t } = useTranslationRef(mlflowTranslationRef);
  return (
    <span className={styles.value}>
      {formatValue(props.input, props.value, locale) ?? t('table.none')}
    </span>
  );
}

/** Requests, confidence, latency and accuracy, each with what it rests on. */
export function DriftInputs(props: { inputs: readonly MlflowDriftInput[] }) {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const locale = useLocale();
  const columns = useMemo(
    (): Array<DataTableColumn<MlflowDriftInput>> => [
      {
        id: 'kind',
        label: t('drift.measure'),
        isRowHeader: true,
        cell: ({ kind }) => t(`drift.input.${kind}`),
      },
      {
        id: 'reference',
        label: t('drift.before'),
        isFigure: true,
        cell: input => <Value input={input} value={input.reference} />,
      },
      {
        id: 'value',
        label: t('drift.now'),
        isFigure: true,
        cell: input => <Value input={input} value={input.value} />,
      },
      {
        id: 'observations',
        label: t('drift.observations'),
        isFigure: true,
        cell: ({ observations }) =>
          observations > 0
            ? new Intl.NumberFormat(locale).format(observations)
            : t('drift.noObservations'),
      },
    ],
    [t, locale],
  );
  return (
    <Section title={t('drift.inputs')}>
      <DataTable
        label={t('drift.inputs')}
        columns={columns}
        items={props.inputs}
        getId={({ kind }) => kind}
        canWrap
      />
    </Section>
  );
}
