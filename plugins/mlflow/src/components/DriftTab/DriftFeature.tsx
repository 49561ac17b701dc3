// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Flex, Text } from '@backstage/ui';
import type { MlflowDriftFeature } from '@greenroom/plugin-mlflow-common';
import { Name, useLocale } from '@greenroom/ui';
import { formatMetric } from '../../formatting';
import { mlflowTranslationRef } from '../../translations';
import styles from './Drift.module.css';
import { DriftHistogram } from './DriftHistogram';
import { DriftLevelLabel } from './DriftVerdict';
import { findLargestMove, formatTime, formatShare } from './formatDrift';

/** Below it nobody speaks of a shift. */
const WORTH_SAYING = 0.05;

function useSentences(feature: MlflowDriftFeature): string[] {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const locale = useLocale();
  const { bins, level, shift, since } = feature;
  const largest = findLargestMove(bins);
  const isAway = level === 'far' || level === 'moved';
  return [
    ...(shift !== undefined && Math.abs(shift) >= WORTH_SAYING
      ? [
          t(shift > 0 ? 'drift.shiftUp' : 'drift.shiftDown', {
            shift: new Intl.NumberFormat(locale, {
              maximumFractionDigits: 2,
            }).format(Math.abs(shift)),
          }),
        ]
      : []),
    ...(isAway && largest
      ? [
          t('drift.moved', {
            bin: largest.name,
            before: formatShare(largest.reference, locale),
            after: formatShare(largest.now, locale),
          }),
        ]
      : []),
    ...(since === undefined
      ? []
      : [t('drift.since', { time: formatTime(since, locale) })]),
  ];
}

/** How far one feature is from its training, since when, and what it rests on. */
export function DriftFeature(props: { feature: MlflowDriftFeature }) {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const locale = useLocale();
  const { feature } = props;
  const { bins, level, psi, qValue } = feature;
  const name = feature.name ?? t('drift.predictions');
  const sentences = useSentences(feature);
  const observations = new Intl.NumberFormat(locale).format(
    feature.observations,
  );
  return (
    <li className={styles.feature}>
      <Flex direction="column" gap="1" className={styles.words}>
        <Flex align="center" gap="2">
          <Text as="h3" variant="body-medium" weight="bold">
            <Name text={name} isClipped />
          </Text>
          <DriftLevelLabel level={level} />
        </Flex>
        {sentences.length > 0 && <Text as="p">{sentences.join(' ')}</Text>}
        <Text as="p" color="secondary" className={styles.figures}>
          {psi === undefined
            ? t('drift.figuresUntold', { observations })
            : t('drift.figures', {
                psi: formatMetric(psi, locale),
                q: qValue === undefined ? '–' : formatMetric(qValue, locale),
                observations,
              })}
        </Text>
      </Flex>
      {bins.length > 0 && <DriftHistogram name={name} bins={bins} />}
    </li>
  );
}
