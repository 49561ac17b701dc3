import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { SearchField } from '@backstage/ui';
import { RiFilterLine } from '@remixicon/react';
import { useEffect, useState } from 'react';
import { mlflowTranslationRef } from '../../translations';

/** MLflow's own filter expression; Enter applies it. */
export function RunsFilter(props: {
  filter: string;
  onFilter: (filter: string) => void;
  /** What MLflow says about the filter that was applied. */
  error?: string;
}) {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const { error, filter, onFilter } = props;
  const [text, setText] = useState(filter);
  useEffect(() => setText(filter), [filter]);
  const shownError = text === filter ? error : undefined;

  return (
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
  );
}
