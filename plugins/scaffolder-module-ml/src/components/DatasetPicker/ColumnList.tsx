// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Text } from '@backstage/ui';
import type { ColumnProfile } from '@greenroom/plugin-scaffolder-ml-common';
import { scaffolderModuleMlTranslationRef } from '../../translations';

const LISTED = 12;

/** What the columns of a table were found to hold, in one line. */
export const ColumnList = (props: { columns: ColumnProfile[] }) => {
  const { columns } = props;
  const { t } = useTranslationRef(scaffolderModuleMlTranslationRef);
  const listed = columns.slice(0, LISTED).map(({ name, type, values }) =>
    t(`dataset.column.${type}`, {
      name,
      values: String(values?.length ?? 0),
    }),
  );
  return (
    <Text variant="body-small">
      {[
        ...listed,
        ...(columns.length > LISTED
          ? [
              t('dataset.column.more', {
                others: String(columns.length - LISTED),
              }),
            ]
          : []),
      ].join(' · ')}
    </Text>
  );
};
