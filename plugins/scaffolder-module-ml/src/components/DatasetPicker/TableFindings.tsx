// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Box, Button, Flex, Text } from '@backstage/ui';
import {
  getAnswer,
  type Finding,
  type TableChoices,
} from '@greenroom/plugin-scaffolder-ml-common';
import { useState } from 'react';
import { scaffolderModuleMlTranslationRef } from '../../translations';
import { FindingItem } from './FindingItem';
import { changeAnswer } from './proposeChoices';

/** More are a page of their own. */
const LISTED = 8;

/** What is wrong or doubtful in a table, and what a person says to it. */
export const TableFindings = (props: {
  findings: Finding[];
  choices: TableChoices;
  onChange: (choices: TableChoices) => void;
  isDisabled?: boolean;
  isReadOnly?: boolean;
}) => {
  const { findings, choices, onChange } = props;
  const { t } = useTranslationRef(scaffolderModuleMlTranslationRef);
  const [isWhole, setWhole] = useState(false);
  if (findings.length === 0) {
    return null;
  }
  const listed = isWhole ? findings : findings.slice(0, LISTED);
  const hidden = findings.length - listed.length;
  return (
    <Flex direction="column" gap="2">
      <Text as="h4" variant="title-x-small">
        {t('dataset.findings')}
      </Text>
      <Text variant="body-small" color="secondary">
        {t('dataset.findingsHint')}
      </Text>
      <Box role="list" aria-label={t('dataset.findings')}>
        {listed.map(finding => (
          <Box
            key={`${finding.code} ${finding.message} ${finding.column ?? ''}`}
            role="listitem"
          >
            <FindingItem
              finding={finding}
              answer={getAnswer(finding, choices)}
              onAnswer={answer =>
                onChange(changeAnswer(choices, finding, answer))
              }
              isDisabled={props.isDisabled}
              isReadOnly={props.isReadOnly}
            />
          </Box>
        ))}
      </Box>
      {hidden > 0 && (
        <Box>
          <Button variant="tertiary" onPress={() => setWhole(true)}>
            {t('dataset.moreFindings', { others: String(hidden) })}
          </Button>
        </Box>
      )}
    </Flex>
  );
};
