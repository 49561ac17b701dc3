// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Box,
  Flex,
  Radio,
  RadioGroup,
  Select,
  Text,
  TextField,
} from '@backstage/ui';
import type { DataSplit } from '@greenroom/plugin-scaffolder-ml-common';
import { scaffolderModuleMlTranslationRef } from '../../translations';

const WAYS = ['rows', 'time', 'group'] as const;
/** No name of a column begins with a space. */
const IN_ORDER = ' in order';

/** How the rows are chosen that judge the model. */
export const SplitFields = (props: {
  id: string;
  /** None where the table is to decide. */
  value: DataSplit | undefined;
  /** Of the table, without the target; none where it is not known. */
  columns?: string[];
  onChange: (split: DataSplit) => void;
  isDisabled?: boolean;
  isReadOnly?: boolean;
}) => {
  const { id, value, columns, onChange } = props;
  const { t } = useTranslationRef(scaffolderModuleMlTranslationRef);
  const by = value?.by;
  const choose = (column: string | undefined) => {
    if (by) {
      onChange({ by, ...(column ? { column } : {}) });
    }
  };
  return (
    <Flex direction="column" gap="3">
      <RadioGroup
        label={t('dataset.split.title')}
        value={by ?? null}
        onChange={chosen => {
          const way = WAYS.find(each => each === chosen);
          if (way) {
            onChange({ by: way });
          }
        }}
        validationBehavior="aria"
        isDisabled={props.isDisabled}
        isReadOnly={props.isReadOnly}
      >
        {WAYS.map(way => (
          <Radio key={way} value={way}>
            <Flex direction="column" gap="0.5">
              <Text>{t(`dataset.split.${way}`)}</Text>
              <Text variant="body-small" color="secondary">
                {t(`dataset.split.${way}Hint`)}
              </Text>
            </Flex>
          </Radio>
        ))}
      </RadioGroup>
      {by !== undefined && by !== 'rows' && (
        <Box style={{ maxWidth: '24rem' }}>
          {columns ? (
            <Select
              id={`${id}_split`}
              label={t(`dataset.split.${by}Column`)}
              options={[
                ...(by === 'time'
                  ? [{ value: IN_ORDER, label: t('dataset.split.inOrder') }]
                  : []),
                ...columns.map(name => ({ value: name, label: name })),
              ]}
              searchable={columns.length > 10}
              value={value?.column ?? (by === 'time' ? IN_ORDER : null)}
              onChange={key =>
                choose(
                  key === null || key === IN_ORDER ? undefined : String(key),
                )
              }
              validationBehavior="aria"
              isDisabled={props.isDisabled || props.isReadOnly}
              isRequired={by === 'group'}
            />
          ) : (
            <TextField
              id={`${id}_split`}
              label={t(`dataset.split.${by}Column`)}
              description={by === 'time' ? t('dataset.split.noneInOrder') : ''}
              value={value?.column ?? ''}
              onChange={choose}
              validationBehavior="aria"
              isRequired={by === 'group'}
            />
          )}
        </Box>
      )}
    </Flex>
  );
};
