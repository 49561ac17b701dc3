// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { mlflowTranslationRef } from '../../translations';
import { AttentionGroup } from './AttentionGroup';
import { AttentionItem } from './AttentionItem';
import styles from './AttentionList.module.css';
import { groupByReason, type AttentionRow } from './groupByReason';

/** What a person should look at; equal reasons of many models are one row. */
export function AttentionList(props: { rows: readonly AttentionRow[] }) {
  const { t } = useTranslationRef(mlflowTranslationRef);
  return (
    <ul className={styles.list} aria-label={t('attention.title')}>
      {groupByReason(props.rows).map((entry, index) =>
        entry.row ? (
          <AttentionItem
            key={`${entry.row.model?.url} ${entry.row.model?.title} ${entry.row.attention.reason} ${index}`}
            {...entry.row}
          />
        ) : (
          <AttentionGroup
            key={entry.reason}
            reason={entry.reason}
            rows={entry.rows}
            count={entry.count}
          />
        ),
      )}
    </ul>
  );
}
