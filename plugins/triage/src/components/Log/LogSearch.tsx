// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { ButtonIcon, Flex, SearchField, Text } from '@backstage/ui';
import { RiArrowDownLine, RiArrowUpLine } from '@remixicon/react';
import { triageTranslationRef } from '../../translations';
import styles from './Log.module.css';

/** Searches a log; Enter goes to the next line that holds it. */
export function LogSearch(props: {
  label: string;
  search: string;
  onSearch: (search: string) => void;
  /** How many lines hold it, and which of them is shown, from 0. */
  matches: number;
  current: number;
  onMove: (step: 1 | -1) => void;
}) {
  const { t } = useTranslationRef(triageTranslationRef);
  const { current, label, matches, onMove, onSearch, search } = props;
  return (
    <Flex gap="2" align="end" className={styles.search}>
      <SearchField
        className={styles.field}
        label={label}
        value={search}
        onChange={onSearch}
        onSubmit={() => onMove(1)}
      />
      <ButtonIcon
        variant="secondary"
        icon={<RiArrowUpLine />}
        aria-label={t('log.previous')}
        isDisabled={matches === 0}
        onPress={() => onMove(-1)}
      />
      <ButtonIcon
        variant="secondary"
        icon={<RiArrowDownLine />}
        aria-label={t('log.next')}
        isDisabled={matches === 0}
        onPress={() => onMove(1)}
      />
      <Text as="p" color="secondary" role="status" className={styles.count}>
        {search &&
          (matches === 0
            ? t('log.noMatch')
            : t('log.match', {
                current: String(current + 1),
                total: String(matches),
              }))}
      </Text>
    </Flex>
  );
}
