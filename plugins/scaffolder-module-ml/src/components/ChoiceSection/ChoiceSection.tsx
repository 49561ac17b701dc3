// SPDX-License-Identifier: Apache-2.0
import {
  Accordion,
  AccordionPanel,
  AccordionTrigger,
  Flex,
  Text,
} from '@backstage/ui';
import { useState, type ReactNode } from 'react';

/**
 * Choices that most people leave as they are: closed, it says what is chosen.
 * Open by itself when something in it must be changed.
 */
export const ChoiceSection = (props: {
  title: string;
  summary: string;
  hasProblem: boolean;
  children: ReactNode;
}) => {
  const { title, summary, hasProblem, children } = props;
  const [isOpen, setOpen] = useState(false);
  return (
    <Accordion
      isExpanded={isOpen || hasProblem}
      onExpandedChange={setOpen}
      style={{
        background: 'none',
        borderTop: '1px solid var(--bui-border-1)',
        borderRadius: 0,
        paddingInline: 0,
      }}
    >
      <AccordionTrigger>
        <Flex direction="column" gap="0.5">
          <Text weight="bold">{title}</Text>
          <Text
            variant="body-small"
            color={hasProblem ? 'danger' : 'secondary'}
          >
            {summary}
          </Text>
        </Flex>
      </AccordionTrigger>
      <AccordionPanel>
        <Flex direction="column" gap="4" pt="3">
          {children}
        </Flex>
      </AccordionPanel>
    </Accordion>
  );
};
