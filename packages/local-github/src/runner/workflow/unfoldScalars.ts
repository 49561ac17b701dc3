// SPDX-License-Identifier: Apache-2.0
import { parseDocument, Scalar, visit } from 'yaml';

/**
 * The same YAML with every text of several lines written on one, in double quotes. GitHub's parser serves editors first:
 * where such a text holds an expression, it keeps the indentation and the folds of the source, which a script must not
 * have. A file that is not YAML is left as it is, for the parser to say so.
 */
export function unfoldScalars(content: string): string {
  const document = parseDocument(content);
  if (document.errors.length > 0) {
    return content;
  }
  visit(document, {
    Scalar: (_key, node) => {
      const [start, end] = node.range ?? [0, 0];
      if (
        typeof node.value === 'string' &&
        content.slice(start, end).includes('\n')
      ) {
        node.type = Scalar.QUOTE_DOUBLE;
      }
    },
  });
  return document.toString({
    lineWidth: 0,
    doubleQuotedMinMultiLineLength: Infinity,
  });
}
