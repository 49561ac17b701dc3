// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Flex, Text } from '@backstage/ui';
import type { Change, TriageReport } from '@greenroom/plugin-triage-common';
import { Section } from '@greenroom/ui';
import { triageTranslationRef } from '../../translations';
import { Code, Table } from '../elements';
import styles from './Report.module.css';

const OF_MODELS = new Set<Change['kind']>([
  'parameter',
  'data',
  'library',
  'metric',
]);

function getDifference({ after, before, kind }: Change) {
  const difference = Number(after || NaN) - Number(before || NaN);
  if (kind !== 'metric' || !Number.isFinite(difference)) {
    return '';
  }
  const rounded = Number(difference.toPrecision(3));
  const sign = rounded > 0 ? '+' : '−';
  return rounded === 0 ? '0' : `${sign}${Math.abs(rounded)}`;
}

/** A metric in so many digits as tell models apart; all of them are in its title. */
function shorten(text: string, kind: Change['kind']) {
  const value = Number(text || NaN);
  return kind === 'metric' && Number.isFinite(value)
    ? String(Number(value.toPrecision(5)))
    : text;
}

function Value(props: { kind: Change['kind']; text: string | undefined }) {
  const { kind, text } = props;
  return text === undefined ? (
    <>–</>
  ) : (
    <span title={text}>
      <Code text={shorten(text, kind)} />
    </span>
  );
}

function ChangesTable(props: {
  changes: readonly Change[];
  label: string;
  columns: [before: string, after: string, difference?: string];
}) {
  const { t } = useTranslationRef(triageTranslationRef);
  const { changes, columns, label } = props;
  return (
    <Table
      label={label}
      canStack
      columns={[
        t('changes.kind'),
        t('changes.name'),
        ...columns.filter(column => column !== undefined),
      ]}
    >
      {changes.map(change => (
        <tr key={`${change.kind}:${change.name}`}>
          <td>{t(`change.${change.kind}`)}</td>
          <th scope="row">
            <Code text={change.name} />
          </th>
          <td data-label={columns[0]}>
            <Value kind={change.kind} text={change.before} />
          </td>
          <td data-label={columns[1]}>
            <Value kind={change.kind} text={change.after} />
          </td>
          {columns[2] && (
            <td className={styles.figure} data-label={columns[2]}>
              {getDifference(change)}
            </td>
          )}
        </tr>
      ))}
    </Table>
  );
}

/** What is other than in the last green run, or was changed before an alert. */
export function Changes(props: { report: TriageReport }) {
  const { t } = useTranslationRef(triageTranslationRef);
  const isAlert = props.report.incident.kind === 'alert';
  const changes = props.report.changes.filter(
    ({ kind }) => isAlert || !OF_MODELS.has(kind),
  );
  const title = isAlert ? t('changes.beforeAlert') : t('changes.green');
  const files = changes.filter(({ kind }) => kind === 'file');
  const others = changes.filter(({ kind }) => kind !== 'file');
  if (changes.length === 0) {
    return null;
  }
  return (
    <Section title={title}>
      <Flex direction="column" gap="3">
        {others.length > 0 && (
          <ChangesTable
            label={title}
            changes={others}
            columns={
              isAlert
                ? [t('changes.before'), t('changes.after')]
                : [t('changes.lastGreen'), t('changes.thisRun')]
            }
          />
        )}
        {files.length > 0 && (
          <div>
            <Text as="p">{t('changes.files', { count: files.length })}</Text>
            <ul className={styles.list}>
              {files.map(({ after, name }) => (
                <li key={name}>
                  <Code text={name} />
                  {after && after !== 'modified' && (
                    <>
                      {' '}
                      <Code text={after} />
                    </>
                  )}
                </li>
              ))}
            </ul>
          </div>
        )}
      </Flex>
    </Section>
  );
}

/** How the candidate differs from the champion; what alerts serves already. */
export function Champion(props: { report: TriageReport }) {
  const { t } = useTranslationRef(triageTranslationRef);
  const { changes: all, incident } = props.report;
  const changes = all.filter(
    ({ kind }) => incident.kind !== 'alert' && OF_MODELS.has(kind),
  );
  return changes.length > 0 ? (
    <Section title={t('changes.champion')}>
      <ChangesTable
        label={t('changes.champion')}
        changes={changes}
        columns={[
          t('changes.championColumn'),
          t('changes.thisModel'),
          t('changes.difference'),
        ]}
      />
    </Section>
  ) : null;
}
