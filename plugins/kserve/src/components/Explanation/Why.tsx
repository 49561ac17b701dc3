// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Flex, Text } from '@backstage/ui';
import type { KserveExplanation } from '@greenroom/plugin-kserve-common';
import { useId } from 'react';
import { Name } from '@greenroom/ui';
import { kserveTranslationRef } from '../../translations';
import { Quote } from '../elements';
import styles from './Explanation.module.css';

/** How many quotes are shown beside the best one. */
const MORE_PROOFS = 3;

/**
 * What proves the sentence and what to do; where something is not ready, also
 * each reason, the decisive one first.
 */
export function Why(props: { explanation: KserveExplanation }) {
  const { t } = useTranslationRef(kserveTranslationRef);
  const id = useId();
  const { evidence, next, sentence, state } = props.explanation;
  const [best, ...others] = evidence;
  const isReady = state === 'ready';
  // The decisive reason is often the sentence itself.
  const reasons = isReady
    ? []
    : props.explanation.reasons.filter(reason => reason !== sentence);
  const isSaid = reasons.length < props.explanation.reasons.length;
  const getTitle = () => {
    if (isSaid) {
      return t('panel.also');
    }
    const titles = {
      ready: 'panel.also',
      progressing: 'panel.why',
      degraded: 'panel.why',
      stopped: 'panel.whyStopped',
      unknown: 'panel.whyUnknown',
    } as const;
    return t(titles[state]);
  };
  const proofs = isReady ? [] : others.slice(0, MORE_PROOFS);
  return (
    <Flex direction="column" gap="3">
      {best && <Quote evidence={best} />}
      {next && (
        <Text as="p">
          <strong>{t('panel.next')}</strong> <Name text={next} />
        </Text>
      )}
      {reasons.length + proofs.length > 0 && (
        <section aria-labelledby={id}>
          <Flex direction="column" gap="2">
            <Text as="h3" id={id} variant="body-medium" weight="bold">
              {getTitle()}
            </Text>
            {reasons.length > 0 && (
              <ol className={styles.reasons}>
                {reasons.map(reason => (
                  <li key={reason}>
                    <Name text={reason} />
                  </li>
                ))}
              </ol>
            )}
            {proofs.map(proof => (
              <Quote key={`${proof.source}:${proof.quote}`} evidence={proof} />
            ))}
          </Flex>
        </section>
      )}
    </Flex>
  );
}
