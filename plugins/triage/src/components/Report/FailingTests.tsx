// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Flex, Text } from '@backstage/ui';
import type {
  TestSummary,
  TriageReport,
} from '@greenroom/plugin-triage-common';
import { Section } from '@greenroom/ui';
import { triageTranslationRef } from '../../translations';
import { Code } from '../elements';
import { LineLink } from './Quotes';
import styles from './Report.module.css';

const MOST = 50;

type FailedTest = TestSummary['failedTests'][number];

/** Each failing test once, with what is known of it from logs and reports. */
function getFailedTests({ findings, tests }: TriageReport) {
  const byName = new Map<string, FailedTest>();
  const reported = findings
    .filter(({ kind }) => kind === 'test')
    .map(({ evidence, file, line, message, rule }): FailedTest => ({
      name: rule,
      message,
      file,
      line,
      evidence,
    }));
  for (const test of [
    ...tests.flatMap(({ failedTests }) => failedTests),
    ...reported,
  ]) {
    byName.set(test.name, { ...test, ...byName.get(test.name) });
  }
  return [...byName.values()];
}

function Counts(props: { summary: TestSummary }) {
  const { t } = useTranslationRef(triageTranslationRef);
  const { summary } = props;
  const counts = (['failed', 'errors', 'passed', 'skipped'] as const).flatMap(
    key => {
      const value = summary[key];
      return value === undefined ? [] : [t(`tests.${key}`, { count: value })];
    },
  );
  return (
    <Text as="p" color="secondary">
      <Code text={summary.framework} />: {counts.join(', ')}
    </Text>
  );
}

/** The failing tests by name, with their messages. */
export function FailingTests(props: { report: TriageReport }) {
  const { t } = useTranslationRef(triageTranslationRef);
  const { report } = props;
  const failed = getFailedTests(report);
  if (failed.length === 0) {
    return null;
  }
  return (
    <Section title={t('tests.title', { count: failed.length })}>
      <Flex direction="column" gap="3">
        <ul className={styles.list}>
          {failed
            .slice(0, MOST)
            .map(({ evidence, file, line, message, name }) => (
              <li key={name}>
                <Code text={name} />
                {message && (
                  <div>
                    <Code text={message} />
                  </div>
                )}
                <div className={styles.source}>
                  {file && <Code text={line ? `${file}:${line}` : file} />}
                  {file && evidence && ' · '}
                  {evidence && <LineLink evidence={evidence} />}
                </div>
              </li>
            ))}
        </ul>
        {failed.length > MOST && (
          <Text as="p" color="secondary">
            {t('findings.more', { count: failed.length - MOST })}
          </Text>
        )}
        {report.tests.map(summary => (
          <Counts
            key={`${summary.framework} ${summary.source}`}
            summary={summary}
          />
        ))}
      </Flex>
    </Section>
  );
}
