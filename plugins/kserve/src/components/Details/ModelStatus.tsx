// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Text } from '@backstage/ui';
import type { KserveInferenceService } from '@greenroom/plugin-kserve-common';
import { Name } from '@greenroom/ui';
import { kserveTranslationRef } from '../../translations';
import { Quote } from '../elements';
import styles from './Details.module.css';

/** What KServe says of the model itself, in its own words. */
export function ModelStatus(props: {
  modelStatus: NonNullable<KserveInferenceService['modelStatus']>;
}) {
  const { t } = useTranslationRef(kserveTranslationRef);
  const { activeModelState, failure, targetModelState, transitionStatus } =
    props.modelStatus;
  const states = [transitionStatus, activeModelState, targetModelState];
  const source = ['lastFailureInfo', failure?.reason, failure?.location];
  return (
    <div className={styles.more}>
      <Text as="p">
        {t('details.modelStatus')}:{' '}
        <Name text={[...new Set(states)].filter(Boolean).join(', ')} />
      </Text>
      {failure?.message && (
        <Quote
          evidence={{
            source: source.filter(Boolean).join(' · '),
            quote: failure.message,
          }}
        />
      )}
    </div>
  );
}
