// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { ButtonIcon, Flex, Select, Text } from '@backstage/ui';
import { RiArrowLeftSLine, RiArrowRightSLine } from '@remixicon/react';
import type { Paging } from '../../hooks/usePaging';
import { mlflowTranslationRef } from '../../translations';
import styles from './Pager.module.css';

const PAGE_SIZES = [10, 20, 50, 100];

/** Turns pages whose number is not known; absent when there is only one. */
export function Pager(props: {
  paging: Paging;
  nextPageToken?: string;
  pageSize?: number;
  onPageSize?: (pageSize: number) => void;
}) {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const { nextPageToken, onPageSize, pageSize, paging } = props;
  if (paging.page === 1 && !nextPageToken && !onPageSize) {
    return null;
  }
  return (
    <Flex justify="between" align="center" gap="3">
      {onPageSize ? (
        <div className={styles.size}>
          <Select
            size="small"
            aria-label={t('paging.size')}
            options={PAGE_SIZES.map(size => ({
              value: String(size),
              label: t('paging.sizeOption', { count: size }),
            }))}
            value={String(pageSize)}
            onChange={value => onPageSize(Number(value))}
          />
        </div>
      ) : (
        <span />
      )}
      <Flex align="center" gap="2">
        <Text color="secondary">
          {t('paging.page', { page: String(paging.page) })}
        </Text>
        <ButtonIcon
          size="small"
          variant="secondary"
          icon={<RiArrowLeftSLine />}
          aria-label={t('paging.previous')}
          isDisabled={paging.page === 1}
          onPress={paging.toPrevious}
        />
        <ButtonIcon
          size="small"
          variant="secondary"
          icon={<RiArrowRightSLine />}
          aria-label={t('paging.next')}
          isDisabled={!nextPageToken}
          onPress={() => nextPageToken && paging.toNext(nextPageToken)}
        />
      </Flex>
    </Flex>
  );
}
