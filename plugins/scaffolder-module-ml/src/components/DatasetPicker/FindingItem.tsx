// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Flex, Radio, RadioGroup, Text } from '@backstage/ui';
import type { Finding } from '@greenroom/plugin-scaffolder-ml-common';
import { useId } from 'react';
import { scaffolderModuleMlTranslationRef } from '../../translations';

type Answer = NonNullable<Finding['proposal']>;

/** A finding in a sentence, and what a person may answer to it. */
export const FindingItem = (props: {
  finding: Finding;
  answer: Answer | undefined;
  onAnswer: (answer: Answer) => void;
  isDisabled?: boolean;
  isReadOnly?: boolean;
}) => {
  const { finding, answer, onAnswer } = props;
  const { message, parameters, answers, proposal, column } = finding;
  const { t } = useTranslationRef(scaffolderModuleMlTranslationRef);
  const sentenceId = useId();
  return (
    <Flex
      direction="column"
      gap="1"
      py="2"
      style={{ borderTop: '1px solid var(--bui-border-1)' }}
    >
      <Text id={sentenceId} style={{ overflowWrap: 'anywhere' }}>
        {t(`dataset.finding.${message}`, parameters)}
      </Text>
      {answers.length > 0 && (
        <RadioGroup
          aria-label={t('dataset.answerTo', { column: column ?? '' })}
          aria-describedby={sentenceId}
          orientation="horizontal"
          value={answer ?? null}
          onChange={chosen => {
            const found = answers.find(each => each === chosen);
            if (found) {
              onAnswer(found);
            }
          }}
          isInvalid={answer === undefined}
          validationBehavior="aria"
          isDisabled={props.isDisabled}
          isReadOnly={props.isReadOnly}
        >
          {answers.map(each => (
            <Radio key={each} value={each}>
              {each === proposal
                ? t('dataset.proposed', { answer: t(`dataset.answer.${each}`) })
                : t(`dataset.answer.${each}`)}
            </Radio>
          ))}
        </RadioGroup>
      )}
      {answers.length > 0 && answer === undefined && (
        <Text variant="body-small" color="danger">
          {t('dataset.needsAnswer')}
        </Text>
      )}
    </Flex>
  );
};
