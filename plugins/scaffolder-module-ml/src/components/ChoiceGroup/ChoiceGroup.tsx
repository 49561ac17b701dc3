// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Flex, Radio, RadioGroup, Text } from '@backstage/ui';
import { scaffolderModuleMlTranslationRef } from '../../translations';
import { optionKey, optionsOf, type Choice, type Option } from './optionKey';

/**
 * The options of a choice, each with a line of help. One that does not fit stays
 * in the list, disabled, and says why.
 */
export const ChoiceGroup = <C extends Choice>(props: {
  choice: C;
  value: Option<C> | undefined;
  onChange: (option: Option<C>) => void;
  /** Why an option does not fit; undefined when it does. */
  problemOf?: (option: Option<C>) => string | undefined;
  /** Where a heading above says the same. */
  isLabelHidden?: boolean;
  isDisabled?: boolean;
  isReadOnly?: boolean;
}) => {
  const { choice, value, onChange, problemOf, isLabelHidden } = props;
  const { t } = useTranslationRef(scaffolderModuleMlTranslationRef);
  const name: Choice = choice;
  const label = t(`choiceTitles.${name}`);
  const options = optionsOf(choice);
  return (
    <RadioGroup
      {...(isLabelHidden ? { 'aria-label': label } : { label })}
      value={value ?? null}
      onChange={chosen => {
        const option = options.find(each => each === chosen);
        if (option) {
          onChange(option);
        }
      }}
      isInvalid={value !== undefined && problemOf?.(value) !== undefined}
      validationBehavior="aria"
      isDisabled={props.isDisabled}
      isReadOnly={props.isReadOnly}
    >
      {options.map(option => {
        const key = optionKey(choice, option);
        const problem = problemOf?.(option);
        return (
          <Radio key={option} value={option} isDisabled={problem !== undefined}>
            <Flex direction="column" gap="0.5">
              <Text color={problem ? 'secondary' : 'primary'}>
                {t(`choices.${key}.title`)}
              </Text>
              <Text
                variant="body-small"
                color={problem && option === value ? 'danger' : 'secondary'}
              >
                {problem ?? t(`choices.${key}.description`)}
              </Text>
            </Flex>
          </Radio>
        );
      })}
    </RadioGroup>
  );
};
