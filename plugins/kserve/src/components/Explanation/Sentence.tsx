// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Text } from '@backstage/ui';
import type { KserveInferenceService } from '@greenroom/plugin-kserve-common';
import { Name, RelativeTime } from '@greenroom/ui';
import { kserveTranslationRef } from '../../translations';
import { StateLabel } from '../elements';
import styles from './Explanation.module.css';

/** The answer first: how it is, in a word and a sentence, and since when. */
export function Sentence(props: {
  service: Pick<KserveInferenceService, 'explanation' | 'since'>;
  /** Names of the alerts about its objectives that fire. */
  firing?: readonly string[];
  isLastKnown: boolean;
}) {
  const { t } = useTranslationRef(kserveTranslationRef);
  const { firing = [], isLastKnown, service } = props;
  const { explanation, since } = service;
  // The word stands before it already.
  const word = t(`state.${explanation.state}`);
  const rest = explanation.sentence.slice(word.length);
  const sentence =
    explanation.sentence.startsWith(word) && /^[:;,] /.test(rest)
      ? rest.slice(2)
      : explanation.sentence;
  return (
    <Text as="p" variant="body-large" className={styles.sentence}>
      <StateLabel
        state={explanation.state}
        isAlerting={firing.length > 0}
        isLastKnown={isLastKnown}
      />{' '}
      <Name text={sentence} />{' '}
      {firing.length > 0 && (
        <span>
          {t('panel.firing', {
            count: firing.length,
            alerts: firing.join(', '),
          })}{' '}
        </span>
      )}
      {since !== undefined && (
        <span>{t('panel.since', { time: <RelativeTime time={since} /> })}</span>
      )}
    </Text>
  );
}
