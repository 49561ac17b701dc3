// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Box, Flex, Radio, RadioGroup, Select, Text } from '@backstage/ui';
import type { DataSplit } from '@greenroom/plugin-scaffolder-ml-common';
import { scaffolderModuleMlTranslationRef } from '../../translations';

const WAYS = ['rows', 'time', 'group'] as const;
/** No name of a column begins with a space. */
const IN_ORDER = ' in order';

/** How the rows are chosen that judge the model. */
export const SplitFields = (props: {
  id: string;
  value: DataSplit;
  /** Of the table, without the target. */
  columns: string[];
  onChange: (split: DataSplit) => void;
  isDisabled?: boolean;
  isReadOnly?: boolean;
}) => {
  const { id, value, columns, onChange } = props;
  const { t } = useTranslationRef(scaffolderModuleMlTranslationRef);
  const options = columns.map(name => ({ value: name, label: name }));
  return (
    <Flex direction="column" gap="3">
      <RadioGroup
        label={t('dataset.split.title')}
        value={value.by}
        onChange={chosen => {
          const by = WAYS.find(way => way === chosen);
          if (by) {
            onChange({ by });
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
      {value.by !== 'rows' && (
        <Box style={{ maxWidth: '24rem' }}>
          <Select
            id={`${id}_split`}
            label={t(`dataset.split.${value.by}Column`)}
            options={[
              ...(value.by === 'time'
                ? [{ value: IN_ORDER, label: t('dataset.split.inOrder') }]
                : []),
              ...options,
            ]}
            searchable={columns.length > 10}
            value={value.column ?? (value.by === 'time' ? IN_ORDER : null)}
            onChange={key => {
              const column = key === null ? undefined : String(key);
              onChange({
                by: value.by,
                ...(column && column !== IN_ORDER ? { column } : {}),
              });
            }}
            validationBehavior="aria"
            isDisabled={props.isDisabled || props.isReadOnly}
            isRequired={value.by === 'group'}
          />
        </Box>
      )}
    </Flex>
  );
};
