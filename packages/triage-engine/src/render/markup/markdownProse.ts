// SPDX-License-Identifier: Apache-2.0
import { readProse } from '@greenroom/plugin-triage-common';
import { codeSpan } from './codeSpan';
import { cutText } from '../../text/cutText';
import { visibleText } from '../../text/visibleText';

const DEFAULT_MAX = 600;

/**
 * A sentence that may hold hostile words as Markdown: words stay as they are,
 * all else becomes code. Character references and backslashes would not do:
 * GitHub looks for mentions and references in the text after Markdown is parsed.
 */
export function markdownProse(text: string, max: number = DEFAULT_MAX): string {
  return readProse(cutText(text, max), visibleText)
    .map(token =>
      token.kind === 'code' ? codeSpan(token.text, max) : token.text,
    )
    .join('');
}
