// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type {
  KserveBurnRatePair,
  KserveObjective,
} from '@greenroom/plugin-kserve-common';
import { formatSince, StatusLabel, useLocale } from '@greenroom/ui';
import { formatWindow } from '../../formatting';
import { kserveTranslationRef } from '../../translations';
import styles from './Objectives.module.css';

function PairState(props: { pair: KserveBurnRatePair }) {
  const { t } = useTranslationRef(kserveTranslationRef);
  const locale = useLocale();
  const { alert, long, severity, short, since, state } = props.pair;
  const time = since && formatSince(since, Date.now(), locale);
  switch (state) {
    case 'firing':
      return (
        <StatusLabel
          status={severity === 'critical' ? 'danger' : 'warning'}
          title={alert}
        >
          {time
            ? t('objectives.firingSince', { time })
            : t('objectives.firing')}
        </StatusLabel>
      );
    case 'pending':
      return (
        <StatusLabel status="warning" title={alert}>
          {time
            ? t('objectives.pendingSince', { time })
            : t('objectives.pending')}
        </StatusLabel>
      );
    case 'over':
      return (
        <StatusLabel status="warning" title={alert}>
          {t('objectives.over')}
        </StatusLabel>
      );
    case 'long-only':
      return (
        <StatusLabel status="waiting">{t('objectives.longOnly')}</StatusLabel>
      );
    default:
      return long.rate === undefined && short.rate === undefined ? (
        <StatusLabel status="unknown">{t('objectives.noRequests')}</StatusLabel>
      ) : (
        <StatusLabel status="success">{t('objectives.calm')}</StatusLabel>
      );
  }
}

/** The burn rates now, in the windows that the rules look at, with the limits. */
export function BurnRates(props: { objective: KserveObjective }) {
  const { t } = useTranslationRef(kserveTranslationRef);
  const locale = useLocale();
  const { kind, pairs } = props.objective;
  const toNumber = (value: number | undefined) =>
    value === undefined
      ? t('objectives.unknown')
      : new Intl.NumberFormat(locale, {
          maximumFractionDigits: value < 10 ? 1 : 0,
        }).format(value);
  const toLimit = (value: number) =>
    new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(value);
  return (
    <div className={styles.frame}>
      <table
        className={styles.rates}
        aria-label={t('objectives.burnRates', {
          objective: t(`objectives.${kind}`),
        })}
      >
        <thead>
          <tr>
            <th scope="col">{t('objectives.windows')}</th>
            <th scope="col">{t('objectives.burnRate')}</th>
            <th scope="col">{t('objectives.alertsAbove')}</th>
            <th scope="col">{t('objectives.state')}</th>
          </tr>
        </thead>
        <tbody>
          {pairs.map(pair => {
            const { long, requests, short, threshold } = pair;
            return (
              <tr key={long.window}>
                <th scope="row">
                  {t('objectives.both', {
                    long: formatWindow(long.window, locale),
                    short: formatWindow(short.window, locale),
                  })}
                  {requests !== undefined && (
                    <div className={styles.requests}>
                      {t('objectives.requests', {
                        count: requests,
                        formatted: new Intl.NumberFormat(locale).format(
                          requests,
                        ),
                      })}
                    </div>
                  )}
                </th>
                <td data-label={t('objectives.burnRate')}>
                  {t('objectives.both', {
                    long: toNumber(long.rate),
                    short: toNumber(short.rate),
                  })}
                </td>
                <td data-label={t('objectives.alertsAbove')}>
                  {toLimit(threshold)}
                </td>
                <td>
                  <PairState pair={pair} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
