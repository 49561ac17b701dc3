// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Flex, Text } from '@backstage/ui';
import type { TriageReport } from '@greenroom/plugin-triage-common';
import { Name, Section, shortenCommit, useLocale } from '@greenroom/ui';
import { formatPercent } from '../../formatting';
import { triageTranslationRef } from '../../translations';
import { Code } from '../elements';
import styles from './Report.module.css';

/** Below it, a commit touches nothing that fails. */
const WORTH_A_LOOK = 0.1;

/** Commits since the last green run, those first that touch what fails. */
export function Suspects(props: { report: TriageReport }) {
  const { t } = useTranslationRef(triageTranslationRef);
  const locale = useLocale();
  const { suspects } = props.report;
  const likely = suspects.filter(({ score }) => score >= WORTH_A_LOOK);
  if (suspects.length === 0) {
    return null;
  }
  return (
    <Section title={t('suspects.title')}>
      <Flex direction="column" gap="3">
        <ol className={styles.list}>
          {likely.map(({ author, message, reasons, score, sha }) => (
            <li key={sha}>
              <Code text={shortenCommit(sha)} /> <Name text={message} />
              <div className={styles.source}>
                {author && (
                  <>
                    <Name text={author} />
                    {' · '}
                  </>
                )}
                {t('suspects.touches', { share: formatPercent(score, locale) })}
              </div>
              <ul className={styles.list}>
                {reasons.map(reason => (
                  <li key={reason}>
                    <Name text={reason} />
                  </li>
                ))}
              </ul>
            </li>
          ))}
        </ol>
        {likely.length < suspects.length && (
          <Text as="p" color="secondary">
            {t('suspects.others', { count: suspects.length - likely.length })}
          </Text>
        )}
      </Flex>
    </Section>
  );
}
