// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { KserveCondition } from '@greenroom/plugin-kserve-common';
import { Name, RelativeTime, type Status, StatusLabel } from '@greenroom/ui';
import { kserveTranslationRef } from '../../translations';
import styles from './Details.module.css';
import { TableFrame } from './TableFrame';

/** `Stopped: False` is good news, and says nothing when `True` but what was asked. */
function getStatus({ status, type }: KserveCondition): Status {
  if (type === 'Stopped') {
    return 'stopped';
  }
  return ({ True: 'success', False: 'danger', Unknown: 'waiting' } as const)[
    status
  ];
}

/** The conditions of the status, as they are. */
export function ConditionsTable(props: {
  conditions: readonly KserveCondition[];
}) {
  const { t } = useTranslationRef(kserveTranslationRef);
  return (
    <TableFrame label={t('details.conditions')}>
      <thead>
        <tr>
          <th scope="col">{t('details.condition')}</th>
          <th scope="col">{t('details.status')}</th>
          <th scope="col">{t('details.reason')}</th>
          <th scope="col">{t('details.changed')}</th>
        </tr>
      </thead>
      <tbody>
        {props.conditions.map((condition, index) => (
          // A type may stand twice, and then both are shown.
          // eslint-disable-next-line react/no-array-index-key
          <tr key={index}>
            <td className={styles.short}>{condition.type}</td>
            <td>
              <StatusLabel status={getStatus(condition)}>
                {condition.status}
              </StatusLabel>
            </td>
            <td className={styles.message}>
              {condition.reason && <Name text={condition.reason} />}
              {condition.reason && condition.message && ': '}
              {condition.message && <Name text={condition.message} />}
            </td>
            <td className={styles.short}>
              {condition.lastTransitionTime !== undefined && (
                <RelativeTime time={condition.lastTransitionTime} />
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </TableFrame>
  );
}
