// SPDX-License-Identifier: Apache-2.0
import { Box, Text } from '@backstage/ui';

/** Error sentences below a field; the field refers to them by `aria-describedby`. */
export const FieldMessages = (props: {
  id: string;
  messages: readonly string[] | undefined;
}) => {
  const { id, messages = [] } = props;
  // Stays in the document, so that a screen reader announces what appears.
  return (
    <Box id={id} role="alert">
      {[...new Set(messages)].map(message => (
        <Text key={message} as="p" variant="body-small" color="danger">
          {message}
        </Text>
      ))}
    </Box>
  );
};
