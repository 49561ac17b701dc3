// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { InboxResponse } from '@greenroom/plugin-triage-common';
import { triageTranslationRef } from '../../translations';
import styles from './Inbox.module.css';
import { InboxRow } from './InboxRow';

/** What waits for a person, in the order of the backend: the most pressing first. */
export function InboxTable(props: {
  label: string;
  items: InboxResponse['items'];
}) {
  const { t } = useTranslationRef(triageTranslationRef);
  return (
    <table className={styles.table} aria-label={props.label}>
      <thead>
        <tr>
          <th scope="col">{t('inbox.state')}</th>
          <th scope="col">{t('inbox.model')}</th>
          <th scope="col">{t('inbox.why')}</th>
          <th scope="col">{t('inbox.type')}</th>
          <th scope="col">{t('inbox.since')}</th>
        </tr>
      </thead>
      <tbody>
        {props.items.map(incident => (
          <InboxRow key={incident.id} incident={incident} />
        ))}
      </tbody>
    </table>
  );
}
