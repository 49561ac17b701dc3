// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Text } from '@backstage/ui';
import type {
  KserveTraffic,
  KserveTrafficShare,
} from '@greenroom/plugin-kserve-common';
import { Name, StatusIcon, useLocale } from '@greenroom/ui';
import { formatPercent } from '../../formatting';
import { kserveTranslationRef } from '../../translations';
import styles from './Traffic.module.css';

function Bar(props: { shares: readonly KserveTrafficShare[] }) {
  const locale = useLocale();
  return (
    <div className={styles.bar}>
      {props.shares
        .filter(({ percent }) => percent > 0)
        .map(({ percent, revision }) => {
          // The figure first: it must not be cut.
          const words = `${formatPercent(percent, locale)} ${revision}`;
          return (
            <div
              key={revision}
              className={styles.share}
              style={{ flex: `${percent} 1 4.5rem` }}
              title={words}
            >
              <span className={styles.label}>{words}</span>
            </div>
          );
        })}
    </div>
  );
}

/** What the spec asks, what the route does, and what was counted; one below the other. */
export function TrafficBars(props: { traffic: KserveTraffic }) {
  const { t } = useTranslationRef(kserveTranslationRef);
  const { asked, mismatch, observed, routed } = props.traffic;
  const rows = [
    ['asked', asked, t('traffic.askedNone')],
    ['routed', routed, t('traffic.routedNone')],
    ['observed', observed, t('traffic.observedNone')],
  ] as const;
  if (!asked && !routed && !observed) {
    return (
      <Text as="p" color="secondary">
        {t('traffic.unknown')}
      </Text>
    );
  }
  return (
    <div>
      <dl className={styles.rows}>
        {rows.map(([name, shares, none]) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{t(`traffic.${name}`)}</dt>
            <dd>
              {shares && shares.some(({ percent }) => percent > 0) ? (
                <Bar shares={shares} />
              ) : (
                <span className={styles.none}>
                  {shares && shares.length > 0 ? t('traffic.nothing') : none}
                </span>
              )}
            </dd>
          </div>
        ))}
      </dl>
      {mismatch && (
        <Text as="p" className={styles.mismatch}>
          <StatusIcon status="warning" />
          <Name text={mismatch} />
        </Text>
      )}
    </div>
  );
}
