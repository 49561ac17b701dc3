// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { VisuallyHidden } from '@backstage/ui';
import type { MlflowDriftBin } from '@greenroom/plugin-mlflow-common';
import { useLocale } from '@greenroom/ui';
import { mlflowTranslationRef } from '../../translations';
import styles from './Drift.module.css';
import { formatShare } from './formatDrift';

/** Of so many bins each is named below it. */
const NAMED = 4;

/** A bin that neither of both has a value in is left out. */
const isUsed = ({ now, reference }: MlflowDriftBin) => now > 0 || reference > 0;

/** The shares of the bins, of training beside now; the same as a table for who cannot see it. */
export function DriftHistogram(props: {
  name: string;
  bins: readonly MlflowDriftBin[];
}) {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const locale = useLocale();
  const bins = props.bins.filter(isUsed);
  const highest = Math.max(...bins.flatMap(bin => [bin.reference, bin.now]));
  const height = (share: number) => `${(100 * share) / highest}%`;
  return (
    <div className={styles.histogram}>
      <div className={styles.bars} aria-hidden="true">
        {bins.map(bin => (
          <div
            key={bin.name}
            className={styles.bin}
            title={`${bin.name}: ${t('drift.reference')} ${formatShare(bin.reference, locale)}, ${t('drift.now')} ${formatShare(bin.now, locale)}`}
          >
            <span
              className={styles.reference}
              style={{ height: height(bin.reference) }}
            />
            <span className={styles.now} style={{ height: height(bin.now) }} />
          </div>
        ))}
      </div>
      <div className={styles.ends} aria-hidden="true">
        {(bins.length > NAMED ? [bins[0], bins[bins.length - 1]] : bins).map(
          bin => (
            <span key={bin.name}>{bin.name}</span>
          ),
        )}
      </div>
      <VisuallyHidden>
        <table aria-label={t('drift.bins', { name: props.name })}>
          <thead>
            <tr>
              <th>{t('drift.bin')}</th>
              <th>{t('drift.reference')}</th>
              <th>{t('drift.now')}</th>
            </tr>
          </thead>
          <tbody>
            {bins.map(bin => (
              <tr key={bin.name}>
                <th scope="row">{bin.name}</th>
                <td>{formatShare(bin.reference, locale)}</td>
                <td>{formatShare(bin.now, locale)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </VisuallyHidden>
    </div>
  );
}
