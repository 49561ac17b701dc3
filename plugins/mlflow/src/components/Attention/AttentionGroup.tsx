// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import type { MlflowAttention } from '@greenroom/plugin-mlflow-common';
import { RiArrowDownSLine, RiArrowRightSLine } from '@remixicon/react';
import { useId, useState } from 'react';
import { StatusIcon } from '@greenroom/ui';
import { mlflowTranslationRef } from '../../translations';
import { AttentionItem } from './AttentionItem';
import styles from './AttentionList.module.css';
import { isDanger, type AttentionRow } from './groupByReason';

const LIMIT = 5;

/** Many models with one reason: a row that opens, at first to a few of them. */
export function AttentionGroup(props: {
  reason: MlflowAttention['reason'];
  rows: readonly AttentionRow[];
  count: number;
}) {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const id = useId();
  const { count, reason, rows } = props;
  const [isOpen, setIsOpen] = useState(isDanger(reason));
  const [limit, setLimit] = useState(LIMIT);
  const more = rows.length - limit;
  const words = t('attention.group', {
    words: t(`attention.groupOf.${reason}`),
    count,
  });
  return (
    <li className={styles.group}>
      <Button
        variant="tertiary"
        className={styles.toggle}
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onPress={() => setIsOpen(!isOpen)}
        iconStart={
          <StatusIcon status={isDanger(reason) ? 'danger' : 'warning'} />
        }
        iconEnd={isOpen ? <RiArrowDownSLine /> : <RiArrowRightSLine />}
      >
        {words}
      </Button>
      {isOpen && (
        <div id={id} className={styles.members}>
          <ul className={styles.list} aria-label={words}>
            {rows.slice(0, limit).map(({ attention, model }, index) => (
              <AttentionItem
                key={`${model?.url} ${model?.title} ${index}`}
                attention={attention}
                model={model}
              />
            ))}
          </ul>
          {more > 0 && (
            <Button
              size="small"
              variant="secondary"
              onPress={() => setLimit(rows.length)}
            >
              {t('attention.showAll', { count: more })}
            </Button>
          )}
        </div>
      )}
    </li>
  );
}
