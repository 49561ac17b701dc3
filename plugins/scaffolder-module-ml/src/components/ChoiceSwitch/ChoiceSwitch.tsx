// SPDX-License-Identifier: Apache-2.0
import { Box, Flex, Switch, Text } from '@backstage/ui';

/**
 * A yes or no with a line of help. What does not fit can be turned off, not on,
 * and says why.
 */
export const ChoiceSwitch = (props: {
  id: string;
  label: string;
  help: string;
  value: boolean;
  onChange: (value: boolean) => void;
  /** Why yes does not fit; undefined when it does. */
  problem: string | undefined;
  isDisabled?: boolean;
  isReadOnly?: boolean;
}) => {
  const { id, label, help, value, onChange, problem } = props;
  const helpId = `${id}__help`;
  return (
    <Flex direction="column" gap="1">
      <Switch
        id={id}
        label={label}
        isSelected={value}
        onChange={onChange}
        aria-describedby={helpId}
        isDisabled={props.isDisabled || (problem !== undefined && !value)}
        isReadOnly={props.isReadOnly}
      />
      <Box id={helpId}>
        <Text
          variant="body-small"
          color={problem && value ? 'danger' : 'secondary'}
        >
          {problem ?? help}
        </Text>
      </Box>
    </Flex>
  );
};
