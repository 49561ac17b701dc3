// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, Flex } from '@backstage/ui';
import type { MlflowDriftFeature } from '@greenroom/plugin-mlflow-common';
import { Section } from '@greenroom/ui';
import { useState } from 'react';
import { mlflowTranslationRef } from '../../translations';
import styles from './Drift.module.css';
import { DriftFeature } from './DriftFeature';

/** Of which nothing can be said comes last. */
const byTold = (a: MlflowDriftFeature, b: MlflowDriftFeature) =>
  Number(a.level === 'insufficient_data') -
  Number(b.level === 'insufficient_data');

/** The features that moved; those that did not are opened on request. */
export function DriftFeatures(props: {
  features: readonly MlflowDriftFeature[];
}) {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const [isOpen, setIsOpen] = useState(false);
  const still = props.features.filter(({ level }) => level === 'none');
  const shown = (
    isOpen
      ? [...props.features]
      : props.features.filter(({ level }) => level !== 'none')
  ).sort(byTold);
  return (
    <Section
      title={t('drift.features')}
      actions={
        <span className={styles.legend}>
          <span className={styles.referenceKey}>{t('drift.reference')}</span>
          <span className={styles.nowKey}>{t('drift.now')}</span>
        </span>
      }
    >
      <Flex direction="column" gap="3" align="start">
        <ul className={styles.features}>
          {shown.map(feature => (
            <DriftFeature key={feature.name ?? ''} feature={feature} />
          ))}
        </ul>
        {still.length > 0 && (
          <Button
            variant="secondary"
            onPress={() => setIsOpen(open => !open)}
            aria-expanded={isOpen}
          >
            {t('drift.stillFeatures', { count: still.length })}
          </Button>
        )}
      </Flex>
    </Section>
  );
}
