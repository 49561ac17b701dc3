// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { TriageFigures } from '@greenroom/plugin-triage-common';
import { formatDuration, Name, useLocale } from '@greenroom/ui';
import { formatNumber, formatPercent } from '../../formatting';
import { triageTranslationRef } from '../../translations';
import { Table } from '../elements';
import styles from './Statistics.module.css';

export interface NamedFigures {
  name: string;
  figures: TriageFigures;
}

/** How often triage helped and how long it took, a row for each name. */
export function FiguresTable(props: {
  label: string;
  nameColumn: string;
  rows: readonly NamedFigures[];
}) {
  const { t } = useTranslationRef(triageTranslationRef);
  const locale = useLocale();
  const { label, nameColumn, rows } = props;
  const share = (part: number, rest: number) =>
    part + rest === 0
      ? '–'
      : t('statistics.shareOf', {
          share: formatPercent(part / (part + rest), locale),
          answers: formatNumber(part + rest, locale),
        });
  const duration = (seconds: number | undefined) =>
    seconds === undefined ? '–' : formatDuration(seconds * 1_000, locale);
  const times = ({ medianSeconds, p90Seconds }: TriageFigures['toReport']) =>
    medianSeconds === undefined ? (
      '–'
    ) : (
      <>
        {duration(medianSeconds)}
        <span className={styles.secondary}> / {duration(p90Seconds)}</span>
      </>
    );
  return (
    <Table
      label={label}
      columns={[
        nameColumn,
        t('statistics.incidents'),
        t('statistics.identified'),
        t('statistics.useful'),
        t('statistics.right'),
        t('statistics.toReport'),
        t('statistics.toGreen'),
      ]}
    >
      {rows.map(({ figures, name }) => (
        <tr key={name}>
          <th scope="row">
            <Name text={name} />
          </th>
          <td className={styles.figure}>
            {formatNumber(figures.incidents, locale)}
          </td>
          <td className={styles.figure}>
            {share(figures.identified, figures.reports - figures.identified)}
          </td>
          <td className={styles.figure}>
            {share(figures.useful, figures.notUseful)}
          </td>
          <td className={styles.figure}>
            {share(figures.rootCauseRight, figures.rootCauseWrong)}
          </td>
          <td className={styles.figure}>{times(figures.toReport)}</td>
          <td className={styles.figure}>{times(figures.toGreen)}</td>
        </tr>
      ))}
    </Table>
  );
}
