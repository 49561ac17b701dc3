// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { TextField } from '@backstage/ui';
import {
  READ_ANSWERS,
  type TableChoices,
} from '@greenroom/plugin-scaffolder-ml-common';
import { useState } from 'react';
import { scaffolderModuleMlTranslationRef } from '../../translations';
import { ChoiceSection } from '../ChoiceSection/ChoiceSection';
import { SplitFields } from './SplitFields';

const split = (text: string, mark: string) =>
  text
    .split(mark)
    .map(part => part.trim())
    .filter(part => part !== '');

/** `customer_id, refund`, as an object with empty reasons; none where there is no name. */
function readNames(text: string): Record<string, string> | undefined {
  const names = split(text, ',');
  return names.length > 0
    ? Object.fromEntries(names.map(name => [name, '']))
    : undefined;
}

/** `joined: day-first, country: value`; what is no answer is left to the action to refuse. */
function readAnswers(text: string): TableChoices['read'] {
  const entries = split(text, ',').flatMap(part => {
    const end = part.lastIndexOf(':');
    const said = part.slice(end + 1).trim();
    const answer = READ_ANSWERS.find(each => each === said);
    return end > 0 && answer ? [[part.slice(0, end).trim(), answer]] : [];
  });
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

/**
 * What is to be said of a table that only the backend can read: the task names
 * what it needs, by the same words.
 */
export const AddressChoices = (props: {
  id: string;
  value: TableChoices;
  onChange: (choices: TableChoices) => void;
}) => {
  const { id, value, onChange } = props;
  const { t } = useTranslationRef(scaffolderModuleMlTranslationRef);
  // As typed: a comma at the end is no name yet.
  const [texts, setTexts] = useState({
    leaveOut: Object.keys(value.leaveOut ?? {}).join(', '),
    keep: Object.keys(value.keep ?? {}).join(', '),
    read: Object.entries(value.read ?? {})
      .map(([column, answer]) => `${column}: ${answer}`)
      .join(', '),
  });
  const isEmpty = !value.leaveOut && !value.keep && !value.read && !value.split;
  const change = (field: keyof typeof texts) => (text: string) => {
    setTexts({ ...texts, [field]: text });
    onChange({
      ...value,
      [field]: field === 'read' ? readAnswers(text) : readNames(text),
    });
  };
  return (
    <ChoiceSection
      title={t('dataset.told.title')}
      summary={
        isEmpty ? t('dataset.told.nothing') : t('dataset.told.something')
      }
      hasProblem={false}
    >
      {(['leaveOut', 'keep', 'read'] as const).map(field => (
        <TextField
          key={field}
          id={`${id}_${field}`}
          label={t(`dataset.told.${field}`)}
          description={t(`dataset.told.${field}Hint`)}
          value={texts[field]}
          onChange={change(field)}
          validationBehavior="aria"
        />
      ))}
      <SplitFields
        id={id}
        value={value.split}
        onChange={chosen => onChange({ ...value, split: chosen })}
      />
    </ChoiceSection>
  );
};
