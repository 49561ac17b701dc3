// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  FINDING_SEVERITIES,
  type Finding,
  type TriageReport,
} from '@greenroom/plugin-triage-common';
import { Flex, Text } from '@backstage/ui';
import { Name, Section } from '@greenroom/ui';
import { triageTranslationRef } from '../../translations';
import { Code, Table } from '../elements';
import { LineLink } from './Quotes';
import styles from './Report.module.css';

/** So many are listed; the log and the reports have them all. */
const MOST = 50;

function getPlace({ file, line, package: name, version }: Finding) {
  const place = file && (line ? `${file}:${line}` : file);
  return [[name, version].filter(Boolean).join(' '), place].filter(Boolean);
}

/** What scanners and linters found, the worst first. */
export function Findings(props: { report: TriageReport }) {
  const { t } = useTranslationRef(triageTranslationRef);
  const findings = props.report.findings
    .filter(({ kind }) => kind !== 'test' && kind !== 'gate')
    .sort(
      (a, b) =>
        FINDING_SEVERITIES.indexOf(a.severity) -
        FINDING_SEVERITIES.indexOf(b.severity),
    );
  if (findings.length === 0) {
    return null;
  }
  const title = t('findings.title', { count: findings.length });
  const hasFix = findings.some(({ package: name }) => name);
  return (
    <Section title={title}>
      <Flex direction="column" gap="2">
        <Table
          label={title}
          columns={[
            t('findings.severity'),
            t('findings.rule'),
            t('findings.where'),
            t('findings.finding'),
            ...(hasFix ? [t('findings.fixedIn')] : []),
          ]}
        >
          {findings.slice(0, MOST).map((finding, index) => (
            // Tools name two findings alike.
            // eslint-disable-next-line react/no-array-index-key
            <tr key={index}>
              <td>{t(`severity.${finding.severity}`)}</td>
              <th scope="row">
                <Code text={finding.rule} />
                <div className={styles.secondary}>{finding.tool}</div>
              </th>
              <td>
                {getPlace(finding).map(place => (
                  <div key={place}>
                    <Code text={place ?? ''} />
                  </div>
                ))}
              </td>
              <td>
                <Name text={finding.message} />
              </td>
              {hasFix && (
                <td>
                  {finding.fixedVersion ? (
                    <Code text={finding.fixedVersion} />
                  ) : (
                    t('findings.noFix')
                  )}
                </td>
              )}
            </tr>
          ))}
        </Table>
        {findings.length > MOST && (
          <Text as="p" color="secondary">
            {t('findings.more', { count: findings.length - MOST })}
          </Text>
        )}
      </Flex>
    </Section>
  );
}

/** What the quality gate measured, where it may be what failed: tests print verdicts too. */
export function Gate(props: { report: TriageReport }) {
  const { t } = useTranslationRef(triageTranslationRef);
  const { failure, findings } = props.report;
  const gates =
    failure.type === 'gate' || failure.type === 'unknown'
      ? findings.filter(({ kind }) => kind === 'gate')
      : [];
  return gates.length > 0 ? (
    <Section title={t('gate.title')}>
      <ul className={styles.list}>
        {gates.slice(0, MOST).map(({ evidence, message, rule }) => (
          <li key={`${rule} ${message}`}>
            <Name text={message} />
            {evidence && (
              <div className={styles.source}>
                <LineLink evidence={evidence} />
              </div>
            )}
          </li>
        ))}
      </ul>
    </Section>
  ) : null;
}
