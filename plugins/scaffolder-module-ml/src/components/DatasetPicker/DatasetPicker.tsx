// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import { Box, Flex, Radio, RadioGroup, Text } from '@backstage/ui';
import {
  BUNDLED_DATASETS,
  CSV_DATASET,
  getBundledDataset,
  type BundledDataset,
} from '@greenroom/plugin-scaffolder-ml-common';
import { useEffect } from 'react';
import { scaffolderModuleMlTranslationRef } from '../../translations';
import type { Translate } from '../../translations/getTranslation';
import { nestedMessages } from '../FieldMessages/nestedMessages';
import { FieldMessages } from '../FieldMessages/FieldMessages';
import { CsvFields } from './CsvFields';
import type { DatasetValue } from './types';

const Choice = (props: { value: string; title: string; facts: string }) => (
  <Radio value={props.value}>
    <Flex direction="column" gap="0.5">
      <Text>{props.title}</Text>
      <Text variant="body-small" color="secondary">
        {props.facts}
      </Text>
    </Flex>
  </Radio>
);

function titleOf(t: Translate, name: string): string {
  switch (name) {
    case 'breast_cancer':
    case 'wine':
    case 'iris':
    case 'digits':
    case 'diabetes':
      return t(`dataset.bundled.${name}`);
    default:
      return name;
  }
}

function factsOf(t: Translate, dataset: BundledDataset): string {
  const rows = String(dataset.rows);
  const features = String(dataset.features.length);
  return dataset.classes === undefined
    ? t('dataset.factsRegression', { rows, features })
    : t('dataset.factsClassification', {
        rows,
        features,
        classes: String(dataset.classes),
      });
}

/** What a model learns from: a data set of scikit-learn, or the owner's table. */
export const DatasetPicker = (
  props: FieldExtensionComponentProps<DatasetValue>,
) => {
  const { onChange, idSchema, errorSchema, schema } = props;
  const { t } = useTranslationRef(scaffolderModuleMlTranslationRef);
  const value = props.formData ?? {};
  const messagesId = `${idSchema.$id}__messages`;

  const choose = (dataset: string) => {
    const bundled = getBundledDataset(dataset);
    onChange(
      bundled
        ? { dataset, target: bundled.target, task: bundled.task }
        : { dataset, task: value.task },
    );
  };

  // Not a default of the schema: the form would put that back whenever a table
  // of the owner leaves the target open.
  useEffect(() => {
    if (value.dataset === undefined) {
      choose(BUNDLED_DATASETS[0].name);
    }
  });

  return (
    <Box mt="2">
      <RadioGroup
        label={t('dataset.title')}
        description={schema.description}
        value={value.dataset ?? null}
        onChange={choose}
        aria-describedby={messagesId}
        validationBehavior="aria"
        isDisabled={props.disabled}
        isReadOnly={props.readonly}
      >
        {BUNDLED_DATASETS.map(dataset => (
          <Choice
            key={dataset.name}
            value={dataset.name}
            title={titleOf(t, dataset.name)}
            facts={factsOf(t, dataset)}
          />
        ))}
        <Choice
          value={CSV_DATASET}
          title={t('dataset.csv')}
          facts={t('dataset.csvFacts')}
        />
      </RadioGroup>
      {value.dataset === CSV_DATASET && (
        <CsvFields id={idSchema.$id} value={value} onChange={onChange} />
      )}
      <FieldMessages id={messagesId} messages={nestedMessages(errorSchema)} />
    </Box>
  );
};
