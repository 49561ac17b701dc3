// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { KserveEvent } from '@greenroom/plugin-kserve-common';
import { Name, RelativeTime, StatusLabel } from '@greenroom/ui';
import { kserveTranslationRef } from '../../translations';
import styles from './Details.module.css';
import { TableFrame } from './TableFrame';

/** What happened, newest first. */
export function EventsTable(props: { events: readonly KserveEvent[] }) {
  const { t } = useTranslationRef(kserveTranslationRef);
  return (
    <TableFrame label={t('details.events')}>
      <thead>
        <tr>
          <th scope="col">{t('details.lastSeen')}</th>
          <th scope="col">{t('details.event')}</th>
          <th scope="col">{t('details.message')}</th>
          <th scope="col">{t('details.object')}</th>
        </tr>
      </thead>
      <tbody>
        {props.events.map((event, index) => (
          // Equal events differ in their place only.
          // eslint-disable-next-line react/no-array-index-key
          <tr key={index}>
            <td className={styles.short}>
              {event.lastSeen !== undefined && (
                <RelativeTime time={event.lastSeen} />
              )}
            </td>
            <td className={styles.short}>
              {event.type === 'Warning' ? (
                <StatusLabel status="warning">{event.reason}</StatusLabel>
              ) : (
                event.reason
              )}
              {event.count > 1 && (
                <span className={styles.secondary}> × {event.count}</span>
              )}
            </td>
            <td className={styles.message}>
              <Name text={event.message} />
            </td>
            <td className={styles.message}>
              <Name text={event.object} />
            </td>
          </tr>
        ))}
      </tbody>
    </TableFrame>
  );
}
