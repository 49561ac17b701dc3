// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Flex, Text } from '@backstage/ui';
import {
  suspectedCauses,
  type TriageReport,
} from '@greenroom/plugin-triage-common';
import { Section } from '@greenroom/ui';
import { triageTranslationRef } from '../../translations';
import { Prose } from '../elements';
import { Quotes } from './Quotes';
import styles from './Report.module.css';

/** What is not the cause and why, what the model adds with proof, and how much of what it said had none. */
export function Considered(props: { report: TriageReport }) {
  const { t } = useTranslationRef(triageTranslationRef);
  const { ai, excluded = [], incident } = props.report;
  // Those that may be the cause stand beside the verdict.
  const suspects = new Set(suspectedCauses(props.report));
  const claims = props.report.claims.filter(each => !suspects.has(each));
  if (claims.length === 0 && excluded.length === 0 && ai.droppedClaims === 0) {
    return null;
  }
  return (
    <Section title={t('considered.title')}>
      <Flex direction="column" gap="3">
        {excluded.length > 0 && (
          <div>
            <Text as="p">{t('considered.excluded')}</Text>
            <ul className={styles.list}>
              {excluded.map(({ cause, reason }) => (
                <li key={cause}>
                  <Prose text={cause} />
                  <div className={styles.secondary}>
                    <Prose text={reason} />
                  </div>
                </li>
              ))}
            </ul>
          </div>
        )}
        {claims.length > 0 && (
          <ul className={styles.list}>
            {claims.map(({ confidence, evidence, statement }) => (
              <li key={statement}>
                <Prose text={statement} />{' '}
                <span className={styles.secondary}>
                  {t(`confidence.${confidence}`)}
                </span>
                <Quotes evidence={evidence} most={3} />
              </li>
            ))}
          </ul>
        )}
        {ai.droppedClaims > 0 && (
          <Text as="p">
            {t('considered.dropped', { count: ai.droppedClaims })}
          </Text>
        )}
        {ai.status === 'answered' && (
          <Text as="p" color="secondary">
            {t(
              incident.kind === 'pipeline'
                ? 'considered.words'
                : 'considered.wordsOfLines',
            )}
          </Text>
        )}
      </Flex>
    </Section>
  );
}
