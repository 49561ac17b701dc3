// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Flex, Text } from '@backstage/ui';
import {
  suspectedCauses,
  type TriageReport,
} from '@greenroom/plugin-triage-common';
import { Section, StatusLabel } from '@greenroom/ui';
import { triageTranslationRef } from '../../translations';
import { Prose } from '../elements';
import { Quotes } from './Quotes';
import styles from './Report.module.css';

function Inconclusive(props: { report: TriageReport; missing: string[] }) {
  const { t } = useTranslationRef(triageTranslationRef);
  const { missing, report } = props;
  const { evidence, reason, type } = report.failure;
  const suspects = suspectedCauses(report);
  return (
    <>
      <StatusLabel status="unknown">
        <strong>{t('verdict.inconclusive')}</strong>
      </StatusLabel>
      {type !== 'unknown' && (
        <Text as="p">
          {t('verdict.rulesSay')} <Prose text={reason} />
        </Text>
      )}
      <Quotes evidence={evidence} />
      {suspects.length > 0 && (
        <div>
          <Text as="p">{t('verdict.suspects')}</Text>
          <ol className={styles.list}>
            {suspects.map(({ evidence: lines, statement }) => (
              <li key={statement}>
                <Prose text={statement} />
                <Quotes evidence={lines} most={1} />
              </li>
            ))}
          </ol>
        </div>
      )}
      {missing.length > 0 && (
        <div>
          <Text as="p">{t('verdict.wouldHelp')}</Text>
          <ul className={styles.list}>
            {missing.map(each => (
              <li key={each}>
                <Prose text={each} />
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}

/** Of more characters than this only the first part stands out: nobody reads a paragraph in bold. */
const LONG = 160;
const FIRST = 40;

/** Where a part ends that stands for itself: not within brackets. */
function endOfFirst(text: string): number {
  const found = [...text.matchAll(/[.:;] /g)].find(({ index }) => {
    const before = text.slice(0, index);
    return (
      index >= FIRST && before.split('(').length === before.split(')').length
    );
  });
  return found ? found.index + 1 : text.length;
}

function Statement(props: { text: string }) {
  const { text } = props;
  const first = text.length > LONG ? text.slice(0, endOfFirst(text)) : text;
  const rest = text.slice(first.length).trim();
  return (
    <Text as="p" variant="body-large">
      <strong>
        <Prose text={first} />
      </strong>
      {rest && (
        <>
          {' '}
          <Prose text={rest} />
        </>
      )}
    </Text>
  );
}

/** Whether the root cause is in the model's words: the rules' are the reason of the type. */
function isOfModel({ ai, failure, rootCause }: TriageReport) {
  return (
    ai.status === 'answered' &&
    rootCause.outcome === 'identified' &&
    rootCause.statement !== failure.reason
  );
}

/** Why it failed, with the lines that prove it. */
export function Verdict(props: { report: TriageReport; isAsking: boolean }) {
  const { t } = useTranslationRef(triageTranslationRef);
  const { isAsking, report } = props;
  const { ai, rootCause, summary } = report;
  const getSource = () => {
    if (isAsking) {
      return t('verdict.asking');
    }
    if (isOfModel(report)) {
      return t(
        report.incident.kind === 'pipeline'
          ? 'verdict.byModel'
          : 'verdict.byModelOfLines',
      );
    }
    return ai.status === 'answered'
      ? t('verdict.byRules')
      : t(`verdict.ai.${ai.status}`);
  };
  return (
    <Section title={t('verdict.title')}>
      <Flex direction="column" gap="3">
        <Text as="p" variant="body-large">
          <Prose text={summary} />
        </Text>
        {rootCause.outcome === 'identified' ? (
          <>
            <Statement text={rootCause.statement} />
            <Text as="p" color="secondary">
              {t(`confidence.${rootCause.confidence}`)}
            </Text>
            <Quotes evidence={rootCause.evidence} />
          </>
        ) : (
          <Inconclusive report={report} missing={rootCause.missing} />
        )}
        <Text as="p" color="secondary">
          {getSource()}
        </Text>
      </Flex>
    </Section>
  );
}
