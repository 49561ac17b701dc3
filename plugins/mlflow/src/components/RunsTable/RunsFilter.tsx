// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, Flex, SearchField, Text } from '@backstage/ui';
import { RiFilterLine } from '@remixicon/react';
import { useEffect, useState } from 'react';
import { mlflowTranslationRef } from '../../translations';

/** MLflow's own filter expression; Enter applies it. */
export function RunsFilter(props: {
  filter: string;
  onFilter: (filter: string) => void;
  /** What MLflow says about the filter that was applied. */
  error?: string;
  /** Whether the runs below are those from before the filter. */
  isShownBefore: boolean;
  onRetry: () => void;
  isRetrying: boolean;
}) {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const { error, filter, onFilter } = props;
  const [text, setText] = useState(filter);
  useEffect(() => setText(filter), [filter]);
  const shownError = text === filter ? error : undefined;

  return (
    <Flex direction="column" gap="2">
      <SearchField
        label={t('filter.label')}
        description={t('filter.description')}
        placeholder={t('filter.placeholder')}
        icon={<RiFilterLine />}
        value={text}
        onChange={setText}
        onSubmit={onFilter}
        onClear={() => onFilter('')}
        validate={() => shownError}
        validationBehavior="aria"
      />
      {error !== undefined && (
        <Flex align="center" gap="2">
          <Button
            size="small"
            variant="secondary"
            onPress={props.onRetry}
            isPending={props.isRetrying}
          >
            {t('empty.retry')}
          </Button>
          <Button size="small" variant="secondary" onPress={() => onFilter('')}>
            {t('filter.clear')}
          </Button>
          {props.isShownBefore && (
            <Text color="secondary">{t('runs.shownBefore')}</Text>
          )}
        </Flex>
      )}
    </Flex>
  );
}
