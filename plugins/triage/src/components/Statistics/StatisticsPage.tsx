// SPDX-License-Identifier: Apache-2.0
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Container, Flex, Select, Skeleton, Text } from '@backstage/ui';
import type { StatisticsResponse } from '@greenroom/plugin-triage-common';
import { useState } from 'react';
import { EmptyState, Section, useSignalledResource } from '@greenroom/ui';
import { triageApiRef } from '../../api';
import { triageTranslationRef } from '../../translations';
import { FailedState, StaleAlert } from '../FailedState';
import { FiguresTable } from './FiguresTable';
import styles from './Statistics.module.css';

const DAYS = [7, 30, 90] as const;

function Figures(props: { statistics: StatisticsResponse }) {
  const { t } = useTranslationRef(triageTranslationRef);
  const { all, byModel, byType, deadLetters } = props.statistics;
  if (all.incidents === 0) {
    return <EmptyState words={t('statistics.empty')} />;
  }
  return (
    <>
      {deadLetters > 0 && (
        <Alert
          status="warning"
          icon
          title={t('statistics.deadLetters', { count: deadLetters })}
          description={t('statistics.deadLettersNext')}
        />
      )}
      <Section title={t('statistics.byType')}>
        <FiguresTable
          label={t('statistics.byType')}
          nameColumn={t('filters.type')}
          rows={[
            { name: t('statistics.all'), figures: all },
            ...byType.map(figures => ({
              name: t(`type.${figures.type}`),
              figures,
            })),
          ]}
        />
      </Section>
      <Section title={t('statistics.byModel')}>
        <FiguresTable
          label={t('statistics.byModel')}
          nameColumn={t('made.model')}
          rows={byModel.map(figures => ({
            name:
              figures.model === 'none' ? t('statistics.rules') : figures.model,
            figures,
          }))}
        />
      </Section>
      <Text as="p" color="secondary">
        {t('statistics.legend')}
      </Text>
    </>
  );
}

/** For the platform team: how often triage was of use, and how long it took. */
export function StatisticsPage() {
  const { t } = useTranslationRef(triageTranslationRef);
  const api = useApi(triageApiRef);
  const [days, setDays] = useState<number>(30);
  const { error, isPending, retry, value } = useSignalledResource({
    key: String(days),
    load: signal => api.getStatistics({ days }, { signal }),
    // Figures over weeks need no renewal at each incident.
    getChannel: () => undefined,
  });
  const content = () => {
    if (value) {
      return (
        <>
          <StaleAlert error={error} onRetry={retry} isRetrying={isPending} />
          <Figures statistics={value} />
        </>
      );
    }
    return error ? (
      <FailedState error={error} onRetry={retry} isRetrying={isPending} />
    ) : (
      <Skeleton width="100%" height="16rem" aria-busy="true" />
    );
  };
  return (
    <Container py="4">
      <Flex direction="column" gap="4">
        <Select
          className={styles.period}
          label={t('statistics.period')}
          options={DAYS.map(count => ({
            value: String(count),
            label: t('statistics.days', { count }),
          }))}
          value={String(days)}
          onChange={chosen => setDays(Number(chosen))}
        />
        {content()}
      </Flex>
    </Container>
  );
}
