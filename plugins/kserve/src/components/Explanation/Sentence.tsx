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
}) {
  const { t } = useTranslationRef(kserveTranslationRef);
  const { explanation, since } = props.service;
  // The word stands before it already.
  const word = `${t(`state.${explanation.state}`)}: `;
  const sentence = explanation.sentence.startsWith(word)
    ? explanation.sentence.slice(word.length)
    : explanation.sentence;
  return (
    <Text as="p" variant="body-large" className={styles.sentence}>
      <StateLabel state={explanation.state} /> <Name text={sentence} />{' '}
      {since !== undefined && (
        <span>{t('panel.since', { time: <RelativeTime time={since} /> })}</span>
      )}
    </Text>
  );
}
